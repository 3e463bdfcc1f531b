"""DAFTAR HADIR PESERTA (handbook 9.2): blank for signing by hand, or filled from the screen; 15 rows a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import wita_text
from kube_field.domain.forms.catalogue import form
from kube_field.domain.money import group_thousands
from kube_field.domain.programme_views import AttendanceCell
from kube_field.domain.records import RecordKind
from kube_field.domain.training_results import told_words
from kube_field.reports.fonts import Face, FontSet, load_fonts
from kube_field.reports.footer import Origin, PageFurniture
from kube_field.reports.layout import Sheet, Strip, draw_pages, gap, landscape, paginate, paragraph, tied
from kube_field.reports.letterhead import letterhead
from kube_field.reports.pen import Pen
from kube_field.reports.signatures import (
    Photos,
    Signatory,
    draw_strokes,
    draw_thumbprint,
    no_photos,
    signature_block,
)
from kube_field.reports.tables import Column, Row, data_table, key_values, side_by_side
from kube_field.reports.wording import BLANK, clock, day, long_day, show

ROWS_A_PAGE = 15
MOST_PORTRAIT_COLUMNS = 8
FEWEST_EXTRA_ROWS = 3
DOTS = "…………"
SIGNATURE = "signature"
SIZE = 8.5


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the list: its head, its share of the width, and how it reads from a row."""

    column: Column
    text: Callable[[AttendanceCell], str]
    is_signature: bool = False


@dataclass(frozen=True, slots=True)
class Sheetful:
    """What one list is made from."""

    fonts: FontSet
    sheet: Sheet
    event: Mapping[str, Any]
    session: Mapping[str, Any]
    cells: Sequence[AttendanceCell]
    snapshot: Mapping[str, Any]
    blank: bool
    photos: Photos

    def word(self, key: str) -> str:
        """A text of the snapshot, empty where there is none."""
        value = self.snapshot.get(key)
        return "" if value is None else str(value)

    @property
    def width(self) -> float:
        """Width of the text."""
        return self.sheet.text_width


def render_attendance_list(
    event: Mapping[str, Any],
    session: Mapping[str, Any],
    rows: Sequence[AttendanceCell],
    *,
    snapshot: Mapping[str, Any],
    blank: bool,
    watermark: str = "",
    photos: Photos = no_photos,
) -> bytes:
    """The list of one session as PDF. `event` and `session` are a training's answers and one row of its sessions.

    `snapshot` may hold kop, number, uid, revision, sha256, finalised_at, author_name, village, place, division and
    officer {name, employee_number}; a blank list needs none of them.
    Raises: KubeFieldError when the program's font files are damaged.
    """
    fonts = load_fonts()
    fields = _fields(rows, blank)
    sheet = landscape() if len(fields) > MOST_PORTRAIT_COLUMNS else Sheet()
    made = Sheetful(fonts, sheet, event, session, rows, snapshot, blank, photos)
    pages = paginate(_strips(made, fields), sheet.text_height)
    title = _("Daftar Hadir Peserta {title}").format(title=event.get("title") or "").strip()
    pen = Pen((sheet.width, sheet.height), fonts.printable(title), fonts)
    return draw_pages(pen, pages, sheet, PageFurniture(_origin(snapshot), sheet, watermark))


def _origin(snapshot: Mapping[str, Any]) -> Origin:
    finalised = str(snapshot.get("finalised_at") or "")
    return Origin(
        uid=str(snapshot.get("uid") or ""),
        number=str(snapshot.get("number") or ""),
        revision=int(snapshot.get("revision") or 1),
        finalised=wita_text(finalised) if finalised else "",
        author=str(snapshot.get("author_name") or ""),
        sha256=str(snapshot.get("sha256") or ""),
    )


def _strips(made: Sheetful, fields: Sequence[Field]) -> list[Strip]:
    fonts, width = made.fonts, made.width
    title = str(made.event.get("title") or DOTS)
    number = made.word("number") or (DOTS * 3 if made.blank else BLANK)
    titles = [
        *paragraph(fonts, _("DAFTAR HADIR PESERTA"), width, face=Face.BOLD, size=13, align="center"),
        *paragraph(fonts, title, width, face=Face.BOLD, size=11, align="center"),
        *paragraph(fonts, _("Nomor: {number}").format(number=number), width, size=10, align="center"),
    ]
    kop = made.snapshot.get("kop")
    kop = kop if isinstance(kop, Mapping) else {}
    emblem = made.photos(str(kop["emblem_sha256"])) if kop.get("emblem_sha256") else None
    table = _table(made, fields)
    table[-1] = replace(table[-1], keep=True)
    return [
        *letterhead(fonts, kop, width, emblem),
        *tied(titles),
        gap(6),
        *_particulars(made),
        gap(6),
        *table,
        *tied(_ending(made)),
    ]


