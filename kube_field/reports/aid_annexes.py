"""What is bound to handover minutes: their photos, and the members of a group with room to sign (handbook 9.4)."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.answered import rows, text
from kube_field.reports.layout import Strip, heading
from kube_field.reports.material import Material
from kube_field.reports.photos import CaptionedPhoto, photo_rows
from kube_field.reports.tables import Column, Row, data_table
from kube_field.reports.wording import BLANK


def photo_annex(material: Material) -> list[Strip]:
    """LAMPIRAN: photos of the handover, then those of single items."""
    fonts, width, answers = material.fonts, material.width, material.fact.answers
    pictures = [
        CaptionedPhoto(material.photos(str(photo.get("sha256", ""))), _caption(material, photo))
        for photo in _photos(answers.get("photos"))
    ]
    pictures += [
        CaptionedPhoto(material.photos(str(photo.get("sha256", ""))), text(row, "name"))
        for _at, row in rows(answers, "items")
        for photo in _photos(row.get("photo"))
    ]
    if not pictures:
        return []
    return [*heading(fonts, _("LAMPIRAN: FOTO SERAH TERIMA"), width), *photo_rows(fonts, pictures, width)]


def _photos(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _caption(material: Material, photo: Mapping[str, Any]) -> str:
    question = material.said.question("photos")
    kind = str(photo.get("photo_kind") or "")
    words = _(question.choice_label(kind)) if kind and question is not None else ""
    return ": ".join(part for part in (words, str(photo.get("caption") or "")) if part)


def member_annex(material: Material, group: str) -> list[Strip]:
    """LAMPIRAN: the members of `group` with room to sign (handbook 9.4)."""
    members = [one for one in material.fact.snapshot.get("member_list") or [] if isinstance(one, Mapping)]
    if not members:
        return []
    fonts, width = material.fonts, material.width
    columns = [
        Column(_("No"), 6, "center"),
        Column(_("Nama"), 34),
        Column(_("NIK"), 24),
        Column(_("Jabatan"), 14),
        Column(_("Tanda tangan"), 22),
    ]
    body = [
        Row((str(at), *(str(one.get(code) or BLANK) for code in ("name", "nik", "role")), f"{at}."), min_height=26)
        for at, one in enumerate(members, start=1)
    ]
    title = _("LAMPIRAN: DAFTAR ANGGOTA {group}").format(group=group.upper())
    return [*heading(fonts, title, width), *data_table(fonts, columns, body, width)]
