"""Which sheets and columns a kind of record has: read off its form declarations, all versions together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import every_form, form
from kube_field.domain.forms.declaration import Form, Kind, Question
from kube_field.domain.forms.evaluation import live_rows
from kube_field.domain.records import DOCUMENT_KINDS, EDITABLE_KINDS, FACT_ROWS, RecordKind
from kube_field.exchange.cells import SHAPES, Cell, Known, Shape, day_cell
from kube_field.exchange.columns import SheetColumn, Told, answer_columns, own_column

LONGEST_SHEET_NAME = 31
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable:
    """One sheet, or one CSV file. `rows_of` is the question whose rows it holds, "" for the records themselves."""

    kind: RecordKind
    name: str
    columns: tuple[SheetColumn, ...]
    rows_of: str = ""

    def rows(self, told: Told, known: Known) -> Iterator[tuple[Cell, ...]]:
        """The rows of one record: its one line, or one line for each row that still counts."""
        for answers in self._row_answers(told):
            yield tuple(column.read(told, answers, known) for column in self.columns)

    def _row_answers(self, told: Told) -> Iterable[Mapping[str, Any]]:
        if not self.rows_of:
            return (told.answers,)
        return [
            {**row, ROW_NUMBER: at} for at, (_place, row) in enumerate(live_rows(told.answers.get(self.rows_of)), 1)
        ]


ROW_NUMBER = "#"
"""Under this the number of a row lies beside its answers."""


def tables_of(kind: RecordKind) -> tuple[SheetTable, ...]:
    """The sheet of a kind of record, and one for each table that its form has."""
    forms = [declared for declared in every_form() if declared.kind == kind]
    questions = _questions_of(forms)
    main = SheetTable(kind=kind, name=sheet_names()[kind], columns=tuple(_main_columns(kind, questions)))
    own_facts = FACT_ROWS.get(kind, {})
    return (
        main,
        *(
            SheetTable(
                kind=kind,
                name=sheet_name(f"{main.name} - {_(question.label)}"),
                columns=tuple(_row_columns(kind, question, versions)),
                rows_of=question.code,
            )
            for question, versions in questions
            if question.kind == Kind.ROWS and question.code not in own_facts
        ),
    )


def sheet_name(words: str) -> str:
    """A name that a sheet may have: no forbidden signs, cut between words where a word of its own is left."""
    kept = NOT_IN_SHEET_NAMES.sub("-", words)
    if len(kept) <= LONGEST_SHEET_NAME:
        return kept
    cut = kept[: LONGEST_SHEET_NAME + 1].rpartition(" ")[0].rstrip(" ,")
    return kept[:LONGEST_SHEET_NAME] if cut.endswith("-") else cut


def sheet_names() -> Mapping[RecordKind, str]:
    """What the sheet of each kind is called."""
    return {
        RecordKind.PERSON: _("Warga"),
        RecordKind.HOUSEHOLD: _("Keluarga"),
        RecordKind.KUBE_GROUP: _("KUBE"),
        RecordKind.MEMBERSHIP: _("Anggota KUBE"),
        RecordKind.BUSINESS_UNIT: _("Unit usaha"),
        RecordKind.PROGRAM_BATCH: _("Paket"),
        RecordKind.STAFF: _("Petugas"),
        RecordKind.TRAINING_EVENT: _("Pelatihan"),
        RecordKind.ASSESSMENT: _("Asesmen"),
        RecordKind.VISIT: _("Kunjungan"),
        RecordKind.ATTENDANCE: _("Daftar hadir"),
        RecordKind.AID: _("Bantuan"),
        RecordKind.GRADUATION: _("Graduasi"),
        RecordKind.REFERRAL: _("Rujukan"),
        RecordKind.REFERRAL_STATUS: _("Perkembangan rujukan"),
        RecordKind.CONSENT: _("Persetujuan"),
        RecordKind.DESIL_CHECK: _("Desil DTSEN"),
        RecordKind.VALUE_HISTORY: _("Riwayat isian"),
        RecordKind.MERGE_DECISION: _("Keputusan data ganda"),
        RecordKind.REVIEW: _("Tinjauan"),
        RecordKind.TEST_RESULT: _("Nilai tes"),
    }


def _questions_of(forms: Iterable[Form]) -> list[tuple[Question, tuple[str, ...]]]:
    """Every question of any version with the versions that ask it: the newest form's order, then what it dropped."""
    versions: dict[str, list[str]] = {}
    found: dict[str, Question] = {}
    for declared in sorted(forms, key=lambda one: one.version, reverse=True):
        for question in declared.questions():
            found.setdefault(question.code, question)
            versions.setdefault(question.code, []).insert(0, declared.version)
    return [(question, tuple(versions[code])) for code, question in found.items()]


def _main_columns(kind: RecordKind, questions: Iterable[tuple[Question, tuple[str, ...]]]) -> Iterator[SheetColumn]:
    yield from _head_columns(kind)
    for question, versions in questions:
        if question.kind == Kind.ROWS and question.code in FACT_ROWS.get(kind, {}):
            continue
        yield from answer_columns(question, versions)
    yield from more_columns(kind)
    yield from _area_columns()
    yield from _foot_columns(kind)


