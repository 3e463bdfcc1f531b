"""What a laptop holds about a person who was erased without hanging on her: attendance, scores, grids, new members."""

from __future__ import annotations

from kube_field.domain.records import Change, Fact, Record, RecordKind
from kube_field.storage.outbox_bulk import settle_all
from kube_field.storage.outbox_results import settle
from kube_field.storage.projection import put_remote
from kube_field.storage.rows import change_of
from kube_field.ui.pages.sync_words import queue_reason
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.queue import queue
from kube_field.usecases.session import Session
from kube_field.usecases.sync import sync_store
from kube_field.usecases.test_results import record_score, score_sheet
from kube_field.usecases.trainings import attendance_sheet, finalise_attendance, save_attendance
from kube_field.wire.messages import ChangeResult, FieldError, WireReceipt
from kube_field.wire.server_words import ServerKind
from tests.server.test_erasure_reaches_laptops import CANARY, OTHER, Story, assert_gone, story, words_of
from tests.support.laptop import Laptop
from tests.support.make_records import fill_in_grid, make_group, make_training
from tests.support.wire_changes import SCOPE

__all__ = ["story"]


def hold(session: Session, event: Record, people: list[Record]) -> list[Fact]:
    fill_in_grid(session, event, people)
    return finalise_attendance(session, event_uid=event.uid, session_no=1)


def both(story: Story) -> list[Record]:
    return [story.her, story.other]


def stored(session: Session, kind: RecordKind) -> set[str]:
    return {str(fact.answers["person_id"]["uid"]) for fact in session.store.facts.of_kind(kind)}


def test_attendance_and_scores_of_her_go_from_every_laptop(story: Story):
    event = make_training(story.rina.session)
    hold(story.rina.session, event, both(story))
    for one in both(story):
        record_score(story.rina.session, event_uid=event.uid, person_uid=one.uid, kind="post", score=80)
    story.sync()
    assert stored(story.budi.session, RecordKind.TEST_RESULT) == {story.her.uid, story.other.uid}
    story.erase()
    story.sync()
    for laptop in (story.rina, story.budi):
        assert_gone(laptop)
        for kind in (RecordKind.ATTENDANCE, RecordKind.TEST_RESULT):
            assert stored(laptop.session, kind) == {story.other.uid}


def test_what_was_noted_of_her_meanwhile_is_refused_in_words_and_that_of_others_is_taken(story: Story):
    event = make_training(story.rina.session)
    story.sync()
    hold(story.budi.session, event, both(story))
    for one in both(story):
        record_score(story.budi.session, event_uid=event.uid, person_uid=one.uid, kind="pre", score=40)
    story.erase()
    (run,) = story.sync(story.budi)
    assert (run.sent, run.refused) == (2, 2)
    assert [row.state for row in queue(story.budi.session)] == ["erased", "erased"]
    story.sync()
    for laptop in (story.rina, story.budi):
        assert_gone(laptop)
        assert stored(laptop.session, RecordKind.TEST_RESULT) == {story.other.uid}
    assert CANARY not in story.server_says("record", "intake", "record_version")


def test_her_row_goes_out_of_a_grid_that_is_being_filled_in(story: Story):
    """Also out of the versions of it that are kept."""
    event = make_training(story.rina.session)
    story.sync()
    fill_in_grid(story.budi.session, event, [story.her])
    fill_in_grid(story.budi.session, event, [story.other])
    story.erase()
    story.sync()
    assert_gone(story.budi)
    (draft,) = story.budi.store.drafts.listed()
    assert [row["person_uid"] for row in draft.answers["rows"]] == [story.other.uid]
    assert len(story.budi.store.drafts.versions(draft.uid)) > 1
    (fact,) = finalise_attendance(story.budi.session, event_uid=event.uid, session_no=1)
    assert fact.answers["person_id"]["uid"] == story.other.uid


def test_a_grid_that_stood_open_does_not_write_her_down_again(story: Story):
    """It is kept every few seconds, also after the word came in a run beside it."""
    session = story.budi.session
    event = make_training(story.rina.session)
    story.sync()
    fill_in_grid(session, event, both(story))
    sheet = attendance_sheet(session, event_uid=event.uid, session_no=1)
    story.erase()
    story.sync()
    save_attendance(session, sheet=sheet)
    sync_store(story.budi.store).tidy_erased()
    assert_gone(story.budi)
    (fact,) = finalise_attendance(session, event_uid=event.uid, session_no=1)
    assert fact.answers["person_id"]["uid"] == story.other.uid


