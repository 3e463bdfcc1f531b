"""Periksa sambungan: the steps from the laptop's network to its login, each on its own, stopping at the first cause."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from gettext import gettext as _
from typing import Protocol
from urllib.parse import urlsplit

from kube_field.errors import Failure, KubeFieldError
from kube_field.sync import troubles
from kube_field.wire.enrolment import Me
from kube_field.wire.messages import Health
from kube_field.wire.refusals import Refusal

SOMEWHERE = ("192.0.2.1", 9)
"""An address of documentation: asking for a way there sends nothing (a UDP socket only looks at the routes)."""


class Step(StrEnum):
    """The steps, in order."""

    ADAPTER = "adapter"
    NAME = "name"
    PORTAL = "portal"
    SECURE = "secure"
    SERVER = "server"
    LOGIN = "login"


class StepState(StrEnum):
    """What became of a step."""

    GOOD = "good"
    BAD = "bad"
    NOT_REACHED = "not_reached"


STOPS = {
    "S01": Step.ADAPTER,
    "S02": Step.PORTAL,
    "S03": Step.SECURE,
    "S09": Step.SECURE,
    "CERTIFICATE_EXPIRED": Step.SECURE,
    "PLAIN_HTTP": Step.SECURE,
    "S04": Step.SERVER,
    "WRONG_SERVER": Step.SERVER,
}
"""At which step a cause shows when the server is asked for its name."""


@dataclass(frozen=True, slots=True)
class LineCheck:
    """Every step with its state; `trouble` is the one cause (None: all is well), `name` the officer by the server."""

    steps: tuple[tuple[Step, StepState], ...]
    trouble: KubeFieldError | None = None
    name: str = ""


class Line(Protocol):
    """What is asked of the way to the server."""

    def health(self) -> Health:
        """Its name, which anybody may ask. Raises: KubeFieldError, Refusal."""
        ...

    def me(self) -> Me:
        """Whom it knows us as. Raises: KubeFieldError, Refusal."""
        ...


def check_line(
    line: Line,
    url: str,
    *,
    has_way: Callable[[str], bool] | None = None,
    finds_name: Callable[[str], bool] | None = None,
) -> LineCheck:
    """Go through the steps. `has_way(host)` and `finds_name(host)` take the place of the system's network in tests."""
    host = urlsplit(url).hostname or ""
    if not (has_way or a_way_exists)(host):
        return _stopped(Step.ADAPTER, troubles.no_network())
    if not (finds_name or name_is_found)(host):
        return _stopped(Step.NAME, _name_unknown())
    try:
        line.health()
    except KubeFieldError as error:
        step = STOPS.get(error.code, Step.SERVER)
        return _stopped(Step.SERVER if step == Step.ADAPTER else step, error)
    except Refusal as refusal:
        return _stopped(Step.SERVER, troubles.trouble_of(refusal))
    try:
        me = line.me()
    except KubeFieldError as error:
        return _stopped(Step.LOGIN, error)
    except Refusal as refusal:
        return _stopped(Step.LOGIN, troubles.trouble_of(refusal))
    return LineCheck(tuple((step, StepState.GOOD) for step in Step), name=me.user.name)


def a_way_exists(host: str) -> bool:
    """True when the system knows a way out of this machine, or the server is on it."""
    if host in ("localhost", "127.0.0.1", "::1"):
        return True
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
        except OSError:
            return False
    return True


def name_is_found(host: str) -> bool:
    """True when the server's name leads to an address."""
    try:
        return bool(socket.getaddrinfo(host, None))
    except OSError:
        return False


def _stopped(at: Step, trouble: KubeFieldError) -> LineCheck:
    order = list(Step)
    reached = order.index(at)
    states = [StepState.GOOD] * reached + [StepState.BAD] + [StepState.NOT_REACHED] * (len(order) - reached - 1)
    return LineCheck(tuple(zip(order, states, strict=True)), trouble)


def _name_unknown() -> KubeFieldError:
    return KubeFieldError(
        Failure.NO_NETWORK,
        _("Jaringan ada, tetapi alamat server tidak ditemukan."),
        _("Periksa alamat server di tab Perangkat, atau coba jaringan lain. Data Anda aman di laptop."),
        code="S01",
    )
