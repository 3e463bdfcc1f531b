"""Parts A to C and E to J of the visit report, in the wording of handbook 9.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import month_and_year
from kube_field.domain.forms.visit_computed import household_per_capita
from kube_field.domain.money import show_rupiah
from kube_field.reports.layout import Strip, bullets, gap, heading, paragraph
from kube_field.reports.material import Material, day_or_none
from kube_field.reports.tables import Column, Row, data_table, key_values
from kube_field.reports.visit_finance import NO_CONTEXT
from kube_field.reports.wording import BLANK, clock, day, long_day, whole

ON_TIME_DAYS = 5
"""A visit within five days of its planned day is on time (handbook 5.14)."""
STOPPED = ("berhenti", "berhenti_sementara")
PHONE_CALL = "telepon"
WELLBEING_NOTE = "wellbeing_note"


def identity_part(material: Material) -> list[Strip]:
    """A. IDENTITAS."""
    owner = _("Nama KUBE") if material.is_group else _("Nama penerima")
    pairs = [(owner, material.word("owner_name"))]
    if not material.is_group:
        pairs.append((_("NIK (disamarkan)"), material.word("nik_masked")))
    pairs += [
        (_("Jenis usaha"), _business(material)),
        (_("Paket program / tahun"), _batch(material)),
        (_("Alamat usaha, RT/RW"), _address(material)),
        (_region_label(material), _region(material)),
    ]
    if material.is_group:
        pairs += [(_("Ketua / Sekretaris / Bendahara"), _officers(material)), (_("Jumlah anggota"), _members(material))]
    pairs += [
        (_("Bantuan diterima"), _aid(material)),
        (_("Petugas pendamping"), material.word("companion") or material.word("officer", "name")),
    ]
    return _part(material, _("A. IDENTITAS"), key_values(material.fonts, pairs, material.width))


def conduct_part(material: Material) -> list[Strip]:
    """B. PELAKSANAAN KUNJUNGAN."""
    said, answers = material.said, material.fact.answers
    by_phone = answers.get("kind") == PHONE_CALL
    number = whole(answers.get("visit_no")) or whole(material.fact.snapshot.get("visit_no"))
    pairs = [
        (_("Kunjungan ke-"), BLANK if number is None else str(number)),
        (_("Hari, tanggal"), long_day(answers.get("visited_on"))),
        (_("Pukul"), _hours(answers)),
        (_("Jenis kunjungan"), said.text("kind")),
        *([] if by_phone else [(_("Tempat"), said.text("place"))]),
        (_("Yang ditemui"), _met(material)),
        *([] if by_phone else [(_("Titik lokasi"), _location(material))]),
        (_("Jadwal semula"), _planned(material)),
    ]
    return _part(material, _("B. PELAKSANAAN KUNJUNGAN"), key_values(material.fonts, pairs, material.width))


def condition_part(material: Material) -> list[Strip]:
    """C. KONDISI USAHA, with the state of the tools that were given."""
    said, answers = material.said, material.fact.answers
    pairs = [(_("Status usaha"), said.text("business_status"))]
    if answers.get("stop_reason") or answers.get("business_status") in STOPPED:
        pairs.append((_("Sebab berhenti"), said.text("stop_reason")))
    opened = _of(_("{part} dari {whole} hari rencana"), said.text("days_open"), said.text("days_planned"))
    pairs += [(_("Hari buka dalam 30 hari"), opened), (_("Saluran penjualan"), said.text("channels"))]
    pairs += [(_("Catatan harga dan stok"), said.text(code)) for code in ("price_stock_note",) if answers.get(code)]
    strips = key_values(material.fonts, pairs, material.width)
    return _part(material, _("C. KONDISI USAHA"), [*strips, *_tools(material)])


def institution_part(material: Material) -> list[Strip]:
    """E. ADMINISTRASI DAN KELEMBAGAAN; a person's business has no members, meetings or IKS."""
    said = material.said
    pairs = [(_("Pembukuan"), said.text("bookkeeping_level"))]
    if material.is_group:
        active = _of(_("{part} dari {whole}"), said.text("members_active"), said.text("members_total"))
        pairs += [
            (_("Anggota aktif"), active),
            (_("Pertemuan terakhir"), said.text("last_meeting_on")),
            (_("IKS"), said.text("iks_level")),
        ]
        present = ", ".join(said.cell("members_present", row, "person") for row in said.rows("members_present"))
        pairs += [(_("Anggota yang hadir"), present)] if present else []
        pairs += [(_("Tahap KUBE"), stage) for stage in (_stage(material),) if stage]
    else:
        pairs.append((_("Kebiasaan menabung"), said.text("savings_habit")))
    strips = key_values(material.fonts, pairs, material.width)
    return _part(material, _("E. ADMINISTRASI DAN KELEMBAGAAN"), strips)


