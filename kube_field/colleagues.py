"""Several officers on one laptop: who they are, what of each waits, adding one, changing one's own password."""

from __future__ import annotations

import time
from dataclasses import dataclass

from kube_field.assembly import OpenLaptop, keep_named, require_new_user, transport_of
from kube_field.domain.records import Officer
from kube_field.officers import KeptOfficer, is_kept, kept_officer, officer_of
from kube_field.storage.vault.argon import ArgonCost, calibrated_cost
from kube_field.storage.vault.passwords import require_good_password
from kube_field.storage.vault.vault import add_password_slot, change_password, unlock, users
from kube_field.usecases.enrolment import enrol_colleague, require_enrolled
from kube_field.wire.enrolment import Enrolled


@dataclass(frozen=True, slots=True)
class Colleague:
    """One officer of this laptop and how many of his changes wait; `enrolled` when the server knows him."""

    user: str
    officer: Officer
    unsent: int
    enrolled: bool


def colleagues(laptop: OpenLaptop) -> list[Colleague]:
    """Every officer of this laptop, in the order of the unlock page."""
    waiting = laptop.store.queue.unsent_by_author()
    return [
        Colleague(
            user,
            kept.officer,
            sum(waiting.get(uid, 0) for uid in {kept.officer.uid, *kept.former}),
            kept.enrolled,
        )
        for user, kept in _kept(laptop).items()
    ]


def add_colleague(laptop: OpenLaptop, *, user: str, password: str, code: str, cost: ArgonCost | None = None) -> Officer:
    """Let another officer work on this enrolled laptop, under the name that the server gives him.

    Everything that can be refused here is looked at before the server uses up the code. A user without enrolment who
    is here already shows his own password; what he wrote so far counts as his. A crash after the server's answer
    leaves no slot without an officer; a new code then takes it up again.
    Raises: KubeFieldError for a taken name, a weak or wrong password, a refused code, a server that is not reached.
    """
    require_enrolled(laptop.session)
    kept = _kept(laptop)
    before = kept.get(user)
    if before is None or before.enrolled:
        require_new_user(laptop, user)
        require_good_password(password, user)
    else:
        unlock(laptop.paths.key_file, user, password)
    others = [one.officer.uid for name, one in kept.items() if name != user]
    answer = _shown(laptop, code, before, others)
    named = before.named(answer.user) if before else KeptOfficer(officer_of(answer.user), enrolled=True)
    # The officer first: a key slot without an officer could not be opened.
    keep_named(laptop, user, named)
    if before is None:
        add_password_slot(
            laptop.paths.key_file,
            laptop.keys,
            user,
            password,
            new_id=laptop.session.wiring.new_id,
            cost=cost or calibrated_cost(time.monotonic),
        )
    return named.officer


def change_own_password(laptop: OpenLaptop, *, old: str, new: str, cost: ArgonCost | None = None) -> None:
    """Replace the password of the officer at work; the old or the new one opens the laptop at every instant.

    Raises: KubeFieldError with WRONG_PASSWORD or VALIDATION.
    """
    laptop.keys = change_password(
        laptop.paths.key_file,
        laptop.user,
        old,
        new,
        new_id=laptop.session.wiring.new_id,
        cost=cost or calibrated_cost(time.monotonic),
    )


def _kept(laptop: OpenLaptop) -> dict[str, KeptOfficer]:
    names = users(laptop.paths.key_file)
    return {user: kept_officer(laptop.store, user) for user in names if is_kept(laptop.store, user)}


def _shown(laptop: OpenLaptop, code: str, before: KeptOfficer | None, others: list[str]) -> Enrolled:
    with transport_of(laptop.session) as desk:
        return enrol_colleague(
            laptop.session, desk=desk, code=code, before=before.officer.uid if before else "", others=others
        )