def _particulars(made: Sheetful) -> list[Strip]:
    event, session = made.event, made.session
    place = ", ".join(part for part in (str(event.get("venue") or ""), made.word("village")) if part)
    hours = _("{start} s.d. {end} WITA").format(start=clock(session.get("start")), end=clock(session.get("end")))
    left = [
        (_("Kegiatan"), str(event.get("title") or "")),
        (_("Materi/sesi"), str(session.get("subject") or "")),
        (_("Hari, tanggal"), long_day(session.get("date"))),
        (_("Pukul"), hours),
    ]
    right = [
        (_("Tempat"), place),
        (_("Penyelenggara"), str(event.get("organizer") or "")),
        (_("Narasumber/Fasilitator"), _trainers(made)),
    ]
    half = (made.width - 16) / 2
    return side_by_side(
        key_values(made.fonts, left, half, label_width=72, size=9),
        key_values(made.fonts, right, half, label_width=106, size=9),
        half + 16,
    )


def _trainers(made: Sheetful) -> str:
    """The session's own trainer, or all trainers of the event."""
    if made.session.get("trainer"):
        return str(made.session["trainer"])
    rows = made.event.get("trainers")
    trainers = (
        [row for row in rows if isinstance(row, Mapping) and "struck" not in row] if isinstance(rows, list) else []
    )
    return "; ".join(str(row.get("name") or "") for row in trainers)


def _fields(rows: Sequence[AttendanceCell], blank: bool) -> list[Field]:
    """The handbook's columns, shares in points of an upright page; a filled list also shows what was recorded.

    A blank list is as wide as its usual names, so that fifteen rows of one line and the signatures fit on a page.
    """
    fields = [
        Field(Column(_("Nama"), 88 if blank else 86), lambda cell: cell.name),
        Field(Column(_("L/P"), 22, "center"), lambda cell: cell.sex),
        Field(
            Column(_("Nama KUBE/ Perorangan"), 89.5 if blank else 74), lambda cell: cell.group_name or _("Perorangan")
        ),
        Field(Column(_("Desa/Kelurahan, Kecamatan"), 112 if blank else 80), lambda cell: cell.village),
        Field(Column(_("No. HP (4 angka terakhir)"), 45, "center"), lambda cell: cell.phone_end or BLANK),
    ]
    if not blank:
        fields += _recorded(rows)
    numbered = Field(Column(_("No"), 20, "center"), lambda _cell: "")
    return [numbered, *fields, Field(Column(_("Tanda tangan"), 91), lambda _cell: "", is_signature=True)]


def _recorded(rows: Sequence[AttendanceCell]) -> list[Field]:
    status = form(RecordKind.ATTENDANCE).question("status")

    def presence(cell: AttendanceCell) -> str:
        time = clock(cell.time_in) if cell.time_in else ""
        return f"{show(status, cell.status)} {time}".strip()

    fields = [Field(Column(_("Kehadiran"), 52), presence)]
    if any(cell.transport_allowance_idr is not None for cell in rows):
        fields.append(Field(Column(_("Uang transpor (Rp)"), 54, "right"), _allowance))
    if any(cell.note or cell.replaced_by for cell in rows):
        fields.append(Field(Column(_("Keterangan"), 78), _note))
    return fields


def _allowance(cell: AttendanceCell) -> str:
    amount = cell.transport_allowance_idr
    return BLANK if amount is None else group_thousands(amount)


def _note(cell: AttendanceCell) -> str:
    replaced = _("diganti {name}").format(name=cell.replaced_by) if cell.replaced_by else ""
    return "; ".join(part for part in (replaced, cell.note) if part)


