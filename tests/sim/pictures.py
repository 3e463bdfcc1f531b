"""Photos of the simulated world: real JPEGs of a few hundred bytes, no two alike, that tell whose they are."""

from __future__ import annotations

import functools

from tests.support.make_picture import make_picture

START_OF_IMAGE, COMMENT = b"\xff\xd8", b"\xff\xfe"


@functools.cache
def _blank() -> bytes:
    return make_picture(8, 8)


def tiny_photo(text: str) -> bytes:
    """A photo with a comment inside."""
    told = text.encode()
    return START_OF_IMAGE + COMMENT + (len(told) + 2).to_bytes(2, "big") + told + _blank()[2:]
