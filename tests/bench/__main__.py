"""`./run bench [save|search|start|paper|many|sync|export|import|ui …] [--json]`: one table, ours and the bare thing."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence

from kube_field.language import speak_indonesian
from tests.bench import exporting, import_lists, many_papers, papers, saving, searching, starting, sync, ui
from tests.bench.measure import Row, Sizes, table

BENCHMARKS: Mapping[str, Callable[[Sizes], list[Row]]] = {
    "save": saving.measure,
    "search": searching.measure,
    "start": starting.measure,
    "paper": papers.measure,
    "many": many_papers.measure,
    "sync": sync.measure,
    "ui": ui.measure,
    "export": exporting.measure,
    "import": import_lists.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="./run bench")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--json", action="store_true", help="one JSON array instead of the table")
    parser.add_argument("--stored", type=int, default=Sizes.stored, help="records on the server of sync's last line")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    for name in options.names or BENCHMARKS:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += BENCHMARKS[name](Sizes(stored=options.stored))
    print(json.dumps([row.as_dict() for row in rows], indent=1) if options.json else table(rows))
    return 0


if __name__ == "__main__":
    speak_indonesian()  # as the program does: a text costs a look at the disk before
    raise SystemExit(main())
