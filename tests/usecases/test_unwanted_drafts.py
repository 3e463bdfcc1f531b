"""A draft exists from the first keystroke: what nobody typed in goes when it is left; the rest only when asked."""

from __future__ import annotations

from kube_field.domain.records import RecordKind
from kube_field.usecases.assessments import begin_assessment
from kube_field.usecases.discarding import leave_untouched, may_discard, put_back, throw_away
from kube_field.usecases.drafts import begin_draft, drafts, save_draft
from kube_field.usecases.finalise import correct_document, reopen_document
from kube_field.usecases.home import home
from kube_field.usecases.households import NewPerson, begin_family, begin_family_member
from kube_field.usecases.visits import begin_visit
from tests.support.laptop import Laptop
from tests.support.make_records import make_unit, record_visit, register_household, register_person


def test_a_form_that_was_only_looked_at_leaves_nothing_behind(laptop: Laptop):
    person = register_person(laptop.session)
    visit = begin_visit(laptop.session, unit_uid=make_unit(laptop.session, person).uid)
    assessment = begin_assessment(laptop.session, subject_uid=person.uid)
    edit = begin_draft(laptop.session, kind=RecordKind.PERSON, record_uid=person.uid)
    for draft in (visit, assessment, edit):
        assert leave_untouched(laptop.session, draft_uid=draft.uid)
    assert drafts(laptop.session) == []
    assert not leave_untouched(laptop.session, draft_uid=visit.uid)


def test_a_form_in_which_something_was_typed_stays(laptop: Laptop):
    draft = begin_visit(laptop.session, unit_uid=make_unit(laptop.session).uid)
    save_draft(laptop.session, draft=draft, answers={**draft.answers, "met_names": "M"})
    assert not leave_untouched(laptop.session, draft_uid=draft.uid)
    save_draft(laptop.session, draft=draft, answers=draft.answers)
    assert not leave_untouched(laptop.session, draft_uid=draft.uid)


def test_a_reopened_or_corrected_document_is_never_taken_for_untouched(laptop: Laptop):
    unit = make_unit(laptop.session)
    correction = correct_document(laptop.session, uid=record_visit(laptop.session, unit.uid).uid, reason="Salah omzet")
    assert not leave_untouched(laptop.session, draft_uid=correction.uid)
    assert may_discard(correction)
    other = make_unit(laptop.session, register_person(laptop.session, 7))
    fact = record_visit(laptop.session, other.uid)
    reopened = reopen_document(laptop.session, uid=fact.uid, reason="Salah omzet")
    assert not leave_untouched(laptop.session, draft_uid=reopened.uid)
    assert not may_discard(reopened)


def test_what_was_typed_in_the_search_before_a_registration_stays(laptop: Laptop):
    typed = NewPerson(name="Seroja Contoh")
    family = begin_family(laptop.session, person=typed)
    member = begin_family_member(laptop.session, household_uid=register_household(laptop.session).uid, person=typed)
    assert not leave_untouched(laptop.session, draft_uid=family.uid)
    assert not leave_untouched(laptop.session, draft_uid=member.uid)


def test_a_draft_that_was_thrown_away_can_be_put_back_as_it_was(laptop: Laptop):
    draft = begin_visit(laptop.session, unit_uid=make_unit(laptop.session).uid)
    saved = save_draft(laptop.session, draft=draft, answers={**draft.answers, "met_names": "Melati"})
    gone = throw_away(laptop.session, draft_uid=draft.uid)
    assert laptop.store.drafts.get(draft.uid) is None
    assert put_back(laptop.session, draft=gone) == saved
    assert laptop.store.drafts.get(draft.uid) == saved


def test_putting_back_never_undoes_what_was_typed_since(laptop: Laptop):
    draft = begin_visit(laptop.session, unit_uid=make_unit(laptop.session).uid)
    newer = save_draft(laptop.session, draft=draft, answers={**draft.answers, "met_names": "Melati"})
    assert put_back(laptop.session, draft=draft) == newer


def test_a_due_visit_that_was_begun_stands_once_in_the_list_and_goes_on(laptop: Laptop):
    unit = make_unit(laptop.session, handover_on="2026-08-01")
    assert [item.action for item in home(laptop.session).items if item.target_uid == unit.uid] == ["start_visit"]
    draft = begin_visit(laptop.session, unit_uid=unit.uid)
    items = [item for item in home(laptop.session).items if item.target_uid in (unit.uid, draft.uid)]
    assert [(item.action, item.target_uid, item.state) for item in items] == [
        ("continue_draft", draft.uid, items[0].state)
    ]
    assert items[0].state != "draft"
