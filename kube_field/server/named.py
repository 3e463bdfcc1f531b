"""Whom and what a change is about, so that nothing about somebody who was erased is taken in or kept."""

from __future__ import annotations

import re

from kube_field.server.aside import read_aside
from kube_field.server.judging import RECORD_ID, decided_about, parents_of
from kube_field.server.moving import new_values, parent_in
from kube_field.server.storage.erasure_rows import named_person
from kube_field.wire.messages import WireChange

QUOTED_ID = re.compile(f'"({RECORD_ID.pattern})"')


def waits_for(change: WireChange) -> list[str]:
    """The records without which a change is held: those it names as its parents, and the one it travels with.

    A laptop names only parents that it has not sent yet; a server that was put back may have lost the others.
    """
    return list(dict.fromkeys(uid for uid in (*parents_of(change), parent_in(change)) if uid and uid != change.uid))


def named_in(change: WireChange) -> list[str]:
    """The records that a change is about: its own, the one it hangs on, those it decides about, the person it names.

    Others that it only has to wait for may stand in a list of it: it is not about them.
    """
    named = (change.uid, parent_in(change), *decided_about(change), named_person(new_values(change)))
    return [uid for uid in dict.fromkeys(named) if RECORD_ID.fullmatch(uid)]


def named_in_text(body: str) -> set[str]:
    """The same for a change as it arrived; of one that nobody can read, all that could be the id of a record."""
    change = read_aside(body)
    return set(named_in(change)) if change is not None else set(QUOTED_ID.findall(body))
