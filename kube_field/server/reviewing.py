"""Decides later what could not be decided on arrival: a supervisor's word, and a new try after a mend of the server."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from gettext import gettext as _

from kube_field.errors import Failure, KubeFieldError
from kube_field.server.aside import REVIEWERS, Seen, may_decide, places_of, read_aside, seen_by, within
from kube_field.server.batch import AFRESH
from kube_field.server.by_hand import CONSOLE, grant_of
from kube_field.server.double_decisions import DECIDED_BEFORE
from kube_field.server.endpoint import House, instant
from kube_field.server.intake import Intake
from kube_field.server.judging import Judge
from kube_field.server.policy import Console, Grants
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.database import hindered
from kube_field.server.storage.record_rows import Decision
from kube_field.server.storage.records import RecordStore
from kube_field.server.storage.review_rows import Outcome, ReviewRows, Waiting
from kube_field.wire.messages import ChangeResult

log = logging.getLogger(__name__)

OLD_DAYS = 5
"""A change that waits longer than this for a missing record is shown to the supervisor (sync design 3.8)."""


UNTRIED = "untried"
"""In place of a status: the database was in the way."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A new try: how many changes were decided now, and how many wait on; of these, for how many it could not begin."""

    decided: int
    left: int
    untried: int = 0


def quarantined(house: House) -> list[Waiting]:
    """What a supervisor has to look at, oldest first."""
    with house.database.read():
        return ReviewRows(house.database).with_status(["quarantined"])


def held_for(house: House, days: int) -> list[Waiting]:
    """What waits for a missing record so many days or longer."""
    until = instant(house.now() - timedelta(days=days))
    with house.database.read():
        return ReviewRows(house.database).held_since(until)


def seen(house: House, by: User, after: tuple[str, str], most: int) -> Seen:
    """What waits for this officer's decision, oldest first. Raises: KubeFieldError NOT_ALLOWED."""
    _grant(by)
    until = instant(house.now() - timedelta(days=OLD_DAYS))
    with house.database.read():
        return seen_by(house.database, by, after=after, held_until=until, most=most)


def waiting_for(house: House, officers: Iterable[User]) -> dict[str, int]:
    """How many changes wait for each of these officers who decides about any, by every uid that he writes under.

    Inside the caller's transaction.
    """
    until = instant(house.now() - timedelta(days=OLD_DAYS))
    deciding = [by for by in officers if by.role in REVIEWERS and not by.disabled_at]
    rows = ReviewRows(house.database)
    counts = {by.uid: rows.count_aside(within(by), held_until=until) for by in deciding}
    former = Accounts(house.database).aliases(sorted(counts)) if counts else []
    return counts | {alias: counts[uid] for alias, uid in former}


def outcome(house: House, change_id: str, by: User) -> Outcome:
    """What became of a change that this officer may decide about, or may have decided.

    Raises: KubeFieldError NOT_ALLOWED, or VALIDATION for a change that the server does not hold.
    """
    with house.database.read():
        found = ReviewRows(house.database).outcome(change_id)
        if found is None:
            raise _nothing_there()
        _require_right(house, found.decision, by)
        return found


def accept(house: House, change_id: str, by: User | None = None) -> ChangeResult:
    """Let a change that was set aside in, with the right of a supervisor, or of the console when nobody is named.

    Raises: KubeFieldError NOT_ALLOWED, or VALIDATION when nothing of this id was set aside.
    """
    grant = _grant(by)

    def work() -> ChangeResult:
        with house.database.write():
            intake = _intake(house, grant=grant, decided_by=by.uid if by else CONSOLE)
            (result,) = intake.decide_again([_set_aside(house, change_id, by)])
            if result.status == "quarantined":
                raise _cannot_be(result)  # rolls back: it waits as it did
            return result

    return house.database.retry(work)


def refuse(house: House, change_id: str, reason: str, by: User | None = None) -> ChangeResult:
    """Refuse a change that was set aside for good and tell its sender why; its content stays in the intake.

    Raises: KubeFieldError NOT_ALLOWED, or VALIDATION without a reason or when nothing of this id was set aside.
    """
    if not reason.strip():
        raise KubeFieldError(Failure.VALIDATION, _("Alasan penolakan wajib diisi."))

    def work() -> ChangeResult:
        with house.database.write():
            intake = _intake(house, decided_by=by.uid if by else CONSOLE)
            return intake.refuse([_set_aside(house, change_id, by)], reason.strip())[0]

    return house.database.retry(work)


def reprocess(house: House) -> Tried:
    """Decide everything anew that failed or is in quarantine, each in its own transaction."""
    with house.database.read():
        waiting = ReviewRows(house.database).with_status(sorted(AFRESH))
    statuses = [_try_again(house, item.change_id) for item in waiting]
    untried = statuses.count(UNTRIED)
    left = sum(status in AFRESH for status in statuses) + untried
    return Tried(len(statuses) - left, left, untried)


def reprocess_after_update(house: House) -> Tried | None:
    """A new try when another version of the program served last; None when it was this one."""
    with house.database.read():
        same = ReviewRows(house.database).served_by() == house.version
    if same:
        return None
    tried = reprocess(house)
    if tried.untried:  # the next start tries again
        return tried
    with house.database.write():
        ReviewRows(house.database).now_served_by(house.version)
    return tried


def _try_again(house: House, change_id: str) -> str:
    def work() -> str:
        with house.database.write():
            known = _find(house, change_id)
            return _intake(house).decide_again([known])[0].status if known.status in AFRESH else known.status

    try:
        return house.database.retry(work)
    except Exception as error:  # noqa: BLE001  (it stays as it was, and the others get their turn)
        log.error("a change could not be decided again: %s", type(error).__name__)
        return UNTRIED if hindered(error) else "failed"


def _intake(house: House, *, grant: Grants | None = None, decided_by: str = "") -> Intake:
    return Intake(
        RecordStore(house.database, Console()),
        Judge.at(house.reference, house.now()),
        Accounts(house.database).authors,
        device_id="",
        now=instant(house.now()),
        new_id=house.new_id,
        grant=grant,
        decided_by=decided_by,
    )


def _grant(by: User | None) -> Grants:
    grant = Console() if by is None else grant_of(by)
    if grant is None:
        raise _not_allowed()
    return grant


def _set_aside(house: House, change_id: str, by: User | None) -> Decision:
    """A change that is undecided still, and that this officer decides about."""
    found = _find(house, change_id)
    if found.status not in AFRESH:
        raise _nothing_there()
    if by is not None:
        _require_right(house, found, by)
    return found


def _require_right(house: House, decision: Decision, by: User) -> None:
    change = read_aside(decision.body)
    places = places_of(house.database, [change])
    if not may_decide(by, change, places.get(change.id, "") if change is not None else ""):
        raise _not_allowed()


def _find(house: House, change_id: str) -> Decision:
    found = ReviewRows(house.database).change(change_id)
    if found is None:
        raise _nothing_there()
    return found


def _nothing_there() -> KubeFieldError:
    return KubeFieldError(
        Failure.VALIDATION, _("Tidak ada data dengan nomor ini dalam karantina."), code="NOT_IN_QUARANTINE"
    )


def _cannot_be(result: ChangeResult) -> KubeFieldError:
    """Why a change waits on although somebody would let it in."""
    told = next((error.message for error in result.errors if error.code == DECIDED_BEFORE), "")
    return KubeFieldError(Failure.NOT_ALLOWED, told) if told else _not_allowed()


def _not_allowed() -> KubeFieldError:
    return KubeFieldError(Failure.NOT_ALLOWED, _("Petugas ini tidak berwenang memutuskan data ini."))
