"""Chain, scope sum and content hash: equal histories agree, any difference shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.records import Attachment, Change, Fact, RecordKind
from kube_field.errors import BugError
from kube_field.wire.canonical import canonical_json, change_hash, content_hash, fact_body, fact_hash, hash_of_change
from kube_field.wire.chain import GENESIS, SUM_MODULUS, link, replaced, weight
from kube_field.wire.changes import from_wire, to_wire

STEPS = st.lists(st.tuples(st.sampled_from("abcde"), st.integers(1, 9), st.text(min_size=1, max_size=5)), max_size=8)


def chain_of(steps) -> str:
    tail = GENESIS
    for seq, (uid, version, change_id) in enumerate(steps, start=1):
        tail = link(tail, "64.02.12", seq, uid, version, change_id)
    return tail


@given(STEPS, STEPS)
def test_two_chains_agree_exactly_when_the_histories_do(left, right):
    assert (chain_of(left) == chain_of(right)) == (left == right)


@given(st.lists(st.sampled_from("abcde"), max_size=30))
def test_the_sum_depends_on_what_stands_and_not_on_the_way_there(edits):
    total, standing = 0, {}
    for uid in edits:
        version = standing.get(uid, 0) + 1
        total = replaced(total, uid, standing.get(uid, 0), version)
        standing[uid] = version
    assert total == sum(weight(uid, version) for uid, version in standing.items()) % SUM_MODULUS
    for uid, version in standing.items():
        total = replaced(total, uid, version, 0)
    assert total == 0


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_the_order_of_keys_changes_nothing(content):
    shuffled = dict(reversed(list(content.items())))
    assert canonical_json(content) == canonical_json(shuffled)
    assert content_hash(content) == content_hash(shuffled)


def test_two_spellings_of_one_letter_are_one_content():
    assert content_hash({"nama": "Re\u0301ni"}) == content_hash({"nama": "R\u00e9ni"})


def test_a_float_has_no_canonical_form():
    with pytest.raises(BugError):
        canonical_json({"berat": 1.5})


@given(st.dictionaries(st.text(min_size=1), st.tuples(VALUES, VALUES), min_size=1, max_size=4))
def test_a_change_keeps_its_hash_on_the_way(sets):
    change = Change(
        "c", "u", RecordKind.PERSON, "64.02.12", 0, "2026.1", sets, "staff", "", change_hash("u", "person", sets)
    )
    back = from_wire(to_wire(change))
    assert hash_of_change(back) == change.sha256
    assert back == change


FACT = Fact(
    uid="visit-1",
    kind=RecordKind.VISIT,
    scope="64.02.12",
    form_version="2026.1",
    subject_uid="unit-1",
    occurred_on="2026-04-20",
    answers={"omzet": 250000, "catatan": "ramai"},
    author_uid="user-rina",
    author_name="Rina",
    finalised_at="2026-04-20T02:00:00.000Z",
    document_id="D1",
    revision=2,
    supersedes="visit-0",
    number="001/LK/IV/2026",
    snapshot={"nama": "Melati"},
    confirmed={"laba": "sesuai catatan"},
    attachments=(Attachment(sha256="ab" * 32, size=7, mime="image/webp", question="tempat_usaha"),),
)


def test_the_hash_of_a_fact_is_the_one_that_stands_on_paper_already():
    """Papers, QR codes and receipts name it: it may never come out differently."""
    assert (
        fact_hash(FACT.uid, FACT.kind, fact_body(FACT))
        == "6c1cd8a028b62b7244c8b5ac5aa7a1c1e4a047eed8e151db427986130caebbf3"
    )


def test_the_hash_of_an_edit_is_the_one_that_receipts_name_already():
    sets = {"phone": ("0811", "0812"), "deleted": (None, True)}
    change = Change("c", "p-1", RecordKind.PERSON, "64.02.12", 0, "2026.1", sets, "staff", "", "")
    assert (
        hash_of_change(change)
        == change_hash("p-1", "person", sets)
        == "a1db3a7baabc24e21c2a0296638e057f8c658db3b744a9b731a2d8315a637e71"
    )


def test_chain_and_weight_are_those_that_laptops_keep_already():
    assert (
        link(GENESIS, "64.02.12", 1, "p-1", 1, "c-1")
        == "cede40c96628c5019904b99c4d5730d25e9c5579c9fc2333a5dcb36098442442"
    )
    assert weight("p-1", 1) == 8415196236414379262
