"""A judged list in words for the page: chips, rows, findings, and what the first row says by its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.declaration import Kind, Question, Severity
from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH
from kube_field.errors import KubeFieldError
from kube_field.exchange.entries import EntryReader, RowFinding
from kube_field.exchange.incoming_cells import shown_cell
from kube_field.exchange.incoming_columns import FAMILY, RT_RW, ImportType, Target, targets_of
from kube_field.ui.formats import group_thousands
from kube_field.ui.pages.import_columns_panel import ColumnLine, NeededLine
from kube_field.ui.pages.import_rows_panel import CHANGED, DOUBLES, NEW, WARNED, WRONG, DetailLine, RowLine, Totals
from kube_field.ui.theme import Tone
from kube_field.usecases.answer_text import answer_in_words
from kube_field.usecases.import_columns import IncomingList, needed_targets
from kube_field.usecases.import_papers import row_words, twin_words
from kube_field.usecases.import_results import Decisions, DoubleChoice, ImportTally, JudgedRow, RowState
from kube_field.usecases.import_writing import require_ready, tally
from kube_field.usecases.importing import Importer
from kube_field.usecases.session import Session

EXAMPLES, EXAMPLE_LENGTH = 3, 24
KK = f"{FAMILY}kk_number"
ANY_REASON = "…" * MIN_REASON_LENGTH
TONES = {
    RowState.NEW: Tone.GOOD,
    RowState.CHANGED: Tone.INFO,
    RowState.SAME: Tone.NEUTRAL,
    RowState.DOUBLE: Tone.CONFLICT,
    RowState.WRONG: Tone.CRITICAL,
}


def meanings_of(incoming: IncomingList) -> list[tuple[str, str]]:
    """Everything that a column can mean, by code and label; what is said of the family says so."""
    return [(target.code, target_words(target)) for target in targets_of(incoming.kind)]


def target_words(target: Target) -> str:
    """The label of a question, with the family's marked in a list of people."""
    label = _(target.label)
    return _("{label} (keluarga)").format(label=label) if target.code.startswith(FAMILY) else label


def column_lines(incoming: IncomingList) -> list[ColumnLine]:
    """The columns of a list with their first cells."""
    lines = []
    for at, heading in enumerate(incoming.table.headings):
        if not heading:
            continue
        cells = (row[at] for _number, row in incoming.table.rows[:50] if at < len(row) and row[at] is not None)
        examples = [shown_cell(cell)[:EXAMPLE_LENGTH] for cell, _at in zip(cells, range(EXAMPLES), strict=False)]
        lines.append(ColumnLine(heading, " · ".join(examples), incoming.columns.by_heading.get(heading, "")))
    return lines


def needed_lines(incoming: IncomingList) -> list[NeededLine]:
    """Questions that no column answers, with their choices."""
    same = incoming.columns.same_for_all
    needed = {target.code: target for target in needed_targets(incoming.kind, incoming.columns)}
    answered = [target for target in targets_of(incoming.kind) if target.code in same]
    listed = {**{target.code: target for target in answered}, **needed}
    family = {target.code: target for target in _needed_of_families(incoming) if target.code not in listed}
    order = [target.code for target in targets_of(incoming.kind)]
    return [
        NeededLine(code, target_words(one), _choices(one.question), same.get(code, ""), is_optional=code in family)
        for code, one in sorted((listed | family).items(), key=lambda pair: order.index(pair[0]))
    ]


def _needed_of_families(incoming: IncomingList) -> list[Target]:
    """What new families need, where a list of people speaks of more than their number; those that are here do not."""
    if incoming.kind != ImportType.PEOPLE:
        return []
    given = incoming.columns.answered()
    if not any(code.startswith(FAMILY) and code != KK for code in given):
        return []
    told = {code.removeprefix(FAMILY) for code in given}
    told |= {"rt"} if RT_RW in given else set()
    needed = {target.code for target in targets_of(ImportType.HOUSEHOLDS) if target.needed and target.code not in told}
    return [
        one for one in targets_of(incoming.kind) if one.code.startswith(FAMILY) and one.code[len(FAMILY) :] in needed
    ]


def _choices(question: Question) -> tuple[tuple[str, str], ...]:
    """Choices by the word that a cell would hold."""
    if question.kind == Kind.YES_NO:
        return (("Ya", _("Ya")), ("Tidak", _("Tidak")))
    return tuple((_(choice.label), _(choice.label)) for choice in question.choices if choice.active)


def first_readings(session: Session, incoming: IncomingList) -> dict[str, str]:
    """How the first row is understood, by heading; what cannot be read says why."""
    reader = EntryReader(
        incoming.kind,
        incoming.table,
        incoming.columns,
        regions=session.reference.regions,
        areas=session.officer.areas,
        today=session.today(),
    )
    number, row = incoming.table.rows[0]
    entry = reader.read(number, row)
    wrong = {finding.heading: finding.message for finding in entry.findings}
    told: dict[str, str] = {}
    for heading, code in incoming.columns.by_heading.items():
        if code:
            told[heading] = wrong.get(heading) or _read_words(session, reader, code, entry.own, entry.family)
    return told


