"""Drafts never refuse, edits become one change set, histories become facts, and a failure changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kube_field.domain.forms.catalogue import FORMS, form
from kube_field.domain.records import EDITABLE_KINDS, Draft, Record, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.drafts import begin_draft, discard_draft, drafts, evaluate_draft, previous_answers, save_draft
from kube_field.usecases.finalise import commit_draft, preview_fact
from kube_field.usecases.visits import begin_visit
from kube_field.wire.canonical import change_hash
from tests.support.laptop import Laptop
from tests.support.make_records import commit_saved, make_batch, make_unit, register_household, register_person

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def begin_edit(laptop: Laptop, record: Record, **changes: Any) -> Draft:
    draft = begin_draft(laptop.session, kind=record.kind, record_uid=record.uid)
    return save_draft(laptop.session, draft=draft, answers={**draft.answers, **changes})


def pending(laptop: Laptop, uid: str) -> list:
    return laptop.store.queue.pending_sets(uid)


SUPERVISORS_ONLY = ("program_batch", "staff", "merge_decision", "review")


@pytest.mark.parametrize("kind", sorted(form.kind for form in FORMS if form.kind != RecordKind.VALUE_HISTORY))
def test_a_form_can_be_begun_and_saved_empty(laptop: Laptop, kind: RecordKind):
    session = laptop.as_role(Role.ADMIN_PROV) if kind in SUPERVISORS_ONLY else laptop.session
    draft = begin_draft(session, kind=kind)
    saved = save_draft(session, draft=draft, answers={})
    assert laptop.store.drafts.get(draft.uid) == saved
    assert evaluate_draft(session, draft=saved).percent <= 100


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_was_typed_a_draft_saves_and_comes_back_unchanged(laptop: Laptop, data: st.DataObject):
    declared = data.draw(st.sampled_from([f for f in FORMS if f.kind not in SUPERVISORS_ONLY]))
    codes = [question.code for question in declared.questions()]
    answers = data.draw(st.dictionaries(st.sampled_from(codes), JSON, max_size=6))
    draft = begin_draft(laptop.session, kind=declared.kind)
    save_draft(laptop.session, draft=draft, answers=answers)
    stored = laptop.store.drafts.get(draft.uid)
    assert stored is not None
    assert stored.answers == answers
    assert drafts(laptop.session)
    discard_draft(laptop.session, draft_uid=draft.uid)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_was_typed_into_a_visit_it_saves_lists_and_previews(laptop: Laptop, data: st.DataObject):
    units = laptop.store.listings.units()
    uid = units[0].uid if units else make_unit(laptop.session, register_person(laptop.session)).uid
    draft = begin_visit(laptop.session, unit_uid=uid)
    codes = [question.code for question in form(RecordKind.VISIT).questions()]
    typed = data.draw(st.dictionaries(st.sampled_from(codes), JSON, max_size=6))
    save_draft(laptop.session, draft=draft, answers={**draft.answers, **typed})
    assert len(drafts(laptop.session)) == 1
    assert previous_answers(laptop.session, draft=draft) == {}
    assert preview_fact(laptop.session, draft_uid=draft.uid).number == ""


def test_a_draft_survives_a_restart(laptop: Laptop):
    draft = begin_draft(laptop.session, kind=RecordKind.PERSON)
    saved = save_draft(laptop.session, draft=draft, answers={"full_name": "Mel"})
    assert laptop.reopen().store.drafts.get(draft.uid) == saved


def test_a_record_has_one_draft_at_most(laptop: Laptop):
    person = register_person(laptop.session)
    first = begin_draft(laptop.session, kind=RecordKind.PERSON, record_uid=person.uid)
    assert begin_draft(laptop.session, kind=RecordKind.PERSON, record_uid=person.uid) == first
    assert len(laptop.store.drafts.listed()) == 1


def test_a_late_save_does_not_bring_a_committed_form_back(laptop: Laptop):
    person = register_person(laptop.session)
    draft = begin_edit(laptop, person, birth_place="Tabang")
    commit_saved(laptop.session, draft)
    with pytest.raises(KubeFieldError):
        save_draft(laptop.session, draft=draft, answers={"birth_place": "lama"})
    assert laptop.store.drafts.listed() == []


def test_a_discarded_draft_is_gone_and_the_record_stays(laptop: Laptop):
    person = register_person(laptop.session)
    draft = begin_edit(laptop, person, full_name="Salah")
    discard_draft(laptop.session, draft_uid=draft.uid)
    assert laptop.store.drafts.listed() == []
    assert laptop.store.records.get(person.uid) == person
    with pytest.raises(KubeFieldError):
        discard_draft(laptop.session, draft_uid=draft.uid)


def test_a_new_person_is_one_change_that_creates_and_waits_for_the_family(laptop: Laptop):
    home = register_household(laptop.session)
    person = register_person(laptop.session, household=home)
    assert laptop.store.records.get(person.uid) == person
    change = pending(laptop, person.uid)[0]
    assert change.create
    assert change.deps == (home.uid,)
    assert change.scope == person.scope == "64.02.12"
    assert change.sets["full_name"] == (None, "Melati Contoh Satu")
    assert {code for code, _pair in change.sets.items()} == set(person.answers)
    assert change.sha256 == change_hash(person.uid, RecordKind.PERSON, change.sets)


def test_an_edit_is_one_change_of_just_what_differs(laptop: Laptop):
    person = register_person(laptop.session)
    edited = commit_saved(laptop.session, begin_edit(laptop, person, birth_place="Tabang", phone=None))
    assert isinstance(edited, Record)
    assert edited.answers["birth_place"] == "Tabang"
    assert "phone" not in edited.answers
    change = pending(laptop, person.uid)[-1]
    assert not change.create
    assert dict(change.sets) == {"birth_place": ("Tenggarong", "Tabang"), "phone": ("+6281200000001", None)}


def test_a_commit_that_changes_nothing_leaves_no_change(laptop: Laptop):
    person = register_person(laptop.session)
    before = len(pending(laptop, person.uid))
    assert commit_saved(laptop.session, begin_edit(laptop, person)) == person
    assert len(pending(laptop, person.uid)) == before
    assert laptop.store.drafts.listed() == []


def test_an_answer_that_the_form_does_not_know_survives_an_edit(laptop: Laptop):
    person = register_person(laptop.session)
    newer = Record(**{**_fields(person), "answers": {**person.answers, "asked_next_year": "ya"}})
    with laptop.store.transaction():
        laptop.store.put_record(newer)
    edited = commit_saved(laptop.session, begin_edit(laptop, newer, birth_place="Tabang"))
    assert edited.answers["asked_next_year"] == "ya"


def pull(laptop: Laptop, person: Record, **answers: Any) -> Record:
    """A newer version of the record arrives from the server while nothing of it waits here."""
    laptop.store.db.execute_sql("UPDATE outbox SET state = 'acked' WHERE uid = ?", (person.uid,))
    newer = replace(person, answers={**person.answers, **answers}, version=person.version + 1)
    with laptop.store.transaction():
        laptop.store.put_record(newer)
    return newer


def test_what_a_colleague_changed_while_a_form_lay_open_is_not_turned_back(laptop: Laptop):
    person = register_person(laptop.session)
    draft = begin_edit(laptop, person, birth_place="Tabang")
    pull(laptop, person, phone="+6281200000077")
    edited = commit_saved(laptop.session, draft)
    assert (edited.answers["phone"], edited.answers["birth_place"]) == ("+6281200000077", "Tabang")
    assert dict(pending(laptop, person.uid)[-1].sets) == {"birth_place": ("Tenggarong", "Tabang")}


def test_a_field_that_both_changed_is_sent_with_the_value_that_the_officer_saw(laptop: Laptop):
    person = register_person(laptop.session)
    draft = begin_edit(laptop, person, birth_place="Tabang")
    pull(laptop, person, birth_place="Kembang Janggut")
    commit_saved(laptop.session, draft)
    change = pending(laptop, person.uid)[-1]
    assert dict(change.sets) == {"birth_place": ("Tenggarong", "Tabang")}
    assert change.base_version == person.version


def test_consents_and_desil_become_facts_and_are_no_part_of_the_record(laptop: Laptop):
    person = register_person(laptop.session)
    home_uid = person.answers["household_id"]["uid"]
    consents = laptop.store.facts.of_subject(person.uid, RecordKind.CONSENT)
    assert {fact.answers["item"] for fact in consents} == {"data_program", "foto", "lokasi", "mitra", "publikasi"}
    assert "consents" not in person.answers
    checks = laptop.store.facts.of_subject(home_uid, RecordKind.DESIL_CHECK)
    assert [(fact.answers["desil"], fact.occurred_on) for fact in checks] == [("2", "2026-01-10")]
    assert pending(laptop, checks[0].uid)[0].deps == (home_uid,)


def test_a_new_desil_check_is_one_more_fact_and_the_old_one_stays(laptop: Laptop):
    home = register_household(laptop.session)
    draft = begin_draft(laptop.session, kind=RecordKind.HOUSEHOLD, record_uid=home.uid)
    added = {"id": "row-2", "desil": "3", "checked_on": "2026-11-01", "source": "siks_ng"}
    saved = save_draft(
        laptop.session, draft=draft, answers={**draft.answers, "dtsen_rows": [*draft.answers["dtsen_rows"], added]}
    )
    commit_saved(laptop.session, saved)
    checks = laptop.store.facts.of_subject(home.uid, RecordKind.DESIL_CHECK)
    assert [fact.answers["desil"] for fact in checks] == ["2", "3"]
    assert len(pending(laptop, home.uid)) == 1


def test_a_replaced_telephone_number_stays_readable(laptop: Laptop):
    person = register_person(laptop.session)
    commit_saved(laptop.session, begin_edit(laptop, person, phone="+6281200000099"))
    past = laptop.store.facts.of_subject(person.uid, RecordKind.VALUE_HISTORY)
    assert [(fact.answers["field"], fact.answers["old_value"]) for fact in past] == [("phone", "+6281200000001")]
    assert past[0].answers["valid_from"] == "2026-11-23"


def test_an_error_blocks_a_commit_names_the_field_and_keeps_the_draft(laptop: Laptop):
    home = register_household(laptop.session)
    draft = begin_edit(laptop, home, size=2, n_school=5)
    with pytest.raises(KubeFieldError) as refused:
        commit_draft(laptop.session, draft_uid=draft.uid)
    assert refused.value.failure == Failure.VALIDATION
    assert "n_school" in {detail["field"] for detail in refused.value.details}
    assert laptop.store.drafts.get(draft.uid) == draft
    assert laptop.store.records.get(home.uid) == home


def test_a_warning_about_a_field_that_an_edit_leaves_alone_is_not_asked_again(laptop: Laptop):
    person = register_person(laptop.session, is_public_servant=True)
    draft = begin_edit(laptop, person, birth_place="Tabang")
    edited = commit_draft(laptop.session, draft_uid=draft.uid)
    assert edited.answers["birth_place"] == "Tabang"


def test_a_warning_about_a_changed_field_needs_a_reason_which_travels(laptop: Laptop):
    person = register_person(laptop.session)
    draft = begin_edit(laptop, person, is_public_servant=True)
    with pytest.raises(KubeFieldError) as refused:
        commit_draft(laptop.session, draft_uid=draft.uid)
    key = refused.value.details[0]["key"]
    commit_draft(laptop.session, draft_uid=draft.uid, confirmed={key: "pensiunan suami"})
    assert pending(laptop, person.uid)[-1].reason == "pensiunan suami"


def test_a_failure_in_the_middle_of_an_edit_changes_nothing(laptop: Laptop):
    person = register_person(laptop.session)
    draft = begin_edit(laptop, person, phone="+6281200000099")
    laptop.store.db.execute_sql(
        "CREATE TRIGGER power_cut BEFORE INSERT ON outbox WHEN NEW.kind = 'value_history'"
        " BEGIN SELECT RAISE(ABORT, 'power cut'); END"
    )
    with pytest.raises(Exception, match="power cut"):
        commit_saved(laptop.session, draft)
    laptop.store.db.execute_sql("DROP TRIGGER power_cut")
    assert laptop.store.records.get(person.uid) == person
    assert laptop.store.drafts.get(draft.uid) == draft
    assert len(pending(laptop, person.uid)) == 1


def test_a_unit_waits_for_its_unsent_owner_and_batch(laptop: Laptop):
    batch = make_batch(laptop.session)
    person = register_person(laptop.session)
    unit = make_unit(laptop.session, person, batch_id={"uid": batch.uid, "name": "Paket"})
    assert set(pending(laptop, unit.uid)[0].deps) == {person.uid, batch.uid}
    assert batch.scope == "64"


def test_every_editable_kind_has_a_form():
    assert {form.kind for form in FORMS} >= EDITABLE_KINDS


def _fields(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in Record.__dataclass_fields__}
