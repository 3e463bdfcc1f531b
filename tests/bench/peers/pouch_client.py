"""PouchDB on the same visits, in Node.js: `pouch_client serve FOLDER PORT` and `prepare|push|pull FOLDER COUNT URL`.

`MODULES` names the folder in which `npm` installed pouchdb, express-pouchdb and express.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench.peers.own_process import say
from tests.bench.peers.visits import digest, visits

MODULES = "BENCH_POUCHDB"
SCRIPT = Path(__file__).with_name("pouch.js")


def node(*words: str) -> list[str]:
    return [shutil.which("node") or "node", str(SCRIPT), *words]


def around() -> dict[str, str]:
    return {**os.environ, "NODE_PATH": str(Path(os.environ[MODULES]) / "node_modules")}


def main(phase: str, folder: str, *rest: str) -> None:
    """One phase of one laptop; a server becomes Node.js itself, so that its memory can be looked at."""
    if phase == "serve":
        os.execve(node()[0], node(phase, folder, *rest), around())
    if phase == "prepare":
        return say({"ready": True})
    count, url = rest
    news = list(visits(int(count))) if phase == "push" else []
    command = node(phase, folder, f"{url.rstrip('/')}/visits")
    done = subprocess.run(command, input=json.dumps(news), capture_output=True, check=True, env=around(), text=True)
    said = json.loads(done.stdout)
    pulled = said.pop("visits", [])
    return say({**said, "digest": digest(pulled)})


if __name__ == "__main__":
    main(*sys.argv[1:])