def _read_words(session: Session, reader: EntryReader, code: str, own: dict[str, Any], family: dict[str, Any]) -> str:
    """The answer of one column in words; of a column in parts all of them."""
    parts = {"rt_rw": ("rt", "rw"), "birth": ("birth_place", "birth_date")}.get(code)
    answers = {**family, **own}
    if parts is not None:
        return ", ".join(_words(session, reader, part, answers) for part in parts if part in answers)
    bare = code.removeprefix(FAMILY)
    table, point, column = bare.partition(".")
    value = answers.get(table)
    if not point:
        return _words(session, reader, bare, answers)
    rows = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
    for row in rows:
        if column in row:
            return answer_in_words(reader.targets[code].question, row[column], session.reference)
        if row.get("item") == column:
            return answer_in_words(reader.targets[code].question, row.get("given"), session.reference)
    return ""


def _words(session: Session, reader: EntryReader, code: str, answers: dict[str, Any]) -> str:
    target = reader.targets.get(code) or reader.targets.get(f"{FAMILY}{code}")
    if target is None or code not in answers:
        return ""
    value = answers[code]
    if target.question.kind in (Kind.REFERENCE, Kind.NIK, Kind.KK):
        return str(value)
    return answer_in_words(target.question, value, session.reference)


def row_lines(rows: Iterable[JudgedRow], decisions: Decisions) -> list[RowLine]:
    """Rows for the table."""
    return [_row_line(row, decisions) for row in rows]


def _row_line(row: JudgedRow, decisions: Decisions) -> RowLine:
    is_double = row.state == RowState.DOUBLE
    choice = decisions.of(row) if is_double else None
    tone = TONES[row.state] if choice is None else Tone.GOOD if choice == DoubleChoice.AS_NEW else Tone.NEUTRAL
    details = tuple(_details(row))
    return RowLine(
        number=row.number,
        title=row.title or "–",
        becomes=row_words(row, decisions),
        tone=tone,
        about=details[0].words if details else "",
        groups=_groups(row),
        details=details,
        is_double=is_double,
        only_leave_out=row.only_leave_out,
    )


def _groups(row: JudgedRow) -> frozenset[str]:
    state = {
        RowState.WRONG: WRONG,
        RowState.DOUBLE: DOUBLES,
        RowState.CHANGED: CHANGED,
        RowState.NEW: NEW,
    }.get(row.state)
    return frozenset({*([state] if state else []), *([WARNED] if row.warnings else [])})


def _details(row: JudgedRow) -> Iterable[DetailLine]:
    for twin in row.twins:
        yield DetailLine(Tone.CONFLICT, _("Mungkin sama dengan {who}.").format(who=twin_words(twin)))
    for finding in (*row.errors, *row.warnings):
        yield DetailLine(_tone(finding), finding_words(finding))
    for change in row.changes:
        old = change.old or "–"
        words = _("{label}: {old} menjadi {new}").format(label=change.label, old=old, new=change.new)
        yield DetailLine(Tone.INFO, words)


def _tone(finding: RowFinding) -> Tone:
    return Tone.CRITICAL if finding.severity == Severity.GALAT else Tone.WATCH


def finding_words(finding: RowFinding) -> str:
    """Where, what the cell says, what is wrong and what to do, in one line."""
    place = f"{finding.heading}: " if finding.heading else ""
    shown = f"“{finding.shown}” " if finding.shown else ""
    return f"{place}{shown}{finding.message} {finding.action}".strip()


def totals_of(importer: Importer, decisions: Decisions) -> Totals:
    """Chips and counts over the rows, and whether all is ready to be written."""
    told = tally(importer, decisions)
    counts: Counter[str] = Counter(key for row in importer.rows for key in _groups(row))
    words = (
        (told.new, _("{n} baru"), Tone.GOOD),
        (told.changed, _("{n} berubah"), Tone.INFO),
        (told.same, _("{n} tetap"), Tone.NEUTRAL),
        (told.undecided, _("{n} mungkin ganda"), Tone.CONFLICT),
        (counts[WARNED], _("{n} berperingatan"), Tone.WATCH),
        (told.wrong, _("{n} bergalat"), Tone.CRITICAL),
    )
    chips = tuple((text.format(n=group_thousands(n)), tone) for n, text, tone in words if n)
    hint = _hint(importer, decisions, told)
    return Totals(chips, dict(counts), not hint, hint or _("Siap diimpor. Belum ada yang ditulis."), counts[WARNED] > 0)


def _hint(importer: Importer, decisions: Decisions, told: ImportTally) -> str:
    """What still stands in the way; the reason for warnings is asked for by the button itself."""
    try:
        require_ready(importer, replace(decisions, reason=decisions.reason or ANY_REASON))
    except KubeFieldError as refusal:
        return f"{refusal.sentence} {refusal.action}"
    if not told.new and not told.changed:
        return _("Tidak ada yang berubah: semua baris sudah sama dengan data di laptop.")
    return ""
