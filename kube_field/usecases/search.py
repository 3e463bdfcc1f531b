"""The search at the top of the window."""

from __future__ import annotations

from kube_field.domain.records import RecordKind
from kube_field.usecases import views
from kube_field.usecases.people import near_matches
from kube_field.usecases.session import Session

SHORTEST = 2
SHORTEST_SLIP = 5
"""From this many letters on a name without a match may be a slip of the fingers."""


def search(session: Session, *, text: str) -> list[views.SearchHit]:
    """People, groups, units, visits and trainings whose words match, best first; else those whose words are alike."""
    wanted = text.strip()
    if len(wanted) < SHORTEST:
        return []
    hits = session.store.listings.search(wanted)
    if hits or len(wanted) < SHORTEST_SLIP or any(sign.isdigit() for sign in wanted):
        return hits
    alike_words = session.store.listings.search_alike(wanted)
    if alike_words:
        return alike_words
    alike = near_matches(session, name=wanted)
    return [views.SearchHit(RecordKind.PERSON, row.uid, row.name, row.village) for row in alike]
