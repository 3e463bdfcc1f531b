"""Words of the tests about merges: two records of one woman, a supervisor's decision, what stands afterwards."""

from __future__ import annotations

import json
from typing import Any

from kube_field.domain.records import RecordKind, Role
from kube_field.wire.messages import ChangeResult, WireChange
from kube_field.wire.server_words import ServerKind
from tests.contracts.desk import KECAMATAN, Desk
from tests.support import make_answers
from tests.support.wire_changes import (
    kk_of,
    make_edit,
    make_fact,
    make_household,
    make_person,
    make_unit_change,
    who_is,
)

OTHER, OTHER_VILLAGE = "64.07.07", "64.07.07.2002"
PHONE, OTHER_PHONE, THIRD_PHONE = "+6281200000001", "+6281200000002", "+6281200000003"


def add_deciders(desk: Desk) -> None:
    """Sari supervises one kabupaten, Wati the province; Budi works in the other area."""
    desk.add("Sari", Role.PENYELIA_KAB, (KECAMATAN,))
    desk.add("Wati", Role.ADMIN_PROV, ("64",))
    desk.add("Budi", areas=(OTHER,))


def by_budi(change: WireChange) -> WireChange:
    change.by, change.scope = "user-budi", OTHER
    return change


def twins(desk: Desk, one: dict[str, Any] | None = None, other: dict[str, Any] | None = None) -> None:
    """Two records of one woman in one family, each with these answers of its own; None takes one out."""
    same = {name: value for name, value in who_is("person-1").items()}
    changes = [make_household()]
    for uid, answers in (("person-1", one), ("person-2", other)):
        made = make_person(uid, **{**same, **(answers or {})})
        kept = {name: pair for name, pair in made.set.items() if pair[1] is not None}
        changes.append(make_edit(RecordKind.PERSON, uid, kept, create=True))
    assert desk.statuses(*changes) == ["applied"] * 3


def case_about(desk: Desk, *uids: str) -> str:
    words = desk.words(ServerKind.DUPLICATE)
    return next(uid for uid, word in sorted(words.items()) if set(uids) & set(word["uids"]) and word["state"] != "gone")


def decision(
    desk: Desk, word: str = "merge", kept: str = "person-1", merged: str = "person-2", **fields: Any
) -> WireChange:
    case = fields.pop("case", "") or case_about(desk, kept, merged)
    by = fields.pop("by", "user-sari")
    told = {"duplicate": case, "decision": word, "kept": kept, "merged": merged, "reason": "KTP keduanya sama"}
    uid = fields.pop("uid", f"decision-{desk.steps}-{word}")
    made = make_fact(uid, RecordKind.MERGE_DECISION, kept, told, body={"number": ""}, **fields)
    made.by = by
    return made


def decide(desk: Desk, word: str = "merge", *pair: str, name: str = "Sari", **fields: Any) -> ChangeResult:
    made = decision(desk, word, *pair, by=f"user-{name.lower()}", **fields)
    return desk.push(made, name=name)[0]


def code_of(result: ChangeResult) -> tuple[str, str]:
    return result.status, result.errors[0].code if result.errors else ""


def body(desk: Desk, uid: str) -> dict[str, Any]:
    ((found, more),) = desk.rows(f"SELECT body, extra FROM record WHERE uid = '{uid}'")
    return {**json.loads(found), **json.loads(more)}


def place(desk: Desk, uid: str) -> tuple[str, str, str]:
    """Where a record lies, what it hangs on, and what it was merged into."""
    ((scope, subject, into),) = desk.rows(f"SELECT scope, subject_uid, merged_into FROM record WHERE uid = '{uid}'")
    return scope, subject, into


def edit(uid: str, base: int = 1, kind: RecordKind = RecordKind.PERSON, **sets: tuple[Any, Any]) -> WireChange:
    return make_edit(kind, uid, sets, base=base)


def aliases(desk: Desk) -> list[tuple[str, str, bool]]:
    return sorted((word["old"], word["new"], word["undone"]) for word in desk.words(ServerKind.ALIAS).values())


def open_fields(desk: Desk) -> list[tuple[str, str, Any, Any]]:
    return sorted(
        (word["record"], word["field"], word["kept"], word["other"])
        for word in desk.conflicts().values()
        if word["state"] == "open"
    )


def two_families(desk: Desk) -> None:
    """home-1 with person-1, home-2 of the same KK number with person-2, the unit of person-2 and its visit."""
    other = make_household("home-2", kk_number=kk_of("home-1"))
    unit = make_unit_change(person_id=make_answers.reference_to("person-2", "Melati"))
    people = make_person("person-1"), make_person("person-2", "home-2")
    assert set(desk.statuses(make_household(), other, *people, unit, make_fact(), phone_before())) == {"applied"}


def phone_before(uid: str = "history-1", person: str = "person-2") -> WireChange:
    return make_fact(uid, RecordKind.VALUE_HISTORY, person, make_answers.complete_value_history(), body={"number": ""})


def across_districts(desk: Desk) -> None:
    desk.push(make_household(), make_person("person-1"))
    home = make_household("home-2", village_code=OTHER_VILLAGE)
    twin = make_person("person-2", "home-2", **who_is("person-1"))
    desk.push(by_budi(home), by_budi(twin), by_budi(phone_before()), name="Budi")
