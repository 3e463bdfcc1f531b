"""Which records an export holds: a list as it is filtered, with what belongs to it, or the whole area of an officer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kube_field.domain.document_state import ChipState
from kube_field.domain.records import RecordKind
from kube_field.usecases import views
from kube_field.usecases.secrecy import seen_by_officer
from kube_field.usecases.session import Session


@dataclass(frozen=True, slots=True)
class Part:
    """Records of one kind: `find` gives their uids in order; `state` keeps only documents in that state."""

    kind: RecordKind
    find: Callable[[], Sequence[str]]
    state: ChipState | None = None
    is_wanted: bool = True
    """False for what stands here only because the list's records name it: no sheet where there is none."""


AREA_KINDS = (
    RecordKind.PERSON,
    RecordKind.HOUSEHOLD,
    RecordKind.CONSENT,
    RecordKind.DESIL_CHECK,
    RecordKind.VALUE_HISTORY,
    RecordKind.KUBE_GROUP,
    RecordKind.MEMBERSHIP,
    RecordKind.BUSINESS_UNIT,
    RecordKind.PROGRAM_BATCH,
    RecordKind.STAFF,
    RecordKind.ASSESSMENT,
    RecordKind.AID,
    RecordKind.VISIT,
    RecordKind.GRADUATION,
    RecordKind.REFERRAL,
    RecordKind.REFERRAL_STATUS,
    RecordKind.TRAINING_EVENT,
    RecordKind.ATTENDANCE,
    RecordKind.TEST_RESULT,
    RecordKind.REVIEW,
    RecordKind.MERGE_DECISION,
)
"""Every kind, in the order of the sheets."""


def parts_of_area(session: Session, kinds: Sequence[RecordKind] = ()) -> tuple[Part, ...]:
    """Everything of the officer's area, or the kinds that were asked for."""
    everything = session.store.selections.everything

    def part(kind: RecordKind) -> Part:
        return Part(kind, lambda: everything(kind), is_wanted=kind in kinds)

    return tuple(part(kind) for kind in AREA_KINDS if not kinds or kind in kinds)


def parts_of_people(session: Session, wanted: views.PersonFilter) -> tuple[Part, ...]:
    """The people of the list, and their families."""
    selections = session.store.selections

    def families() -> Sequence[str]:
        found = selections.families(selections.people(wanted))
        return tuple(dict.fromkeys(found.values()))

    return (
        Part(RecordKind.PERSON, lambda: selections.people(wanted)),
        Part(RecordKind.HOUSEHOLD, families, is_wanted=False),
    )


def parts_of_consents(session: Session, wanted: views.PersonFilter) -> tuple[Part, ...]:
    """The people of the list and what they consented to."""
    selections = session.store.selections
    people, families = parts_of_people(session, wanted)
    consents = Part(
        RecordKind.CONSENT,
        lambda: selections.hanging_on(RecordKind.CONSENT, "subject_uid", selections.people(wanted)),
    )
    return people, consents, families


def parts_of_units(session: Session, uids: Sequence[str]) -> tuple[Part, ...]:
    """These businesses and the minutes of what they received."""
    minutes = Part(
        RecordKind.AID,
        lambda: session.store.selections.hanging_on(RecordKind.AID, "subject_uid", uids),
        is_wanted=False,
    )
    return Part(RecordKind.BUSINESS_UNIT, lambda: uids), minutes


def parts_of_groups(session: Session, wanted: views.GroupFilter) -> tuple[Part, ...]:
    """The groups of the list, who belongs to them, and their businesses."""
    selections = session.store.selections

    def of_groups(kind: RecordKind) -> Callable[[], Sequence[str]]:
        return lambda: selections.hanging_on(kind, "group_id", selections.groups(wanted))

    return (
        Part(RecordKind.KUBE_GROUP, lambda: selections.groups(wanted)),
        Part(RecordKind.MEMBERSHIP, of_groups(RecordKind.MEMBERSHIP)),
        Part(RecordKind.BUSINESS_UNIT, of_groups(RecordKind.BUSINESS_UNIT), is_wanted=False),
    )


def parts_of_documents(
    session: Session, wanted: views.DocumentFilter, kinds: Sequence[RecordKind], state: ChipState | None = None
) -> tuple[Part, ...]:
    """The final documents of the list; drafts stay where they are."""
    seen = seen_by_officer(session, wanted)
    chosen = [kind for kind in kinds if wanted.kind in (None, kind)]

    def part(kind: RecordKind) -> Part:
        return Part(kind, lambda: session.store.selections.documents(seen, kind), state)

    return tuple(part(kind) for kind in chosen)


def parts_of_trainings(session: Session, uids: Sequence[str]) -> tuple[Part, ...]:
    """These trainings with their attendance and test results."""
    selections = session.store.selections

    def about(kind: RecordKind) -> Callable[[], Sequence[str]]:
        return lambda: selections.hanging_on(kind, "subject_uid", uids)

    return (
        Part(RecordKind.TRAINING_EVENT, lambda: uids),
        Part(RecordKind.ATTENDANCE, about(RecordKind.ATTENDANCE)),
        Part(RecordKind.TEST_RESULT, about(RecordKind.TEST_RESULT), is_wanted=False),
    )
