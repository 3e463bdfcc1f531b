"""People are not registered twice, their NIK is shown only on request; memberships are closed, not deleted."""

from __future__ import annotations

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.finalise import commit_draft
from kube_field.usecases.groups import (
    add_member,
    change_role,
    close_membership,
    find_groups,
    group_findings,
    group_profile,
    member_findings,
    reopen_membership,
    take_back_members,
    take_back_role,
)
from kube_field.usecases.people import count_people, find_people, near_matches, person_profile, reveal_nik
from kube_field.usecases.search import search
from kube_field.usecases.units import begin_unit, unit_profile, units
from tests.support import make_answers
from tests.support.laptop import Laptop
from tests.support.make_records import (
    commit_answers,
    hold_session,
    make_group,
    make_training,
    make_unit,
    nik_of,
    record_assessment,
    record_visit,
    register_household,
    register_person,
)


def codes(error: KubeFieldError) -> set[str]:
    return {detail["code"] for detail in error.details}


def test_a_nik_that_somebody_has_cannot_be_given_twice_and_the_holder_is_named(laptop: Laptop):
    register_person(laptop.session)
    home = register_household(laptop.session, 2)
    draft = begin_draft(laptop.session, kind=RecordKind.PERSON)
    answers = make_answers.complete_person(
        full_name="Orang Lain", household_id={"uid": home.uid, "name": "Kenanga Contoh"}
    )
    save_draft(laptop.session, draft=draft, answers=answers)
    with pytest.raises(KubeFieldError) as refused:
        commit_draft(laptop.session, draft_uid=draft.uid)
    assert any(d["field"] == "nik" and "Melati Contoh Satu" in d["message"] for d in refused.value.details)


def test_a_person_may_keep_her_own_nik_in_an_edit(laptop: Laptop):
    person = register_person(laptop.session)
    answers = {**person.answers, "birth_place": "Tabang", "consents": make_answers.complete_person()["consents"]}
    edited = commit_answers(laptop.session, RecordKind.PERSON, answers, record_uid=person.uid)
    assert edited.answers["nik"] == person.answers["nik"]


def test_near_matches_are_found_by_nik_and_by_a_like_name(laptop: Laptop):
    person = register_person(laptop.session)
    register_person(laptop.session, 2)
    by_nik = near_matches(laptop.session, nik=nik_of(1))
    assert [row.uid for row in by_nik] == [person.uid]
    by_name = near_matches(laptop.session, name="Melaty Contoh Satu", birth_year=1968, village_code="64.02.12.2002")
    assert person.uid in [row.uid for row in by_name]
    assert near_matches(laptop.session, name="  ") == []


def test_lists_mask_the_nik_and_count_what_they_show(laptop: Laptop):
    for n in (1, 2, 3):
        register_person(laptop.session, n)
    rows = find_people(laptop.session, wanted=views.PersonFilter(text="kenanga"))
    assert [row.name for row in rows] == ["Kenanga Contoh"]
    assert "*" in rows[0].nik
    assert nik_of(2) not in rows[0].nik
    assert count_people(laptop.session, wanted=views.PersonFilter()) == 3


def test_the_full_nik_is_shown_on_request_and_the_trail_says_so(laptop: Laptop):
    person = register_person(laptop.session)
    assert reveal_nik(laptop.session, uid=person.uid) == nik_of(1)
    rows = laptop.store.db.execute_sql("SELECT actor, object_id FROM audit WHERE action = 'nik.reveal'").fetchall()
    assert [tuple(row) for row in rows] == [("staff-rina", person.uid)]
    with pytest.raises(KubeFieldError) as refused:
        reveal_nik(laptop.as_role(Role.PIMPINAN), uid=person.uid)
    assert refused.value.failure == Failure.NOT_ALLOWED


def test_a_profile_gathers_family_unit_visits_assessment_and_training(laptop: Laptop):
    person = register_person(laptop.session)
    unit = make_unit(laptop.session, person)
    visit = record_visit(laptop.session, unit.uid)
    assessment = record_assessment(laptop.session, person)
    hold_session(laptop.session, make_training(laptop.session, [person]))
    profile = person_profile(laptop.session, uid=person.uid)
    assert profile.title == "Melati Contoh Satu"
    assert profile.subtitle.startswith("Long Lalang, Kec. Tabang")
    assert {visit.uid, assessment.uid} <= {row.uid for row in profile.documents}
    assert [row.uid for row in profile.units] == [unit.uid]
    assert len(profile.trainings) == 1
    assert profile.household_uid == person.answers["household_id"]["uid"]
    told = str(profile)
    assert nik_of(1) not in told
    assert str(make_answers.KK) not in told
    assert "Cerai mati" in told


