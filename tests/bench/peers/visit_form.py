"""The generator's visit as one of our forms, declared like every other; only tests and measurements know it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kube_field.domain.forms import catalogue
from kube_field.domain.forms.declaration import Form, Kind, Question, Required, Section, choices
from kube_field.domain.records import RecordKind
from tests.bench.peers.visits import AMOUNTS, CHOICES, NOTES, STATES, Visit

VERSION = "ukur-1"
DECIMALS = ("lat", "lon")


def _one_of(code: str, offered: tuple[str, ...]) -> Question:
    return _question(code, Kind.ONE_OF, choices=choices(*((name, name) for name in offered)))


def _question(code: str, kind: Kind, **more: Any) -> Question:
    return Question(code=code, label=code, kind=kind, required=Required.FINAL, **more)


MEASURED_VISIT_FORM = Form(
    kind=RecordKind.VISIT,
    version=VERSION,
    title="Kunjungan untuk mengukur",
    sections=(
        Section(
            code="1",
            title="Siapa dan kapan",
            questions=(
                _question("penerima_id", Kind.TEXT),
                _question("pendamping", Kind.TEXT),
                _one_of("status_usaha", STATES),
                _question("lat", Kind.DECIMAL),
                _question("lon", Kind.DECIMAL),
            ),
        ),
        Section(code="2", title="Keuangan", questions=tuple(_question(name, Kind.INTEGER) for name in AMOUNTS)),
        Section(
            code="3", title="Keadaan", questions=tuple(_one_of(name, offered) for name, offered in CHOICES.items())
        ),
        Section(code="4", title="Catatan", questions=tuple(_question(name, Kind.LONG_TEXT) for name in NOTES)),
    ),
)


def know_measured_visits() -> None:
    """Let the form catalogue of this process know the form."""
    known = dict(catalogue._BY_VERSION)
    known[RecordKind.VISIT, VERSION] = MEASURED_VISIT_FORM
    catalogue._BY_VERSION = known


def answers_of(visit: Visit) -> dict[str, Any]:
    """The visit as answers; its id, group and day are the fact's own."""
    own = ("id", "kube_id", "tanggal")
    return {name: _written(value) if name in DECIMALS else value for name, value in visit.items() if name not in own}


def _written(number: float) -> str:
    """As a person writes it: a place beside the equator is not 1e-05."""
    return format(Decimal(str(number)), "f")


def visit_of(uid: str, subject_uid: str, occurred_on: str, answers: dict[str, Any]) -> Visit:
    """The generator's visit out of a fact."""
    places = {name: float(answers[name]) for name in DECIMALS}
    return {**answers, **places, "id": uid, "kube_id": subject_uid, "tanggal": occurred_on}
