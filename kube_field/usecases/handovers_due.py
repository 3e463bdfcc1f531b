"""Aid that may be handed over now: a later tranche by its batch's rule, or the first one that was agreed upon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import gettext as _

from kube_field.domain.forms.aid_rules import AFTER_VISIT
from kube_field.domain.forms.answered import rows, text, whole
from kube_field.domain.records import Answers, RecordKind
from kube_field.usecases import views
from kube_field.usecases.permissions import may_write
from kube_field.usecases.previous import documents_of
from kube_field.usecases.session import Session

HANDOVER_LIMIT = 50
NOT_FIT = "tidak_layak"


def handover_items(
    session: Session, units: Sequence[views.UnitRow], unfinished: Sequence[views.DocumentRow]
) -> list[views.WorkItem]:
    """Units whose aid waits only for its minutes; those with begun minutes are among the drafts already."""
    if not may_write(session.officer, RecordKind.AID):
        return []
    begun = {row.subject_uid for row in unfinished if row.kind == RecordKind.AID}
    assisted = [unit for unit in units if not unit.is_over and not unit.decided_on and unit.uid not in begun]
    return [_item(unit, detail) for unit, detail in _ready(session, assisted)][:HANDOVER_LIMIT]


def _ready(session: Session, units: Sequence[views.UnitRow]) -> Iterator[tuple[views.UnitRow, str]]:
    handed = session.store.listings.handed_tranches()
    batches = {batch.uid: batch.answers for batch in session.store.records.where(RecordKind.PROGRAM_BATCH)}
    for unit in units:
        told = handed.get(unit.uid)
        if told is not None:
            number = max(told.tranches, default=0) + 1
            if _may_follow(batches.get(unit.batch_uid, {}), number, told.accepted_visits):
                yield unit, _("Tahap {n} sudah boleh diserahkan").format(n=number)
        elif not unit.handover_on and _was_agreed(session, unit.owner_uid):
            yield unit, _("Bantuan yang disepakati belum diserahkan")


def _may_follow(batch: Answers, number: int, accepted_visits: int) -> bool:
    conditions = {whole(row, "no"): text(row, "condition") for _at, row in rows(batch, "tranches")}
    return number in conditions and (conditions[number] != AFTER_VISIT or accepted_visits > 0)


def _was_agreed(session: Session, owner_uid: str) -> bool:
    """True when the owner's newest assessment found the business fit and proposed aid for it."""
    assessments = documents_of(session, owner_uid, RecordKind.ASSESSMENT) if owner_uid else []
    if not assessments:
        return False
    newest = assessments[-1].answers
    return bool(rows(newest, "proposed_aid")) and newest.get("officer_opinion") != NOT_FIT


def _item(unit: views.UnitRow, detail: str) -> views.WorkItem:
    return views.WorkItem(
        state="handover",
        title=unit.owner_name or unit.name,
        village=unit.village,
        detail=detail,
        target_uid=unit.uid,
        target_kind=RecordKind.BUSINESS_UNIT,
        action="start_aid",
    )
