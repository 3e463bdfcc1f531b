"""Part K of the visit report, since the second version of the form: the frozen result, line by line (handbook 9.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.rules.score import Status, indicator_name, status_words
from kube_field.reports.layout import Strip, bullets, gap, heading, paragraph
from kube_field.reports.material import Material
from kube_field.reports.tables import Column, Row, data_table, key_values
from kube_field.reports.wording import BLANK

SIZE = 10


def result_part(material: Material) -> list[Strip]:
    """K. PENILAIAN KEBERLANJUTAN; a visit that met nobody has only its heading's sentence and no table."""
    fonts, width = material.fonts, material.width
    score = material.frozen("score")
    strips = heading(fonts, _("K. PENILAIAN KEBERLANJUTAN"), width)
    if not score:
        words = _("Kunjungan ini tidak dinilai karena tidak ada orang yang ditemui.")
        return [*strips, *paragraph(fonts, words, width, size=SIZE)]
    told = [line for sentence in _sentences(score) for line in paragraph(fonts, sentence, width, size=SIZE)]
    strips += [replace(line, keep=True) for line in (*told, gap(3))]
    strips += [*_table(material, score), gap(4), *_flags(material, score)]
    strips += [gap(3), *_changes(material)]
    notice = _("Penilaian ini merupakan alat bantu; keputusan ada pada petugas dan atasan.")
    strips += [gap(3), *paragraph(fonts, notice, width, size=SIZE), gap(3)]
    return [*strips, *key_values(fonts, _words_of_officer(material), width)]


def _sentences(score: Mapping[str, Any]) -> list[str]:
    """The sentence of the handbook, and why the status is worse than the score where warnings made it so."""
    status, final = _status(score, "status"), _status(score, "final_status")
    coverage = _percent(score.get("coverage"))
    if status == Status.INSUFFICIENT:
        told = [_("Data belum cukup untuk dinilai (kelengkapan data {x}%).").format(x=coverage)]
        if final != Status.INSUFFICIENT:
            words = _("Menurut tanda peringatan: {status}.")
            told.append(words.format(status=status_words(final).upper()))
        return told
    sentence = _("Nilai {n} dari 100: {status} (kelengkapan data {x}%).")
    told = [sentence.format(n=score.get("total"), status=status_words(final).upper(), x=coverage)]
    if final != status:
        words = _("Menurut nilai saja {status}; tanda peringatan menurunkannya.")
        told.append(words.format(status=status_words(status).lower()))
    return told


def _status(score: Mapping[str, Any], code: str) -> Status:
    told = score.get(code)
    return Status(told) if told in set(Status) else Status.INSUFFICIENT


def _percent(share: Any) -> str:
    """A share kept as text, `0.8`, in whole percent, half up."""
    units, _dot, rest = str(share).partition(".")
    thousandths = int(f"{units}{rest:0<3}") if f"{units}{rest}".isdigit() else 0
    return str((thousandths + 5) // 10)


def _table(material: Material, score: Mapping[str, Any]) -> list[Strip]:
    columns = [
        Column(_("Indikator"), 32),
        Column(_("Bobot"), 9, "center"),
        Column(_("Tingkat (0–4)"), 12, "center"),
        Column(_("Nilai"), 9, "center"),
        Column(_("Penjelasan"), 38),
    ]
    told = [one for one in score.get("indicators") or () if isinstance(one, Mapping)]
    rows = [Row(_cells(one)) for one in told]
    points = _decimal(_sum_of_points(told))
    answered = sum(int(one.get("weight") or 0) for one in told if one.get("level") is not None)
    rows.append(Row((_("Jumlah yang terjawab"), str(answered), "", points, ""), bold=True))
    return data_table(material.fonts, columns, rows, material.width, size=9)


def _cells(one: Mapping[str, Any]) -> tuple[str, ...]:
    code, level = str(one.get("code")), one.get("level")
    return (
        f"{code} {indicator_name(code)}",
        str(one.get("weight")),
        BLANK if level is None else str(level),
        BLANK if level is None else _decimal(str(one.get("points"))),
        str(one.get("words")),
    )


def _sum_of_points(told: list[Mapping[str, Any]]) -> str:
    """The sum of points that are kept as text with up to three decimals."""
    thousandths = 0
    for one in told:
        units, _dot, rest = str(one.get("points") or "0").partition(".")
        thousandths += int(units) * 1000 + int(f"{rest:0<3}"[:3])
    units_sum, rest_sum = divmod(thousandths, 1000)
    return f"{units_sum}.{rest_sum:03d}".rstrip("0").rstrip(".")


def _decimal(text: str) -> str:
    return text.replace(".", ",")


def _flags(material: Material, score: Mapping[str, Any]) -> list[Strip]:
    fonts, width = material.fonts, material.width
    flags = [one for one in score.get("flags") or () if isinstance(one, Mapping)]
    if not flags:
        return paragraph(fonts, _("Tanda peringatan: tidak ada."), width, size=SIZE)
    lines = [_flag_words(one) for one in flags]
    return [*paragraph(fonts, _("Tanda peringatan:"), width, size=SIZE), *bullets(fonts, lines, width, size=SIZE)]


def _flag_words(flag: Mapping[str, Any]) -> str:
    """`F3 Omzet turun lebih dari separuh. Cari sebabnya dan perbaiki saluran jual.`"""
    return " ".join(str(flag.get(part) or "") for part in ("code", "sentence", "action")).strip()


def _changes(material: Material) -> list[Strip]:
    text = material.fact.answers.get("changes_text")
    if not text:
        return []
    words = _("Perubahan sejak kunjungan lalu: {text}").format(text=text)
    return paragraph(material.fonts, words, material.width, size=SIZE)


def _words_of_officer(material: Material) -> list[tuple[str, str]]:
    said = material.said
    pairs = [(_("Pendapat petugas"), said.text("officer_opinion"))]
    if material.fact.answers.get("officer_status"):
        words = _("{status}. Alasan: {reason}")
        told = words.format(status=said.text("officer_status"), reason=said.text("officer_status_reason"))
        pairs.append((_("Status menurut petugas"), told))
    if graduation := str(material.frozen("graduation").get("words") or ""):
        pairs.append((_("Syarat graduasi"), graduation))
    return pairs
