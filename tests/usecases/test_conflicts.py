"""Bentrok: both values shown in the form's words, one choice is one change, nothing is lost."""

from __future__ import annotations

import pytest

from kube_field.domain.records import Record, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.conflicts import FieldConflict, look_at, open_conflicts, resolve, settled_story
from kube_field.usecases.home import home
from kube_field.usecases.people import person_profile
from tests.support.laptop import Laptop
from tests.support.make_conflicts import put_conflict
from tests.support.make_doubles import put_merge, put_twin
from tests.support.make_records import make_training, make_unit, register_household, register_person

PHONE, OTHER_PHONE = "+6281200000001", "+6281255550000"


@pytest.fixture
def person(laptop: Laptop) -> Record:
    registered = register_person(laptop.session)
    laptop.store.db.execute_sql("UPDATE outbox SET state = 'acked', receipt_id = 'r', receipt_sha256 = sha256")
    return registered


def test_a_conflict_is_told_in_the_words_of_the_form(laptop: Laptop, person: Record) -> None:
    put_conflict(laptop.store, person, "education", "smp", base="sd")
    (told,) = open_conflicts(laptop.session)
    (field,) = told.fields
    assert (told.title, told.kind) == ("Melati Contoh Satu", person.kind)
    assert field.label == "Pendidikan terakhir"
    assert field.base == "SD/sederajat"
    assert [version.text for version in field.others] == ["SMP/sederajat"]
    assert (field.others[0].by, field.others[0].mine) == ("Rina", True)
    assert (field.server.by, field.server.mine) == ("Budi Contoh", False)
    assert not field.needs_reason


def test_choosing_my_value_is_one_change_that_names_the_conflict(laptop: Laptop, person: Record) -> None:
    name = put_conflict(laptop.store, person, "phone", OTHER_PHONE, base="+6281277770000")
    record = resolve(laptop.session, person.uid, {"phone": OTHER_PHONE})
    change, *others = laptop.store.queue.pending_sets(person.uid)
    assert change.sets == {"phone": (PHONE, OTHER_PHONE)}
    assert change.resolves == (name,)
    assert not others
    assert record.answers["phone"] == OTHER_PHONE
    assert open_conflicts(laptop.session) == []


def test_keeping_the_servers_value_is_a_change_too(laptop: Laptop, person: Record) -> None:
    name = put_conflict(laptop.store, person, "phone", OTHER_PHONE)
    resolve(laptop.session, person.uid, {"phone": PHONE})
    (change,) = laptop.store.queue.pending_sets(person.uid)
    assert (change.sets, change.resolves) == ({"phone": (PHONE, PHONE)}, (name,))
    assert laptop.store.records.get(person.uid).answers["phone"] == PHONE


def test_several_fields_of_a_record_are_settled_by_one_change(laptop: Laptop, person: Record) -> None:
    first = put_conflict(laptop.store, person, "phone", OTHER_PHONE)
    second = put_conflict(laptop.store, person, "education", "smp")
    resolve(laptop.session, person.uid, {"phone": "+6281299990000", "education": "smp"})
    (change,) = laptop.store.queue.pending_sets(person.uid)
    assert set(change.sets) == {"phone", "education"}
    assert set(change.resolves) == {first, second}


def test_a_field_that_was_left_out_stays_open(laptop: Laptop, person: Record) -> None:
    put_conflict(laptop.store, person, "phone", OTHER_PHONE)
    put_conflict(laptop.store, person, "education", "smp")
    resolve(laptop.session, person.uid, {"phone": PHONE})
    assert [field.field for told in open_conflicts(laptop.session) for field in told.fields] == ["education"]


def test_two_other_values_of_one_field_are_settled_together(laptop: Laptop, person: Record) -> None:
    names = {put_conflict(laptop.store, person, "phone", OTHER_PHONE)}
    names.add(put_conflict(laptop.store, person, "phone", "+6281299990000", change="c-2", other_by="Dewi"))
    (told,) = open_conflicts(laptop.session)
    assert [version.by for version in told.fields[0].others] == ["Rina", "Dewi"]
    resolve(laptop.session, person.uid, {"phone": OTHER_PHONE})
    (change,) = laptop.store.queue.pending_sets(person.uid)
    assert set(change.resolves) == names


def test_a_value_that_a_colleague_wrote_too_is_still_mine(laptop: Laptop, person: Record) -> None:
    put_conflict(laptop.store, person, "phone", OTHER_PHONE, change="c-2", other_by="Dewi")
    put_conflict(laptop.store, person, "phone", OTHER_PHONE)
    (told,) = open_conflicts(laptop.session)
    assert [(version.by, version.mine) for version in told.fields[0].others] == [("Rina", True)]


