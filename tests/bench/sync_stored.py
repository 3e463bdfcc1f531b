"""Pulling twenty changes where a thousand, and where a million records are stored: the cost follows the changes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from kube_field.reference import load_reference
from kube_field.sync.transports.http import HttpTransport
from kube_field.wire.enrolment import Enrol
from kube_field.wire.messages import Pull
from tests.bench.measure import Row, by_turns
from tests.bench.sync_parties import KECAMATAN, our_server

CHANGES, ROUNDS = 20, 60
FEW = 1_000
OWN_SHARE = 16
"""One record in so many is of the laptop's own kecamatan, the others of all kecamatan of the province."""

FILL = (
    "CREATE TEMP TABLE filling AS SELECT 'isi-' || n AS uid, (CASE WHEN n %% {share} = 0 THEN '{own}'"
    " ELSE (%(others)s::text[])[1 + n %% %(kinds)s] END) AS scope, n FROM generate_series(1, %(count)s) AS n",
    "CREATE TEMP TABLE placed AS SELECT uid, scope, n, row_number() OVER (PARTITION BY scope ORDER BY n) AS seq"
    " FROM filling",
    "INSERT INTO record (uid, kind, scope, version, subject_uid, occurred_on, author_uid, body, extra, sha256, deleted,"
    " updated_at) SELECT uid, 'visit', scope, 1, 'unit', '2026-11-01', 'petugas',"
    " '{{\"catatan\":\"' || repeat(md5(uid), 20) || '\"}}', '{{}}', md5(uid) || md5(scope), 0, '' FROM placed",
    "INSERT INTO scope_index (scope, uid, seq, version, kind, state)"
    " SELECT scope, uid, seq, 1, 'visit', 'put' FROM placed",
    "INSERT INTO feed (scope, seq, uid, version, change_id, chain, at)"
    " SELECT scope, seq, uid, 1, uid, 'rantai-' || seq, '' FROM placed",
    "INSERT INTO scope_head (scope, head, chain, sum) SELECT scope, max(seq), 'rantai-' || max(seq), '0' FROM placed"
    " GROUP BY scope",
)


def rows_of_stored(count: int) -> list[Row]:
    """Pulling the newest twenty changes with `count` and with a thousand records stored, by turns."""
    with stored_server(count) as many, stored_server(FEW) as few:
        pairs = by_turns(many, few, ROUNDS)
    return [pairs.row(f"pull of {CHANGES} changes, {count:,} records stored against {FEW:,}")]


@contextmanager
def stored_server(stored: int) -> Iterator[Callable[[], None]]:
    """A server with so many records; what is given pulls the newest twenty changes of a kecamatan over the wire."""
    with tempfile.TemporaryDirectory() as name, our_server(Path(name)) as party:
        head = fill(party.database, stored)
        with HttpTransport(party.url) as desk:
            token = desk.enrol(Enrol(code=party.code("ada"))).token
        wanted = Pull(scope=KECAMATAN, seq=head - CHANGES, head=head, chain=f"rantai-{head}")

        def pull() -> None:
            assert len(transport.pull(wanted).rows) == CHANGES

        with HttpTransport(party.url, token) as transport:
            yield pull


def fill(database: str, count: int) -> int:
    """Store so many records as if they had been pushed; the head of the laptop's own kecamatan."""
    regions = load_reference().regions
    everywhere = [area.code for regency in regions.all_kabupaten() for area in regions.kecamatan_in(regency.code)]
    others = [code for code in everywhere if code != KECAMATAN]
    given = {"others": others, "kinds": len(others), "count": count}
    with psycopg.connect(database) as connection:
        for statement in FILL:
            text = statement.format(share=OWN_SHARE, own=KECAMATAN)
            connection.execute(text, given if "%(" in text else None)  # type: ignore[arg-type]
        row = connection.execute("SELECT head FROM scope_head WHERE scope = %s", [KECAMATAN]).fetchone()
    assert row is not None
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")  # else what was filled in is still being written while it is measured
    return int(row[0])
