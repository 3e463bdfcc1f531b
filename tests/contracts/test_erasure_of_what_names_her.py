"""Who was erased does not come back through what only names her: attendance and test results hang on the training."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.server import snapshots
from kube_field.server.erasing import erase, erase_again
from kube_field.server.fast_facts import FastFacts
from kube_field.server.reviewing import refuse
from kube_field.server.snapshots import file_of, make_snapshots
from kube_field.server.storage.erasure_rows import ErasureRows
from kube_field.server.storage.proof import check_feed
from kube_field.wire.changes import results_of
from kube_field.wire.codec import to_json
from kube_field.wire.messages import ChangeResult, WireChange
from kube_field.wire.server_words import ERASED_CODE, ServerKind
from tests.contracts.desk import KECAMATAN, Desk
from tests.contracts.test_erasure import CANARY, OTHER, REASON, everything, kinds, make_her, membership
from tests.contracts.test_new_facts_in_a_table import push as push_table
from tests.support.make_answers import (
    complete_attendance,
    complete_group,
    complete_test_result,
    complete_training,
    reference_to,
)
from tests.support.wire_changes import make_edit, make_fact, make_household, make_person

EVENT, LATER = "event-1", "event-late"
NUL = "a\x00b"


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    yield
    assert check_feed(desk.house.database) == []


def training(uid: str = EVENT) -> WireChange:
    return make_edit(RecordKind.TRAINING_EVENT, uid, complete_training(participants=[]), create=True)


def there(uid: str, person: str = "person-1", name: str = CANARY, *, event: str = EVENT, **fields) -> WireChange:
    """She was at the training: the snapshot holds her name as the paper shows it."""
    who = {"person_id": reference_to(person, name), "event_id": reference_to(event, "Pelatihan")}
    answers = complete_attendance(**{**who, **fields.pop("answers", {})})
    body = {"number": "", "snapshot": {"participant": {"name": name, "phone_end": "0001"}}}
    return make_fact(uid, RecordKind.ATTENDANCE, event, answers, body=body, **fields)


def scored(uid: str, person: str = "person-1", name: str = CANARY) -> WireChange:
    answers = complete_test_result(person_id=reference_to(person, name), event_id=reference_to(EVENT, "Pelatihan"))
    return make_fact(uid, RecordKind.TEST_RESULT, EVENT, answers, body={"number": ""})


def alone(desk: Desk, facts: list[WireChange]) -> list[ChangeResult]:
    return [desk.push(one)[0] for one in facts]


def together(desk: Desk, facts: list[WireChange]) -> list[ChangeResult]:
    return desk.push(*facts)


def as_table(desk: Desk, facts: list[WireChange]) -> list[ChangeResult]:
    answer = push_table(desk, *facts)
    return results_of(answer.taken, facts) if answer.taken else answer.results


def beside_a_change(desk: Desk, facts: list[WireChange]) -> list[ChangeResult]:
    desk.steps += 1
    other = make_household(f"home-{desk.steps}")
    answer = push_table(desk, *facts, others=[other])
    return results_of(answer.taken, facts) if answer.taken else answer.results[1:]


@pytest.mark.parametrize("way", [alone, together, as_table, beside_a_change])
def test_late_facts_that_name_her_are_refused_and_those_of_others_are_taken(
    desk: Desk, way: Callable[[Desk, list[WireChange]], list[ChangeResult]]
):
    make_her(desk)
    desk.push(training())
    erase(desk.house, "person-1", REASON)
    hers = [there("there-1"), scored("test-1")]
    others = [there("there-2", "person-2", OTHER), scored("test-2", "person-2", OTHER)]
    for _time in range(2):
        results = way(desk, [*others, *hers])
        assert [one.status for one in results] == ["applied", "applied", "rejected", "rejected"]
        assert [[error.code for error in one.errors] for one in results[2:]] == [[ERASED_CODE]] * 2
    assert CANARY not in everything(desk)
    assert {"there-1", "test-1"}.isdisjoint(kinds(desk))
    assert desk.rows("SELECT body FROM intake WHERE uid IN ('there-1', 'test-1')") == [("{}",)] * 2


def test_all_who_are_named_in_a_batch_are_looked_up_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """However many they are, the fast way asks the database as often."""
    people = [make_person(f"person-{n}") for n in range(1, 13)]
    desk.push(make_household(), training(), *people)
    run, asked = desk.house.database.run, []
    monkeypatch.setattr(desk.house.database, "run", lambda sql, *values: asked.append(sql) or run(sql, *values))
    counts = []
    for some in (people[:2], people[2:]):
        asked.clear()
        facts = [there(f"there-{one.uid}", one.uid, "Melati") for one in some]
        assert set(desk.statuses(*facts)) == {"applied"}
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_fast_way_asks_the_ledger_where_no_row_of_her_is_left(desk: Desk):
    """A database that was put back may hold neither her nor the fact that was erased with her."""
    desk.push(make_household(), make_person("person-2"), training())
    with desk.house.database.write():
        ErasureRows(desk.house.database).enter("person-1", ["person-1", "there-9"], "2026-11-01", REASON)
    hers, gone = there("there-1"), there("there-9", "person-2", OTHER)
    assert [result.errors[0].code for result in desk.push(hers, gone)] == [ERASED_CODE] * 2
    assert CANARY not in everything(desk)


def rejected() -> list[WireChange]:
    """What was refused for good before she was erased: no record has these ids."""
    return [
        make_fact("bad-visit", answers={}, body={"snapshot": {"name": CANARY}}),
        make_fact("bad-consent", RecordKind.CONSENT, "person-1", {"how": CANARY}),
        membership("bad-member", "person-1", CANARY, role=CANARY),
        there("bad-there", answers={"status": CANARY}),
        there("bad-hash", sha256="0" * 64),
    ]


def waiting() -> list[WireChange]:
    """What somebody looks at, what waits for its training, and what this server cannot read yet."""
    return [there("strange", by="somebody"), there("held", event=LATER), there("newer", form="1999.1")]


def test_what_was_refused_before_leaves_nothing_of_her_behind(desk: Desk):
    make_her(desk)
    desk.push(training(), make_edit(RecordKind.KUBE_GROUP, "group-1", complete_group(), create=True))
    mine = rejected()
    results = desk.push(*mine)
    assert {one.status for one in results} == {"rejected"}
    stranger = there("bad-other", "person-2", OTHER, answers={"status": "?"})
    assert desk.statuses(stranger) == ["rejected"]
    erase(desk.house, "person-1", REASON)
    assert CANARY not in everything(desk)
    (body,) = desk.rows("SELECT body FROM intake WHERE uid = 'bad-other'")[0]
    assert OTHER in body, "what others were refused stays as it came"
    again = desk.push(*mine)
    assert [(one.id, one.status) for one in again] == [(one.id, one.status) for one in results]
    assert CANARY not in everything(desk)


def test_what_waited_and_only_names_her_is_refused_and_its_sender_told(desk: Desk):
    make_her(desk)
    desk.push(training())
    mine, other = waiting(), there("held-other", "person-2", OTHER, event=LATER)
    assert desk.statuses(*mine, other) == ["quarantined", "held", "failed", "held"]
    done = erase(desk.house, "person-1", REASON)
    assert done.changes == len(mine)
    assert CANARY not in everything(desk)
    told = {word["change"]: word["errors"][0]["code"] for word in desk.words(ServerKind.DECISION).values()}
    assert told == {change.id: ERASED_CODE for change in mine}
    assert desk.rows("SELECT change_id FROM aside") == [(other.id,)]
    assert desk.statuses(training(LATER)) == ["applied"]
    assert kinds(desk)["held-other"] == "attendance"
    assert "held" not in kinds(desk)


def test_a_database_put_back_forgets_what_was_refused_and_what_waits(desk: Desk):
    """Nothing but changes that never became records names her there."""
    desk.push(training())
    mine = [there("bad-there", answers={"status": CANARY}), *waiting()]
    assert desk.statuses(*mine) == ["rejected", "quarantined", "held", "failed"]
    with desk.house.database.write():
        ErasureRows(desk.house.database).enter("person-1", ["person-1"], "2026-11-01", REASON)
    assert erase_again(desk.house) == 1
    assert CANARY not in everything(desk)
    assert desk.rows("SELECT * FROM aside") == []
    assert erase_again(desk.house) == 0


LATE_AND_UNREADABLE: dict[str, Callable[[], WireChange | bytes]] = {
    "another hash": lambda: there("there-1", sha256="0" * 64),
    "no text where one belongs": lambda: to_json(there("there-1")).replace(b'"form":"2026.1"', b'"form":7'),
    "cut short": lambda: to_json(there("there-1"))[:-1],
    "an id that is none": lambda: there("there 1"),
}


@pytest.mark.parametrize("name", LATE_AND_UNREADABLE)
def test_late_work_that_nobody_can_read_is_not_kept_either(desk: Desk, name: str):
    make_her(desk)
    desk.push(training())
    erase(desk.house, "person-1", REASON)
    late = LATE_AND_UNREADABLE[name]()
    for _time in range(2):
        assert desk.statuses(late, scored("test-2", "person-2", OTHER)) == ["rejected", "applied"]
        assert CANARY not in everything(desk)
        late_facts = [there("there-3", "person-2", OTHER, sha256="1" * 64)]
        assert desk.statuses(*late_facts) == ["rejected"]
    bodies = [body for (body,) in desk.rows("SELECT body FROM intake WHERE status = 'rejected'")]
    assert "{}" in bodies
    assert any(OTHER in body for body in bodies), "what names nobody who was erased is kept"


def test_whoever_was_to_join_an_erased_family_leaves_no_word_of_it(desk: Desk):
    """The family is told by the name of its head: her own."""
    make_her(desk, alone=True)
    erase(desk.house, "person-1", REASON)
    sister = make_person("person-9", household_id=reference_to("home-1", CANARY))
    assert desk.push(sister)[0].errors[0].code == "FAMILY_ERASED"
    assert CANARY not in everything(desk)


def test_who_waited_to_join_an_erased_family_is_told_to_register_another(desk: Desk):
    """She herself was not erased: nothing may tell her officer's laptop to erase her."""
    make_her(desk, alone=True)
    sister = make_person("person-9", household_id=reference_to("home-1", CANARY))
    sister.by = "somebody"
    assert desk.statuses(sister) == ["quarantined"]
    erase(desk.house, "person-1", REASON)
    (word,) = desk.words(ServerKind.DECISION).values()
    assert [error["code"] for error in word["errors"]] == ["FAMILY_ERASED"]
    assert CANARY not in everything(desk)