@pytest.mark.parametrize("role", [Role.PENDAMPING, Role.TKSK, Role.PSM, Role.PEKERJA_SOSIAL])
def test_a_colleague_who_wrote_neither_value_leaves_the_choice_to_those_who_did(
    laptop: Laptop, person: Record, role: Role
) -> None:
    put_conflict(laptop.store, person, "phone", OTHER_PHONE)
    colleague = laptop.as_role(role, "Dewi Contoh")
    (told,) = open_conflicts(colleague)
    assert not told.settles
    assert all(item.state != "conflict" for item in home(colleague).items)
    with pytest.raises(KubeFieldError, match="Budi Contoh, Rina atau penyelia") as refused:
        resolve(colleague, person.uid, {"phone": PHONE})
    assert refused.value.failure == Failure.NOT_ALLOWED
    assert laptop.store.queue.pending_sets(person.uid) == []


def test_either_author_and_the_supervisor_may_choose(laptop: Laptop, person: Record) -> None:
    put_conflict(laptop.store, person, "phone", OTHER_PHONE)
    for session in (
        laptop.session,
        laptop.as_role(Role.PENDAMPING, "Budi Contoh"),
        laptop.as_role(Role.PENYELIA_KAB, "Sari Contoh"),
    ):
        assert [told.settles for told in open_conflicts(session)] == [True]
    resolve(laptop.as_role(Role.PENYELIA_KAB, "Sari Contoh"), person.uid, {"phone": PHONE})
    assert open_conflicts(laptop.session) == []


@pytest.mark.parametrize(("days", "settles"), [(13, False), (14, False), (15, True)])
def test_after_two_weeks_everybody_who_writes_there_may_choose(
    laptop: Laptop, person: Record, days: int, settles: bool
) -> None:
    now = laptop.session.instant()
    put_conflict(laptop.store, person, "phone", OTHER_PHONE, kept_at=now, other_at=now)
    laptop.clock.advance(days=days)
    colleague = laptop.as_role(Role.TKSK, "Dewi Contoh")
    assert [told.settles for told in open_conflicts(colleague)] == [settles]
    assert not any(told.settles for told in open_conflicts(laptop.as_role(Role.PIMPINAN)))
    if settles:
        resolve(colleague, person.uid, {"phone": PHONE})
        assert open_conflicts(colleague) == []


def test_a_value_whose_author_is_not_known_is_open_to_everybody_who_writes(laptop: Laptop, person: Record) -> None:
    put_conflict(laptop.store, person, "phone", OTHER_PHONE, other_by="")
    assert [told.settles for told in open_conflicts(laptop.as_role(Role.PSM, "Dewi Contoh"))] == [True]


@pytest.mark.parametrize(("days", "state"), [(14, "conflict"), (15, "conflict_old")])
def test_what_waits_for_more_than_two_weeks_stands_out_to_the_supervisor(
    laptop: Laptop, person: Record, days: int, state: str
) -> None:
    now = laptop.session.instant()
    put_conflict(laptop.store, person, "phone", OTHER_PHONE, kept_at=now, other_at=now)
    laptop.clock.advance(days=days)
    first = home(laptop.as_role(Role.PENYELIA_KAB, "Sari Contoh")).items[0]
    assert (first.state, first.action, first.target_uid, first.days) == (state, "settle", person.uid, days)
    assert ("Budi Contoh, Rina" in first.detail) == (state == "conflict_old")
    own = next(item for item in home(laptop.session).items if item.action == "settle")
    assert own.state == "conflict"


def test_what_a_merge_left_open_waits_since_the_merge(laptop: Laptop, person: Record) -> None:
    long_ago = "2024-01-05T02:00:00.000Z"
    put_conflict(laptop.store, person, "phone", OTHER_PHONE, kept_at=long_ago, other_at=long_ago)
    put_merge(laptop.store, person, put_twin(laptop.store, person, "twin"))
    (told,) = open_conflicts(laptop.session)
    assert told.since == "2026-11-21T06:42:00.000Z"
    assert home(laptop.as_role(Role.PENYELIA_KAB)).items[0].state == "conflict"


def note_of(laptop: Laptop, kept: str, other: str, base: str | None = None) -> FieldConflict:
    training = make_training(laptop.session, summary=kept)
    put_conflict(laptop.store, training, "summary", other, base=base)
    (told,) = [told for told in open_conflicts(laptop.session) if told.uid == training.uid]
    return told.fields[0]


