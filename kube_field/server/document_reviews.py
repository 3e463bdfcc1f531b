"""Who may say what about a document that somebody else finalised (handbook 8.1, 8.3)."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH
from kube_field.domain.forms.review import ACCEPTED
from kube_field.domain.records import DOCUMENT_KINDS, GRADUATION_DECIDERS, RecordKind, Role
from kube_field.server.batch import Batch
from kube_field.server.judging import BadChangeError, QuarantinedError
from kube_field.server.storage.accounts import User
from kube_field.server.storage.record_rows import Stored
from kube_field.wire.messages import FieldError, WireChange

NOT_ALLOWED = "NOT_ALLOWED"
DOCUMENTS = frozenset(kind.value for kind in DOCUMENT_KINDS)


def check_review(batch: Batch, document: Stored, reviewer: User, change: WireChange, *, by_hand: bool = False) -> None:
    """Judge a review of a document that is there; the role as such was judged before. Raises: BadChangeError.

    One that a server had taken in before it was put back is never refused for good. It is kept beside an acceptance
    that came back first, which stands; QuarantinedError says that somebody has to look at it for another reason.
    """
    try:
        _judge(batch, document, reviewer, change.set["answers"][1])
        if change.again is not True:
            _refuse_second_word(batch, document)
    except BadChangeError as error:
        if change.again is not True:
            raise
        if by_hand and error.errors[0].code == NOT_ALLOWED:
            return  # he had the role then; whoever lets it in answers for that
        message = _("Tinjauan ini pernah diterima server, sebelum dipulihkan.")
        raise QuarantinedError("subject_uid", "ACCEPTED_BEFORE", message) from error


def _judge(batch: Batch, document: Stored, reviewer: User, review: Mapping[str, Any]) -> None:
    if document.kind not in DOCUMENTS:
        raise _bad("NOT_A_DOCUMENT", _("Hanya dokumen final yang dapat diperiksa."))
    if document.author_uid == reviewer.uid:
        raise _bad("OWN_DOCUMENT", _("Dokumen sendiri harus diperiksa oleh orang lain."))
    if document.kind == RecordKind.GRADUATION:
        _check_graduation(review, reviewer)
    if reviewer.role == Role.PEKERJA_SOSIAL and not _is_by_volunteer(batch, document):
        raise _bad(NOT_ALLOWED, _("Pekerja sosial hanya memeriksa dokumen dari PSM."))


def _refuse_second_word(batch: Batch, document: Stored) -> None:
    reviews = (record for record in batch.hanging_on([document.uid]) if record.kind == RecordKind.REVIEW)
    if any(review.body["answers"].get("decision") == ACCEPTED for review in reviews):
        message = _("Dokumen ini sudah disetujui. Perubahan dibuat dengan dokumen koreksi.")
        raise _bad("ACCEPTED_ALREADY", message)


def _check_graduation(review: Mapping[str, Any], reviewer: User) -> None:
    """A supervisor decides that a unit graduates, with a reason (handbook 7.4, 8.3)."""
    if reviewer.role not in GRADUATION_DECIDERS:
        raise _bad(NOT_ALLOWED, _("Graduasi diputuskan oleh penyelia kabupaten/kota atau admin provinsi."))
    reason = review.get("reason")
    if review.get("decision") == ACCEPTED and (not isinstance(reason, str) or len(reason.strip()) < MIN_REASON_LENGTH):
        raise _bad("REASON_REQUIRED", _("Tulis alasan keputusan graduasi."))


def _is_by_volunteer(batch: Batch, document: Stored) -> bool:
    batch.load_authors([document.author_uid])
    author = batch.authors.get(document.author_uid)
    return author is not None and author.role == Role.PSM


def _bad(code: str, message: str) -> BadChangeError:
    return BadChangeError(FieldError(field="subject_uid", code=code, message=message))
