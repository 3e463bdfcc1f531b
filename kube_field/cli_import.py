"""The command that takes in lists of people, families and groups from XLSX and CSV."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from gettext import gettext as _
from pathlib import Path
from typing import Any

from kube_field.domain.forms.declaration import Severity
from kube_field.errors import Failure, KubeFieldError
from kube_field.exchange.entries import Columns, RowFinding
from kube_field.exchange.incoming_columns import ImportType, targets_of
from kube_field.usecases.import_columns import IncomingList, needed_targets, read_list, remember_columns
from kube_field.usecases.import_papers import import_report, row_words, twin_words
from kube_field.usecases.import_results import Decisions, DoubleChoice, RowState
from kube_field.usecases.import_writing import require_ready, tally, write_import
from kube_field.usecases.importing import Importer
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.session import Session

Say = Callable[[dict[str, Any]], None]
WriteFile = Callable[[Path, bytes], None]
WEIGHTS = {Severity.GALAT: "error", Severity.PERINGATAN: "warning", Severity.KETERANGAN: "info"}
ROWS_BETWEEN_WORDS = 2_000
"""How many rows are judged between two words about the progress."""
DOUBLES = {"leave-out": DoubleChoice.LEAVE_OUT, "as-new": DoubleChoice.AS_NEW}


def run_import(session: Session, options: argparse.Namespace, write_file: WriteFile, say: Say) -> int:
    """Judge a list, say every finding, and write it unless it is a dry run; nothing is written on error.

    Raises: KubeFieldError FILE_REFUSED, VALIDATION, NOT_ALLOWED, DISK_FULL.
    """
    kind = ImportType(options.type)
    require_may_write(session.officer, kind.kind)
    incoming = read_list(session, path=options.file, kind=kind, sheet=options.sheet)
    incoming = replace(incoming, columns=_columns(incoming, options))
    importer = Importer(session, incoming.request())
    _say_columns(incoming, say)
    for done in importer.steps():
        if done and done % ROWS_BETWEEN_WORDS == 0:
            print(_("{n} dari {all} baris diperiksa").format(n=done, all=len(incoming.table.rows)), file=sys.stderr)
    decisions = _decisions(options)
    for line in _lines(importer, decisions):
        say(line)
    if options.report is not None:
        write_file(options.report, import_report(importer, decisions, as_csv=options.report.suffix.lower() == ".csv"))
    return _finish(session, importer, decisions, options, say)


def _finish(session: Session, importer: Importer, decisions: Decisions, options: argparse.Namespace, say: Say) -> int:
    told = {"dry_run": options.dry_run, **asdict(tally(importer, decisions))}
    if options.report is not None:
        told["report"] = str(options.report)
    try:
        if options.dry_run:
            require_ready(importer, decisions)
        else:
            told["import"] = write_import(session, importer, decisions).id
            remember_columns(
                session, kind=importer.request.kind, table=importer.request.table, columns=importer.request.columns
            )
    except KubeFieldError as failure:
        if failure.failure != Failure.VALIDATION:
            raise
        say({"ok": False, "code": failure.code, "message": failure.sentence, "action": failure.action, **told})
        print(f"{failure.sentence} {failure.action}", file=sys.stderr)
        return int(failure.failure)
    say({"ok": True, **told})
    return 0


def _decisions(options: argparse.Namespace) -> Decisions:
    return Decisions(
        reason=options.confirm,
        all_doubles=DOUBLES[options.doubles] if options.doubles else None,
        double_reason=options.double_reason,
    )


def _columns(incoming: IncomingList, options: argparse.Namespace) -> Columns:
    """What was recognised, with what the options say.

    Raises: KubeFieldError USAGE for a heading that the list has not or an answer that does not exist.
    """
    known = {target.code for target in targets_of(incoming.kind)}
    by_heading, same = dict(incoming.columns.by_heading), dict(incoming.columns.same_for_all)
    for heading, code in map(_pair, options.column):
        if heading not in by_heading or (code and code not in known):
            text = _("Kolom “{heading}” atau isian “{code}” tidak dikenal.").format(heading=heading, code=code)
            raise KubeFieldError(Failure.USAGE, text, _("Judul yang ada: {all}.").format(all="; ".join(by_heading)))
        by_heading.update({other: "" for other, meant in by_heading.items() if meant == code and code})
        by_heading[heading] = code
    for code, answer in map(_pair, options.set):
        if code not in known:
            text = _("Isian “{code}” tidak dikenal.").format(code=code)
            raise KubeFieldError(Failure.USAGE, text, _("Yang ada: {all}.").format(all=", ".join(sorted(known))))
        same[code] = answer
    return replace(incoming.columns, by_heading=by_heading, same_for_all=same)


def _pair(text: str) -> tuple[str, str]:
    left, sign, right = text.rpartition("=") if text.count("=") > 1 else text.partition("=")
    if not sign:
        raise KubeFieldError(Failure.USAGE, _("Tulis KIRI=KANAN, bukan “{text}”.").format(text=text))
    return left.strip(), right.strip()


def _say_columns(incoming: IncomingList, say: Say) -> None:
    """How the columns were understood: the first line, so that a wrong guess is seen."""
    needed = [target.code for target in needed_targets(incoming.kind, incoming.columns)]
    say(
        {
            "sheet": incoming.table.sheet,
            "columns": dict(incoming.columns.by_heading),
            "same_for_all": dict(incoming.columns.same_for_all),
            "unanswered": needed,
            "remembered": incoming.remembered,
        }
    )


def _lines(importer: Importer, decisions: Decisions) -> Iterator[dict[str, Any]]:
    """One line a finding, one a possible double, one a record that would change."""
    for row in importer.rows:
        for finding in row.findings:
            yield _finding_line(finding)
        if row.state == RowState.DOUBLE:
            twins = [twin_words(twin) for twin in row.twins]
            yield {"row": row.number, "double_of": twins, "becomes": row_words(row, decisions)}
        elif row.changes:
            told = [{"label": one.label, "old": one.old, "new": one.new} for one in row.changes]
            yield {"row": row.number, "changes": told}


def _finding_line(finding: RowFinding) -> dict[str, Any]:
    return {
        "row": finding.row,
        "column": finding.heading,
        "field": finding.field,
        "severity": WEIGHTS[finding.severity],
        "code": finding.code,
        "value": finding.shown,
        "message": finding.message,
        "action": finding.action,
    }
