"""SQL of the list of documents and drafts, and of everything that decides a chip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kube_field.domain.document_state import Standing
from kube_field.domain.forms.referral import PROTECTED_PARTNER
from kube_field.domain.records import DOCUMENT_KINDS, RecordKind
from kube_field.domain.views import DocumentFilter
from kube_field.storage.duplicates import standing_in
from kube_field.storage.search import match_expression

LAST_REVIEW = """coalesce((SELECT r.decision FROM fact r WHERE r.kind = 'review' AND r.subject_uid = {uid}
  AND NOT EXISTS (SELECT 1 FROM outbox v WHERE v.uid = r.uid AND v.state = 'attention')
  ORDER BY r.decision = 'accepted' DESC, r.finalised_at DESC LIMIT 1), '')"""
"""What counts of all that was said about a document and not refused: an acceptance is final, else the newest word."""
STANDING_COLUMNS = """
  coalesce((SELECT CASE o.state WHEN 'attention' THEN 'acked' ELSE o.state END
            FROM outbox o WHERE o.uid = {uid} ORDER BY o.state IN ('acked', 'attention'), o.n DESC LIMIT 1), ''),
  coalesce((SELECT o.status FROM outbox o WHERE o.uid = {uid} AND o.state = 'attention' ORDER BY o.n DESC LIMIT 1), ''),
  coalesce((SELECT o.receipt_at FROM outbox o WHERE o.uid = {uid} ORDER BY o.n DESC LIMIT 1), ''),
  coalesce((SELECT o.receipt_sha256 = o.sha256 FROM outbox o WHERE o.uid = {uid} ORDER BY o.n DESC LIMIT 1), 0),
  {review},
  (SELECT count(*) FROM blob_link l JOIN blob b ON b.sha256 = l.sha256 WHERE l.uid = {uid}
    AND b.state IN ('stored', 'remote')),
  (SELECT count(*) FROM blob_link l WHERE l.uid = {uid}),
  EXISTS (SELECT 1 FROM conflict c WHERE c.uid = {uid} AND c.state = 'open')
""".replace("{review}", LAST_REVIEW)
STANDING = "WITH one AS (SELECT ? AS uid) SELECT " + STANDING_COLUMNS.format(uid="one.uid") + " FROM one"
STANDING_FROM = 11
"""In a row of a document the columns of its standing begin here."""

DOCUMENTS = f"""
SELECT f.uid, f.kind, coalesce(s.title, ''), f.subject_uid, coalesce(s.title, ''), coalesce(s.detail, ''),
  f.occurred_on, f.number, f.author_name, f.visit_no, f.business_status, {STANDING_COLUMNS.format(uid="f.uid")}
FROM ({{chosen}}) f LEFT JOIN search_entry s ON s.uid = {standing_in("f.subject_uid")}
{{order}}
"""
CHOSEN = """
SELECT f.uid, f.kind, f.subject_uid, f.occurred_on, f.finalised_at, f.number, f.author_name, f.visit_no,
  f.business_status
FROM fact f WHERE NOT EXISTS (SELECT 1 FROM fact l WHERE l.document_id = f.document_id AND l.revision > f.revision)
"""
"""The page is cut before the standing of each document is looked up."""
NEWEST_FIRST = "ORDER BY f.occurred_on DESC, f.finalised_at DESC"
REVIEWED = "f.uid IN (SELECT r.subject_uid FROM fact r WHERE r.kind = 'review' AND r.decision = ?)"
UNREVIEWED = """f.author_uid <> ?
  AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.subject_uid = f.uid AND r.kind = 'review')
  AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.uid = f.uid AND o.state <> 'acked')"""
OLDEST_FIRST = "ORDER BY f.finalised_at, f.uid"
DRAFTS = f"""
SELECT d.uid, d.kind, d.title, d.subject_uid, coalesce(s.title, ''), coalesce(s.detail, ''),
  substr(d.updated_at, 1, 10), '', coalesce(a.full_name, ''), 0, ''