def test_two_notes_are_kept_in_one_with_their_authors_and_days(laptop: Laptop) -> None:
    field = note_of(laptop, "Peserta aktif.", "Alat kurang.")
    assert field.both == "Peserta aktif (Budi Contoh, 20 Nov 2026)\nAlat kurang (Rina, 21 Nov 2026)"


def test_what_both_notes_began_with_stands_once(laptop: Laptop) -> None:
    field = note_of(laptop, "Hari pertama lancar. Hujan.", "Hari pertama lancar. Listrik padam", "Hari pertama lancar.")
    assert field.both.split("\n") == [
        "Hari pertama lancar.",
        "Hujan (Budi Contoh, 20 Nov 2026)",
        "Listrik padam (Rina, 21 Nov 2026)",
    ]


def test_both_notes_are_stored_by_one_choice(laptop: Laptop) -> None:
    field = note_of(laptop, "Peserta aktif.", "Alat kurang.")
    (told,) = open_conflicts(laptop.session)
    record = resolve(laptop.session, told.uid, {"summary": field.both})
    assert record.answers["summary"] == field.both
    assert open_conflicts(laptop.session) == []


def test_notes_that_are_too_long_together_and_fields_that_are_no_notes_are_not_joined(
    laptop: Laptop, person: Record
) -> None:
    assert note_of(laptop, "a" * 1500, "b" * 1500).both == ""
    put_conflict(laptop.store, person, "birth_place", "Sangatta", change="c-2")
    (told,) = [told for told in open_conflicts(laptop.session) if told.uid == person.uid]
    assert told.fields[0].both == ""


def test_another_value_is_judged_by_the_form(laptop: Laptop, person: Record) -> None:
    put_conflict(laptop.store, person, "phone", OTHER_PHONE)
    with pytest.raises(KubeFieldError) as refused:
        resolve(laptop.session, person.uid, {"phone": "12"})
    assert refused.value.failure == Failure.VALIDATION
    assert refused.value.details[0]["field"] == "phone"
    assert laptop.store.queue.pending_sets(person.uid) == []
    assert len(open_conflicts(laptop.session)) == 1


@pytest.mark.parametrize(
    ("stands", "choice", "label"),
    [({"size": 3, "n_school": 2}, {"n_school": 4}, ""), ({"size": 4, "n_school": 4}, {"size": 3}, "Usia sekolah: ")],
    ids=["the choice is wrong", "another answer becomes wrong"],
)
def test_a_choice_that_does_not_go_with_another_answer_is_told_under_it(
    laptop: Laptop, stands: dict[str, int], choice: dict[str, int], label: str
) -> None:
    home = register_household(laptop.session, **stands)
    ((field, value),) = choice.items()
    put_conflict(laptop.store, home, field, value)
    with pytest.raises(KubeFieldError, match="jumlah anggota keluarga") as refused:
        resolve(laptop.session, home.uid, choice)
    (detail,) = refused.value.details
    assert (detail["field"], detail["code"]) == (field, "COUNT_ABOVE_SIZE")
    assert detail["message"].startswith(label)
    assert "Buka data" in refused.value.action
    assert [told.uid for told in open_conflicts(laptop.session)] == [home.uid]


def test_two_choices_that_go_together_are_taken_together(laptop: Laptop) -> None:
    home = register_household(laptop.session, size=3, n_school=2)
    for at, (field, value) in enumerate({"size": 6, "n_school": 5}.items()):
        put_conflict(laptop.store, home, field, value, change=f"c-{at}")
    assert resolve(laptop.session, home.uid, {"size": 6, "n_school": 5}).answers["n_school"] == 5
    assert open_conflicts(laptop.session) == []


@pytest.mark.parametrize("reason", ["", "  ", "ab"])
def test_a_name_is_settled_only_with_a_reason(laptop: Laptop, person: Record, reason: str) -> None:
    put_conflict(laptop.store, person, "full_name", "Melati Contoh Dua")
    (told,) = open_conflicts(laptop.session)
    assert told.fields[0].needs_reason
    with pytest.raises(KubeFieldError, match="alasan"):
        resolve(laptop.session, person.uid, {"full_name": "Melati Contoh Dua"}, reason)
    resolve(laptop.session, person.uid, {"full_name": "Melati Contoh Dua"}, "Sesuai KTP")
    (change,) = laptop.store.queue.pending_sets(person.uid)
    assert change.reason == "Sesuai KTP"


