"""The rows of a download as a table; the content hash of a fact is computed anew where it arrives.

So a laptop knows by its own arithmetic that what it stores is what receipt and paper name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from kube_field.domain.records import EDITABLE_KINDS, RecordKind
from kube_field.wire.columns import Table, columns_of, hashes_proof, rows_of
from kube_field.wire.messages import Row
from kube_field.wire.new_facts import hash_of_content

FACTS = frozenset(kind.value for kind in RecordKind if kind not in EDITABLE_KINDS)
NOT_TOLD = 0
"""Where a row stands in the feed: of a table's rows only the page says how far they go."""
STANDS = "put"


def table_of_rows(rows: Sequence[Row]) -> Table:
    """Rows of a page, one at least, as a table."""
    return Table(n=len(rows), columns=columns_of([_told(row) for row in rows]), proof=_proof(rows))


def rows_in(table: Table) -> list[Row]:
    """The rows of a page. Raises: ValueError where they are not what the server has."""
    try:
        rows = [_row(row) for row in rows_of(table.columns, table.n)]
    except (msgspec.ValidationError, TypeError) as error:
        raise ValueError("no rows") from error
    if _proof(rows) != table.proof:
        raise ValueError("other contents than the server's")
    return rows


def _told(row: Row) -> dict[str, Any]:
    told: dict[str, Any] = {"uid": row.uid, "v": row.v, "k": row.k}
    if row.st != STANDS:
        return {**told, "st": row.st}
    told |= {"by": row.by, "body": row.body}
    return told if row.k in FACTS and row.sha else {**told, "sha": row.sha}


def _row(told: dict[str, Any]) -> Row:
    row = Row(seq=NOT_TOLD, **told)
    if row.st == STANDS and row.k in FACTS and "sha" not in told:
        row.sha = hash_of_content(row.uid, row.k, row.body)
    return row


def _proof(rows: Sequence[Row]) -> str:
    return hashes_proof(row.sha for row in rows)
