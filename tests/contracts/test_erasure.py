"""A person is erased for good: nothing of her is left in any table, every proof stands, and she does not come back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import zstandard

from kube_field.domain.records import RecordKind
from kube_field.errors import KubeFieldError
from kube_field.server import erasing
from kube_field.server.erasing import Erased, erase, erase_again
from kube_field.server.snapshots import AllScopes, file_of, make_snapshots, valid
from kube_field.server.storage.erasure_rows import ErasureRows
from kube_field.server.storage.proof import check_feed
from kube_field.server.storage.reading import ScopeReading
from kube_field.server.storage.tables import TABLES
from kube_field.wire.messages import WireChange
from kube_field.wire.server_words import ERASED_CODE, ServerKind
from tests.contracts.desk import Desk
from tests.contracts.merge_words import add_deciders, case_about, decide, twins
from tests.support.make_answers import (
    complete_attendance,
    complete_consent,
    complete_group,
    complete_membership,
    complete_test_result,
    complete_training,
    reference_to,
)
from tests.support.wire_changes import make_edit, make_fact, make_household, make_person, make_unit_change, who_is

REASON = "Surat keputusan 12/2026"
CANARY, OTHER = "Kenari Zaitun", "Beringin Waru"


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    yield
    assert check_feed(desk.house.database) == []


def everything(desk: Desk) -> str:
    """All that the database says, the feed included."""
    names = [table._meta.table_name for table in TABLES]  # type: ignore[attr-defined]
    return "\n".join(repr(desk.rows(f"SELECT * FROM {name}")) for name in names)


def kinds(desk: Desk) -> dict[str, str]:
    return {str(uid): str(kind) for uid, kind in desk.rows("SELECT uid, kind FROM record")}


def make_unit_of(person: str, uid: str = "unit-1") -> WireChange:
    owner = reference_to(person, CANARY)
    return make_unit_change(uid, person_id=owner, business_name=f"Warung {CANARY}")


def make_her(desk: Desk, *, alone: bool = False) -> None:
    """A woman of a family of two (or of one), her business, its visit, a fact about herself, an edit and a conflict."""
    desk.push(
        make_household(head_name=CANARY if alone else OTHER),
        make_person("person-1", full_name=CANARY),
        make_unit_of("person-1"),
        make_fact(body={"author_name": "Rina", "snapshot": {"name": CANARY}}),
    )
    if not alone:
        desk.push(make_person("person-2", full_name=OTHER))
    name = (CANARY, f"{CANARY} Baru")
    desk.push(make_edit(RecordKind.PERSON, "person-1", {"full_name": name}, reason=f"Ejaan {CANARY}"))
    desk.push(make_edit(RecordKind.PERSON, "person-1", {"full_name": (CANARY, f"{CANARY} Lain")}, base=1))
    assert len(desk.conflicts()) == 1
    assert CANARY in everything(desk)


def test_nothing_of_her_is_left_and_everything_of_others_is(desk: Desk):
    make_her(desk)
    nik = who_is("person-1")["nik"]
    done = erase(desk.house, "person-1", REASON)
    assert isinstance(done, Erased)
    told = everything(desk)
    assert CANARY not in told
    assert nik not in told
    assert OTHER in told
    left = kinds(desk)
    assert {uid for uid, kind in left.items() if kind == ServerKind.ERASED} >= {"person-1", "unit-1", "visit-1"}
    assert (left["person-2"], left["home-1"]) == ("person", "household")
    assert done.records == sum(kind == ServerKind.ERASED for kind in left.values())


def test_laptops_are_told_through_the_feed(desk: Desk):
    make_her(desk)
    before = desk.pull()
    erase(desk.house, "person-1", REASON)
    page = desk.pull(seq=before.seq, head=before.head, chain=before.chain)
    told = {row.uid: (row.k, row.st, row.body) for row in page.rows}
    assert told["person-1"] == ("erased", "put", {})
    assert told["visit-1"] == ("erased", "put", {})
    assert {row.k for row in desk.pull().rows if row.uid in told} == {"erased"}


def test_a_family_goes_along_with_its_only_person(desk: Desk):
    make_her(desk, alone=True)
    erase(desk.house, "person-1", REASON)
    assert kinds(desk)["home-1"] == ServerKind.ERASED
    assert CANARY not in everything(desk)


def test_a_family_with_others_in_it_is_not_erased(desk: Desk):
    make_her(desk)
    with pytest.raises(KubeFieldError) as refused:
        erase(desk.house, "home-1", REASON)
    assert refused.value.code == "FAMILY_HAS_MEMBERS"
    erase(desk.house, "person-2", REASON)
    erase(desk.house, "person-1", REASON)
    assert kinds(desk)["home-1"] == ServerKind.ERASED


def test_her_membership_goes_and_the_group_stays(desk: Desk):
    make_her(desk)
    group = make_edit(RecordKind.KUBE_GROUP, "group-1", complete_group(), create=True)
    member = membership("member-1", "person-1", CANARY)
    assert desk.statuses(group, member, membership("member-2", "person-2", OTHER)) == ["applied"] * 3
    erase(desk.house, "person-1", REASON)
    left = kinds(desk)
    assert (left["member-1"], left["member-2"], left["group-1"]) == ("erased", "membership", "kube_group")
    late = membership("member-3", "person-1", CANARY)
    assert desk.push(late)[0].errors[0].code == ERASED_CODE
    assert CANARY not in everything(desk)


def membership(uid: str, person: str, name: str, **told: str) -> WireChange:
    who = {"group_id": reference_to("group-1", "KUBE"), "person_id": reference_to(person, name)}
    answers = complete_membership(**{**who, **told})
    return make_edit(RecordKind.MEMBERSHIP, uid, answers, create=True)


def test_what_names_her_without_hanging_on_her_goes_too(desk: Desk):
    """Attendance and test results hang on the training."""
    make_her(desk)
    event = make_edit(RecordKind.TRAINING_EVENT, "event-1", complete_training(participants=[]), create=True)
    facts = []
    for n, (person, name) in enumerate((("person-1", CANARY), ("person-2", OTHER))):
        who = {"person_id": reference_to(person, name), "event_id": reference_to("event-1", "Pelatihan")}
        there = complete_attendance(**who)
        facts.append(make_fact(f"there-{n}", RecordKind.ATTENDANCE, "event-1", there, body={"number": ""}))
        tested = complete_test_result(**who)
        facts.append(make_fact(f"test-{n}", RecordKind.TEST_RESULT, "event-1", tested, body={"number": ""}))
    assert desk.statuses(event, *facts) == ["applied"] * 5
    erase(desk.house, "person-1", REASON)
    left = kinds(desk)
    assert (left["there-0"], left["test-0"], left["event-1"]) == ("erased", "erased", "training_event")
    assert (left["there-1"], left["test-1"]) == ("attendance", "test_result")
    assert CANARY not in everything(desk)


LATE = {
    "an edit of her": lambda: make_edit(RecordKind.PERSON, "person-1", {"phone": (None, "081200000001")}),
    "a fact about her": lambda: make_fact("late-1", RecordKind.CONSENT, "person-1", complete_consent(how=CANARY)),
    "a visit of her business": lambda: make_fact("late-2", body={"snapshot": {"name": CANARY}}),
    "a new business of hers": lambda: make_unit_of("person-1", "unit-9"),
    "the same visit again under another id": lambda: make_fact(body={"snapshot": {"name": CANARY}}),
}


@pytest.mark.parametrize("name", LATE)
def test_late_work_about_her_is_refused_with_the_word_and_not_kept(desk: Desk, name: str):
    make_her(desk)
    erase(desk.house, "person-1", REASON)
    late = LATE[name]()
    for _time in range(2):
        (result,) = desk.push(late)
        assert (result.status, [error.code for error in result.errors]) == ("rejected", [ERASED_CODE])
        assert "dihapus" in result.errors[0].message
    assert CANARY not in everything(desk)
    assert desk.rows(f"SELECT body FROM intake WHERE change_id = '{late.id}'") == [("{}",)]


def test_what_waited_for_a_decision_about_her_is_refused_and_its_sender_told(desk: Desk):
    make_her(desk)
    strange = make_edit(RecordKind.PERSON, "person-1", {"full_name": (CANARY, CANARY)}, by="somebody")
    orphan = make_fact("late-3", body={"snapshot": {"name": CANARY}}, deps=["unit-9"])
    assert desk.statuses(strange, orphan) == ["quarantined", "held"]
    done = erase(desk.house, "person-1", REASON)
    assert done.changes == 2
    assert CANARY not in everything(desk)
    told = {word["change"]: word["errors"][0]["code"] for word in desk.words(ServerKind.DECISION).values()}
    assert told == {strange.id: ERASED_CODE, orphan.id: ERASED_CODE}
    assert (desk.rows("SELECT * FROM aside"), desk.rows("SELECT * FROM held")) == ([], [])


def test_erasing_again_does_nothing_more(desk: Desk):
    make_her(desk)
    first = erase(desk.house, "person-1", REASON)
    heads = desk.rows("SELECT scope, head, chain FROM scope_head ORDER BY scope")
    again = erase(desk.house, "person-1", "Alasan lain")
    assert (first.records > 0, again.records) == (True, 0)
    assert desk.rows("SELECT scope, head, chain FROM scope_head ORDER BY scope") == heads
    assert {reason for (reason,) in desk.rows("SELECT reason FROM erased")} == {REASON}


@pytest.mark.parametrize(("uid", "reason"), [("person-1", " "), ("nowhere", REASON), ("unit-1", REASON)])
def test_only_people_and_families_are_erased_and_never_without_a_reason(desk: Desk, uid: str, reason: str):
    make_her(desk)
    with pytest.raises(KubeFieldError):
        erase(desk.house, uid, reason)
    assert desk.rows("SELECT * FROM erased") == []


def test_whoever_was_merged_with_her_goes_too_and_nobody_takes_it_back(desk: Desk):
    add_deciders(desk)
    twins(desk, {"full_name": CANARY}, {"full_name": f"{CANARY} Kedua"})
    case = case_about(desk, "person-1", "person-2")
    assert decide(desk).status == "applied"
    erase(desk.house, "person-2", REASON)
    left = kinds(desk)
    assert (left["person-1"], left["person-2"]) == ("erased", "erased")
    assert CANARY not in everything(desk)
    assert desk.rows("SELECT * FROM record_mark WHERE uid IN ('person-1', 'person-2')") == []
    assert decide(desk, "undo", case=case).errors[0].code == ERASED_CODE


def test_a_possible_double_of_her_is_withdrawn_from_the_other(desk: Desk):
    twin = {"nik": who_is("person-1")["nik"]}
    desk.push(
        make_household(),
        make_household("home-2"),
        make_person("person-1", full_name=CANARY),
        make_person("person-2", "home-2", full_name=OTHER, **twin),
    )
    assert {word["state"] for word in desk.words(ServerKind.DUPLICATE).values()} == {"open"}
    erase(desk.house, "person-1", REASON)
    assert {word["state"] for word in desk.words(ServerKind.DUPLICATE).values()} <= {"gone"}
    assert kinds(desk)["person-2"] == "person"


def test_a_database_put_back_erases_again_from_the_ledger(desk: Desk):
    make_her(desk)
    with desk.house.database.write():
        ErasureRows(desk.house.database).enter("person-1", ["person-1", "unit-1", "lost-1"], "2026-11-01", REASON)
    assert erase_again(desk.house) == 1
    assert CANARY not in everything(desk)
    assert erase_again(desk.house) == 0
    late = make_fact("late-4", subject="lost-1", body={"snapshot": {"name": CANARY}})
    assert desk.push(late)[0].errors[0].code == ERASED_CODE
    assert json.loads(desk.rows("SELECT body FROM intake WHERE uid = 'late-4'")[0][0]) == {}


def test_what_waits_in_a_database_put_back_for_somebody_erased_waits_no_more(desk: Desk):
    """It names her among what it was sent after, and is not about her."""
    second = make_person("person-2", full_name=OTHER)
    second.deps = ["person-1"]
    unit = make_unit_of("person-2", "unit-2")
    unit.deps = ["person-2"]
    desk.push(make_household())
    assert desk.statuses(second, unit) == ["held", "held"]
    with desk.house.database.write():
        ErasureRows(desk.house.database).enter("person-1", ["person-1"], "2026-11-01", REASON)
    assert erase_again(desk.house) == 1
    assert {"person-2", "unit-2"} <= kinds(desk).keys()
    told = {row.body["change"]: row.body["status"] for row in desk.pull("user:user-rina").rows}
    assert told == {second.id: "applied", unit.id: "applied"}
    assert desk.rows("SELECT * FROM held") == []
    assert erase_again(desk.house) == 0


def test_what_waits_for_somebody_else_too_waits_on_when_she_is_erased(desk: Desk):
    second = make_person("person-2", full_name=OTHER)
    second.deps = ["person-1", "person-3"]
    desk.push(make_household(), second)
    with desk.house.database.write():
        ErasureRows(desk.house.database).enter("person-1", ["person-1"], "2026-11-01", REASON)
    assert erase_again(desk.house) == 1
    assert desk.rows("SELECT waits_for FROM held") == [("person-3",)]
    desk.push(make_person("person-3"))
    assert "person-2" in kinds(desk)


def test_first_downloads_that_hold_her_go_and_new_ones_are_without_her(desk: Desk):
    make_her(desk)
    (made,) = make_snapshots(desk.house, only="64.02.12", least_rows=1)
    assert file_of(desk.house, made).exists()
    erase(desk.house, "person-1", REASON)
    folder = file_of(desk.house, made).parent
    assert list(folder.iterdir()) == []
    (again,) = make_snapshots(desk.house, only="64.02.12", least_rows=1)
    content = b"".join(open_snapshot(file_of(desk.house, again)))
    assert CANARY.encode() not in content
    assert OTHER.encode() in content


def test_a_server_that_died_in_an_erasure_gives_out_no_file_with_her(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    make_her(desk)
    (made,) = make_snapshots(desk.house, only="64.02.12", least_rows=1)
    with monkeypatch.context() as dying:
        dying.setattr(erasing, "_remove_files", lambda *_files: None)
        erase(desk.house, "person-1", REASON)
    with desk.house.database.read():
        assert valid(desk.house, ScopeReading(desk.house.database, AllScopes()), "64.02.12") is None
    make_snapshots(desk.house)
    assert not file_of(desk.house, made).exists()


def open_snapshot(path: Path) -> list[bytes]:
    """The rows of a first download, unpacked."""
    with path.open("rb") as file:
        return [zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read()]


def test_the_ledger_lies_beside_the_database(desk: Desk, tmp_path: Path):
    make_her(desk)
    erase(desk.house, "person-1", REASON)
    lines = (tmp_path / "grants.jsonl").read_text(encoding="utf-8")
    assert '"t":"erased"' in lines
    assert CANARY not in lines
    assert REASON in lines