def test_a_group_profile_shows_members_and_what_the_rules_say(laptop: Laptop):
    group = make_group(laptop.session, members=3)
    profile = group_profile(laptop.session, uid=group.uid)
    assert [row.role for row in profile.members] == ["ketua", "sekretaris", "bendahara"]
    assert "MEMBERS_TOO_FEW" in {finding.code for finding in group_findings(laptop.session, group_uid=group.uid)}
    assert [row.members for row in find_groups(laptop.session, wanted=views.GroupFilter(text="mawar"))] == [3]


def test_a_closed_membership_stays_readable_and_can_be_taken_back(laptop: Laptop):
    group = make_group(laptop.session, members=2)
    member = group_profile(laptop.session, uid=group.uid).members[1]
    close_membership(laptop.session, uid=member.uid, left_on="2026-11-20", reason="pindah")
    after = group_profile(laptop.session, uid=group.uid)
    assert [(row.left_on, row.leave_reason) for row in after.members if row.uid == member.uid] == [
        ("2026-11-20", "pindah")
    ]
    assert "Anggota keluar" in {item.what for item in after.timeline}
    reopened = reopen_membership(laptop.session, uid=member.uid)
    assert "left_on" not in reopened.answers
    assert laptop.store.queue.pending_sets(member.uid)[-1].sets["left_on"] == ("2026-11-20", None)


@pytest.mark.parametrize(
    ("left_on", "reason", "code"),
    [("2026-11-20", "", "REQUIRED"), ("2020-01-01", "pindah", "DATE_ORDER"), ("2026-12-01", "pindah", "DATE_FUTURE")],
)
def test_a_membership_is_closed_with_a_reason_and_a_possible_day(laptop: Laptop, left_on: str, reason: str, code: str):
    group = make_group(laptop.session, members=1)
    member = group_profile(laptop.session, uid=group.uid).members[0]
    with pytest.raises(KubeFieldError) as refused:
        close_membership(laptop.session, uid=member.uid, left_on=left_on, reason=reason)
    assert code in codes(refused.value)
    assert laptop.store.records.get(member.uid).answers.get("left_on") is None


def test_nobody_is_in_two_groups_or_twice_in_one(laptop: Laptop):
    group = make_group(laptop.session, members=1)
    person_uid = group_profile(laptop.session, uid=group.uid).members[0].person_uid
    with pytest.raises(KubeFieldError) as twice:
        add_member(laptop.session, group_uid=group.uid, person_uid=person_uid)
    assert "MEMBER_TWICE" in codes(twice.value)
    batch = laptop.store.records.where(RecordKind.PROGRAM_BATCH)[0]
    other = make_group(laptop.session, batch=batch, name="KUBE Kamboja")
    with pytest.raises(KubeFieldError) as two:
        add_member(laptop.session, group_uid=other.uid, person_uid=person_uid)
    assert "MEMBER_OF_TWO_GROUPS" in codes(two.value)
    assert "KUBE Mawar" in str(two.value.details)


def test_who_left_one_group_may_join_another_but_the_leaving_is_then_final(laptop: Laptop):
    group = make_group(laptop.session, members=1)
    member = group_profile(laptop.session, uid=group.uid).members[0]
    close_membership(laptop.session, uid=member.uid, left_on="2026-11-20", reason="pindah")
    batch = laptop.store.records.where(RecordKind.PROGRAM_BATCH)[0]
    other = make_group(laptop.session, batch=batch, name="KUBE Kamboja")
    joined = add_member(laptop.session, group_uid=other.uid, person_uid=member.person_uid)
    assert joined.answers["joined_on"] == "2026-11-23"
    with pytest.raises(KubeFieldError):
        reopen_membership(laptop.session, uid=member.uid)


def test_a_change_of_role_closes_one_row_and_opens_the_next_in_one_step(laptop: Laptop):
    group = make_group(laptop.session, members=2)
    row = next(one for one in laptop.session.store.listings.members(group.uid) if one.role == "sekretaris")
    closed, opened = change_role(laptop.session, uid=row.uid, role="bendahara", changed_on="2026-11-20", note="Rapat")
    assert (closed.answers["left_on"], closed.answers["leave_reason"]) == ("2026-11-20", "ganti_jabatan")
    assert (opened.answers["role"], opened.answers["joined_on"]) == ("bendahara", "2026-11-20")
    assert opened.answers["person_id"] == closed.answers["person_id"]
    take_back_role(laptop.session, closed_uid=closed.uid, opened_uid=opened.uid)
    rows = laptop.session.store.listings.members(group.uid)
    assert [(one.uid, one.left_on) for one in rows if one.person_uid == row.person_uid] == [(row.uid, "")]


