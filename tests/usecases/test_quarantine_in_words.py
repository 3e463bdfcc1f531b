"""Karantina in words: whatever was set aside can be read, numbers stay masked, and every outcome has its sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import RecordKind, Role
from kube_field.errors import KubeFieldError
from kube_field.usecases.quarantine import AsideRecord, Receipt, accept_aside, ask_aside, refuse_aside
from kube_field.wire.messages import FieldError
from kube_field.wire.quarantine import AsideAnswer, AskAside, Decide, Decided, SetAside
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.support.laptop import Laptop, make_laptop

AT = "2026-11-23T02:00:00.000Z"
WRONG = FieldError(field="nik", code="NIK", message="NIK salah.")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from([*(kind.value for kind in RecordKind), "", "from_the_future"])


class Desk:
    """A server that answers as told; the real one is asked in the tests of the window and of the server."""

    def __init__(self, *items: SetAside, told: Decided | None = None, refusal: Refusal | None = None) -> None:
        self.items, self.told, self.refusal = list(items), told, refusal
        self.asked: list[AskAside | Decide] = []

    def list_aside(self, body: AskAside) -> AsideAnswer:
        self.asked.append(body)
        if self.refusal is not None:
            raise self.refusal
        return AsideAnswer(items=self.items, at=AT, after="place", more=True)

    def decide(self, body: Decide) -> Decided:
        self.asked.append(body)
        if self.refusal is not None:
            raise self.refusal
        assert self.told is not None
        return self.told


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("words")
    with make_laptop(folder, name="Sari", role=Role.PENYELIA_KAB, areas=("64.02",)) as made:
        yield made


def item(**fields: Any) -> SetAside:
    known = {"change": "c1", "uid": "p1", "kind": "person", "scope": "64.02.12", "since": AT, "status": "quarantined"}
    return SetAside(**{**known, "create": True, **fields})


def told(laptop: Laptop, *items: SetAside) -> list[AsideRecord]:
    return list(ask_aside(laptop.session, Desk(*items)).records)


def words(record: AsideRecord) -> str:
    return "\n".join(f"{label}: {text}" for _title, pairs in record.sections for label, text in pairs)


@st.composite
def any_item(draw: st.DrawFn) -> SetAside:
    kind = draw(KINDS)
    known = [q.code for q in form(RecordKind(kind)).questions()] if kind in ("person", "visit", "household") else []
    names = st.sampled_from([*known, "unheard_of", "deleted"])
    fields = draw(st.dictionaries(names, st.tuples(JSON, JSON), max_size=6))
    version = draw(st.sampled_from(["2026.1", "2031.4", ""]))
    return item(kind=kind, fields=fields, form=version, create=draw(st.booleans()), scope=draw(st.text(max_size=9)))


@given(any_item())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_poison_record_is_shown_and_never_breaks_the_list(laptop: Laptop, poison: SetAside) -> None:
    (record,) = told(laptop, poison)
    assert record.cause
    assert record.advice


def test_identity_numbers_are_masked_old_and_new(laptop: Laptop) -> None:
    edit = item(fields={"nik": ("6402124806689901", "6402124806689902")}, create=False)
    (record,) = told(laptop, edit)
    assert words(record) == "NIK: 6402********9901 → 6402********9902"


def test_a_number_that_is_no_text_is_not_shown_raw(laptop: Laptop) -> None:
    (record,) = told(laptop, item(fields={"nik": (None, 6402124806689901)}))
    assert "9901" not in words(record)
    assert "(tidak terbaca)" in words(record)


def test_fields_of_another_program_are_counted_and_not_shown(laptop: Laptop) -> None:
    (record,) = told(laptop, item(fields={"nik_ibu": (None, "6402124806689901"), "deleted": (None, True)}))
    assert words(record) == "Penghapusan data: ya\nIsian lain: 1 isian yang belum dikenal aplikasi ini"


def test_what_hangs_on_a_record_of_the_list_is_called_after_it(laptop: Laptop) -> None:
    person = item(fields={"full_name": (None, "Melati Contoh")})
    consent = item(change="c2", uid="f1", kind="consent", parent="p1", fields={"given": (None, True)})
    assert [record.title for record in told(laptop, person, consent)] == ["Melati Contoh", "Melati Contoh"]


@pytest.mark.parametrize(
    ("status", "code", "short", "stuck", "waits"),
    [
        ("quarantined", "AUTHOR_UNKNOWN", "Petugas belum dikenal", False, False),
        ("quarantined", "FORMER_AREA", "Bukan wilayahnya lagi", False, False),
        ("quarantined", "MOVED_AWAY", "Di luar wilayahnya", False, False),
        ("quarantined", "ACCEPTED_BEFORE", "Pernah diterima server", False, False),
        ("quarantined", "DECIDED_BEFORE", "Keputusan lain berlaku", False, False),
        ("quarantined", "SOMETHING_NEW", "Perlu diperiksa", False, False),
        ("failed", "UNKNOWN_FORM", "Formulir terlalu baru", True, False),
        ("failed", "SERVER_FAULT", "Gagal diproses", True, False),
        ("held", "", "Menunggu data lain", False, True),
    ],
)
def test_every_reason_has_two_words_a_sentence_and_an_advice(
    laptop: Laptop, status: str, code: str, short: str, stuck: bool, waits: bool
) -> None:
    (record,) = told(laptop, item(status=status, code=code, message="Kata server."))
    assert (record.short_cause, record.stuck, record.waits) == (short, stuck, waits)
    assert record.cause.endswith(".")
    assert record.advice.endswith(".")


def test_a_decision_about_two_records_of_which_one_moved_tells_who_can_let_it_in(laptop: Laptop) -> None:
    message = "Salah satu data ini sudah pindah ke wilayah lain."
    (record,) = told(laptop, item(kind="merge_decision", code="MOVED_AWAY", message=message))
    assert record.cause == message
    assert "kedua wilayah" in record.advice


def decided(status: str, **fields: Any) -> Decided:
    return Decided(**{"change": "c1", "status": status, "at": AT, "yours": True, **fields})


def accepted(laptop: Laptop, answer: Decided) -> Receipt:
    (record,) = told(laptop, item())
    return accept_aside(laptop.session, Desk(told=answer), record)


@pytest.mark.parametrize(
    ("answer", "said", "taken", "still_open"),
    [
        (decided("applied"), "Diterima; tampil di laptop", True, False),
        (decided("conflict", conflicts=2), "2 isian berbeda", True, False),
        (decided("held"), "setelah data yang dirujuknya", False, True),
        (decided("failed"), "masih belum dapat memprosesnya", False, True),
        (
            decided("rejected", errors=[FieldError(field="nik", code="NIK", message="NIK salah.")]),
            "NIK salah.",
            False,
            False,
        ),
        (decided("applied", yours=False, by="Ayu"), "Sudah diterima lebih dahulu oleh Ayu", True, False),
        (decided("applied", yours=False), "Sudah diterima lebih dahulu oleh server sendiri", True, False),
    ],
)
def test_the_receipt_tells_what_became_of_it(
    laptop: Laptop, answer: Decided, said: str, taken: bool, still_open: bool
) -> None:
    receipt = accepted(laptop, answer)
    assert said in receipt.words
    assert (receipt.taken, receipt.open, receipt.at) == (taken, still_open, AT)


def test_a_receipt_about_another_change_is_none(laptop: Laptop) -> None:
    with pytest.raises(KubeFieldError):
        accepted(laptop, decided("applied", change="c2"))


def test_a_refusal_without_a_reason_is_not_even_sent(laptop: Laptop) -> None:
    (record,) = told(laptop, item())
    desk = Desk(told=decided("rejected"))
    with pytest.raises(KubeFieldError, match="Tulis alasan"):
        refuse_aside(laptop.session, desk, record, "  ")
    assert desk.asked == []


def test_an_officer_asks_nothing(laptop: Laptop) -> None:
    desk = Desk()
    with pytest.raises(KubeFieldError, match="penyelia"):
        ask_aside(laptop.as_role(Role.PENDAMPING), desk)
    assert desk.asked == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (RefusalCode.NOT_ALLOWED, "tidak berwenang"),
        (RefusalCode.NOT_SET_ASIDE, "Muat ulang"),
        (RefusalCode.NO_SUCH_ADDRESS, "belum dapat menampilkan karantina"),
        (RefusalCode.BUSY, "Akan dicoba lagi"),
        (RefusalCode.DEVICE_REVOKED, "tidak diizinkan lagi"),
    ],
)
def test_a_refusal_of_the_server_is_told_with_what_to_do(laptop: Laptop, code: RefusalCode, said: str) -> None:
    with pytest.raises(KubeFieldError) as error:
        ask_aside(laptop.session, Desk(refusal=Refusal(code, "Petugas ini tidak berwenang.")))
    assert said in str(error.value)
    assert error.value.action


def test_a_page_tells_where_the_next_one_begins(laptop: Laptop) -> None:
    desk = Desk(item())
    page = ask_aside(laptop.session, desk, after="there")
    assert (page.after, desk.asked[0].after) == ("place", "there")