def household_part(material: Material) -> list[Strip]:
    """F. KEADAAN RUMAH TANGGA: mean income per head and its ratio to the poverty line."""
    strips = paragraph(material.fonts, _income_sentence(material), material.width, size=10)
    note = material.fact.answers.get(WELLBEING_NOTE)
    wellbeing = _joined(". ", material.said.text("wellbeing"), "" if note is None else str(note))
    pairs = [(_("Perubahan keadaan keluarga"), wellbeing)]
    strips += [gap(2), *key_values(material.fonts, pairs, material.width)]
    return _part(material, _("F. KEADAAN RUMAH TANGGA"), strips)


def constraints_part(material: Material) -> list[Strip]:
    """G. MASALAH DAN KENDALA."""
    said = material.said
    columns = [
        Column(_("No"), 6, "center"),
        Column(_("Kendala"), 26),
        Column(_("Berat"), 13),
        Column(_("Sejak"), 18),
        Column(_("Keterangan"), 37),
    ]
    rows = [
        Row((str(at), *(said.cell("constraints", row, code) for code in ("code", "severity", "since", "note"))))
        for at, row in enumerate(said.rows("constraints"), start=1)
    ]
    return _table_part(material, _("G. MASALAH DAN KENDALA"), columns, rows, _no_constraints(material))


def review_part(material: Material) -> list[Strip]:
    """H. TINDAK LANJUT KUNJUNGAN LALU."""
    said = material.said
    columns = _action_columns(_("Hasil"))
    rows = []
    for at, row in enumerate(said.rows("previous_actions"), start=1):
        cells = [said.cell("previous_actions", row, code) for code in ("action", "who", "by_date")]
        result = _joined(": ", said.cell("previous_actions", row, "result"), _filled(row.get("reason")))
        rows.append(Row((str(at), *cells, result)))
    before = material.frozen("previous").get("answers")
    asked = isinstance(before, Mapping) and bool(before.get("support_needed"))
    nothing = BLANK if asked else _("Tidak ada tindak lanjut dari kunjungan sebelumnya.")
    return _table_part(material, _("H. TINDAK LANJUT KUNJUNGAN LALU"), columns, rows, nothing)


def support_part(material: Material) -> list[Strip]:
    """I. PENDAMPINGAN YANG DIBERIKAN."""
    question, given = material.said.question("support_given"), material.fact.answers.get("support_given")
    if isinstance(given, list) and question is not None:
        strips = bullets(material.fonts, [_(question.choice_label(code)) for code in given], material.width, size=10)
    else:
        strips = paragraph(material.fonts, material.said.text("support_given"), material.width, size=10)
    text = material.fact.answers.get("support_given_note")
    if text:
        strips += [gap(2), *paragraph(material.fonts, text, material.width, size=10)]
    return _part(material, _("I. PENDAMPINGAN YANG DIBERIKAN"), strips)


def plan_part(material: Material) -> list[Strip]:
    """J. RENCANA TINDAK LANJUT and the day of the next visit."""
    said = material.said
    columns = _action_columns("")
    rows = []
    for at, row in enumerate(said.rows("support_needed"), start=1):
        action = _joined(": ", said.cell("support_needed", row, "kind"), _filled(row.get("what")))
        cells = [said.cell("support_needed", row, code) for code in ("who", "by_date")]
        rows.append(Row((str(at), action, *cells)))
    strips = _table_part(material, _("J. RENCANA TINDAK LANJUT"), columns, rows, BLANK)
    sentence = _("Kunjungan berikutnya direncanakan pada {day}.").format(
        day=long_day(material.fact.answers.get("next_visit_on"))
    )
    strips = [*strips, gap(4), *paragraph(material.fonts, sentence, material.width, size=10)]
    opinion = _filled(material.fact.answers.get("officer_opinion"))
    if not opinion or material.tells_result:
        return strips
    pairs = [(_("Pendapat petugas"), opinion)]
    return [*strips, gap(4), *key_values(material.fonts, pairs, material.width)]


