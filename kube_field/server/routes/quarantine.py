"""A supervisor looks at what was set aside and decides; who he is and what he may is judged here, not on the laptop."""

from __future__ import annotations

import json
from gettext import gettext as _

from msgspec import convert

from kube_field.errors import Failure, KubeFieldError
from kube_field.server import reviewing
from kube_field.server.batch import AFRESH
from kube_field.server.endpoint import Call, busy
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.database import hindered
from kube_field.server.storage.review_rows import Outcome
from kube_field.wire.messages import ChangeResult
from kube_field.wire.quarantine import ACCEPT, MAX_ASIDE, REFUSE, AsideAnswer, Decided
from kube_field.wire.refusals import Refusal, RefusalCode

MARK = "|"
"""Between the two parts of a place in the list; an instant holds none."""
MAX_REASON = 300


def list_aside(call: Call) -> AsideAnswer:
    """What waits for this officer's decision, oldest first. Raises: Refusal when he decides nothing."""
    by = _reviewer(call)
    at, _mark, change_id = call.body.after.partition(MARK)
    try:
        found = reviewing.seen(call.house, by, (at, change_id), MAX_ASIDE)
    except KubeFieldError as error:
        raise _refusal(error) from error
    with call.house.database.read():
        total = reviewing.waiting_for(call.house, [by]).get(by.uid, 0)
    return AsideAnswer(items=found.items, at=call.at, after=MARK.join(found.last), more=found.more, total=total)


def decide(call: Call) -> Decided:
    """Accept or refuse one change. What was decided before stays, and is answered as it was. Raises: Refusal."""
    by, body = _reviewer(call), call.body
    if body.decision not in (ACCEPT, REFUSE):
        raise Refusal(RefusalCode.BODY_UNREADABLE, _("Keputusan ini tidak dikenal server."))
    try:
        before = reviewing.outcome(call.house, body.change, by)
        if before.decision.status in AFRESH:
            _settle(call, by)
        return _told(call, reviewing.outcome(call.house, body.change, by), by)
    except KubeFieldError as error:
        raise _refusal(error) from error


def _settle(call: Call, by: User) -> None:
    body = call.body
    try:
        if body.decision == ACCEPT:
            reviewing.accept(call.house, body.change, by)
        else:
            reviewing.refuse(call.house, body.change, body.reason[:MAX_REASON], by)
    except KubeFieldError as error:
        if error.code != "NOT_IN_QUARANTINE":  # somebody else was faster: his word is told instead
            raise


def _told(call: Call, found: Outcome, by: User) -> Decided:
    kept = found.decision
    with call.house.database.read():
        decider = Accounts(call.house.database).user(kept.decided_by) if kept.decided_by else None
    result = convert(json.loads(kept.result), ChangeResult)
    return Decided(
        change=kept.change_id,
        status=kept.status,
        at=found.decided_at,
        yours=kept.decided_by == by.uid,
        by=decider.name if decider else "",
        errors=result.errors,
        conflicts=len(result.conflicts),
    )


def _reviewer(call: Call) -> User:
    """The officer who asks: one of this laptop, by any uid that he ever wrote under here. Raises: Refusal."""
    caller = call.caller
    with call.house.database.read():
        found = call.accounts.authors([call.body.by]).get(call.body.by)
    here = {caller.user.uid, *(user.uid for user in caller.colleagues)}
    if found is None or found.uid not in here or found.disabled_at:
        raise Refusal(RefusalCode.NOT_ALLOWED, _("Petugas ini tidak terdaftar pada laptop ini."))
    return found


def _refusal(error: KubeFieldError) -> Refusal:
    if error.failure == Failure.NOT_ALLOWED:
        return Refusal(RefusalCode.NOT_ALLOWED, error.sentence)
    if error.code == "NOT_IN_QUARANTINE":
        return Refusal(RefusalCode.NOT_SET_ASIDE, error.sentence)
    if hindered(error):
        return busy()
    return Refusal(RefusalCode.BODY_UNREADABLE, error.sentence)