def _row_columns(kind: RecordKind, table: Question, versions: tuple[str, ...]) -> Iterator[SheetColumn]:
    if kind in DOCUMENT_KINDS:
        yield own_column("number", _("Nomor dokumen"), lambda told, _row, _known: told.number or None)
    yield own_column("title", _("Milik"), lambda told, _row, _known: told.title or None, words=_("Nama data induknya"))
    yield own_column("row", _("Baris ke"), lambda _told, row, _known: row[ROW_NUMBER], Shape.WHOLE)
    for column in table.columns:
        yield from answer_columns(column, versions)
    words = _("ID data induk: sama dengan kolom ID pada lembar {name}").format(name=sheet_names()[kind])
    yield own_column("parent", _("ID induk"), lambda told, _row, _known: told.uid, words=words)


def _head_columns(kind: RecordKind) -> Iterator[SheetColumn]:
    if kind in DOCUMENT_KINDS:
        yield own_column("number", _("Nomor dokumen"), lambda told, _row, _known: told.number or None)
    if kind not in EDITABLE_KINDS:
        words = _("Hari yang dicatat: kunjungan, asesmen, sesi, penyerahan")
        yield own_column("day", _("Tanggal catatan"), lambda told, _row, _known: _day(told), Shape.DAY, words)
    if kind in DOCUMENT_KINDS:
        words = _("Keadaan dokumen saat diekspor")
        yield own_column("status", _("Keadaan dokumen"), lambda told, _row, _known: told.status or None, words=words)
    elif kind not in EDITABLE_KINDS:
        yield own_column("about", _("Tentang"), lambda told, _row, _known: told.about or None)
        yield own_column("about.uid", _("Tentang (ID)"), lambda told, _row, _known: told.about_uid or None)


def _area_columns() -> Iterator[SheetColumn]:
    yield own_column("kabupaten", _("Wilayah kabupaten/kota"), lambda told, _row, _known: told.kabupaten or None)
    yield own_column("kecamatan", _("Wilayah kecamatan"), lambda told, _row, _known: told.kecamatan or None)


def _foot_columns(kind: RecordKind) -> Iterator[SheetColumn]:
    words = _("Siapa yang menulis atau terakhir mengubahnya")
    yield own_column("officer", _("Petugas pencatat"), lambda told, _row, _known: told.officer or None, words=words)
    if kind in EDITABLE_KINDS:
        yield own_column("day", _("Tanggal diubah"), lambda told, _row, _known: _day(told), Shape.DAY)
    if kind in DOCUMENT_KINDS:
        yield own_column("revision", _("Revisi"), lambda told, _row, _known: told.revision, Shape.WHOLE)
    yield own_column("form_version", _("Versi formulir"), lambda told, _row, _known: told.form_version)
    yield own_column("uid", _("ID"), lambda told, _row, _known: told.uid, words=_("Tanda tetap data ini di aplikasi"))


def more_columns(kind: RecordKind) -> Iterator[SheetColumn]:
    """Columns that come from other records: a person's family, a visit's frozen score, a business's schedule."""
    if kind == RecordKind.PERSON:
        asked = {question.code: question for question in form(RecordKind.HOUSEHOLD).questions()}
        for code in FAMILY_OF_PERSON:
            shape = SHAPES.get(asked[code].kind, Shape.WORDS)
            yield _more(code, _(asked[code].label), shape, _("Dari data keluarganya"), asked[code])
    if kind == RecordKind.VISIT:
        yield _more("score", _("Nilai keberlanjutan"), Shape.WHOLE, _("Dari hasil yang dibekukan saat difinalkan"))
        yield _more("final_status", _("Status usaha menurut nilai"), Shape.WORDS, _("Dari hasil yang sama"))
    if kind == RecordKind.BUSINESS_UNIT:
        yield _more("due_words", _("Jadwal kunjungan"), Shape.WORDS, _("Menurut rencana kunjungan pada hari ekspor"))
        yield _more("due_on", _("Tanggal jadwal"), Shape.DAY, _("Hari kunjungan berikutnya"))
        yield _more("last_visit_on", _("Kunjungan terakhir"), Shape.DAY, _("Kunjungan terakhir yang dihitung"))
        yield _more("health", _("Status usaha menurut nilai"), Shape.WORDS, _("Dari kunjungan terakhir yang dinilai"))


FAMILY_OF_PERSON = ("kk_number", "village_code", "address", "rt", "rw")
"""Answers of the family that stand beside each of its people too, as lists of the office have them."""


def _day(told: Told) -> Cell:
    return day_cell(told.day) if told.day else None


def _more(code: str, heading: str, shape: Shape, words: str, question: Question | None = None) -> SheetColumn:
    def read(told: Told, _row: Mapping[str, Any], _known: Known) -> Cell:
        return told.more.get(code)

    return SheetColumn(code=code, heading=heading, read=read, shape=shape, question=question, words=words)