def test_words_that_quote_what_was_typed_about_her_are_taken_back(desk: Desk):
    """An answer may repeat what is wrong, and a supervisor may have written why."""
    make_her(desk)
    typed = f" {CANARY}  Kembar"
    wrong = make_edit(RecordKind.PERSON, "person-1", {"full_name": (CANARY, typed)}, base=1)
    assert desk.statuses(wrong) == ["rejected"]
    strange = make_edit(RecordKind.PERSON, "person-1", {"nickname": (None, "Ken")}, by="somebody")
    assert desk.statuses(strange) == ["quarantined"]
    refuse(desk.house, strange.id, f"Bukan {CANARY}")
    assert CANARY in json.dumps(desk.words(ServerKind.DECISION))
    erase(desk.house, "person-1", REASON)
    assert CANARY not in everything(desk)
    told = {word["change"]: word["errors"][0]["code"] for word in desk.words(ServerKind.DECISION).values()}
    assert told == {wrong.id: ERASED_CODE, strange.id: ERASED_CODE}


@pytest.mark.parametrize("put_back", [False, True])
def test_a_training_to_which_she_was_invited_is_still_taken(desk: Desk, put_back: bool):
    """It only waited for her: it is about others too, and must neither be refused nor wait for ever."""
    if put_back:
        with desk.house.database.write():
            ErasureRows(desk.house.database).enter("person-1", ["person-1"], "2026-11-01", REASON)
    else:
        make_her(desk)
        erase(desk.house, "person-1", REASON)
    event = training()
    event.deps = ["person-1"]
    assert desk.statuses(event, there("there-2", "person-2", OTHER)) == ["applied", "applied"]


