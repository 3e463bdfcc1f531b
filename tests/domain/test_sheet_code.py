"""The code of a visit sheet names a unit and nothing else, and whatever is typed is a unit or none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.sheet_code import MARK, is_sheet_code, read_sheet_code, sheet_code

ids = st.uuids().map(str) | st.text(st.characters(codec="utf-8"), min_size=1, max_size=19)


@given(ids)
def test_a_code_comes_back_as_the_id(uid: str):
    code = sheet_code(uid)
    assert is_sheet_code(code)
    assert read_sheet_code(code) == uid
    assert read_sheet_code(f" {code.lower()}\r\n") == uid


@given(st.text() | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", max_size=60).map(lambda text: MARK + text))
def test_whatever_is_typed_is_an_id_or_none(text: str):
    assert isinstance(read_sheet_code(text), str)


def test_a_code_is_short_and_of_capitals_and_digits():
    code = sheet_code("019ab3c4-51f0-7c3e-9a41-7f3a91bc52d8")
    assert len(code) == 31
    assert code.isalnum()
    assert code.isupper()
