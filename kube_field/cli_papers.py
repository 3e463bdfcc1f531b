"""Commands about papers that somebody brings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from gettext import gettext as _
from typing import Any

from kube_field.domain.records import Fact
from kube_field.errors import Failure, KubeFieldError
from kube_field.reports.joining import JoinedPapers
from kube_field.usecases.day_plans import plan_paper, sheet_paper
from kube_field.usecases.session import Session
from kube_field.usecases.verdict_words import proof_words, told
from kube_field.usecases.verifying import Verdict, Verified, find_by_number, verify_code, verify_file
from kube_field.usecases.visits import due_list

Say = Callable[[dict[str, Any]], None]
EXIT_CODES = {
    Verdict.GENUINE: 0,
    Verdict.GENUINE_HERE: 0,
    Verdict.NO_CODE: int(Failure.FILE_REFUSED),
    Verdict.PAPER_DIFFERS: int(Failure.INTEGRITY),
    Verdict.RECORD_DIFFERS: int(Failure.INTEGRITY),
    Verdict.WRONG_SIGNATURE: int(Failure.INTEGRITY),
}
"""Everything else is neither genuine nor altered: validation."""


def verify(session: Session, options: argparse.Namespace, say: Say) -> int:
    """Judge one report; 0 for a genuine one, 6 for an altered one, 13 without a code, 3 where nothing is certain."""
    if options.number:
        say({"ok": True, **_document(find_by_number(session, number=options.number))})
        return 0
    found = verify_code(session, text=options.code) if options.code else verify_file(session, path=options.file)
    said = told(found)
    print(f"{said.title}. {said.words}", file=sys.stderr)
    if found.seal is not None:
        print(proof_words(), file=sys.stderr)
    code = EXIT_CODES.get(found.verdict, int(Failure.VALIDATION))
    say(_line(found) | {"ok": code == 0})
    return code


def plan(session: Session, options: argparse.Namespace, say: Say) -> int:
    """The plan of the day and a sheet for each visit in one PDF: the named units, else those due today or late."""
    units = options.unit or [item.target_uid for item in due_list(session) if item.days >= 0]
    if not units:
        raise KubeFieldError(Failure.VALIDATION, _("Tidak ada kunjungan yang jatuh tempo."), code="NOTHING_DUE")
    try:
        with JoinedPapers() as joined:
            joined.add(plan_paper(session, units=units))
            for uid in units:
                joined.add(sheet_paper(session, unit_uid=uid))
            joined.save(options.out)
    except OSError as trouble:
        raise KubeFieldError(
            Failure.DISK_FULL, _("Berkas {name} tidak dapat ditulis.").format(name=options.out.name)
        ) from trouble
    say({"ok": True, "units": units, "out": str(options.out)})
    return 0


def _document(fact: Fact) -> dict[str, Any]:
    return {"id": fact.uid, "type": fact.kind.value, "number": fact.number, "revision": fact.revision}


def _line(found: Verified) -> dict[str, Any]:
    seal, signer = found.seal, found.signer
    line: dict[str, Any] = {"verdict": found.verdict.value}
    if seal is not None:
        line |= {
            "number": seal.number,
            "revision": seal.revision,
            "unit": seal.unit,
            "occurred_on": seal.on.isoformat(),
            "figures": dict(zip(seal.figures.NAMES, seal.figures.amounts, strict=True)),
            "content": seal.content,
            "signer": asdict(signer) if signer is not None else None,
        }
    line |= {"record": _document(found.record) if found.record else None, "matches": found.matches}
    line |= {"newest": _document(found.newest) if found.newest else None, "void": found.is_void}
    line |= {"compared": [asdict(one) for one in found.compared], "added": found.added, "missing": found.missing}
    return line
