"""The command that writes lists of the officer's area into a workbook or a folder of CSV files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from gettext import gettext as _
from typing import Any

from kube_field.domain.records import RecordKind
from kube_field.usecases.export_parts import parts_of_area
from kube_field.usecases.exports import ExportOrder, run_export, unencrypted_words
from kube_field.usecases.session import Session

Say = Callable[[dict[str, Any]], None]
TOLD_EVERY = 10_000
"""Records between two words about how far it is."""


def export_area(session: Session, options: argparse.Namespace, say: Say) -> int:
    """Everything of the officer's area, or the kinds that were named; one line with what was written.

    Raises: KubeFieldError NOT_ALLOWED, VALIDATION without a purpose, DISK_FULL.
    """
    kinds = tuple(RecordKind(kind) for kind in options.type or ())
    order = ExportOrder(
        title=_("Seluruh wilayah tugas") if not kinds else ", ".join(options.type),
        parts=parts_of_area(session, kinds),
        purpose=options.purpose,
        path=options.out.absolute(),
        with_nik=options.with_nik,
    )
    done = run_export(session, order=order, on_progress=_tell)
    if done is not None:
        say({"ok": True, "out": str(done.path), "rows": dict(done.rows), "left_out": done.left_out})
        print(unencrypted_words(), file=sys.stderr)
    return 0


def _tell(done: int, whole: int) -> None:
    if done % TOLD_EVERY == 0:
        print(_("{done} dari {whole} data").format(done=done, whole=whole), file=sys.stderr)