def test_money_needs_a_reason(laptop: Laptop) -> None:
    unit = make_unit(laptop.session)
    put_conflict(laptop.store, unit, "baseline_revenue_idr", 2_500_000, base=1_000_000)
    (told,) = open_conflicts(laptop.session)
    assert told.fields[0].needs_reason
    assert told.fields[0].others[0].text == "Rp2.500.000"
    with pytest.raises(KubeFieldError, match="alasan"):
        resolve(laptop.session, unit.uid, {"baseline_revenue_idr": 2_500_000})


def test_a_conflict_that_is_settled_cannot_be_settled_again(laptop: Laptop, person: Record) -> None:
    put_conflict(laptop.store, person, "phone", OTHER_PHONE)
    resolve(laptop.session, person.uid, {"phone": PHONE})
    with pytest.raises(KubeFieldError, match="sudah diselesaikan"):
        resolve(laptop.session, person.uid, {"phone": OTHER_PHONE})
    with pytest.raises(KubeFieldError, match="belum ada yang dipilih"):
        resolve(laptop.session, person.uid, {})


def test_leaders_look_and_do_not_choose(laptop: Laptop, person: Record) -> None:
    put_conflict(laptop.store, person, "phone", OTHER_PHONE)
    with pytest.raises(KubeFieldError) as refused:
        resolve(laptop.as_role(Role.PIMPINAN), person.uid, {"phone": PHONE})
    assert refused.value.failure == Failure.NOT_ALLOWED


def test_a_deletion_against_an_edit_is_chosen_like_a_value(laptop: Laptop, person: Record) -> None:
    name = put_conflict(laptop.store, person, "deleted", True, kept=None)
    (told,) = open_conflicts(laptop.session)
    assert (told.fields[0].label, told.fields[0].server.text) == ("Penghapusan data", "Tetap ada")
    assert not told.fields[0].may_type
    record = resolve(laptop.session, person.uid, {"deleted": True}, "Salah catat")
    (change,) = laptop.store.queue.pending_sets(person.uid)
    assert (change.sets, change.resolves, record.deleted) == ({"deleted": (None, True)}, (name,), True)


def test_whole_identity_numbers_are_shown_and_the_look_is_written_down(laptop: Laptop) -> None:
    home = register_household(laptop.session)
    put_conflict(laptop.store, home, "kk_number", "6402121204139899")
    (told,) = open_conflicts(laptop.session)
    assert told.fields[0].others[0].text == "6402 1212 0413 9899"
    look_at(laptop.session, uid=home.uid)
    assert laptop.store.db.value("SELECT action FROM audit ORDER BY seq DESC LIMIT 1") == "nik.reveal"


def test_the_history_keeps_both_values(laptop: Laptop, person: Record) -> None:
    put_conflict(laptop.store, person, "phone", OTHER_PHONE)
    resolve(laptop.session, person.uid, {"phone": OTHER_PHONE})
    (item,) = settled_story(laptop.session, person)
    assert item.what == "Bentrok: No. HP"
    assert "0812-0000-0001 (Budi Contoh)" in item.detail
    assert "dipilih 0812-5555-0000" in item.detail
    assert any("Bentrok" in told.what for told in person_profile(laptop.session, uid=person.uid).history)


def test_the_first_page_lists_conflicts_before_everything_but_returned_work(laptop: Laptop, person: Record) -> None:
    put_conflict(laptop.store, person, "phone", OTHER_PHONE)
    first = home(laptop.session).items[0]
    assert (first.state, first.action, first.target_uid, first.detail) == ("conflict", "settle", person.uid, "No. HP")
    resolve(laptop.session, person.uid, {"phone": PHONE})
    assert all(item.state != "conflict" for item in home(laptop.session).items)


def test_the_village_in_words_follows_the_chosen_village(laptop: Laptop) -> None:
    home = register_household(laptop.session)
    other = "64.02.12.2003"
    put_conflict(laptop.store, home, "village_code", other)
    put_conflict(laptop.store, home, "village_name_snapshot", "Desa lain")
    (told,) = open_conflicts(laptop.session)
    assert [field.field for field in told.fields] == ["village_code"]
    resolve(laptop.session, home.uid, {"village_code": other})
    change = laptop.store.queue.pending_sets(home.uid)[-1]
    assert set(change.sets) == {"village_code", "village_name_snapshot"}
    assert len(change.resolves) == 2
    assert open_conflicts(laptop.session) == []
