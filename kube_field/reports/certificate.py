"""SERTIFIKAT of a training for one participant, from the frozen rows of its attendance lists; one landscape page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import wita_text
from kube_field.domain.records import Fact
from kube_field.reports.fonts import Face, FontSet, load_fonts
from kube_field.reports.footer import Origin, PageFurniture
from kube_field.reports.layout import Strip, draw_line, draw_pages, gap, landscape, paginate, paragraph, wrap
from kube_field.reports.letterhead import letterhead
from kube_field.reports.pen import Pen
from kube_field.reports.signatures import Photos, Signatory, no_photos, signature_block
from kube_field.reports.wording import day

MINUTES_OF_LESSON = 45
"""A lesson (jam pelajaran) of training."""
NAME_SIZE = 26.0


@dataclass(frozen=True, slots=True)
class Attended:
    """What somebody attended: the newest final row of every session, by the session's number."""

    rows: Sequence[Fact]

    @property
    def newest(self) -> Fact:
        """The row that was made final last: the certificate names it and its hash."""
        return max(self.rows, key=lambda fact: (fact.finalised_at, fact.uid))


def render_certificate(attended: Attended, *, watermark: str = "", photos: Photos = no_photos) -> bytes:
    """The certificate as PDF; the same rows give the same bytes.

    Raises: KubeFieldError when the program's font files are damaged.
    """
    fonts, sheet, newest = load_fonts(), landscape(), attended.newest
    name = str(newest.snapshot["participant"]["name"])
    pen = Pen((sheet.width, sheet.height), fonts.printable(_("Sertifikat {name}").format(name=name)), fonts)
    pages = paginate(_strips(fonts, attended, name, sheet.text_width, photos), sheet.text_height)
    return draw_pages(pen, pages, sheet, PageFurniture(_origin(newest), sheet, watermark))


def _origin(fact: Fact) -> Origin:
    return Origin(
        uid=fact.uid,
        number=fact.number,
        revision=fact.revision,
        finalised=wita_text(fact.finalised_at),
        author=fact.author_name,
        sha256=fact.sha256,
    )


def _strips(fonts: FontSet, attended: Attended, name: str, width: float, photos: Photos) -> list[Strip]:
    snapshot = attended.newest.snapshot
    kop = snapshot.get("kop") or {}
    emblem = photos(str(kop["emblem_sha256"])) if kop.get("emblem_sha256") else None
    event = snapshot["event"]
    told = [
        (_("SERTIFIKAT"), Face.BOLD, 24.0),
        (_("Nomor daftar hadir: {number}").format(number=attended.newest.number), Face.REGULAR, 10.0),
        ("", Face.REGULAR, 18.0),
        (_("diberikan kepada"), Face.REGULAR, 12.0),
        (name, Face.BOLD, NAME_SIZE),
        (_home(snapshot["participant"]), Face.REGULAR, 12.0),
        ("", Face.REGULAR, 12.0),
        (_("yang telah mengikuti"), Face.REGULAR, 12.0),
        (str(event.get("title") or ""), Face.BOLD, 16.0),
        (_when_and_where(attended, event), Face.REGULAR, 12.0),
        (_lessons(attended), Face.REGULAR, 12.0),
    ]
    strips = list(letterhead(fonts, kop, width, emblem))
    for text, face, size in told:
        strips += _centred(fonts, text, width, face, size) if text else [gap(size)]
    place = ", ".join(part for part in (str(snapshot.get("place") or ""), day(attended.newest.occurred_on)) if part)
    trainer = "; ".join(str(one.get("name") or "") for one in event.get("trainers") or [])
    return [
        *strips,
        replace(gap(24), space=False),
        *paragraph(fonts, place, width, size=11, align="right"),
        signature_block(
            fonts,
            [
                Signatory(_("Narasumber,"), name="" if ";" in trainer else trainer),
                Signatory(_("Mengetahui,\nKepala Dinas Sosial,")),
            ],
            width,
            photos,
            room=46,
        ),
    ]


def _centred(fonts: FontSet, text: str, width: float, face: Face, size: float) -> list[Strip]:
    """Lines in the middle; a name that is wider than the page is set smaller instead of being cut."""
    while size > 12 and len(wrap(fonts, text, face, size, width)) > 2:
        size -= 2
    lines = wrap(fonts, text, face, size, width)

    def line_strip(words: str) -> Strip:
        def draw(pen: Pen, x: float, top: float) -> None:
            draw_line(pen, words, x, top - size, width, face, size, "center")

        return Strip(size * 1.4, draw)

    return [line_strip(words) for words in lines]


def _home(participant: Mapping[str, Any]) -> str:
    parts = (participant.get("group_name") or "", participant.get("village") or "")
    return " · ".join(str(part) for part in parts if part)


def _when_and_where(attended: Attended, event: Mapping[str, Any]) -> str:
    days = sorted({str(fact.snapshot["session"].get("date") or fact.occurred_on) for fact in attended.rows})
    when = day(days[0]) if len(days) == 1 else _("{first} s.d. {last}").format(first=day(days[0]), last=day(days[-1]))
    return _("yang diselenggarakan oleh {organizer} pada {when} di {venue}").format(
        organizer=event.get("organizer") or "–", when=when, venue=event.get("venue") or "–"
    )


def _lessons(attended: Attended) -> str:
    minutes = sum(_minutes(fact.snapshot["session"]) for fact in attended.rows)
    sessions = len(attended.rows)
    if minutes < MINUTES_OF_LESSON:
        return _("selama {n} sesi").format(n=sessions)
    return _("selama {n} sesi ({lessons} jam pelajaran)").format(n=sessions, lessons=minutes // MINUTES_OF_LESSON)


def _minutes(session: Mapping[str, Any]) -> int:
    """Length of a session; 0 where its hours are not known."""
    start, end = str(session.get("start") or ""), str(session.get("end") or "")
    if not start or not end:
        return 0
    first, last = (datetime.combine(date(2000, 1, 1), datetime.strptime(one, "%H:%M").time()) for one in (start, end))
    return max(0, int((last - first).total_seconds() // 60))