def _table(made: Sheetful, fields: Sequence[Field]) -> list[Strip]:
    """Invited people, then `Peserta tambahan`: those who came too, or empty rows to write them in."""
    invited = [cell for cell in made.cells if cell.person_uid]
    others: list[AttendanceCell | None] = [cell for cell in made.cells if not cell.person_uid]
    others += [None] * (_extra_rows(len(made.cells)) if made.blank else 0)
    height = 20.0 if made.sheet.height > made.sheet.width else 17.0
    rows = [_row(made, fields, at, cell, height) for at, cell in enumerate([*invited, *others], start=1)]
    if invited and others:
        rows[len(invited)] = replace(rows[len(invited)], mark=_("Peserta tambahan"))
    return data_table(made.fonts, [field.column for field in fields], rows, made.width, size=SIZE)


def _extra_rows(invited: int) -> int:
    """Empty rows that fill the page, at least three."""
    if not invited:
        return ROWS_A_PAGE
    left = -invited % ROWS_A_PAGE
    return left if left >= FEWEST_EXTRA_ROWS else left + 5


def _row(made: Sheetful, fields: Sequence[Field], number: int, cell: AttendanceCell | None, height: float) -> Row:
    texts = [str(number), *("" if cell is None else field.text(cell) for field in fields[1:])]
    signed = None if cell is None or made.blank else cell.signature
    drawn = tuple(
        (at, partial(_sign, number=number, signature=signed, photos=made.photos))
        for at, field in enumerate(fields)
        if field.is_signature
    )
    return Row(texts, min_height=height, drawn=drawn, most=ROWS_A_PAGE)


def _sign(
    pen: Pen, x: float, y: float, width: float, height: float, *, number: int, signature: Any, photos: Photos
) -> None:
    """`1. …` on the left, `2. …` on the right, so that hands do not meet."""
    half = width / 2
    left = x + 3 + (0 if number % 2 else half)
    pen.text(left, y + height / 2 - 3, f"{number}.", Face.REGULAR, 7.5)
    if not isinstance(signature, Mapping) or not signature:
        return
    room = half - 20
    if signature.get("thumbprint"):
        draw_thumbprint(pen, signature["thumbprint"], left + 15, y + 1, room, height - 2, photos)
    elif "waived" not in signature:
        draw_strokes(pen, signature.get("strokes"), left + 15, y + 1.5, room, height - 3)


def _ending(made: Sheetful) -> list[Strip]:
    fonts, width = made.fonts, made.width
    place = ", ".join(part for part in (made.word("place"), day(made.session.get("date"))) if part)
    return [
        replace(gap(6), space=False),
        *paragraph(fonts, _counts(made), width, size=9.5),
        *paragraph(fonts, _tests(made), width, size=9.5),
        replace(gap(6), space=False),
        *paragraph(fonts, place, width, size=10, align="right"),
        replace(gap(4), space=False),
        signature_block(fonts, _signatories(made), width, made.photos, room=44),
    ]


def _counts(made: Sheetful) -> str:
    sentence = _(
        "Jumlah peserta: {n} orang (L {male}, P {female}). "
        "Hadir {hadir}, izin {izin}, sakit {sakit}, tanpa kabar {tanpa_kabar}."
    )
    states = ("hadir", "izin", "sakit", "tanpa_kabar")
    if made.blank:
        return sentence.format(n=DOTS, male="……", female="……", **dict.fromkeys(states, "……"))
    counted = {state: sum(1 for cell in made.cells if cell.status == state) for state in states}
    sexes = [cell.sex for cell in made.cells]
    text = sentence.format(n=len(made.cells), male=sexes.count("L"), female=sexes.count("P"), **counted)
    replaced = sum(1 for cell in made.cells if cell.status == "digantikan_oleh")
    return f"{text[:-1]}, {_('digantikan {n}').format(n=replaced)}." if replaced else text


def _tests(made: Sheetful) -> str:
    """What pre-test and post-test came to when the list was made final; nothing where nobody has both results."""
    told = made.snapshot.get("tests")
    if made.blank or not isinstance(told, Mapping) or not told:
        return ""
    return told_words(told)


def _signatories(made: Sheetful) -> list[Signatory]:
    officer = made.snapshot.get("officer")
    officer = officer if isinstance(officer, Mapping) else {}
    division = made.word("division") or DOTS
    trainer = _trainers(made)
    return [
        Signatory(_("Narasumber,"), name="" if ";" in trainer else trainer),
        Signatory(_("Panitia/Petugas,"), name=str(officer.get("name") or "")),
        Signatory(_("Mengetahui,\nKepala Bidang {division},").format(division=division)),
    ]
