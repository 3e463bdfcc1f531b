"""A page is a prefix of its scope: head, sum and rows are of one moment, whoever commits while it is read."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from kube_field.server.courier import _pages
from kube_field.server.storage.reading import ScopeReading
from kube_field.wire import chain
from kube_field.wire.courier import Page
from kube_field.wire.messages import Pull, PullAnswer
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.wire_changes import make_household


def online(desk: Desk) -> PullAnswer:
    return desk.pull(seq=0)


def by_stick(desk: Desk) -> PullAnswer:
    asked = Pull(scope=KECAMATAN, seq=0, head=0, chain=chain.GENESIS)
    frames = list(_pages(desk.call(None), [asked], 1_000_000))
    return msgspec.json.decode(frames[0].body, type=Page).page


@pytest.mark.parametrize("ask", [online, by_stick])
def test_what_is_committed_while_a_page_is_read_is_not_half_in_it(
    desk: Desk, ask: Callable[[Desk], PullAnswer], monkeypatch: pytest.MonkeyPatch
):
    desk.push(make_household())
    own, pushed = ScopeReading._rows_after, []

    def after_somebody_pushed(reading: ScopeReading, scope: str, after: int) -> list[dict[str, object]]:
        if not pushed:
            pushed.append("home-2")
            with ThreadPoolExecutor(1) as other:
                assert other.submit(desk.statuses, make_household("home-2")).result(timeout=20) == ["applied"]
        return own(reading, scope, after)

    monkeypatch.setattr(ScopeReading, "_rows_after", after_somebody_pushed)
    page = ask(desk)
    assert [(row.uid, row.seq) for row in page.rows] == [("home-1", 1)]
    assert (page.seq, page.head, page.sum) == (1, 1, str(chain.replaced(0, "home-1", 0, 1)))
    assert [row.uid for row in ask(desk).rows] == ["home-1", "home-2"]
