"""The shipped programs, killed from inside at a named point: `python -m tests.support.dying PROGRAM POINT N WORDS...`.

PROGRAM is laptop or server; the process dies, as by a battery pulled out, the N-th time that it comes to POINT. The
programs themselves know nothing of it: the points are seams of theirs that this entry wraps before it starts them.
"""

from __future__ import annotations

import functools
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Point:
    """A call of the program: `seam` as module:name or module:Class.name; `of` says which calls count."""

    when: str
    seam: str
    of: Callable[..., bool] = lambda *_arguments, **_named: True


def _commits(_database: Any, sql: str, *_rest: Any, **_named: Any) -> bool:
    return sql == "COMMIT"


def _replaces(source: Any, _target: Any) -> bool:
    return str(source).endswith(".tmp")


def _writes_some(_store: Any, work: Any, _now: str) -> bool:
    """Not the empty writing of what a server looks through when it starts."""
    return bool(work.records)


COMMITS = "kube_field.sqlite.driver:Database.execute_sql"
STORE = "kube_field.storage.sync_store:LocalSyncStore"
LINE = "kube_field.sync.transports.http:HttpTransport"
JOURNAL, SALVAGE = "kube_field.storage.journal", "kube_field.storage.salvage"
LAPTOP = {
    "a commit, before": Point(BEFORE, COMMITS, _commits),
    "a commit, after": Point(AFTER, COMMITS, _commits),
    "step chosen": Point(AFTER, f"{STORE}.start_step"),
    "hello answered": Point(AFTER, f"{LINE}.hello"),
    "short hello answered": Point(AFTER, f"{LINE}.again"),
    "hello stored": Point(AFTER, f"{STORE}.take_hello"),
    "marked as sent": Point(AFTER, f"{STORE}.next_batch"),
    "push answered": Point(AFTER, f"{LINE}.push"),
    "results written, token not": Point(BEFORE, "kube_field.storage.sync_sending:settle_all"),
    "results half stored": Point(AFTER, "kube_field.storage.sync_sending:settle_all"),
    "results stored": Point(AFTER, f"{STORE}.take_results"),
    "page arrived": Point(AFTER, f"{LINE}.pull"),
    "rows written, cursor not": Point(AFTER, "kube_field.storage.sync_download:write_rows"),
    "page stored": Point(AFTER, f"{STORE}.take_page"),
    "photo begun": Point(AFTER, f"{LINE}.start_photo"),
    "piece sent": Point(AFTER, f"{LINE}.put_piece"),
    "piece stored": Point(AFTER, "kube_field.storage.photo_queue:PhotoQueue.take"),
    "photo arrived": Point(AFTER, f"{LINE}.get_photo"),
    "part kept": Point(AFTER, "kube_field.storage.photos:PhotoStore.add_part"),
    "photo whole, row not": Point(AFTER, "kube_field.storage.photos:PhotoStore.finish"),
    "photo fetched": Point(AFTER, "kube_field.storage.photo_queue:PhotoQueue.fetched"),
    "run remembered": Point(AFTER, f"{STORE}.add_run"),
    "snapshot piece arrived": Point(AFTER, f"{LINE}.snapshot"),
    "snapshot piece stored": Point(AFTER, f"{STORE}.take_piece"),
    "snapshot rows stored": Point(AFTER, f"{STORE}._store_batch"),
    "snapshot closed": Point(AFTER, f"{STORE}.store_snapshot"),
    "bundle made": Point(BEFORE, "kube_field.usecases.courier:write_to_stick"),
    "bundle half on the stick": Point(BEFORE, "kube_field.sqlite.durable:replace_patiently", _replaces),
    "bundle on the stick": Point(AFTER, "kube_field.usecases.courier:write_to_stick"),
    "answer opened": Point(AFTER, "kube_field.usecases.courier_answers:verify_bundle"),
    "receipts of the stick stored": Point(AFTER, f"{STORE}.take_results"),
    "page of the stick stored": Point(AFTER, f"{STORE}.take_page"),
    "stick visited": Point(AFTER, f"{STORE}.add_run"),
    "key file written": Point(AFTER, "kube_field.storage.vault.key_file:write_durably"),
    "database made": Point(AFTER, "kube_field.assembly:create_store"),
    "officer kept": Point(AFTER, "kube_field.assembly:keep_officer"),
    "database named": Point(AFTER, "kube_field.assembly:_make_database"),
    "journal line, before": Point(BEFORE, f"{JOURNAL}:append_durably"),
    "journal line, after": Point(AFTER, f"{JOURNAL}:append_durably"),
    "new database made": Point(AFTER, f"{SALVAGE}:_make_fresh"),
    "one damaged file moved": Point(AFTER, f"{SALVAGE}:replace_patiently"),
    "damaged files moved": Point(AFTER, f"{SALVAGE}:_move_aside"),
    "repaired database named": Point(BEFORE, f"{SALVAGE}:finish"),
    "repaired": Point(AFTER, f"{SALVAGE}:rebuild"),
    "enrolment answered": Point(AFTER, f"{LINE}.enrol"),
    "enrolment stored": Point(AFTER, f"{STORE}.enrol"),
}
SERVER = {
    "token renewed": Point(AFTER, "kube_field.server.routes.exchange:_keep_continuity"),
    "facts half written": Point(AFTER, "kube_field.server.storage.bulk:NewFacts.write_rows"),
    "batch written, not committed": Point(AFTER, "kube_field.server.routes.exchange:push"),
    "hello written, not committed": Point(AFTER, "kube_field.server.routes.hello:hello"),
    "short hello and batch written, not committed": Point(AFTER, "kube_field.server.routes.again:again"),
    "records written, feed not": Point(
        AFTER, "kube_field.server.storage.records:RecordStore._write_records", _writes_some
    ),
    "committed, not answered": Point(BEFORE, "kube_field.server.endpoint:respond"),
    "piece on the disk, row not": Point(AFTER, "kube_field.server.photo_folder:PhotoFolder.write_piece"),
    "photo named, row not": Point(AFTER, "kube_field.server.photo_folder:PhotoFolder.adopt"),
    "rights written down, not committed": Point(AFTER, "kube_field.server.grants_file:GrantsFile.keep"),
    "bundle taken, not answered": Point(AFTER, "kube_field.server.cli:take_bundle"),
    "copy written, not named": Point(AFTER, "kube_field.server.backup:write_image"),
    "old database put aside": Point(AFTER, "kube_field.server.backup:_to_quarantine"),
    "copy put back, life not begun": Point(AFTER, "kube_field.server.backup:put_back"),
    "tables put aside": Point(AFTER, "kube_field.server.storage.images:_move_tables"),
    "tables put back": Point(AFTER, "kube_field.server.storage.images:_tool"),
}
POINTS = {"laptop": LAPTOP, "server": SERVER}
MAINS = {"laptop": "kube_field.cli:main", "server": "kube_field.server.cli:main"}
KILLED = 9


