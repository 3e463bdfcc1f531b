"""SQLCipher gives the rest of a long text as zeros when its page went bad; that is damage, not a mistake of ours."""

from __future__ import annotations

import msgspec
import pytest

from kube_field.errors import Failure, KubeFieldError
from kube_field.storage.rows import dump, load


@pytest.mark.parametrize("read", [None, msgspec.json.decode])
@pytest.mark.parametrize("good", range(1, 40, 6))
def test_zeros_behind_any_part_of_a_text_are_damage(good: int, read):
    whole = dump({"catatan": "panjang sekali", "n": [1, 2, 3], "ada": True})
    ways = () if read is None else (read,)
    assert load(whole, *ways) == {"catatan": "panjang sekali", "n": [1, 2, 3], "ada": True}
    with pytest.raises(KubeFieldError) as told:
        load(whole[:good] + "\0" * (len(whole) - good), *ways)
    assert told.value.failure == Failure.INTEGRITY
