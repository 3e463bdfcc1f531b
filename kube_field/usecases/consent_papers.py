"""The sheet with the privacy notice and the five consents, for one person or blank (handbook 2)."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.domain.dates import show_date
from kube_field.domain.forms.answered import text
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.consent import CONSENT_ITEMS, PDP_CONTACT, PRIVACY_NOTICE, with_contact
from kube_field.domain.identifiers import mask_nik
from kube_field.domain.records import Fact, RecordKind
from kube_field.reports.consent_sheet import Consent, ConsentSheet, render_consent_sheet
from kube_field.usecases.aid_snapshot import home_address
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.papers import DEMO_MARK
from kube_field.usecases.parents import display_name, household_of, village_of
from kube_field.usecases.people import the_record
from kube_field.usecases.session import Session
from kube_field.usecases.snapshots import letterhead


def consent_paper(session: Session, *, person_uid: str = "", printed: bool = True) -> bytes:
    """The sheet of a person with what was answered so far; without one, blank.

    Raises: KubeFieldError VALIDATION when the person is not on this laptop.
    """
    told, kabupaten = _sheet_of(session, person_uid) if person_uid else (_blank(session), "")
    if printed:
        session.store.audit(audit_line(session, "paper.print", RecordKind.CONSENT, person_uid or "kosong"))
    return render_consent_sheet(
        told,
        kop=letterhead(session, kabupaten),
        watermark=DEMO_MARK if session.is_demo else "",
        photos=session.photos.read,
    )


def _notice(session: Session) -> str:
    return with_contact(_(PRIVACY_NOTICE), session.store.setting(PDP_CONTACT))


def _blank(session: Session) -> ConsentSheet:
    return ConsentSheet(_notice(session), [Consent(_(item.label)) for item in CONSENT_ITEMS])


def _sheet_of(session: Session, person_uid: str) -> tuple[ConsentSheet, str]:
    person = the_record(session, person_uid, RecordKind.PERSON)
    newest: dict[str, Fact] = {}
    facts = session.store.facts.of_subject(person_uid, RecordKind.CONSENT)
    for fact in sorted(facts, key=lambda one: (one.occurred_on, one.finalised_at)):
        newest[text(fact.answers, "item")] = fact
    village = village_of(session, person.answers)
    regions = session.reference.regions
    place, kabupaten = regions.village(village), regions.kabupaten(village) if village else None
    home = household_of(session, person)
    told = ConsentSheet(
        notice=_notice(session),
        consents=[_consent(item.code, _(item.label), newest.get(item.code)) for item in CONSENT_ITEMS],
        name=display_name(person.answers),
        nik_masked=mask_nik(text(person.answers, "nik")),
        address=home_address(session, home) or (regions.full_name(village) if village else ""),
        officer=session.officer.name,
        place=place.name if place is not None else "",
        on=max((fact.occurred_on for fact in newest.values()), default=""),
    )
    return told, kabupaten.name if kabupaten is not None else ""


def _consent(code: str, statement: str, fact: Fact | None) -> Consent:
    if fact is None:
        return Consent(statement)
    how = form(RecordKind.CONSENT, fact.form_version).question("how")
    parts = [show_date(fact.occurred_on)]
    if fact.answers.get("how"):
        parts.append(_(how.choice_label(fact.answers["how"])))
    if witness := text(fact.answers, "witness"):
        parts.append(_("saksi {name}").format(name=witness))
    return Consent(statement, fact.answers.get("given") is True, " · ".join(parts))
