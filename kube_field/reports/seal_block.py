"""The code of a sealed report on its last page: what it holds and does not prove, room for a certified signature."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _

from kube_field.domain.key_figures import key_figures, unit_name
from kube_field.domain.records import Fact
from kube_field.reports.fonts import Face, FontSet
from kube_field.reports.footer import qr_runs
from kube_field.reports.layout import LEADING, MM, Strip, draw_line, wrap
from kube_field.reports.pen import Pen
from kube_field.wire.seal import SEAL, seal_of, seal_text

SIDE = 27 * MM
ROOM_WIDTH = 46 * MM
GAP = 5 * MM
SIZE = 8.0
NAME = "seal"


def seal_block(fonts: FontSet, fact: Fact, width: float) -> Strip | None:
    """Code, explanation and an empty box side by side; None for a report that was frozen without a seal."""
    seal = seal_of(fact, key_figures(fact), unit_name(fact))
    if seal is None:
        return None
    runs, modules = qr_runs(seal_text(seal))
    kept = fact.snapshot.get(SEAL)
    registered = isinstance(kept, Mapping) and kept.get("registered") is True
    inner = width - SIDE - ROOM_WIDTH - 2 * GAP
    lines = [line for text in _told(registered) for line in wrap(fonts, text, Face.REGULAR, SIZE, inner)]
    room = wrap(fonts, _("Tempat tanda tangan elektronik tersertifikasi (bila ada)"), Face.ITALIC, 7.5, ROOM_WIDTH - 6)

    def draw(pen: Pen, x: float, top: float) -> None:
        pen.define_runs(NAME, runs, SIDE / modules)
        pen.stamp(NAME, x, top - SIDE)
        left = x + SIDE + GAP
        pen.text(left, top - 9.5, _("Kode keaslian laporan"), Face.BOLD, 9.5)
        for at, line in enumerate(lines):
            pen.text(left, top - 21 - at * SIZE * LEADING, line, Face.REGULAR, SIZE)
        corner = x + width - ROOM_WIDTH
        pen.box(corner, top - SIDE, ROOM_WIDTH, SIDE, 0.4)
        for at, line in enumerate(room):
            draw_line(pen, line, corner + 3, top - 9 - at * 7.5 * LEADING, ROOM_WIDTH - 6, Face.ITALIC, 7.5, "center")

    return Strip(max(SIDE, 21 + len(lines) * SIZE * LEADING), draw)


def _told(registered: bool) -> list[str]:
    told = [
        _(
            "Memuat nomor, unit, tanggal, omzet, laba (rugi), modal kerja, nilai, dan sidik isi laporan ini, "
            "ditandatangani laptop petugas. Periksa di KUBE Lapangan: Laporan › Periksa laporan."
        ),
        _("Kode ini bukan tanda tangan elektronik tersertifikasi."),
    ]
    if not registered:
        told.append(
            _(
                "Saat difinalkan, laptop ini belum tersambung ke server provinsi: laptop lain baru mengenal "
                "tanda tangannya setelah laptop ini tersambung."
            )
        )
    return told