FROM draft d LEFT JOIN search_entry s ON s.uid = {standing_in("d.subject_uid")}
LEFT JOIN staff a ON a.uid = d.author_uid
WHERE 1
"""
NOT_PROTECTED = f"coalesce(json_extract(d.answers, '$.partner_kind'), '') <> '{PROTECTED_PARTNER}'"


def documents(wanted: DocumentFilter, subjects: Sequence[str]) -> tuple[str, list[Any]]:
    """Query and parameters for documents; `subjects` are the wanted record and those that were merged into it."""
    sql, parameters = chosen(wanted, subjects)
    return DOCUMENTS.format(chosen=sql, order=_order(wanted)), parameters


def chosen(wanted: DocumentFilter, subjects: Sequence[str]) -> tuple[str, list[Any]]:
    """The same without their standing: few columns of the fact alone."""
    kinds = [wanted.kind] if wanted.kind is not None else sorted(DOCUMENT_KINDS)
    # The plus keeps several kinds from being sorted together: newest first is the order of an index.
    kind = "f.kind" if len(kinds) == 1 and not wanted.review else "+f.kind"
    clauses = [f"{kind} IN ({', '.join('?' * len(kinds))})"]
    parameters: list[Any] = [RecordKind(kind).value for kind in kinds]
    if wanted.subject_uid:
        marks = ", ".join("?" * len(subjects))
        clauses.append(f"(f.subject_uid IN ({marks}) OR f.person_uid IN ({marks}))")
        parameters += [*subjects, *subjects]
    if not wanted.sees_restricted:
        clauses.append("(f.restricted = 0 OR f.author_uid = ? OR f.scope LIKE '%:' || ?)")
        parameters += [wanted.viewer, wanted.viewer or "-"]
    if wanted.month:
        clauses.append("f.occurred_on >= ? AND f.occurred_on < ?")
        parameters += [f"{wanted.month}-", f"{wanted.month}-~"]
    if wanted.area:
        clauses.append("(f.scope = ? OR f.scope >= ? AND f.scope < ?)")
        parameters += [wanted.area, f"{wanted.area}.", f"{wanted.area}/"]
    if wanted.text.strip():
        clauses.append(_BY_TEXT.format(uid="f.uid", subject="f.subject_uid"))
        parameters += [match_expression(wanted.text) or '""'] * 2
    if wanted.review:
        clauses.append(REVIEWED)
        parameters.append(wanted.review)
    if wanted.unreviewed_by:
        clauses.append(UNREVIEWED)
        parameters.append(wanted.unreviewed_by)
    return f"{CHOSEN} AND {' AND '.join(clauses)} {_order(wanted)} LIMIT ?", [*parameters, wanted.limit]


def _order(wanted: DocumentFilter) -> str:
    return OLDEST_FIRST if wanted.unreviewed_by else NEWEST_FIRST


def drafts(wanted: DocumentFilter, subjects: Sequence[str]) -> tuple[str, list[Any]]:
    """Query and parameters for drafts; `subjects` as for documents."""
    clauses, parameters = [""], []
    if not wanted.sees_restricted:
        clauses.append(f" AND (d.author_uid = ? OR d.kind <> 'referral' OR {NOT_PROTECTED})")
        parameters.append(wanted.viewer)
    if wanted.kind:
        clauses.append(" AND d.kind = ?")
        parameters.append(wanted.kind.value)
    if wanted.subject_uid:
        clauses.append(f" AND d.subject_uid IN ({', '.join('?' * len(subjects))})")
        parameters += subjects
    if wanted.month:
        clauses.append(" AND d.updated_at >= ? AND d.updated_at < ?")
        parameters += [f"{wanted.month}-", f"{wanted.month}-~"]
    if wanted.text.strip():
        clauses.append(" AND " + _BY_TEXT.format(uid="d.record_uid", subject="d.subject_uid"))
        parameters += [match_expression(wanted.text) or '""'] * 2
    return f"{DRAFTS} {''.join(clauses)} ORDER BY d.updated_at DESC LIMIT ?", [*parameters, str(wanted.limit)]


_FOUND = "SELECT e.uid FROM search_words w JOIN search_entry e ON e.id = w.rowid WHERE w.words MATCH ?"
_BY_TEXT = f"({{uid}} IN ({_FOUND}) OR {{subject}} IN ({_FOUND}))"
"""Two lists made once each; one EXISTS would ask the index again for every document."""


def standing_of(row: tuple[Any, ...]) -> Standing:
    """The standing in the columns of `STANDING_COLUMNS`."""
    outbox, verdict, receipt_at, matches, review, there, expected, conflict = row
    return Standing(
        outbox=outbox,
        verdict=verdict,
        receipt_at=receipt_at,
        receipt_matches=bool(matches),
        review=review,
        photos_there=there,
        photos_expected=expected,
        open_conflict=bool(conflict),
    )
