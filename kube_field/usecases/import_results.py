"""What an import says of every row before anything is written, and what the officer decides about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kube_field.domain.forms.declaration import Severity
from kube_field.exchange.entries import Columns, RowFinding
from kube_field.exchange.incoming import Sheet
from kube_field.exchange.incoming_columns import ImportType, Table
from kube_field.usecases.gathering import Gathered


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A list to be taken in: what it is about, its rows, what its columns mean, and the file's SHA-256.

    `sheets` are all sheets of the file: those of our own exports hold consents and desil checks apart.
    """

    kind: ImportType
    table: Table
    columns: Columns
    sha256: str = ""
    sheets: Sequence[Sheet] = ()


class RowState(StrEnum):
    """What would become of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DOUBLE = "double"
    WRONG = "wrong"


class DoubleChoice(StrEnum):
    """What the officer decides about a row that may be there already."""

    LEAVE_OUT = "leave_out"
    AS_NEW = "as_new"


@dataclass(frozen=True, slots=True)
class PossibleTwin:
    """What a row may be a double of: a row of the list, or a record of the laptop; in words."""

    name: str
    detail: str
    row: int = 0
    uid: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One answer that an import would change, in words."""

    label: str
    old: str
    new: str


@dataclass(slots=True)
class JudgedRow:
    """One row as it would be taken in. `family` is the KK number of the family whose work it needs.

    `only_leave_out`: the row has the number of another one, so that it cannot become a record of its own.
    """

    number: int
    title: str
    state: RowState
    findings: Sequence[RowFinding] = ()
    work: Gathered | None = None
    family: str = ""
    twins: Sequence[PossibleTwin] = ()
    only_leave_out: bool = False
    changes: Sequence[FieldChange] = ()

    @property
    def errors(self) -> list[RowFinding]:
        """What blocks the import."""
        return [finding for finding in self.findings if finding.severity == Severity.GALAT]

    @property
    def warnings(self) -> list[RowFinding]:
        """What is confirmed with a reason."""
        return [finding for finding in self.findings if finding.severity == Severity.PERINGATAN]


@dataclass(slots=True)
class FamilyWork:
    """A family that rows of a list of people make or change, once for all of them; `row` is the first."""

    uid: str
    reference: dict[str, str]
    row: int
    answers: Mapping[str, object]
    work: Gathered | None = None
    findings: Sequence[RowFinding] = ()
    is_wrong: bool = False

    @property
    def is_changed(self) -> bool:
        """True for a family that was there and that the list says something new about."""
        return self.work is not None and not self.work.is_empty and None not in self.work.before


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the officer decided: a reason for all warnings, and what happens to doubles, by row or for all."""

    reason: str = ""
    doubles: Mapping[int, DoubleChoice] = field(default_factory=dict)
    all_doubles: DoubleChoice | None = None
    double_reason: str = ""

    def of(self, row: JudgedRow) -> DoubleChoice | None:
        """The decision about one row; a row that can only be left out is so by a decision for all."""
        choice = self.doubles.get(row.number, self.all_doubles)
        return DoubleChoice.LEAVE_OUT if choice is not None and row.only_leave_out else choice


@dataclass(frozen=True, slots=True)
class ImportTally:
    """Rows by what would become of them, and how many things are wrong or to be looked at."""

    rows: int
    new: int
    changed: int
    same: int
    doubles: int
    undecided: int
    wrong: int
    errors: int
    warnings: int
    families: int = 0


def tally_of(rows: Sequence[JudgedRow], decisions: Decisions, families: int = 0) -> ImportTally:
    """Count rows; a double that was decided counts as new, or as left out under `doubles` alone."""
    states = Counter(row.state for row in rows)
    doubles = [row for row in rows if row.state == RowState.DOUBLE]
    choices = Counter(decisions.of(row) for row in doubles)
    return ImportTally(
        rows=len(rows),
        new=states[RowState.NEW] + choices[DoubleChoice.AS_NEW],
        changed=states[RowState.CHANGED],
        same=states[RowState.SAME],
        doubles=len(doubles),
        undecided=choices[None],
        wrong=states[RowState.WRONG],
        errors=sum(len(row.errors) for row in rows),
        warnings=sum(len(row.warnings) for row in rows),
        families=families,
    )
