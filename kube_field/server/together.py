"""Single changes and a table of new facts that came in one batch: decided one after the other, written once.

Every record of both is locked first, and the heads of the feeds last (sync design 5). Were the changes written whole
before the facts are looked at, this batch would hold heads while it waits for records, and whoever holds one of these
waits for the heads.
"""

from __future__ import annotations

from collections.abc import Sequence

from kube_field.server.arrivals import arrived
from kube_field.server.fast_facts import Accepted, Beside, FastFacts
from kube_field.server.intake import Intake
from kube_field.wire.messages import ChangeResult


class Together(Intake):
    """Takes in a batch of both kinds; what is in the table may hang on the single changes."""

    def take_both(
        self, raws: Sequence[bytes], facts: Sequence[bytes], fast: FastFacts
    ) -> tuple[list[ChangeResult], Accepted | None]:
        """The result of each single change, and what became of the table: where that is None, of each fact too."""
        plain = fast.read(facts, hashed=True)
        if plain is None:
            return self.take([*raws, *facts]), None
        items = [arrived(raw) for raw in raws]
        self._look_up(items, plain.uids | plain.people, plain.parents)
        self._decide_all(items)
        accepted = fast.accept(plain, self._beside())
        if accepted is not None:
            return self._close(items, accepted.facts), accepted
        others = [arrived(raw) for raw in facts]
        self._look_up(others)
        self._decide_all(others)
        return self._close([*items, *others]), None

    def _beside(self) -> Beside:
        work = self._batch.work
        scopes = {uid: record.scope for uid, record in work.records.items()}
        return Beside(scopes, work.decisions.keys(), frozenset(work.held.values()))
