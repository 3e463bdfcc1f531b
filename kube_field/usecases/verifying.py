"""Is this report genuine? Offline, from a photo, scan, screenshot or PDF of it, or from what a scanner typed.

What a good answer proves: the laptop with this key finalised a report with exactly this number, unit, day, figures and
content. What it does not: that what was written is true, who sat at the laptop, or that the paper was not altered
where no code and no words of a PDF can be compared. It is no certified electronic signature.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from gettext import gettext as _
from pathlib import Path

from kube_field.domain.dates import show_date
from kube_field.domain.key_figures import key_figures, unit_name
from kube_field.domain.records import Fact, RecordKind
from kube_field.domain.sheet_code import is_sheet_code
from kube_field.domain.signer import Signer
from kube_field.errors import Failure, KubeFieldError
from kube_field.media.codes import PaperFile, read_paper
from kube_field.media.paper_child import read_paper_apart
from kube_field.reports.photos import no_photo_words
from kube_field.reports.printed_words import Compared, compared_with_words, figure_words
from kube_field.usecases.papers import DEMO_MARK, VOID_MARK, document_paper
from kube_field.usecases.secrecy import may_see, require_may_see
from kube_field.usecases.session import Session
from kube_field.usecases.sync import sync_store
from kube_field.wire.seal import MARK, Seal, SealError, content_of, cut_unit, read_seal

OLD_CODE_DIGITS = 16
VOID = "void"
MOST_LINES = 6
"""Lines of a paper that are told to be different."""


class Verdict(StrEnum):
    """What was found out, the first that holds."""

    NO_CODE = "no_code"
    OLD_CODE = "old_code"
    UNKNOWN_KEY = "unknown_key"
    WRONG_SIGNATURE = "wrong_signature"
    PAPER_DIFFERS = "paper_differs"
    RECORD_DIFFERS = "record_differs"
    REVOKED = "revoked"
    REPLACED = "replaced"
    GENUINE = "genuine"
    GENUINE_HERE = "genuine_here"


GOOD = frozenset({Verdict.GENUINE, Verdict.GENUINE_HERE})


@dataclass(frozen=True, slots=True)
class Verified:
    """The verdict and what it rests on.

    `compared` is what the code says beside what the paper and the record say; `added` and `missing` are lines that only
    the PDF has, or only a reprint of the record. `record` is the report on this laptop, `newest` what replaced it. For
    a code of the old kind there is no seal; `matches` then tells whether the record here has that content.
    """

    verdict: Verdict
    seal: Seal | None = None
    signer: Signer | None = None
    record: Fact | None = None
    newest: Fact | None = None
    compared: tuple[Compared, ...] = ()
    added: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    words_read: bool = False
    matches: bool = False
    is_void: bool = False


def verify_file(session: Session, *, path: Path) -> Verified:
    """Judge a PNG, JPEG or PDF of a report. Raises: KubeFieldError FILE_REFUSED for a file that cannot be read."""
    return judge_paper(session, read_paper_apart(path))


def verify_code(session: Session, *, text: str) -> Verified:
    """Judge what a scanner typed from the code of a report."""
    return judge_paper(session, PaperFile((text.strip(),)))


def is_code(text: str) -> bool:
    """True for what a scanner typed from the code of a report, not a number."""
    return text.strip().upper().startswith(MARK)


def is_ours(text: str) -> bool:
    """True for a code that somebody looks for in a file: of a report, or of a blank sheet."""
    return is_code(text) or is_sheet_code(text)


def find_by_number(session: Session, *, number: str) -> Fact:
    """The newest report with this number. Raises: KubeFieldError VALIDATION when it is not on this laptop."""
    wanted = "".join(number.split()).upper()
    found = session.store.facts.by_number(wanted) or session.store.facts.by_number(number.strip())
    if not found:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Tidak ada dokumen bernomor {number} di laptop ini.").format(number=number.strip()),
            _("Periksa nomornya, atau sinkronkan dahulu: dokumen wilayah lain tidak ada di laptop ini."),
            code="NO_SUCH_NUMBER",
        )
    require_may_see(session, found[-1])
    return found[-1]


def judge_paper(session: Session, paper: PaperFile) -> Verified:
    """Judge a file that was read already."""
    for code in paper.codes:
        try:
            seal = read_seal(code)
        except SealError:
            continue
        return _sealed(session, seal, paper)
    return _of_the_old_kind(session, paper.codes)


def _sealed(session: Session, seal: Seal, paper: PaperFile) -> Verified:
    signers = sync_store(session.store).signers(seal.key)
    record = _visit(session, seal.uid)
    matches = record is not None and content_of(record) == seal.content
    compared = compared_with_words(seal, paper.words)
    if record is not None and not matches:
        compared = [replace(one, recorded=told) for one, told in zip(compared, _told_of(record), strict=True)]
    added, missing = _beside_reprint(session, record, paper) if record is not None and matches else ((), ())
    found = Verified(
        verdict=Verdict.GENUINE if record is None else Verdict.GENUINE_HERE,
        seal=seal,
        signer=_signer(signers, seal),
        record=record,
        newest=_newest(session, record, seal) if record is not None else None,
        compared=tuple(compared),
        added=added,
        missing=missing,
        words_read=any(one.found for one in compared),
        matches=matches,
        is_void=record is not None and session.store.listings.standing(record.uid).review == VOID,
    )
    return replace(found, verdict=_verdict(found, has_key=bool(signers)))


def _verdict(found: Verified, *, has_key: bool) -> Verdict:
    """The first that holds; what was altered weighs more than what is merely old."""
    replaced = found.newest is not None
    judged = (
        (Verdict.UNKNOWN_KEY, not has_key),
        (Verdict.WRONG_SIGNATURE, found.signer is None),
        (Verdict.PAPER_DIFFERS, bool(found.added or found.missing) or any(one.differs for one in found.compared)),
        (Verdict.REPLACED, replaced),
        (Verdict.RECORD_DIFFERS, found.record is not None and not found.matches),
        (Verdict.REVOKED, found.record is None and found.signer is not None and bool(found.signer.revoked_at)),
    )
    return next((verdict for verdict, holds in judged if holds), found.verdict)


def _signer(signers: Sequence[Signer], seal: Seal) -> Signer | None:
    """Whose signature it is; of a laptop and its copy, which have one key, the one that the number names."""
    fitting = [one for one in signers if seal.is_signed_by(one.key)]
    named = [one for one in fitting if one.code and f"/{one.code}-" in seal.number]
    return next(iter([*named, *fitting]), None)


def _visit(session: Session, uid: str) -> Fact | None:
    fact = session.store.facts.get(uid)
    return fact if fact is not None and fact.kind == RecordKind.VISIT else None


def _newest(session: Session, record: Fact, seal: Seal) -> Fact | None:
    """What took the place of the report: a later revision, or the same one opened again and finalised anew."""
    last = max(session.store.facts.revisions(record.document_id), key=lambda fact: fact.revision, default=record)
    return last if last.uid != record.uid or record.number != seal.number else None


def _told_of(record: Fact) -> list[str]:
    """What the record says of each thing that a seal tells, in the order of `compared_with_words`."""
    figures = [figure_words(amount) for amount in key_figures(record).amounts]
    return [record.number, cut_unit(unit_name(record)), show_date(record.occurred_on), *figures]


def _beside_reprint(session: Session, record: Fact, paper: PaperFile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines of a PDF that a reprint of the record does not have, and the other way round."""
    if not paper.words:
        return (), ()
    ours = read_paper(document_paper(session, uid=record.uid, printed=False)).words
    return lines_only_in(paper.words, ours), lines_only_in(ours, paper.words)


def lines_only_in(one: str, other: str) -> tuple[str, ...]:
    """Lines of one text with a word that the other has not, or not as often; how lines are broken does not count."""
    more = Counter(one.split()) - Counter(other.split())
    for word in (VOID_MARK, DEMO_MARK, *no_photo_words().split()):
        more.pop(word, None)  # depends on the laptop and the day, not on the report
    lines = (" ".join(line.split()) for line in one.splitlines() if any(word in more for word in line.split()))
    return tuple(dict.fromkeys(lines))[:MOST_LINES]


def _of_the_old_kind(session: Session, codes: Sequence[str]) -> Verified:
    """Footers of every document: its uid and the beginning of its content hash, without a signature."""
    for code in codes:
        uid, _blank, digits = code.partition(" ")
        if len(digits) != OLD_CODE_DIGITS:
            continue
        fact = session.store.facts.get(uid)
        if fact is not None and not may_see(session, fact):
            fact = None
        return Verified(Verdict.OLD_CODE, record=fact, matches=fact is not None and fact.sha256.startswith(digits))
    return Verified(Verdict.NO_CODE)
