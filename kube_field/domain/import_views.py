"""What is known of records that a row of a list may be about: enough to tell whether it is the same one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonToMatch:
    """A person by what a list says of people; `village_code` is the family's."""

    uid: str
    nik: str
    name: str
    birth_date: str
    village_code: str


@dataclass(frozen=True, slots=True)
class FamilyToMatch:
    """A family by what a list says of families."""

    uid: str
    kk_number: str
    head_name: str
    village_code: str
    rt: int | None
