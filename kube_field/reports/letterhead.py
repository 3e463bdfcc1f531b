"""The kop of an office: emblem on the left, centred lines, a double rule (handbook 9.0)."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from kube_field.reports.fonts import Face, FontSet
from kube_field.reports.layout import MM, Strip, draw_line, gap, wrap
from kube_field.reports.pen import Pen

EMBLEM = 20 * MM
LINES = (("government", Face.REGULAR, 12.0), ("office", Face.BOLD, 15.0))
SMALL = 9.0


def letterhead(fonts: FontSet, kop: Mapping[str, Any], width: float, emblem: bytes | None = None) -> list[Strip]:
    """The kop as one strip and the white below it; nothing for an office that has set no letterhead yet."""
    inset = EMBLEM + 3 * MM if emblem else 0.0
    lines = _lines(fonts, kop, width - 2 * inset)
    if not lines:
        return []
    height = max(sum(size * 1.3 for _text, _face, size in lines), EMBLEM if emblem else 0) + 9

    def draw(pen: Pen, x: float, top: float) -> None:
        if emblem:
            pen.picture(emblem, x, top - EMBLEM, EMBLEM, EMBLEM)
        y = top
        for text, face, size in lines:
            draw_line(pen, text, x + inset, y - size, width - 2 * inset, face, size, "center")
            y -= size * 1.3
        pen.line((x, top - height + 3), (x + width, top - height + 3), 1.8)
        pen.line((x, top - height), (x + width, top - height), 0.6)

    return [Strip(height, draw, keep=True), gap(10)]


def _lines(fonts: FontSet, kop: Mapping[str, Any], width: float) -> list[tuple[str, Face, float]]:
    wanted = [(str(kop.get(key) or "").upper(), face, size) for key, face, size in LINES]
    wanted += [(text, Face.REGULAR, SMALL) for text in (_address(kop), _web(kop))]
    return [(line, face, size) for text, face, size in wanted for line in wrap(fonts, text, face, size, width)]


def _address(kop: Mapping[str, Any]) -> str:
    parts = [str(kop.get("address") or "")]
    if kop.get("phone"):
        parts.append(_("Telepon {phone}").format(phone=kop["phone"]))
    return " · ".join(part for part in parts if part)


def _web(kop: Mapping[str, Any]) -> str:
    parts = []
    if kop.get("web"):
        parts.append(_("Laman {web}").format(web=kop["web"]))
    if kop.get("email"):
        parts.append(_("Pos-el {email}").format(email=kop["email"]))
    return " · ".join(parts)
