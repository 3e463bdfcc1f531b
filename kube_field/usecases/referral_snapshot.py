"""What a referral letter shows besides its answers, frozen when finalised (handbook 9.7)."""

from __future__ import annotations

from typing import Any

from kube_field.domain.forms.answered import text, uid
from kube_field.domain.forms.referral import is_restricted
from kube_field.domain.records import Answers
from kube_field.usecases.aid_snapshot import home_address
from kube_field.usecases.parents import display_name, household_of, record_of, reference_name
from kube_field.usecases.session import Session
from kube_field.usecases.snapshots import business_snapshot, common_snapshot


def referral_snapshot(session: Session, *, answers: Answers) -> dict[str, Any]:
    """Everything that the letter shows besides the answers; never the NIK, which a partner needs not."""
    person = record_of(session, answers.get("person_id"))
    home = household_of(session, person) if person is not None else None
    village = text(home.answers, "village_code") if home is not None else ""
    unit = record_of(session, answers.get("unit_id"))
    consent = session.store.facts.get(uid(answers, "consent_id"))
    return {
        **common_snapshot(session, village, text(answers, "sent_on")),
        "person": {
            "name": display_name(person.answers) if person is not None else reference_name(answers.get("person_id")),
            "address": home_address(session, home),
        },
        "business": business_snapshot(session, unit) if unit is not None else {},
        "consent_on": text(consent.answers, "given_on") if consent is not None else "",
        "restricted": is_restricted(answers),
    }
