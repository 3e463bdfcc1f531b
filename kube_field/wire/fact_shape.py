"""What every laptop needs of a fact's body, whoever wrote it.

The server refuses a fact that has it not; a laptop keeps one that an older server took in, but does not show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct, ValidationError, convert, field
from msgspec.structs import fields

MOST_REVISIONS = 1_000_000
LARGEST_PHOTO = 2**53
LAST_YEAR = 9999
LEAST, MOST = -(2**63), 2**63 - 1
"""Between these lie the whole numbers that every database takes."""

Filled = Annotated[str, Meta(min_length=1)]
Day = Annotated[str, Meta(min_length=10, max_length=10)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class PhotoShape(Struct):
    """A photo that a fact names."""

    sha256: Sha256
    size: Annotated[int, Meta(ge=0, le=LARGEST_PHOTO)]
    mime: str
    question: str


class FactShape(Struct):
    """A fact's body; what a laptop can do without has a value."""

    form_version: str
    subject_uid: Filled
    occurred_on: Day
    answers: dict[str, Any]
    author_uid: str
    author_name: str
    finalised_at: Filled
    document_id: str = ""
    revision: Annotated[int, Meta(ge=0, le=MOST_REVISIONS)] = 1
    supersedes: str = ""
    number: str = ""
    snapshot: dict[str, Any] = field(default_factory=dict)
    confirmed: dict[str, Any] = field(default_factory=dict)
    attachments: list[PhotoShape] = field(default_factory=list)


FIELDS = {one.encode_name: one for one in fields(FactShape)}
"""The keys of a fact's body that this program knows."""


def shape_of(body: Mapping[str, Any]) -> FactShape | None:
    """The body as every laptop can use it; None for one that lacks something, or has it in another form."""
    try:
        shape = convert(body, FactShape)
    except ValidationError:
        return None
    return shape if _is_day(shape.occurred_on) and _is_instant(shape.finalised_at) else None


def misshapen(body: Mapping[str, Any]) -> list[str]:
    """The fields of a body that are missing, or that no laptop can use as they are."""
    return [] if shape_of(body) is not None else [name for name in FIELDS if not _is_well(name, body)]


def numbers_fit(value: Any) -> bool:
    """True when every whole number inside JSON is one that every database takes."""
    to_see = [value]
    for one in to_see:  # it grows meanwhile
        kind = type(one)
        if kind is dict:
            to_see += one.values()
        elif kind is list or kind is tuple:
            to_see += one
        elif kind is int and not LEAST <= one <= MOST:
            return False
    return True


def _is_well(name: str, body: Mapping[str, Any]) -> bool:
    if name not in body:
        return not FIELDS[name].required
    try:
        value = convert(body[name], FIELDS[name].type)
    except ValidationError:
        return False
    if name == "occurred_on":
        return _is_day(value)
    return _is_instant(value) if name == "finalised_at" else True


def _is_day(text: str) -> bool:
    return text[4] == text[7] == "-" and _read(text) is not None


def _is_instant(text: str) -> bool:
    """True for an instant that can be told on the clocks of every zone."""
    moment = _read(text)
    return moment is not None and 1 < moment.year < LAST_YEAR


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
