"""JSON lines in: one value a line, a bad line never stops the others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from gettext import gettext as _
from typing import Any


def json_lines(lines: Iterable[str]) -> Iterator[tuple[Any, str]]:
    """(value, "") for each line that is JSON, (None, message) for one that is not; empty lines are passed over."""
    for line in lines:
        if not line.strip():
            continue
        try:
            yield json.loads(line), ""
        except ValueError:
            yield None, _("Baris ini bukan JSON yang benar.")
        except RecursionError:
            yield None, _("JSON terlalu dalam.")