@pytest.mark.parametrize(
    ("role", "day", "code"),
    [
        ("sekretaris", "2026-11-20", "ROLE_SAME"),
        ("ketua", "2026-11-24", "DATE_FUTURE"),
        ("ketua", "2025-10-05", "DATE_ORDER"),
    ],
)
def test_a_change_of_role_needs_another_role_and_a_possible_day(laptop: Laptop, role: str, day: str, code: str):
    group = make_group(laptop.session, members=2)
    row = next(one for one in laptop.session.store.listings.members(group.uid) if one.role == "sekretaris")
    with pytest.raises(KubeFieldError) as refused:
        change_role(laptop.session, uid=row.uid, role=role, changed_on=day)
    assert [detail["code"] for detail in refused.value.details] == [code]
    assert len(laptop.session.store.listings.members(group.uid)) == 2


def test_who_came_instead_is_kept_with_the_ending(laptop: Laptop):
    group = make_group(laptop.session, members=2)
    row = laptop.session.store.listings.members(group.uid)[1]
    person = register_person(laptop.session, 5)
    instead = {"uid": person.uid, "name": str(person.answers["full_name"])}
    close_membership(
        laptop.session, uid=row.uid, left_on="2026-11-20", reason="pindah", note="Ke Bontang", replaced_by=instead
    )
    ended = next(one for one in group_profile(laptop.session, uid=group.uid).members if one.uid == row.uid)
    assert (ended.replaced_by, ended.note) == (instead["name"], "Ke Bontang")
    history = group_profile(laptop.session, uid=group.uid).history
    assert history[0].what == "Anggota keluar"
    assert "Pindah" in history[0].detail
    assert "Ke Bontang" in history[0].detail


def test_a_member_added_by_mistake_is_taken_back_with_a_change_for_the_server(laptop: Laptop):
    group = make_group(laptop.session, members=1)
    person = register_person(laptop.session, 5)
    added = add_member(laptop.session, group_uid=group.uid, person_uid=person.uid)
    take_back_members(laptop.session, uids=(added.uid,))
    assert [row.role for row in laptop.session.store.listings.members(group.uid)] == ["ketua"]
    waiting = laptop.session.store.queue.pending_sets(added.uid)
    assert waiting[-1].sets["deleted"] == (None, True)


def test_what_stands_against_a_group_is_about_its_members_only(laptop: Laptop):
    group = make_group(laptop.session, members=2)
    codes = {finding.code for finding in member_findings(laptop.session, group_uid=group.uid)}
    assert {"MEMBERS_TOO_FEW", "NO_BENDAHARA"} <= codes
    assert not codes & {"REQUIRED", "GROUP_NAME_TWICE"}


def test_a_new_unit_knows_its_owner_and_is_begun_once(laptop: Laptop):
    group = make_group(laptop.session)
    draft = begin_unit(laptop.session, owner_uid=group.uid)
    assert draft.answers["group_id"] == {"uid": group.uid, "name": "KUBE Mawar"}
    assert draft.answers["village_code"] == "64.02.12.2002"
    assert draft.answers["batch_id"] == group.answers["batch_id"]
    assert begin_unit(laptop.session, owner_uid=group.uid) == draft


def test_a_unit_profile_names_owner_and_visits(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    fact = record_visit(laptop.session, unit.uid)
    profile = unit_profile(laptop.session, uid=unit.uid)
    assert "Melati Contoh Satu" in profile.title
    assert [row.uid for row in profile.documents] == [fact.uid]
    assert [row.last_visit_on for row in units(laptop.session)] == ["2026-11-20"]


def test_search_finds_a_group_and_a_person(laptop: Laptop):
    make_group(laptop.session, members=1)
    kinds = {hit.kind for text in ("mawar", "melati") for hit in search(laptop.session, text=text)}
    assert {RecordKind.KUBE_GROUP, RecordKind.PERSON} <= kinds
    assert search(laptop.session, text="m") == []


def test_a_profile_of_nobody_says_so(laptop: Laptop):
    with pytest.raises(KubeFieldError) as refused:
        person_profile(laptop.session, uid="nobody")
    assert refused.value.failure == Failure.VALIDATION
