"""Changes as they travel, made by hand: what a laptop would send, or what no laptop should."""

from __future__ import annotations

import uuid
import zlib
from datetime import date, timedelta
from typing import Any

from kube_field.domain.records import RecordKind
from kube_field.wire.canonical import change_hash, fact_hash
from kube_field.wire.messages import WireChange
from tests.support import make_answers

SCOPE = "64.02.12"
AT = "2026-11-23T01:00:00.000Z"
AUTHOR = "user-rina"


def make_edit(kind: RecordKind, uid: str, sets: dict[str, Any], **fields: Any) -> WireChange:
    """An edit of an editable record; a value that is no (old, new) pair counts as new."""
    pairs = {name: pair if isinstance(pair, tuple) else (None, pair) for name, pair in sets.items()}
    known: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "scope": SCOPE,
        "form": "2026.1",
        "by": AUTHOR,
        "at": AT,
        "sha256": change_hash(uid, kind.value, pairs),
    }
    return WireChange(uid=uid, kind=kind.value, set=pairs, **{**known, **fields})


def kk_of(uid: str) -> str:
    """The KK number of a household: every uid has its own, so that no two are held for doubles."""
    mark = zlib.crc32(uid.encode())
    return f"640212{1 + mark % 28:02d}{1 + mark // 28 % 12:02d}13{mark // 336 % 9999 + 1:04d}"


def who_is(uid: str) -> dict[str, str]:
    """NIK, name and birth date of a woman: every uid has its own."""
    mark = zlib.crc32(uid.encode())
    born = date(1960, 1, 1) + timedelta(days=mark % 12000)
    nik = f"640212{born.day + 40:02d}{born.month:02d}{born.year % 100:02d}{mark // 12000 % 9999 + 1:04d}"
    letters = "".join(chr(ord("a") + mark // 26**n % 26) for n in range(6))
    return {"nik": nik, "full_name": f"{letters[:3]} {letters[3:]}".title(), "birth_date": born.isoformat()}


def make_household(uid: str = "home-1", **changes: Any) -> WireChange:
    """A new household."""
    answers = make_answers.complete_household(kk_number=kk_of(uid))
    answers.pop("dtsen_rows", None)
    return make_edit(RecordKind.HOUSEHOLD, uid, {**answers, **changes}, create=True)


def make_person(uid: str = "person-1", household: str = "home-1", **changes: Any) -> WireChange:
    """A new woman of a household."""
    home = make_answers.reference_to(household, "Keluarga")
    answers = make_answers.complete_person(household_id=home, **who_is(uid))
    answers.pop("consents")
    return make_edit(RecordKind.PERSON, uid, {**answers, **changes}, create=True)


def make_unit_change(uid: str = "unit-1", **changes: Any) -> WireChange:
    """A new unit of one person."""
    return make_edit(RecordKind.BUSINESS_UNIT, uid, {**make_answers.complete_unit("person"), **changes}, create=True)


def make_fact(
    uid: str = "visit-1",
    kind: RecordKind = RecordKind.VISIT,
    subject: str = "unit-1",
    answers: dict[str, Any] | None = None,
    *,
    body: dict[str, Any] | None = None,
    **fields: Any,
) -> WireChange:
    """A final visit of a unit."""
    content = {
        "form_version": "2026.1",
        "subject_uid": subject,
        "occurred_on": "2026-11-20",
        "answers": answers if answers is not None else make_answers.complete_visit("person"),
        "author_uid": AUTHOR,
        "author_name": "Rina",
        "finalised_at": AT,
        "document_id": f"doc-{uid}",
        "revision": 1,
        "supersedes": "",
        "number": "L07-0001",
        "snapshot": {},
        "confirmed": {},
        "attachments": [],
        **(body or {}),
    }
    known: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "scope": SCOPE,
        "form": "2026.1",
        "by": AUTHOR,
        "at": AT,
        "create": True,
        "sha256": fact_hash(uid, kind.value, content),
    }
    pairs = {name: (None, value) for name, value in content.items()}
    return WireChange(uid=uid, kind=kind.value, set=pairs, **{**known, **fields})