def die() -> None:
    """End this process at once: nothing is flushed, closed or rolled back (Windows: TerminateProcess)."""
    os.kill(os.getpid(), KILLED)


def was_killed(code: int) -> bool:
    """True for the exit code of a process that died so."""
    return abs(code) == KILLED


def arm(point: Point, times: int) -> None:
    """Have the process die the n-th time that it comes to the point."""
    owner, name = seam(point.seam)
    inner, left = getattr(owner, name), times

    @functools.wraps(inner)
    def dying(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        counts = point.of(*arguments, **named)
        left -= counts
        if point.when == BEFORE and counts and left == 0:
            die()
        answer = inner(*arguments, **named)
        if point.when == AFTER and counts and left == 0:
            die()
        return answer

    setattr(owner, name, dying)


def seam(text: str) -> tuple[Any, str]:
    """What holds a function, and the function's name there. Raises: AttributeError for one that is gone."""
    module, _colon, path = text.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    return owner, name


def dying_command(program: str, point: str, times: int, words: Sequence[str]) -> list[str]:
    """How the program is started so that it dies there."""
    assert point in POINTS[program], point
    return [sys.executable, "-m", "tests.support.dying", program, point, str(times), *words]


def main() -> int:
    program, point, times, *words = sys.argv[1:]
    arm(POINTS[program][point], int(times))
    owner, name = seam(MAINS[program])
    code: int = getattr(owner, name)(words)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
