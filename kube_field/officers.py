"""Who works on this laptop, kept in the encrypted database beside his key slot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from gettext import gettext as _
from typing import Any

from kube_field.domain.records import Officer, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.storage.store import LocalStore
from kube_field.usecases.sync import sync_store
from kube_field.wire.messages import Person

OFFICER_SETTING = "officer."


@dataclass(frozen=True, slots=True)
class KeptOfficer:
    """An officer of this laptop; `former` are uids that he wrote under before the server named him."""

    officer: Officer
    enrolled: bool = False
    former: tuple[str, ...] = ()

    def named(self, person: Person) -> KeptOfficer:
        """The same officer as the server knows him."""
        before = self.officer.uid
        former = (*self.former, before) if before not in (person.uid, *self.former) else self.former
        return KeptOfficer(officer_of(person), enrolled=True, former=former)


def officer_of(person: Person) -> Officer:
    """An officer as the server told him."""
    return Officer(
        uid=person.uid,
        name=person.name,
        role=Role(person.role),
        areas=tuple(person.areas),
        employee_number=person.employee_number,
        office=person.office,
    )


def keep_officer(store: LocalStore, user: str, kept: KeptOfficer) -> None:
    """Store who works under this user name."""
    written = {**asdict(kept.officer), "enrolled": kept.enrolled, "former": kept.former}
    store.put_setting(OFFICER_SETTING + user, json.dumps(written, ensure_ascii=False))


def is_kept(store: LocalStore, user: str) -> bool:
    """True when it is known who works under this user name."""
    return bool(store.setting(OFFICER_SETTING + user))


def kept_officer(store: LocalStore, user: str) -> KeptOfficer:
    """Who works under this user name. Raises: KubeFieldError with INTEGRITY when nobody is known."""
    text = store.setting(OFFICER_SETTING + user)
    if not text:
        raise KubeFieldError(
            Failure.INTEGRITY,
            _("Data petugas {user} tidak ditemukan di laptop ini.").format(user=user),
            _("Minta petugas lain membuka laptop, lalu daftarkan ulang. Data Anda tidak berubah."),
        )
    return _read(json.loads(text), sync_store(store).meta("user_uid"))


def _read(kept: Mapping[str, Any], first_uid: str) -> KeptOfficer:
    officer = Officer(
        uid=kept["uid"],
        name=kept["name"],
        role=Role(kept["role"]),
        areas=tuple(kept["areas"]),
        employee_number=kept.get("employee_number", ""),
        office=kept.get("office", ""),
    )
    return KeptOfficer(officer, kept.get("enrolled", officer.uid == first_uid), tuple(kept.get("former", ())))
