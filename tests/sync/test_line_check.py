"""Periksa sambungan: the first step that fails is the one cause."""

from __future__ import annotations

import pytest

from kube_field.errors import KubeFieldError
from kube_field.sync import troubles
from kube_field.sync.transports.line_check import Step, StepState, a_way_exists, check_line, name_is_found
from kube_field.wire.enrolment import Me
from kube_field.wire.messages import Health, Person
from kube_field.wire.refusals import Refusal, RefusalCode

URL = "https://kube.contoh.go.id"


class Line:
    """A way to a server that answers as told."""

    def __init__(self, health: Exception | None = None, me: Exception | None = None) -> None:
        self._health, self._me = health, me

    def health(self) -> Health:
        if self._health is not None:
            raise self._health
        return Health(server_id="s", version="1")

    def me(self) -> Me:
        if self._me is not None:
            raise self._me
        return Me(user=Person(uid="u", name="Rina", role="pendamping", areas=["64.02"]), device="d", device_code="L07")


def check(line: Line, *, way: bool = True, name: bool = True):
    return check_line(line, URL, has_way=lambda _host: way, finds_name=lambda _host: name)


def bad(found) -> list[Step]:
    return [step for step, state in found.steps if state == StepState.BAD]


def test_a_good_line_passes_every_step_and_names_the_officer() -> None:
    found = check(Line())
    assert {state for _step, state in found.steps} == {StepState.GOOD}
    assert (found.trouble, found.name) == (None, "Rina")


def test_without_an_adapter_nothing_else_is_tried() -> None:
    found = check(Line(AssertionError("asked the server")), way=False)
    assert bad(found) == [Step.ADAPTER]
    assert [state for _step, state in found.steps[1:]] == [StepState.NOT_REACHED] * 5
    assert found.trouble.code == "S01"


def test_an_unknown_name_is_told_apart_from_no_network() -> None:
    found = check(Line(), name=False)
    assert bad(found) == [Step.NAME]
    assert "alamat server" in found.trouble.sentence


@pytest.mark.parametrize(
    ("trouble", "step"),
    [
        (troubles.login_page(), Step.PORTAL),
        (troubles.clock_is_wrong(), Step.SECURE),
        (troubles.certificate_changed(), Step.SECURE),
        (troubles.not_encrypted(), Step.SECURE),
        (troubles.no_answer(), Step.SERVER),
        (troubles.no_network(), Step.SERVER),
        (troubles.foreign_server(), Step.SERVER),
    ],
)
def test_every_cause_stops_at_its_step(trouble: KubeFieldError, step: Step) -> None:
    found = check(Line(health=trouble))
    assert bad(found) == [step]
    assert found.trouble is trouble


@pytest.mark.parametrize(
    ("refusal", "code"), [(RefusalCode.LOGIN_AGAIN, "S05"), (RefusalCode.DEVICE_REVOKED, "REVOKED")]
)
def test_a_login_that_is_refused_is_the_last_step(refusal: RefusalCode, code: str) -> None:
    found = check(Line(me=Refusal(refusal, "tidak")))
    assert bad(found) == [Step.LOGIN]
    assert found.trouble.code == code


@pytest.mark.parametrize(("refusal", "code"), [(RefusalCode.BUSY, "BUSY"), (RefusalCode.SERVER_FAULT, "SERVER_FAULT")])
def test_a_server_that_cannot_say_its_name_now_is_told_in_its_own_words(refusal: RefusalCode, code: str) -> None:
    found = check(Line(health=Refusal(refusal, "Server sedang dirawat.")))
    assert bad(found) == [Step.SERVER]
    assert (found.trouble.code, found.trouble.sentence) == (code, "Server sedang dirawat.")


def test_this_machine_is_always_reached() -> None:
    assert a_way_exists("127.0.0.1")
    assert name_is_found("127.0.0.1")
    assert not name_is_found("tidak-ada.invalid")
