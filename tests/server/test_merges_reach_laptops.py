"""A supervisor merges on her laptop, another laptop works on without knowing, and both see one record in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kube_field.domain.records import Record, RecordKind, Role
from kube_field.domain.views import DocumentFilter, PersonFilter
from kube_field.server.storage.proof import check_feed
from kube_field.usecases.conflicts import open_conflicts, resolve
from kube_field.usecases.double_decisions import merge_double, undo_merge
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.duplicates import done_merges, open_duplicates, standing_record
from kube_field.usecases.households import household_profile
from kube_field.usecases.people import person_profile
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import (
    commit_saved,
    make_unit,
    record_visit,
    register_household,
    register_person,
)
from tests.support.server import RunningServer, enrolled, running_server

MISTYPED = {"nik": "6402124806689902"}


@dataclass
class Two:
    """Rina's laptop and the supervisor's; both registered the same woman before they heard of each other."""

    server: RunningServer
    rina: Laptop
    sari: Laptop
    kept: Record
    old: Record

    def sync(self, *laptops: Laptop) -> None:
        for laptop in laptops or (self.sari, self.rina, self.sari):
            self.server.sync(laptop.session)

    def merge(self) -> None:
        (case,) = [one for one in open_duplicates(self.sari.session) if one.kind == RecordKind.PERSON]
        merge_double(self.sari.session, duplicate=case.uid, kept=self.kept.uid, reason="KTP keduanya sama")

    def undo(self) -> None:
        (done,) = done_merges(self.sari.session)
        undo_merge(self.sari.session, duplicate=done.uid, reason="Ternyata kembar")


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with running_server(tmp_path) as server, make_laptop(tmp_path) as rina:
        with make_laptop(tmp_path, "Sari", ("64.02",), "L08", role=Role.PENYELIA_KAB) as sari:
            enrolled(server, rina)
            enrolled(server, sari, role=Role.PENYELIA_KAB, areas=("64.02",))
            home = register_household(rina.session, 1)
            for laptop in (rina, sari):
                server.sync(laptop.session)
            kept = register_person(rina.session, 1, household=home)
            old = register_person(sari.session, 1, household=home, phone="+6281200000002", **MISTYPED)
            opened = Two(server, rina, sari, kept, old)
            opened.sync(rina, sari, rina)
            yield opened
        assert check_feed(server.house.database) == []


def people(laptop: Laptop) -> list[str]:
    return [row.uid for row in laptop.session.store.listings.people(PersonFilter())]


def phone_of(laptop: Laptop, uid: str) -> object:
    record = laptop.store.records.get(uid)
    assert record is not None
    return record.answers.get("phone")


def edit_phone(laptop: Laptop, record: Record, phone: str) -> None:
    draft = begin_draft(laptop.session, kind=record.kind, record_uid=record.uid)
    commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers={**draft.answers, "phone": phone}))


def conflicts_here(laptop: Laptop) -> dict[str, str]:
    return dict(laptop.store.db.rows("SELECT id, state FROM conflict"))


def test_a_choice_under_a_merge_that_was_taken_back_meanwhile_leaves_no_conflict_hidden(two: Two) -> None:
    """Rina settles what she sees under the kept record; the old one stands for itself again by then."""
    edit_phone(two.rina, two.old, "+6281200000077")
    edit_phone(two.sari, two.old, "+6281200000078")
    two.sync(two.rina, two.sari, two.rina)
    two.merge()
    two.sync()
    two.undo()
    two.sync(two.sari)
    asked = next(one for one in open_conflicts(two.rina.session) if any(row.field == "phone" for row in one.fields))
    resolve(two.rina.session, asked.uid, {"phone": "+6281200000078"}, "Sesuai KTP warga")
    assert "settling" in conflicts_here(two.rina).values()
    two.sync(two.rina, two.sari, two.rina)
    words = two.server.rows("SELECT uid, body FROM record WHERE kind = 'conflict'")
    there = {uid: json.loads(body)["state"] for uid, body in words}
    assert conflicts_here(two.rina) == conflicts_here(two.sari) == there


def test_both_laptops_list_one_woman_and_the_old_one_leads_to_her(two: Two) -> None:
    two.merge()
    two.sync()
    for laptop in (two.rina, two.sari):
        assert people(laptop) == [two.kept.uid]
        assert standing_record(laptop.session, two.old.uid).uid == two.kept.uid
        assert open_duplicates(laptop.session) == []
        assert [done.merged.uid for done in done_merges(laptop.session)] == [two.old.uid]


def test_what_hangs_on_the_old_one_is_seen_under_the_one_that_stands(two: Two) -> None:
    unit = make_unit(two.rina.session, two.old)
    visit = record_visit(two.rina.session, unit.uid)
    two.sync(two.rina, two.sari)
    two.merge()
    two.sync()
    for laptop in (two.rina, two.sari):
        profile = person_profile(laptop.session, uid=two.kept.uid)
        assert [row.uid for row in profile.units] == [unit.uid]
        assert [row.uid for row in profile.documents] == [visit.uid]
        consents = laptop.store.facts.of_subject(two.kept.uid, RecordKind.CONSENT)
        assert {fact.subject_uid for fact in consents} == {two.kept.uid, two.old.uid}
        listed = laptop.store.listings.documents(DocumentFilter(subject_uid=two.kept.uid))
        assert all(row.subject for row in listed)


def test_work_done_meanwhile_for_the_old_one_is_not_lost(two: Two) -> None:
    two.merge()
    two.sync(two.sari)
    edit_phone(two.rina, two.old, "+6281200000077")
    unit = make_unit(two.rina.session, two.old)
    two.sync(two.rina, two.rina, two.sari)
    assert [row.state for row in two.rina.session.store.queue.rows()] == []
    for laptop in (two.rina, two.sari):
        assert people(laptop) == [two.kept.uid]
        assert [row.uid for row in person_profile(laptop.session, uid=two.kept.uid).units] == [unit.uid]
        told = laptop.session.store.queue.conflicts(two.kept.uid, only_open=True)
        assert "+6281200000077" in {row.other for row in told}


def test_an_undone_merge_shows_both_again_as_they_were(two: Two) -> None:
    before = [laptop.store.records.get(uid).answers for laptop in (two.rina,) for uid in (two.kept.uid, two.old.uid)]  # type: ignore[union-attr]
    two.merge()
    two.sync()
    two.undo()
    two.sync()
    for laptop in (two.rina, two.sari):
        assert sorted(people(laptop)) == sorted([two.kept.uid, two.old.uid])
        assert done_merges(laptop.session) == []
        assert len(open_duplicates(laptop.session)) == 1
        assert laptop.session.store.queue.conflicts(only_open=True) == []
        found = [laptop.store.records.get(uid) for uid in (two.kept.uid, two.old.uid)]
        assert [record.answers for record in found if record is not None] == before


def test_what_was_edited_since_the_merge_stays_after_the_way_back(two: Two) -> None:
    two.merge()
    two.sync()
    edit_phone(two.rina, two.kept, "+6281200000078")
    two.sync()
    two.undo()
    two.sync()
    assert {phone_of(laptop, two.kept.uid) for laptop in (two.rina, two.sari)} == {"+6281200000078"}
    assert {phone_of(laptop, two.old.uid) for laptop in (two.rina, two.sari)} == {two.old.answers["phone"]}


def test_merged_families_show_all_their_people_in_one(two: Two) -> None:
    number = two.rina.store.records.get(str(two.kept.answers["household_id"]["uid"])).answers["kk_number"]  # type: ignore[union-attr]
    other = register_household(two.rina.session, 3, kk_number=number)
    third = register_person(two.rina.session, 3, household=other)
    two.sync(two.rina, two.sari)
    home = str(two.kept.answers["household_id"]["uid"])
    (case,) = [one for one in open_duplicates(two.sari.session) if one.kind == RecordKind.HOUSEHOLD]
    merge_double(two.sari.session, duplicate=case.uid, kept=home, reason="Kartu keluarga sama")
    two.sync()
    for laptop in (two.rina, two.sari):
        family = laptop.store.records.where(RecordKind.PERSON, household_id=home)
        assert {record.uid for record in family} == {two.kept.uid, two.old.uid, third.uid}
        assert household_profile(laptop.session, uid=home).title
        assert person_profile(laptop.session, uid=third.uid).household_uid == home
