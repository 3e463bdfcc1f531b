"""Anki on the same visits: `anki_client prepare|push|pull FOLDER COUNT URL`, run in a venv that has anki.

A visit is a note, one field for each of its own. `prepare` with a count uploads an empty collection, with 0 it
downloads that one, so that what is measured then is an ordinary run with news and not the transfer of a file.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from anki.collection import AddNoteRequest, Collection  # type: ignore[import-not-found]
from anki.decks import DeckId  # type: ignore[import-not-found]

from tests.bench.peers.own_process import peak_mib, say
from tests.bench.peers.visits import FIELDS, digest, visits

KIND = "Kunjungan"


def main(phase: str, folder: Path, count: int, url: str) -> None:
    """One phase of one laptop: both are prepared, then one pushes and the other one pulls."""
    collection = Collection(str(folder / "collection.anki2"))
    try:
        login = collection.sync_login("bench", "bench", url)
        if phase == "prepare":
            _prepare(collection, login, upload=bool(count))
            return say({"ready": True})
        if phase == "push":
            _write(collection, count)
        begun = time.perf_counter()
        collection.sync_collection(login, sync_media=False)
        seconds = time.perf_counter() - begun
        peak = peak_mib()
        say({"seconds": seconds, "peak_mib": peak, "notes": collection.note_count(), "digest": _digest(collection)})
    finally:
        collection.close()


def _prepare(collection: Collection, login: Any, *, upload: bool) -> None:
    if upload:
        kind = collection.models.new(KIND)
        for name in FIELDS:
            collection.models.add_field(kind, collection.models.new_field(name))
        template = collection.models.new_template("satu")
        template["qfmt"], template["afmt"] = "{{id}}", "{{tanggal}}"
        collection.models.add_template(kind, template)
        collection.models.add(kind)
    collection.close_for_full_sync()
    collection.full_upload_or_download(auth=login, server_usn=None, upload=upload)
    collection.reopen(after_full_sync=True)


def _write(collection: Collection, count: int) -> None:
    kind = collection.models.by_name(KIND)
    assert kind is not None
    news = []
    for visit in visits(count):
        note = collection.new_note(kind)
        note.fields = [json.dumps(visit[name], ensure_ascii=False) for name in FIELDS]
        news.append(AddNoteRequest(note=note, deck_id=DeckId(1)))
    collection.add_notes(news)


def _digest(collection: Collection) -> str:
    rows = (str(row[0]).split("\x1f") for row in collection.db.execute("SELECT flds FROM notes"))
    return digest([dict(zip(FIELDS, map(json.loads, row), strict=True)) for row in rows])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