def nobody_part(material: Material) -> list[Strip]:
    """What stands in place of parts C to H when nobody was met."""
    text = _("Bagian C sampai H tidak diisi karena tidak ada orang yang ditemui pada kunjungan ini.")
    return [gap(9), *paragraph(material.fonts, text, material.width, size=10)]


def _stage(material: Material) -> str:
    """The stage with the day on which it was judged; a form that asks it says so where nobody ever did."""
    stage, judged_on = material.word("stage"), material.word("stage_judged_on")
    if not stage:
        return _("belum dinilai") if material.tells_result else ""
    return _("{stage} (dinilai {day})").format(stage=stage, day=day(judged_on)) if judged_on else stage


def _part(material: Material, title: str, strips: list[Strip]) -> list[Strip]:
    return [*heading(material.fonts, title, material.width), *strips]


def _table_part(material: Material, title: str, columns: list[Column], rows: list[Row], otherwise: str) -> list[Strip]:
    """A part that is one table, or one sentence where there is nothing to list."""
    if rows:
        return _part(material, title, data_table(material.fonts, columns, rows, material.width))
    return _part(material, title, paragraph(material.fonts, otherwise, material.width, size=10))


def _action_columns(last: str) -> list[Column]:
    columns = [
        Column(_("No"), 6, "center"),
        Column(_("Tindak lanjut"), 40),
        Column(_("Penanggung jawab"), 20),
        Column(_("Batas waktu"), 18),
    ]
    return [*columns, Column(last, 22)] if last else columns


def _joined(between: str, *parts: str) -> str:
    return between.join(part for part in parts if part)


def _of(sentence: str, part: str, whole_of_it: str) -> str:
    """`8 dari 10`, or one dash where neither is known."""
    return BLANK if part == whole_of_it == BLANK else sentence.format(part=part, whole=whole_of_it)


def _filled(value: Any) -> str:
    return "" if value is None else str(value)


def _business(material: Material) -> str:
    idea, name = material.word("business", "idea_name"), material.word("business", "business_name")
    known = material.reference.idea(material.word("business", "idea_code")) if not idea else None
    idea = known.name if known is not None else idea
    return f"{idea} ({name})" if idea and name and name != idea else idea or name


def _batch(material: Material) -> str:
    name, year = material.word("batch", "name"), material.word("batch", "year")
    return name if year and year in name else _joined(" / ", name, year)


def _address(material: Material) -> str:
    rt, rw = material.word("address", "rt"), material.word("address", "rw")
    numbers = _joined(" ", f"RT {rt}" if rt else "", f"RW {rw}" if rw else "")
    return _joined(", ", material.word("address", "location"), numbers)


def _region_label(material: Material) -> str:
    word = material.word("address", "village_word") or _("Desa/Kelurahan")
    return _("{village}, Kec., Kab./Kota").format(village=word)


def _region(material: Material) -> str:
    kecamatan, kabupaten = material.word("address", "kecamatan"), material.word("address", "kabupaten")
    if kecamatan and not kecamatan.lower().startswith("kec"):
        kecamatan = _("Kec. {name}").format(name=kecamatan)
    return _joined(", ", material.word("address", "village"), kecamatan, kabupaten)


def _officers(material: Material) -> str:
    return " / ".join(material.word("officers", role) or BLANK for role in ("ketua", "sekretaris", "bendahara"))


def _members(material: Material) -> str:
    members = material.frozen("members")
    if whole(members.get("total")) is None:
        return ""
    return _("{total} orang (L {male}, P {female})").format(
        total=members["total"], male=members.get("male", BLANK), female=members.get("female", BLANK)
    )


def _aid(material: Material) -> str:
    aid = material.frozen("aid")
    value = whole(aid.get("value_idr"))
    if value is None:
        return ""
    text = show_rupiah(value)
    if aid.get("handover_on"):
        text = _("{amount} pada {day}").format(amount=text, day=day(aid["handover_on"]))
    return f"{text} (BAST {aid['bast_number']})" if aid.get("bast_number") else text


