"""A later tranche after a visit only, where the batch says so (handbook 5.9), judged by what the server holds.

An acceptance may arrive after the minutes that lean on it. So they are set aside, never rejected, and looked at again
whenever a visit of their unit is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kube_field.domain.forms.aid_rules import AFTER_VISIT
from kube_field.domain.forms.answered import rows, text, uid, whole
from kube_field.domain.forms.review import ACCEPTED, VOID
from kube_field.domain.records import Answers, RecordKind
from kube_field.domain.rules.reading import is_scored
from kube_field.server.batch import Batch
from kube_field.server.storage.record_rows import Stored

FIRST_TRANCHE = 1


def is_later_tranche(kind: str, answers: Answers) -> bool:
    """True for minutes that hand over anything but a first tranche; a correction hands over nothing new."""
    if kind != RecordKind.AID or answers.get("bast_type") == "perubahan":
        return False
    return (whole(answers, "tranche_no") or FIRST_TRANCHE) > FIRST_TRANCHE


def waits_for_visit(batch: Batch, unit_uid: str, answers: Answers) -> bool:
    """True while the batch demands a visit before this tranche and none was accepted since the tranche before."""
    number = whole(answers, "tranche_no") or FIRST_TRANCHE
    if _condition(batch, uid(answers, "batch_id"), number) != AFTER_VISIT:
        return False
    about = batch.hanging_on([unit_uid])
    words = _words(batch, [one.uid for one in about if one.kind in (RecordKind.VISIT, RecordKind.AID)])
    since = _last_handover(batch, unit_uid, about, words, number)
    return not any(
        ACCEPTED in words.get(one.uid, ()) and one.occurred_on >= since and _counts(one.body["answers"])
        for one in about
        if one.kind == RecordKind.VISIT
    )


def accepted_visit(batch: Batch, document_uid: str, review: Mapping[str, Any]) -> Stored | None:
    """The visit that this review accepts, if it is one."""
    document = batch.records.get(document_uid)
    if document is None or document.kind != RecordKind.VISIT or review.get("decision") != ACCEPTED:
        return None
    return document


def _condition(batch: Batch, batch_uid: str, number: int) -> str:
    """When this tranche is paid; "" where the server does not hold the batch or the batch does not know the tranche."""
    batch.load([batch_uid] if batch_uid else [])
    record = batch.records.get(batch_uid)
    planned = rows(record.body, "tranches") if record is not None else []
    return next((text(row, "condition") for _at, row in planned if whole(row, "no") == number), "")


def _words(batch: Batch, uids: list[str]) -> dict[str, set[str]]:
    """What was said in reviews about these documents."""
    said: dict[str, set[str]] = {}
    for one in batch.hanging_on(uids):
        if one.kind == RecordKind.REVIEW:
            said.setdefault(one.subject_uid, set()).add(str(one.body["answers"].get("decision")))
    return said


def _last_handover(batch: Batch, unit_uid: str, about: list[Stored], words: Mapping[str, set[str]], number: int) -> str:
    """The day of the newest tranche before this one; without minutes the unit's own, "" where nothing is known."""
    days = [
        text(one.body["answers"], "handover_on")
        for one in about
        if one.kind == RecordKind.AID
        and (VOID not in words.get(one.uid, ()) or ACCEPTED in words.get(one.uid, ()))
        and (whole(one.body["answers"], "tranche_no") or FIRST_TRANCHE) < number
    ]
    unit = batch.records.get(unit_uid)
    own = text(unit.body, "handover_on") if unit is not None else ""
    return max(days, default=own)


def _counts(answers: Answers) -> bool:
    return is_scored(answers) and answers.get("kind") != "telepon"
