"""Attendance: a grid kept as a draft, one fact each, one shared number, walk-ins never matched silently."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kube_field.domain.records import Fact, Record, RecordKind
from kube_field.errors import KubeFieldError
from kube_field.usecases.trainings import (
    add_participants,
    attendance_sheet,
    finalise_attendance,
    find_trainings,
    save_attendance,
)
from kube_field.usecases.views import AttendanceCell, AttendanceSheet
from tests.support.laptop import Laptop
from tests.support.make_records import hold_session, make_training, nik_of, register_person


def training_with(laptop: Laptop, count: int = 2) -> Record:
    return make_training(laptop.session, [register_person(laptop.session, n) for n in range(1, count + 1)])


def sheet_of(laptop: Laptop, event: Record, session_no: int = 1) -> AttendanceSheet:
    return attendance_sheet(laptop.session, event_uid=event.uid, session_no=session_no)


def save(laptop: Laptop, sheet: AttendanceSheet, *cells: AttendanceCell) -> AttendanceSheet:
    return save_attendance(laptop.session, sheet=replace(sheet, cells=cells))


def finalise(laptop: Laptop, event: Record, reason: str = "") -> list[Fact]:
    return finalise_attendance(laptop.session, event_uid=event.uid, session_no=1, reason=reason)


def walk_in(**parts: str) -> AttendanceCell:
    known = {"name": "Dahlia Contoh", "sex": "P", "village_name": "Long Lalang", "phone": "0812 0000 0020", **parts}
    return AttendanceCell("walk-1", "", known["name"], "P", "", "Long Lalang", "0020", status="hadir", walk_in=known)


def test_the_grid_begins_with_everybody_who_was_invited(laptop: Laptop):
    sheet = sheet_of(laptop, training_with(laptop))
    assert [cell.name for cell in sheet.cells] == ["Melati Contoh Satu", "Kenanga Contoh"]
    assert sheet.cells[0].phone_end == "0001"
    assert (sheet.session_date, sheet.session_subject) == ("2026-11-18", "Buku kas harian")
    assert sheet.draft_uid == sheet.number == ""


def test_a_half_filled_grid_is_kept_as_a_draft_and_each_session_has_its_own(laptop: Laptop):
    event = training_with(laptop)
    sheet = sheet_of(laptop, event)
    saved = save(laptop, sheet, replace(sheet.cells[0], status="izin", note="sakit kepala"), sheet.cells[1])
    again = sheet_of(laptop, event)
    assert again.draft_uid == saved.draft_uid != ""
    assert again.cells[0].note == "sakit kepala"
    assert sheet_of(laptop, event, 2).draft_uid == ""
    save(laptop, again, *again.cells)
    assert len(laptop.store.drafts.of_subject(event.uid, RecordKind.ATTENDANCE)) == 1


def test_finalising_makes_one_fact_each_under_one_shared_number(laptop: Laptop):
    event = training_with(laptop)
    facts = hold_session(laptop.session, event)
    assert {fact.number for fact in facts} == {"L07-0001/DH/KKR/XI/2026"}
    assert len({fact.document_id for fact in facts}) == 2
    assert facts[0].answers["person_id"]["name"] == "Melati Contoh Satu"
    assert facts[0].snapshot["totals"]["hadir"] == 2
    assert facts[0].occurred_on == "2026-11-18"
    assert laptop.store.drafts.listed() == []
    sheet = sheet_of(laptop, event)
    assert sheet.number == "L07-0001/DH/KKR/XI/2026"
    assert [cell.status for cell in sheet.cells] == ["hadir", "hadir"]
    assert sheet.chip is not None
    assert [(row.participants, row.present) for row in find_trainings(laptop.session)] == [(2, 2)]


def test_a_change_after_finalising_is_a_new_revision_of_just_that_participant(laptop: Laptop):
    event = training_with(laptop)
    first = hold_session(laptop.session, event)
    sheet = sheet_of(laptop, event)
    save(laptop, sheet, sheet.cells[0], replace(sheet.cells[1], status="sakit", time_in=""))
    changed = finalise(laptop, event)
    assert [(fact.revision, fact.supersedes) for fact in changed] == [(2, first[1].uid)]
    assert changed[0].number == "L07-0002/DH/KKR/XI/2026"
    assert [cell.status for cell in sheet_of(laptop, event).cells] == ["hadir", "sakit"]


def test_finalising_without_a_change_makes_nothing_and_takes_no_number(laptop: Laptop):
    event = training_with(laptop)
    hold_session(laptop.session, event)
    assert finalise(laptop, event) == []
    assert laptop.store.next_number("DH", 2026) == 2


def test_everybody_needs_a_status_and_the_missing_ones_are_named(laptop: Laptop):
    event = training_with(laptop)
    sheet = sheet_of(laptop, event)
    save(laptop, sheet, replace(sheet.cells[0], status="hadir"), sheet.cells[1])
    with pytest.raises(KubeFieldError) as refused:
        finalise(laptop, event)
    assert [detail["code"] for detail in refused.value.details] == ["REQUIRED"]
    assert "Kenanga Contoh" in refused.value.details[0]["message"]
    assert laptop.store.facts.of_subject(event.uid, RecordKind.ATTENDANCE) == []
    assert sheet_of(laptop, event).cells[0].status == "hadir"


def test_a_session_that_is_still_to_come_cannot_be_finalised(laptop: Laptop):
    laptop.clock.set_day("2026-11-17")
    event = training_with(laptop)
    with pytest.raises(KubeFieldError) as refused:
        hold_session(laptop.session, event)
    assert "DATE_FUTURE" in {detail["code"] for detail in refused.value.details}


def test_a_walk_in_is_kept_as_a_walk_in_with_village_and_phone_in_shape(laptop: Laptop):
    event = training_with(laptop, 1)
    sheet = sheet_of(laptop, event)
    save(laptop, sheet, replace(sheet.cells[0], status="hadir"), walk_in())
    fact = finalise(laptop, event)[1]
    assert "person_id" not in fact.answers
    assert fact.answers["walk_in_name"] == "Dahlia Contoh"
    assert fact.answers["walk_in_village"] == "64.02.12.2002"
    assert fact.answers["walk_in_phone"] == "+6281200000020"
    assert [cell.name for cell in sheet_of(laptop, event).cells] == ["Melati Contoh Satu", "Dahlia Contoh"]
    assert finalise(laptop, event) == []


def test_a_walk_in_with_a_known_nik_is_never_matched_silently(laptop: Laptop):
    event = training_with(laptop, 1)
    register_person(laptop.session, 5)
    sheet = sheet_of(laptop, event)
    known = walk_in(nik=nik_of(5), name="Dahlia C")
    save(laptop, sheet, replace(sheet.cells[0], status="hadir"), known)
    with pytest.raises(KubeFieldError) as refused:
        finalise(laptop, event)
    assert [detail["code"] for detail in refused.value.details] == ["WALK_IN_IS_KNOWN"]
    assert "Dahlia Contoh" in refused.value.details[0]["message"]
    fact = finalise(laptop, event, reason="nama sama, orang lain")[1]
    assert "person_id" not in fact.answers
    assert fact.confirmed == {"walk_in_nik:WALK_IN_IS_KNOWN": "nama sama, orang lain"}


def test_a_village_that_cannot_be_told_is_asked_for(laptop: Laptop):
    event = training_with(laptop, 1)
    sheet = sheet_of(laptop, event)
    save(laptop, sheet, replace(sheet.cells[0], status="hadir"), walk_in(village_name="entah di mana"))
    with pytest.raises(KubeFieldError) as refused:
        finalise(laptop, event)
    assert {detail["field"].split(".")[-1] for detail in refused.value.details} == {"walk_in_village"}


def test_people_are_invited_once(laptop: Laptop):
    event = training_with(laptop, 1)
    more = register_person(laptop.session, 3)
    invited = event.answers["participants"][0]["person"]["uid"]
    record = add_participants(laptop.session, event_uid=event.uid, person_uids=[more.uid, invited, more.uid])
    names = [row["person"]["name"] for row in record.answers["participants"]]
    assert names == ["Melati Contoh Satu", "Anggrek Contoh"]
    change = laptop.store.queue.pending_sets(event.uid)[-1]
    assert set(change.sets) == {"participants"}
    assert add_participants(laptop.session, event_uid=event.uid, person_uids=[more.uid]).answers == record.answers
    assert len(laptop.store.queue.pending_sets(event.uid)) == 2


def test_a_failure_in_the_middle_finalises_nobody(laptop: Laptop):
    event = training_with(laptop)
    sheet = sheet_of(laptop, event)
    save(laptop, sheet, *(replace(cell, status="hadir") for cell in sheet.cells))
    laptop.store.db.execute_sql(
        "CREATE TRIGGER power_cut BEFORE INSERT ON fact WHEN NEW.kind = 'attendance'"
        " AND (SELECT count(*) FROM fact WHERE kind = 'attendance') = 1"
        " BEGIN SELECT RAISE(ABORT, 'power cut'); END"
    )
    with pytest.raises(Exception, match="power cut"):
        finalise(laptop, event)
    laptop.store.db.execute_sql("DROP TRIGGER power_cut")
    assert laptop.store.facts.of_subject(event.uid, RecordKind.ATTENDANCE) == []
    assert len(finalise(laptop, event)) == 2


def test_a_session_that_the_training_does_not_have_is_refused(laptop: Laptop):
    with pytest.raises(KubeFieldError, match="Sesi ke-7"):
        sheet_of(laptop, training_with(laptop, 1), 7)
