"""The least that any honest server does: `baseline_server PORT_FILE POSTGRES_URL`.

One gzipped request, one PostgreSQL transaction with COPY, one connection. No login, no judging, no conflicts, not even
idempotent: what stands above it is the price of all these.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
from pathlib import Path

import psycopg

from tests.bench.peers.visits import AMOUNTS, FIELDS

TYPES = (
    {"id": "uuid PRIMARY KEY", "kube_id": "uuid", "penerima_id": "uuid", "tanggal": "date"}
    | dict.fromkeys(("lat", "lon"), "double precision")
    | dict.fromkeys(AMOUNTS, "bigint")
)
DECLARED = ", ".join(f"{name} {TYPES.get(name, 'text')}" for name in FIELDS)
TABLE = f"CREATE TABLE visits ({DECLARED})"
COLUMNS = ", ".join(FIELDS)


async def serve(port_file: Path, address: str) -> None:
    db = await psycopg.AsyncConnection.connect(address)
    await db.execute(TABLE)
    await db.commit()
    server = await asyncio.start_server(lambda r, w: _answer(r, w, db), "127.0.0.1", 0, limit=1 << 26)
    async with server:
        port_file.write_text(str(server.sockets[0].getsockname()[1]), encoding="utf-8")
        await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, db: psycopg.AsyncConnection) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            sizes = [line.partition(":")[2] for line in head.lower().split("\r\n") if line.startswith("content-length")]
            body = await reader.readexactly(int(sizes[0]) if sizes else 0)
            answer = await _take(body, db) if head.startswith("POST") else await _give(db)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.close()


async def _take(body: bytes, db: psycopg.AsyncConnection) -> bytes:
    visits = [json.loads(line) for line in gzip.decompress(body).splitlines()]
    async with (
        db.transaction(),
        db.cursor() as cursor,
        cursor.copy(f"COPY visits ({COLUMNS}) FROM STDIN") as copy,
    ):
        for visit in visits:
            await copy.write_row([visit[name] for name in FIELDS])
    return json.dumps({"n": len(visits)}).encode()


async def _give(db: psycopg.AsyncConnection) -> bytes:
    async with db.cursor() as cursor:
        await cursor.execute(f"SELECT {COLUMNS} FROM visits")
        rows = await cursor.fetchall()
    await db.commit()
    lines = (
        json.dumps(dict(zip(FIELDS, row, strict=True)), ensure_ascii=False, default=str, separators=(",", ":"))
        for row in rows
    )
    return gzip.compress("\n".join(lines).encode(), 6)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2]))
