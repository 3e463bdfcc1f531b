"""The least that any honest laptop does: `baseline_client write|push|pull FOLDER COUNT URL`.

Plain SQLite in WAL and FULL; push is one gzipped request, pull one answer into one transaction.
"""

from __future__ import annotations

import gzip
import http.client
import json
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.bench.peers.own_process import each, peak_mib, say
from tests.bench.peers.visits import AMOUNTS, FIELDS, digest, visits

TYPES = dict.fromkeys(AMOUNTS, "INTEGER") | {"id": "TEXT PRIMARY KEY", "lat": "REAL", "lon": "REAL"}
DECLARED = ", ".join(f"{name} {TYPES.get(name, 'TEXT')}" for name in FIELDS)
TABLE = f"CREATE TABLE IF NOT EXISTS visits ({DECLARED}, sent)"
INSERT = f"INSERT INTO visits ({', '.join(FIELDS)}, sent) VALUES ({', '.join('?' * len(FIELDS))}, 0)"
SELECT = f"SELECT {', '.join(FIELDS)} FROM visits"


def main(phase: str, folder: Path, count: int, url: str) -> None:
    begun = time.perf_counter()
    db = _open(folder / ("second.db" if phase == "pull" else "client.db"))
    road = http.client.HTTPConnection(urlsplit(url).netloc)
    try:
        if phase == "write":
            say(each(list(visits(count)), lambda visit: _write(db, [visit])))
        elif phase == "push":
            size = _push(db, road)
            say({"seconds": time.perf_counter() - begun, "up": size})
        else:
            size = _pull(db, road)
            seconds = time.perf_counter() - begun
            say({"seconds": seconds, "down": size, "peak_mib": peak_mib(), "digest": digest(_rows(db))})
    finally:
        road.close()
        db.close()


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute(TABLE)
    return db


def _write(db: sqlite3.Connection, new: list[dict[str, Any]]) -> None:
    db.execute("BEGIN IMMEDIATE")
    db.executemany(INSERT, ([visit[name] for name in FIELDS] for visit in new))
    db.execute("COMMIT")


def _rows(db: sqlite3.Connection, condition: str = "") -> list[dict[str, Any]]:
    return [dict(zip(FIELDS, row, strict=True)) for row in db.execute(SELECT + condition)]


def _push(db: sqlite3.Connection, road: http.client.HTTPConnection) -> int:
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in _rows(db, " WHERE sent = 0"))
    body = gzip.compress("\n".join(lines).encode(), 6)
    road.request("POST", "/push", body, {"Content-Encoding": "gzip"})
    answer = road.getresponse()
    answer.read()
    assert answer.status == 200
    db.execute("UPDATE visits SET sent = 1 WHERE sent = 0")
    return len(body)


def _pull(db: sqlite3.Connection, road: http.client.HTTPConnection) -> int:
    road.request("GET", "/pull")
    body = road.getresponse().read()
    _write(db, [json.loads(line) for line in gzip.decompress(body).splitlines()])
    return len(body)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
