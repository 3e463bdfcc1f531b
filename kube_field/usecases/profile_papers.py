"""The profile of a business as a paper: a KUBE's with members and stage, a person's without (handbook 9.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import age_on, short_date
from kube_field.domain.forms.answered import rows, text, whole
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.visit_stage import stage_answers
from kube_field.domain.money import accounting, group_thousands
from kube_field.domain.profile_paper import Part, PartTable, ProfilePaper
from kube_field.domain.records import Fact, Record, RecordKind
from kube_field.domain.rules.score import status_words
from kube_field.domain.rules.stage import CODES, CRITERIA, stage_name, stage_of
from kube_field.reports.profile import render_profile
from kube_field.usecases import views
from kube_field.usecases.answer_text import answer_in_words
from kube_field.usecases.assets import aid_of_units
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.graduation_criteria import criteria_of
from kube_field.usecases.group_story import trainings_of_members, with_endings
from kube_field.usecases.papers import DEMO_MARK
from kube_field.usecases.parents import display_name, owner_of, reference_name, village_of
from kube_field.usecases.people import the_record
from kube_field.usecases.prefill import unit_name
from kube_field.usecases.previous import documents_of
from kube_field.usecases.progress import unit_progress
from kube_field.usecases.received_aid import standing_minutes, unit_answers
from kube_field.usecases.referrals import referrals_of
from kube_field.usecases.session import Session
from kube_field.usecases.snapshots import address_snapshot, letterhead, street_words
from kube_field.usecases.visit_background import last_stage

GROUP_CODES = (
    "formed_on", "sk_number", "sk_date", "sk_by", "batch_id", "assigned_staff_id", "sector", "idea_code", "bank_name",
    "bank_account", "has_signboard", "has_stamp", "has_adart", "books", "meeting_schedule", "iks_amount_idr",
)  # fmt: skip
PERSON_CODES = ("sex", "birth_date", "category", "phone")
UNIT_CODES = ("batch_id", "idea_code", "business_name", "started_on", "planned_days_per_month", "status")
VISIBLE_DIGITS = 4
OPEN = ("", "belum", "sebagian")
MOST_PHOTOS = 4
STAGE_TEXTS = tuple(words for texts in CRITERIA.values() for words in texts)


def profile_paper(session: Session, *, unit_uid: str, printed: bool = True) -> bytes:
    """The profile of the owner of a unit with this unit, as it stands now.

    Raises: KubeFieldError VALIDATION when the unit is not on this laptop.
    """
    unit = the_record(session, unit_uid, RecordKind.BUSINESS_UNIT)
    if printed:
        session.store.audit(audit_line(session, "profile.print", unit.kind, unit_uid))
    village = village_of(session, unit.answers)
    kabupaten = session.reference.regions.kabupaten(village) if village else None
    return render_profile(
        profile_of(session, unit),
        kop=letterhead(session, kabupaten.name if kabupaten is not None else ""),
        watermark=DEMO_MARK if session.is_demo else "",
        photos=session.photos.read,
    )


def profile_of(session: Session, unit: Record) -> ProfilePaper:
    """Everything that the profile tells."""
    owner = owner_of(session, unit)
    is_group = unit.answers.get("owner_kind") == "group"
    visits = documents_of(session, unit.uid, RecordKind.VISIT)
    members = with_endings(session, session.store.listings.members(owner.uid)) if is_group and owner else ()
    village = village_of(session, unit.answers)
    place = session.reference.regions.village(village) if village else None
    companion = _companion(session, owner, visits)
    parts = [
        _general(session, unit, owner, companion),
        *([_members(session, members)] if is_group else []),
        _received(session, unit),
        _tools(session, unit),
        _trainings(session, owner, members),
        _course(session, unit),
        *([_stage(visits)] if is_group else []),
        _problems(session, visits),
        _referrals(session, unit, owner),
        _photos(visits),
        _conclusion(session, unit, visits, is_group=is_group),
    ]
    lettered = tuple(replace(part, title=f"{'ABCDEFGHIJK'[at]}. {part.title}") for at, part in enumerate(parts))
    chair = next((row.name for row in members if row.role == "ketua" and not row.left_on), "")
    return ProfilePaper(
        title=_("PROFIL KELOMPOK USAHA BERSAMA") if is_group else _("PROFIL USAHA PERORANGAN"),
        name=display_name(owner.answers) if owner is not None else unit_name(session, unit),
        as_of=session.instant(),
        place=place.name if place is not None else "",
        parts=lettered,
        signs=(
            (_("Ketua KUBE,"), chair) if is_group else (_("Penerima,"), display_name(owner.answers) if owner else ""),
            (_("Pendamping,"), companion),
            (_("Mengetahui,"), ""),
        ),
    )


def _companion(session: Session, owner: Record | None, visits: Sequence[Fact]) -> str:
    """Who accompanies the business: assigned, else who visited it last, else who prints."""
    assigned = reference_name(owner.answers.get("assigned_staff_id")) if owner is not None else ""
    return assigned or (visits[-1].author_name if visits else session.officer.name)


def _general(session: Session, unit: Record, owner: Record | None, companion: str) -> Part:
    village = village_of(session, unit.answers)
    street = street_words(address_snapshot(session, unit, owner, village))
    place = session.reference.regions.full_name(village) if village else ""
    pairs = [(_("Alamat"), ", ".join(part for part in (street, place) if part) or "–")]
    if owner is not None:
        is_group = owner.kind == RecordKind.KUBE_GROUP
        pairs += _told(session, owner, GROUP_CODES if is_group else PERSON_CODES)
        pairs += [] if is_group else [(_("Pendamping"), companion)]
    standing = replace(unit, answers=unit_answers(session, unit))
    pairs += [pair for pair in _told(session, standing, UNIT_CODES) if pair not in pairs]
    asked = form(unit.kind).question("permits")
    permits = "; ".join(
        f"{asked.columns[0].choice_label(row.get('permit'))} {text(row, 'number')}".strip()
        for _at, row in rows(unit.answers, "permits")
    )
    return Part(_("DATA UMUM"), pairs=(*pairs, (_("Izin"), permits or _("belum ada"))))


def _told(session: Session, record: Record, codes: Iterable[str]) -> list[tuple[str, str]]:
    """(label, words) of these questions; account numbers keep their last digits only."""
    declared = form(record.kind)
    pairs = []
    for code in codes:
        question, value = declared.question(code), record.answers.get(code)
        if code == "bank_account" and isinstance(value, str) and value:
            value = "•" * max(len(value) - VISIBLE_DIGITS, 0) + value[-VISIBLE_DIGITS:]
        if value is not None or code in GROUP_CODES:
            pairs.append((_(question.label), answer_in_words(question, value, session.reference)))
    return pairs


def _members(session: Session, members: Sequence[views.MemberRow]) -> Part:
    asked = form(RecordKind.MEMBERSHIP)
    roles, reasons = asked.question("role"), asked.question("leave_reason")
    told = []
    for at, row in enumerate(members, start=1):
        age = str(age_on(date.fromisoformat(row.birth_date), session.today())) if row.birth_date else "–"
        why = _(reasons.choice_label(row.leave_reason)) if row.leave_reason else ""
        told.append(
            (
                str(at),
                row.name,
                row.sex,
                age,
                _(roles.choice_label(row.role)),
                short_date(row.joined_on) if row.joined_on else "–",
                ": ".join(part for part in (short_date(row.left_on), why) if part) if row.left_on else "",
            )
        )
    columns = (
        (_("No"), 5.0), (_("Nama"), 28.0), (_("L/P"), 6.0), (_("Umur"), 8.0), (_("Jabatan"), 14.0), (_("Sejak"), 15.0),
        (_("Keluar/alasan"), 24.0),
    )  # fmt: skip
    return Part(
        _("SUSUNAN PENGURUS DAN ANGGOTA"),
        table=PartTable(columns, tuple(told), frozenset({3})),
        empty=_("Belum ada anggota yang dicatat."),
    )


def _received(session: Session, unit: Record) -> Part:
    told = [
        (
            short_date(one.handover_on),
            str(one.fact.answers.get("tranche_no") or 1),
            one.fact.number,
            group_thousands(one.total_idr),
        )
        for one in standing_minutes(session, unit.uid)
    ]
    value = whole(unit.answers, "aid_value_idr")
    if not told and unit.answers.get("handover_on"):
        number = text(unit.answers, "bast_number") or "–"
        told = [(short_date(text(unit.answers, "handover_on")), "1", number, group_thousands(value or 0))]
    columns = ((_("Tanggal"), 18.0), (_("Tahap"), 10.0), (_("BAST"), 48.0), (_("Nilai (Rp)"), 24.0))
    return Part(
        _("BANTUAN YANG DITERIMA"),
        table=PartTable(columns, tuple(told), frozenset({3})),
        empty=_("Belum ada bantuan yang diserahkan."),
    )


def _tools(session: Session, unit: Record) -> Part:
    told = [
        (tool.name, tool.amount, tool.condition or "–", short_date(tool.checked_on) if tool.checked_on else "–")
        for summary in aid_of_units(session, (unit.uid,))
        for tool in summary.tools
    ]
    columns = ((_("Alat"), 40.0), (_("Jumlah"), 16.0), (_("Keadaan terakhir"), 24.0), (_("Diperiksa"), 20.0))
    return Part(
        _("SARANA DAN KEADAAN TERAKHIR"),
        table=PartTable(columns, tuple(told)),
        empty=_("Tidak ada alat bantuan yang dicatat."),
    )


def _trainings(session: Session, owner: Record | None, members: Sequence[views.MemberRow]) -> Part:
    if owner is not None and owner.kind == RecordKind.PERSON:
        told, last = _attended(session, owner), _("Kehadiran")
    else:
        found = trainings_of_members(session, members)
        told, last = tuple((short_date(item.at), item.what, item.detail) for item in found), _("Peserta")
    columns = ((_("Tanggal"), 16.0), (_("Pelatihan"), 42.0), (last, 42.0))
    return Part(
        _("PELATIHAN YANG DIIKUTI"),
        table=PartTable(columns, told),
        empty=_("Belum pernah mengikuti pelatihan."),
    )


def _attended(session: Session, person: Record) -> tuple[tuple[str, ...], ...]:
    """Day, training and presence of each session that a person was listed in, newest first."""
    asked = form(RecordKind.ATTENDANCE).question("status")
    wanted = views.DocumentFilter(kind=RecordKind.ATTENDANCE, subject_uid=person.uid, drafts=False)
    told = []
    for row in session.store.listings.documents(wanted):
        fact = session.store.facts.get(row.uid)
        presence = _(asked.choice_label(fact.answers.get("status"))) if fact is not None else "–"
        told.append((short_date(row.occurred_on), row.subject, presence))
    return tuple(told)


def _course(session: Session, unit: Record) -> Part:
    points = unit_progress(session, unit_uid=unit.uid)
    told = tuple(
        (
            _("ke-{n}").format(n=point.visit_no),
            short_date(point.visited_on),
            "–" if point.revenue_idr is None else group_thousands(point.revenue_idr),
            "–" if point.profit_idr is None else accounting(point.profit_idr),
            "–" if point.income_percent is None else f"{point.income_percent} %",
            "–" if point.score is None else f"{point.score} · {status_words(point.status)}",
        )
        for point in points
    )
    columns = (
        (_("Kunjungan"), 12.0), (_("Tanggal"), 17.0), (_("Omzet/30 hari (Rp)"), 19.0), (_("Laba/30 hari (Rp)"), 19.0),
        (_("Terhadap garis kemiskinan"), 15.0), (_("Nilai"), 18.0),
    )  # fmt: skip
    return Part(
        _("PERKEMBANGAN USAHA"),
        table=PartTable(columns, told, frozenset({2, 3, 4})),
        course=points,
        empty=_("Belum ada kunjungan yang dinilai."),
    )


def _stage(visits: Sequence[Fact]) -> Part:
    found = last_stage(visits)
    if not found["judged_on"]:
        return Part(_("TAHAP KUBE"), empty=_("Tahap KUBE belum pernah dinilai."))
    answers = stage_answers(found["answers"])
    stage = stage_name(stage_of(answers).stage)
    return Part(
        _("TAHAP KUBE"),
        pairs=((_("Tahap"), stage), (_("Dinilai"), short_date(found["judged_on"]))),
        checks=tuple((_(words), answers[code]) for code, words in zip(CODES, STAGE_TEXTS, strict=True)),
    )


def _problems(session: Session, visits: Sequence[Fact]) -> Part:
    title = _("MASALAH UTAMA DAN TINDAK LANJUT TERBUKA")
    if not visits:
        return Part(title, empty=_("Belum ada kunjungan."))
    newest = visits[-1]
    told = [
        (_("Kendala"), _row_words(session, newest, "constraints", row, ("code", "severity", "note")))
        for _at, row in rows(newest.answers, "constraints")
    ]
    told += [
        (_("Tindak lanjut"), _row_words(session, newest, "support_needed", row, ("kind", "what", "who", "by_date")))
        for _at, row in rows(newest.answers, "support_needed")
        if text(row, "status") in OPEN
    ]
    columns = ((_("Jenis"), 20.0), (_("Uraian"), 80.0))
    return Part(title, table=PartTable(columns, tuple(told)), empty=_("Tidak ada kendala dan tindak lanjut terbuka."))


def _row_words(session: Session, fact: Fact, code: str, row: Mapping[str, Any], columns: Iterable[str]) -> str:
    asked = {column.code: column for column in form(fact.kind, fact.form_version).question(code).columns}
    return " · ".join(
        answer_in_words(asked[name], row[name], session.reference) for name in columns if row.get(name) is not None
    )


def _referrals(session: Session, unit: Record, owner: Record | None) -> Part:
    uids = [unit.uid, *([owner.uid] if owner is not None else [])]
    told = tuple(
        (short_date(row.written_on), row.partner, row.need, row.status_words)
        for row in referrals_of(session, uids, for_paper=True)
    )
    columns = ((_("Tanggal"), 16.0), (_("Mitra"), 30.0), (_("Kebutuhan"), 34.0), (_("Keadaan"), 20.0))
    return Part(_("RUJUKAN"), table=PartTable(columns, told), empty=_("Belum ada rujukan."))


def _photos(visits: Sequence[Fact]) -> Part:
    """Photos of the newest visit that has any."""
    for fact in reversed(visits):
        photos = fact.answers.get("photos")
        taken = [one for one in photos if isinstance(one, Mapping)] if isinstance(photos, list) else []
        if taken:
            kinds = form(fact.kind, fact.form_version).question("photos")
            told = tuple((str(one.get("sha256") or ""), _photo_words(fact, kinds, one)) for one in taken[:MOST_PHOTOS])
            return Part(_("FOTO"), photos=told)
    return Part(_("FOTO"), empty=_("Belum ada foto."))


def _photo_words(fact: Fact, kinds: Any, photo: Mapping[str, Any]) -> str:
    kind = _(kinds.choice_label(photo["photo_kind"])) if photo.get("photo_kind") else ""
    told = ": ".join(part for part in (kind, str(photo.get("caption") or "")) if part)
    return _("{words} ({day})").format(words=told or _("Foto"), day=short_date(fact.occurred_on))


def _conclusion(session: Session, unit: Record, visits: Sequence[Fact], *, is_group: bool) -> Part:
    points = unit_progress(session, unit_uid=unit.uid)
    status = status_words(points[-1].status) if points else _("belum dinilai")
    proposal = criteria_of(session, unit, session.today())
    met = sum(one.is_met for one in proposal.criteria)
    stage = ""
    if is_group:
        found = last_stage(visits)
        stage = (
            stage_name(stage_of(stage_answers(found["answers"])).stage) if found["judged_on"] else _("belum dinilai")
        )
    words = (
        _("Tahap {stage}, status {status}, memenuhi {a} dari {b} syarat graduasi.")
        if is_group
        else _("Status {status}, memenuhi {a} dari {b} syarat graduasi.")
    )
    return Part(_("KESIMPULAN"), words=words.format(stage=stage, status=status, a=met, b=len(proposal.criteria)))