def _hours(answers: Mapping[str, Any]) -> str:
    start, end = answers.get("time_from"), answers.get("time_to")
    if not start and not end:
        return BLANK
    return _("{start} s.d. {end} WITA").format(start=clock(start), end=clock(end))


def _met(material: Material) -> str:
    names = _filled(material.fact.answers.get("met_names"))
    met = material.said.text("met")
    return f"{met}: {names}" if names else met


def _location(material: Material) -> str:
    """Whether a position was taken; the coordinates themselves stay off the paper."""
    location = material.fact.answers.get("location")
    if not location and not material.is_final:
        return BLANK
    if isinstance(location, Mapping) and location.get("latitude"):
        return _("Tersedia")
    note = _filled(location.get("note")) if isinstance(location, Mapping) else ""
    return (
        _("Tidak tersedia") if not note or note == "tidak tersedia" else _("Tidak tersedia: {note}").format(note=note)
    )


def _planned(material: Material) -> str:
    planned = day_or_none(material.fact.snapshot.get("planned_on"))
    visited = day_or_none(material.fact.answers.get("visited_on"))
    if planned is None:
        return _("di luar jadwal")
    if visited is None:
        return day(planned.isoformat())
    late = (visited - planned).days
    note = _("sesuai jadwal")
    if late > ON_TIME_DAYS:
        note = _("terlambat {days} hari").format(days=late)
    elif late < -ON_TIME_DAYS:
        note = _("lebih awal {days} hari").format(days=-late)
    return f"{day(planned.isoformat())}, {note}"


def _tools(material: Material) -> list[Strip]:
    """The table of tools, checked or not; nothing when the unit got none."""
    rows = [Row(cells) for cells in _tool_rows(material)]
    if not rows:
        return []
    columns = [
        Column(_("Nama alat"), 36),
        Column(_("Jumlah"), 16, "center"),
        Column(_("Keadaan"), 20),
        Column(_("Keterangan"), 28),
    ]
    title = paragraph(material.fonts, _("Keadaan alat bantuan:"), material.width, size=10)
    return [gap(3), *(_keep(strip) for strip in title), *data_table(material.fonts, columns, rows, material.width)]


def _keep(strip: Strip) -> Strip:
    return replace(strip, keep=True)


def _tool_rows(material: Material) -> list[tuple[str, str, str, str]]:
    said = material.said
    checked = said.rows("asset_checks")
    given = material.fact.snapshot.get("tools")
    tools = [tool for tool in given if isinstance(tool, Mapping)] if isinstance(given, list) else []
    amounts = {str(tool.get("name")): tool for tool in tools}
    rows = []
    for row in checked:
        name = said.cell("asset_checks", row, "name")
        known = amounts.pop(name, {})
        count = _joined(" ", _filled(row.get("qty") or known.get("qty")), _filled(known.get("unit")))
        note = _filled(row.get("note"))
        rows.append((name, count or BLANK, said.cell("asset_checks", row, "condition"), note))
    for name, tool in amounts.items():
        count = _joined(" ", _filled(tool.get("qty")), _filled(tool.get("unit")))
        rows.append((name, count or BLANK, _filled(tool.get("condition")) or BLANK, _filled(tool.get("note"))))
    return rows


def _no_constraints(material: Material) -> str:
    if material.fact.answers.get("has_constraints") is False:
        return _("Tidak ada kendala yang disampaikan.")
    return BLANK


def _income_sentence(material: Material) -> str:
    """The mean over the sampled families, as the form computes it, against the line frozen with the visit."""
    mean = household_per_capita(material.fact.answers, NO_CONTEXT)
    if mean is None:
        return _("Penghasilan rata-rata per kapita: {blank}").format(blank=BLANK)
    start = _("Penghasilan rata-rata per kapita {amount} per bulan").format(amount=show_rupiah(mean))
    line = material.frozen("poverty_line")
    amount = whole(line.get("amount_idr"))
    if not amount:
        return f"{start}."
    return _("{start}, yaitu {percent}% dari garis kemiskinan Kalimantan Timur {month} ({line}).").format(
        start=start,
        percent=mean * 100 // amount,
        month=month_and_year(str(line.get("valid_from"))) if day_or_none(line.get("valid_from")) else "",
        line=show_rupiah(amount),
    )