def test_a_name_that_no_database_takes_is_nobodys(desk: Desk):
    desk.push(make_household(), make_person(), training())
    odd = there("there-1", NUL, "Melati")
    assert desk.statuses(odd, there("there-2"), there("there-3", NUL, "Melati", form="1999.1")) == [
        "applied",
        "applied",
        "failed",
    ]
    erase(desk.house, "person-1", REASON)
    assert kinds(desk)["there-2"] == "erased"


def test_first_downloads_of_where_she_was_before_go_too(desk: Desk):
    elsewhere, village = "64.07.07", "64.07.07.2002"
    desk.add("Wati", Role.ADMIN_PROV, ("64",))
    desk.push(make_household(head_name=CANARY), make_person("person-1", full_name=CANARY))
    (made,) = make_snapshots(desk.house, only=KECAMATAN, least_rows=1)
    old = make_household().set["village_code"][1]
    moved = make_edit(RecordKind.HOUSEHOLD, "home-1", {"village_code": (old, village)}, base=1, scope=elsewhere)
    assert desk.statuses(moved) == ["applied"]
    assert desk.rows("SELECT scope FROM record WHERE uid = 'person-1'") == [(elsewhere,)]
    assert file_of(desk.house, made).exists()
    erase(desk.house, "person-1", REASON)
    assert not file_of(desk.house, made).exists()


def test_a_first_download_that_was_being_made_when_she_was_erased_does_not_stay(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    make_her(desk)
    put_in_place = snapshots.replace_patiently

    def when_she_is_gone(source: Path, target: Path) -> None:
        erase(desk.house, "person-1", REASON)
        put_in_place(source, target)

    monkeypatch.setattr(snapshots, "replace_patiently", when_she_is_gone)
    (made,) = make_snapshots(desk.house, only=KECAMATAN, least_rows=1)
    assert not file_of(desk.house, made).exists()
    monkeypatch.undo()
    (again,) = make_snapshots(desk.house, only=KECAMATAN, least_rows=1)
    assert file_of(desk.house, again).exists()


@pytest.mark.parametrize("quick", [True, False])
def test_a_fact_that_names_her_and_her_erasure_wait_for_each_other(
    desk: Desk, quick: bool, monkeypatch: pytest.MonkeyPatch
):
    """On PostgreSQL both could be under way; on SQLite there is one writer."""
    make_her(desk)
    desk.push(training())
    if not quick:
        monkeypatch.setattr(FastFacts, "take", lambda *_raws, **_told: None)
    begun = threading.Event()

    def take_her_out() -> None:
        begun.set()
        erase(desk.house, "person-1", REASON)

    eraser = threading.Thread(target=take_her_out)
    with desk.house.database.write():
        desk.push(there("there-1"))
        eraser.start()
        begun.wait()
        eraser.join(timeout=0.5)
        assert eraser.is_alive(), "she is erased when it is known what names her"
    eraser.join()
    assert kinds(desk)["there-1"] == ServerKind.ERASED
    assert CANARY not in everything(desk)
