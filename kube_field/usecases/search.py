"""The search at the top of the window."""

from __future__ import annotations

from kube_field.usecases import views
from kube_field.usecases.session import Session

SHORTEST = 2


def search(session: Session, *, text: str) -> list[views.SearchHit]:
    """People, groups, units, visits and trainings whose words match, tolerant of typing errors; best first."""
    wanted = text.strip()
    return session.store.listings.search(wanted) if len(wanted) >= SHORTEST else []
