"""The chip of a record: green is only what the server holds in exactly this content, and that does not wait again."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from kube_field.domain.document_state import Chip, ChipState, Standing, chip_of

AT = "2026-08-14T02:22:00.000Z"
SENT = Standing(outbox="acked", receipt_at=AT, receipt_matches=True)
GREEN = frozenset({ChipState.SENT, ChipState.SENT_PHOTOS_PENDING, ChipState.ACCEPTED})


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing(is_draft=True), ChipState.DRAFT),
        (Standing(outbox="queued"), ChipState.WAITING),
        (Standing(outbox="sent"), ChipState.SENDING),
        (Standing(outbox="acked"), ChipState.WAITING),
        (Standing(), ChipState.SENT),
        (SENT, ChipState.SENT),
        (replace(SENT, photos_there=2, photos_expected=5), ChipState.SENT_PHOTOS_PENDING),
        (replace(SENT, outbox="queued"), ChipState.WAITING),
        (replace(SENT, outbox="sent"), ChipState.SENDING),
        (replace(SENT, outbox="held"), ChipState.HELD),
        (replace(SENT, verdict="rejected"), ChipState.NEEDS_REPAIR),
        (replace(SENT, verdict="quarantined"), ChipState.QUARANTINED),
        (replace(SENT, verdict="failed"), ChipState.FAILED),
        (replace(SENT, review="accepted"), ChipState.ACCEPTED),
        (replace(SENT, review="accepted", outbox="queued"), ChipState.WAITING),
        (replace(SENT, review="returned", outbox="queued"), ChipState.RETURNED),
        (replace(SENT, review="void"), ChipState.VOID),
        (Standing(review="accepted"), ChipState.ACCEPTED),
        (replace(SENT, open_conflict=True), ChipState.CONFLICT),
    ],
)
def test_the_first_line_that_holds_gives_the_chip(standing: Standing, state: ChipState) -> None:
    assert chip_of(standing).state == state


def test_nothing_that_waits_or_was_set_aside_is_ever_green() -> None:
    for outbox, verdict, matches, review, there in product(
        ("queued", "sent", "held", "acked"),
        ("", "rejected", "quarantined", "failed"),
        (False, True),
        ("", "accepted", "returned", "void"),
        (0, 5),
    ):
        standing = Standing(
            outbox=outbox,
            verdict=verdict,
            receipt_matches=matches,
            review=review,
            photos_there=there,
            photos_expected=5,
        )
        if outbox in ("queued", "sent") or (not review and (outbox == "held" or verdict or not matches)):
            assert chip_of(standing).state not in GREEN, standing


def test_the_numbers_of_the_photos_and_the_instant_go_with_the_chip() -> None:
    told = chip_of(replace(SENT, photos_there=2, photos_expected=5))
    assert told == Chip(ChipState.SENT_PHOTOS_PENDING, photos_there=2, photos_expected=5, at=AT)