def test_whoever_was_invited_and_is_erased_is_not_shown_any_more(story: Story):
    """The invitation itself is the training's own list."""
    event = make_training(story.rina.session, both(story))
    story.sync()
    story.erase()
    story.sync()
    for laptop in (story.rina, story.budi):
        sheet = attendance_sheet(laptop.session, event_uid=event.uid, session_no=1)
        scores = score_sheet(laptop.session, event_uid=event.uid)
        assert [cell.person_uid for cell in sheet.cells] == [story.other.uid]
        assert [row.person_uid for row in scores.rows] == [story.other.uid]


def test_unfinished_forms_that_name_her_go(story: Story):
    """A new member, a new business: they would hang on the group, or on nothing yet."""
    session = story.budi.session
    group = make_group(session)
    for kind, answers in (
        (RecordKind.MEMBERSHIP, {"group_id": {"uid": group.uid, "name": "KUBE"}}),
        (RecordKind.BUSINESS_UNIT, {"owner_kind": "person", "business_name": "Warung"}),
    ):
        for one, name in ((story.her, CANARY), (story.other, OTHER)):
            draft = begin_draft(session, kind=kind)
            told = {**answers, "person_id": {"uid": one.uid, "name": name}}
            save_draft(session, draft=draft, answers=told)
    story.erase()
    story.sync()
    assert_gone(story.budi)
    left = [draft.answers["person_id"]["uid"] for draft in story.budi.store.drafts.listed()]
    assert left == [story.other.uid] * 2


def refused(session: Session, change: Change) -> None:
    """The server's answer as it comes: refused for good, quoting what was typed."""
    error = FieldError(field="note", code="NOT_NORMAL", message=f"Tulis ulang: {CANARY}")
    with session.store.transaction():
        settle(session.store, change, ChangeResult(id=change.id, status="rejected", errors=[error]))


def typed(story: Story, event: Record) -> dict[str, Change]:
    """What waits at Budi's about the two women, by the woman: they were at the training."""
    hold(story.budi.session, event, both(story))
    waiting = waiting_changes(story.budi)
    return {str(change.sets["answers"][1]["person_id"]["uid"]): change for change in waiting}


def test_what_was_refused_before_goes_with_the_words_that_quote_it(story: Story):
    """Nothing of it ever became a record, so no word of the server names it."""
    event = make_training(story.rina.session)
    story.sync()
    for change in typed(story, event).values():
        refused(story.budi.session, change)
    story.erase()
    story.sync()
    assert words_of(story.budi).count(CANARY) == 1, "what the server said about the other stays"
    assert sorted(row.state for row in queue(story.budi.session)) == ["erased", "rejected"]
    (her_row,) = [row for row in queue(story.budi.session) if row.state == "erased"]
    assert "dihapus" in queue_reason(her_row)
    assert stored(story.budi.session, RecordKind.ATTENDANCE) == {story.other.uid}


def test_a_refusal_that_comes_after_the_word_ends_it_too(story: Story):
    """The server could not read what was sent: its answer does not say that she was erased."""
    event = make_training(story.rina.session)
    story.sync()
    waiting = typed(story, event)
    story.erase()
    ((version,),) = story.server.rows(f"SELECT version FROM record WHERE uid = '{story.her.uid}'")
    with story.budi.store.transaction():
        put_remote(story.budi.store, story.her.uid, ServerKind.ERASED, SCOPE, version, {}, "", "")
    assert stored(story.budi.session, RecordKind.ATTENDANCE) == set(waiting), "what is not answered is not thrown away"
    for change in waiting.values():
        refused(story.budi.session, change)
    assert stored(story.budi.session, RecordKind.ATTENDANCE) == {story.other.uid}
    assert sorted(row.state for row in queue(story.budi.session)) == ["erased", "rejected"]
    story.sync()


def test_a_receipt_that_comes_after_the_word_ends_it_too(story: Story):
    """The answer was lost, she was erased, and the word about the fact itself came before the same answer again."""
    event = make_training(story.rina.session)
    story.sync()
    change = typed(story, event)[story.her.uid]
    receipt = WireReceipt(id="r-1", sha256=change.sha256, at="2026-11-23T03:00:00.000Z")
    with story.budi.store.transaction():
        put_remote(story.budi.store, change.uid, ServerKind.ERASED, "", 2, {}, "", "")
    assert story.budi.store.facts.get(change.uid) is not None
    with story.budi.store.transaction():
        settle_all(
            story.budi.store,
            [change],
            {change.id: ChangeResult(id=change.id, status="applied", version=1, receipt=receipt)},
        )
    assert story.budi.store.facts.get(change.uid) is None


def waiting_changes(laptop: Laptop) -> list[Change]:
    rows = laptop.store.db.named_rows("SELECT * FROM outbox_whole WHERE state = 'queued' ORDER BY n")
    return [change_of(row) for row in rows]
