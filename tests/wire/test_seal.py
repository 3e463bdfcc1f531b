"""The seal of a report comes back as it was made, and any change of it is noticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.key_figures import KeyFigures, key_figures, unit_name
from kube_field.wire.seal import (
    FIRST_DAY,
    MARK,
    MOST_OF_A_UNIT,
    SEAL,
    Seal,
    SealError,
    content_of,
    key_name,
    read_seal,
    seal_of,
    seal_text,
    unsigned_seal,
)
from tests.support.make_papers import make_visit_fact
from tests.support.make_seals import PRIVATE, PUBLIC, seal_for, sealed_visit

SMALL_SIDE = 61
"""Modules of the code of a long report: 0.43 mm each on 26 mm."""

amounts = st.none() | st.integers(-(10**15), 10**15)
letters = st.characters(codec="utf-8")
seals = st.builds(
    Seal,
    key=st.binary(min_size=8, max_size=8).map(bytes.hex),
    uid=st.uuids().map(str) | st.text(letters, min_size=1, max_size=15),
    revision=st.integers(1, 300),
    on=st.dates(FIRST_DAY, date(2150, 1, 1)),
    number=st.text(letters, max_size=20),
    unit=st.text(letters, max_size=10),
    figures=st.builds(KeyFigures, amounts, amounts, amounts, st.none() | st.integers(0, 100)),
    content=st.binary(min_size=32, max_size=32).map(bytes.hex),
)


def make_seal() -> Seal:
    return seal_for(make_visit_fact())


@given(seals)
def test_a_seal_comes_back_as_it_was_made(seal: Seal):
    signed = seal.signed(PRIVATE)
    assert read_seal(seal_text(signed)) == signed
    assert signed.is_signed_by(PUBLIC)


@given(seals, st.data())
def test_a_flipped_bit_is_never_taken_for_the_seal(seal: Seal, data: st.DataObject):
    """One bit is five of a base32 letter, so any change of the code is a change of letters like this."""
    text = seal_text(seal.signed(PRIVATE))
    at = data.draw(st.integers(len(MARK), len(text) - 2))
    other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").filter(lambda letter: letter != text[at]))
    try:
        read = read_seal(text[:at] + other + text[at + 1 :])
    except SealError:
        return
    assert not read.is_signed_by(PUBLIC)


@given(st.text() | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", max_size=400).map(lambda text: MARK + text))
def test_whatever_a_code_holds_is_a_seal_or_refused(text: str):
    try:
        read = read_seal(text)
    except SealError:
        return
    assert not read.is_signed_by(PUBLIC)


@given(seals, st.integers(1, 80))
def test_a_seal_that_ends_too_early_or_goes_on_is_refused(seal: Seal, cut: int):
    text = seal_text(seal.signed(PRIVATE))
    with pytest.raises(SealError):
        read_seal(text[:-cut] if cut > 1 else f"{text[:-2]}AAAAAAAAAA")


def test_a_seal_of_a_later_version_is_refused():
    with pytest.raises(SealError):
        read_seal(MARK + "AI" + seal_text(make_seal())[len(MARK) + 2 :])


def test_a_scanner_may_type_small_letters_and_line_feeds():
    seal = make_seal()
    text = seal_text(seal).lower()
    assert read_seal(f" {text[:50]}\n{text[50:]}\r\n") == seal


def test_another_laptops_key_does_not_fit():
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw().hex()
    assert not make_seal().is_signed_by(other)
    assert not make_seal().is_signed_by("no key")


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "400.9/L07-0013/KUNJ/KKR/XI/2026"},
        {"unit": "KUBE Lain"},
        {"on": date(2026, 11, 24)},
        {"revision": 2},
        {"figures": KeyFigures(7_450_000, 2_425_000, 5_300_000, 80)},
        {"content": "00" * 32},
    ],
)
def test_the_signature_covers_everything_that_is_said(changed: dict[str, object]):
    assert not replace(make_seal(), **changed).is_signed_by(PUBLIC)


def test_what_a_report_of_a_group_says():
    seal = make_seal()
    assert (seal.unit, seal.number, seal.on) == (
        "KUBE Melati Contoh", "400.9/L07-0012/KUNJ/KKR/XI/2026", date(2026, 11, 23),
    )  # fmt: skip
    assert seal.figures == KeyFigures(revenue_idr=7_450_000, profit_idr=2_425_000, capital_idr=5_300_000, score=None)


def test_the_code_never_names_a_person():
    snapshot = {"owner_kind": "person", "owner_name": "Melati Contoh", "business": {"idea_name": "Kue basah"}}
    assert unit_name(make_visit_fact(None, snapshot)) == "Kue basah"


def test_a_frozen_seal_is_made_anew_from_the_fact_letter_by_letter():
    seal = make_seal()
    frozen = sealed_visit(make_visit_fact())
    found = seal_of(frozen, key_figures(frozen), unit_name(frozen))
    assert found is not None
    assert seal_text(found) == seal_text(seal)
    assert content_of(frozen) == seal.content != frozen.sha256


@pytest.mark.parametrize("kept", [None, "x", {}, {"version": 9}, {"version": 1, "key": "zz", "signature": "%"}])
def test_a_frozen_seal_that_makes_no_sense_is_none(kept: object):
    fact = make_visit_fact()
    broken = make_visit_fact(None, {**fact.snapshot, SEAL: kept})
    assert seal_of(broken, key_figures(broken), "KUBE") is None


def test_the_spelling_of_the_first_version_never_changes():
    """Reports on paper are read by every later program."""
    seal = Seal(
        key="0102030405060708", uid="019ab3c4-51f0-7c3e-9a41-7f3a91bc52d8", revision=2, on=date(2026, 11, 23),
        number="400.9/L07-0012/KUNJ/KKR/XI/2026", unit="KUBE Melati", figures=KeyFigures(7_450_000, -25_000, None, 79),
        content="ab" * 32,
    )  # fmt: skip
    assert seal_text(seal.signed(PRIVATE)) == FIRST_SPELLING


FIRST_SPELLING = (
    "KFLAEAQEAYEAUDAOCAAAGNLHRCR6B6D5GSBP45JDPCS3ABN6TA7GQYDALRZF5GDANZNGAYDCMRPJNKU4SRPJNFVEL2YJEXTEMBSG"
    "YFUWVKCIUQE2ZLMMF2GTINWRUD5BBQDACPQDK5LVOV2XK5LVOV2XK5LVOV2XK5LVOV2XK5LVOV2XK5LVOV2XK5LWZV3BKG3DKIDF"
    "WV7WWJZXDHW7RSPCKQFFJMSXBXGQMTIAWIO4LU72VFYHEGSRTTKSNAVM65TGR5IP3M6SFBKN33CIIGYOILUYUIRKDA"
)


@given(st.text("Éabc 😀", max_size=60), st.integers(0, 10**12))
def test_the_code_stays_small_enough_for_a_photographed_page(unit: str, amount: int):
    fact = make_visit_fact()
    figures = KeyFigures(amount, -amount, amount, 100)
    seal = unsigned_seal(fact, figures, unit, key_name(PUBLIC)).signed(PRIVATE)
    assert len(seal.unit.encode()) <= MOST_OF_A_UNIT
    assert unit.startswith(seal.unit)
    text = seal_text(seal)
    assert len(text) * 5 // 8 < 250
    code = segno.make(text, error="m", micro=False, boost_error=False)
    assert code.mode == "alphanumeric"
    assert code.symbol_size(border=0)[0] <= SMALL_SIDE


def test_days_are_told_from_the_year_2000_on():
    fact = make_visit_fact(occurred_on="1999-12-31")
    seal = unsigned_seal(fact, key_figures(fact), "", key_name(PUBLIC))
    assert seal.on == FIRST_DAY - timedelta(days=1)
    with pytest.raises(ValueError, match="negative"):
        seal.signed(PRIVATE)
