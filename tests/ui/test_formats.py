"""How figures look on screen."""

import pytest

from kube_field.ui.formats import percent_change


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        (1_000_000, 1_140_000, "+14 %"),
        (1_000_000, 800_000, "−20 %"),
        (1_000_000, 0, "−100 %"),
        (1_000_000, 12_000_000, "12 kali lipat"),
        (9_600_000, -2_200_000, "–"),
        (-500_000, 300_000, "–"),
        (-500_000, -700_000, "–"),
        (0, 500_000, ""),
        (500_000, 500_000, ""),
    ],
)
def test_a_change_in_percent_is_told_only_between_two_gains(before, now, shown):
    assert percent_change(before, now) == shown
