"""A proof of possession fits one laptop and one content."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kube_field.wire.possession import challenge_for, photo_proof, proves

KEY = bytes(32)


@given(st.binary(max_size=400), st.binary(max_size=400), st.text(max_size=20), st.text(max_size=20))
def test_a_proof_holds_for_its_own_bytes_and_laptop_only(content: bytes, other: bytes, ours: str, theirs: str):
    challenge = challenge_for(KEY, ours)
    proof = photo_proof(challenge, content)
    assert proves(proof, challenge, content)
    assert proves(proof, challenge, other) == (content == other)
    assert proves(proof, challenge_for(KEY, theirs), content) == (ours == theirs)


@given(st.text(max_size=80))
def test_any_other_text_is_no_proof(text: str):
    assert not proves(text, challenge_for(KEY, "laptop"), b"photo")
