"""What came before: the documents of one subject in order of their day, void ones left out."""

from __future__ import annotations

from typing import Any

from kube_field.domain.records import Draft, Fact, RecordKind
from kube_field.usecases.session import Session

FIGURES = "revenue_idr"
"""A visit that asked this question has figures to compare with."""


def documents_of(session: Session, subject_uid: str, kind: RecordKind) -> list[Fact]:
    """The newest revision of every document of a subject that was not declared void, oldest day first."""
    newest: dict[str, Fact] = {}
    for fact in session.store.facts.of_subject(subject_uid, kind):
        known = newest.get(fact.document_id)
        if known is None or known.revision < fact.revision:
            newest[fact.document_id] = fact
    living = [fact for fact in newest.values() if session.store.listings.standing(fact.uid).review != "void"]
    return sorted(living, key=lambda fact: (fact.occurred_on, fact.finalised_at))


def earlier_documents(session: Session, draft: Draft, day: str = "") -> list[Fact]:
    """Documents of the draft's subject before it: other documents, not of a later day, oldest first."""
    others = [
        fact
        for fact in documents_of(session, draft.subject_uid, draft.kind)
        if fact.document_id != draft.document_id and (not day or fact.occurred_on <= day)
    ]
    return others


def previous_of(session: Session, draft: Draft) -> Fact | None:
    """The document to compare with: the last one with figures, else the last one."""
    day = draft.answers.get("visited_on") or draft.answers.get("assessed_on")
    return best_to_compare(earlier_documents(session, draft, day if isinstance(day, str) else ""))


def best_to_compare(earlier: list[Fact]) -> Fact | None:
    """The last document with figures; a visit that met nobody has none."""
    with_figures = [fact for fact in earlier if FIGURES in fact.answers]
    return next(reversed(with_figures or earlier), None)


def known_of_previous(earlier: list[Fact]) -> dict[str, Any]:
    """What rules compare a visit with: the last figures, and the promises of the very last visit."""
    figures = best_to_compare(earlier)
    if figures is None:
        return {}
    last = earlier[-1].answers
    promised = {"support_needed": last["support_needed"]} if "support_needed" in last else {}
    kept = {code: value for code, value in figures.answers.items() if code != "support_needed"}
    return {**kept, "visited_on": earlier[-1].occurred_on, **promised}
