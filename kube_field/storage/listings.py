"""The read models of lists, searches and the first page: each one query; what is counted over has no limit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.document_state import Standing, chip_of
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.graduation import GRADUATED, INDEPENDENT, LEFT
from kube_field.domain.identifiers import mask_nik
from kube_field.domain.import_views import FamilyToMatch, PersonToMatch
from kube_field.domain.records import Fact, RecordKind
from kube_field.domain.schedule import after_care_plan
from kube_field.domain.views import (
    DocumentFilter,
    DocumentRow,
    GroupFilter,
    GroupRow,
    HandedTranches,
    MemberRow,
    PersonFilter,
    PersonRow,
    SearchHit,
    TrainingRow,
    UnitRow,
)
from kube_field.sqlite.driver import Database
from kube_field.storage import document_queries, queries
from kube_field.storage.duplicates import is_one_of, uids_under
from kube_field.storage.near_people import nearest
from kube_field.storage.near_words import forgiving_expression
from kube_field.storage.places import Places
from kube_field.storage.rows import dump, fact_of
from kube_field.storage.search import match_expression, may_rank, typed_digits

MIN_NIK_DIGITS = 4
"""From this many digits on a text of digits is looked up as the beginning of a NIK."""


class ListingRepository:
    """Read models of one laptop. NIK are masked in every row."""

    def __init__(self, db: Database, places: Places) -> None:
        self._db = db
        self._places = places

    def people(self, wanted: PersonFilter) -> list[PersonRow]:
        """One page of people, by name."""
        sql, parameters = queries.people_page(wanted)
        return [self._person(row) for row in self._db.rows(sql, *parameters)]

    def count_people(self, wanted: PersonFilter) -> int:
        """How many people the whole list has."""
        sql, parameters = queries.people_count(wanted)
        return int(self._db.value(sql, *parameters))

    def near_people(self, nik: str, name: str, birth_year: int | None, village_code: str) -> list[PersonRow]:
        """People who may be the same as this one: same NIK or a name that sounds alike, likeliest first, at most 10."""
        uids = nearest(self._db, nik, name, birth_year, village_code)
        marks = ", ".join("?" * len(uids))
        rows = self._db.rows(f"{queries.PEOPLE} WHERE p.uid IN ({marks})", *uids) if uids else []
        found = {row.uid: row for row in map(self._person, rows)}
        return [found[uid] for uid in uids if uid in found]

    def holders_of_nik(self, nik: str) -> list[tuple[str, str]]:
        """(uid, name) of everybody who has this NIK."""
        return self._pairs("SELECT uid, full_name FROM person WHERE nik = ? AND nik <> '' AND deleted = 0", nik)

    def people_to_match(self) -> list[PersonToMatch]:
        """Everybody on this laptop, by what tells people apart."""
        return [PersonToMatch(*row) for row in self._db.rows(queries.PEOPLE_TO_MATCH)]

    def families_to_match(self) -> list[FamilyToMatch]:
        """Every family on this laptop, by what tells families apart."""
        return [FamilyToMatch(*row) for row in self._db.rows(queries.FAMILIES_TO_MATCH)]

    def groups(self, wanted: GroupFilter) -> list[GroupRow]:
        """Groups by name."""
        conditions, parameters = queries.group_conditions(wanted)
        sql = f"{queries.GROUPS} {conditions} ORDER BY g.name LIMIT ?"
        return [self._group(row) for row in self._db.rows(sql, *parameters, wanted.limit)]

    def units(self, *, owner_uid: str = "") -> list[UnitRow]:
        """Business units of one owner, or all of them, with the days of their counting visits."""
        person, uids = is_one_of(self._db, "u.person_id", owner_uid) if owner_uid else ("", [])
        where, values = (f"AND (u.group_id = ? OR {person})", [owner_uid, *uids]) if owner_uid else ("", [])
        rows = self._db.rows(f"{queries.UNITS} {where} ORDER BY u.village_code, u.business_name", *values)
        return [self._unit(row) for row in rows]

    def units_named(self, uids: Sequence[str]) -> dict[str, UnitRow]:
        """These business units by uid; those that are deleted or not here are left out."""
        rows = self._db.rows(f"{queries.UNITS} AND u.uid {queries.AMONG}", dump(list(uids)))
        return {unit.uid: unit for unit in map(self._unit, rows)}

    def handed_tranches(self) -> dict[str, HandedTranches]:
        """What was handed over to each unit that has minutes, by the unit's uid."""
        return {
            uid: HandedTranches(tuple(int(number) for number in str(told).split(",") if number), visits)
            for uid, told, visits in self._db.rows(queries.HANDED_TRANCHES)
        }

    def unit_names(self) -> list[SearchHit]:
        """Every business unit by name, with its owner and village as the detail."""
        return [
            SearchHit(
                RecordKind.BUSINESS_UNIT,
                uid,
                name or owner,
                " · ".join(part for part in (owner, self._places.village(village)) if part),
            )
            for uid, name, owner, village in self._db.rows(queries.UNIT_NAMES)
        ]

    def scored_visits(self, unit_uid: str, limit: int) -> list[Fact]:
        """The newest counting visits of a unit at which somebody was met, the newest first."""
        return [fact_of(row) for row in self._db.named_rows(queries.SCORED_VISITS, unit_uid, limit)]

    def members(self, group_uid: str) -> list[MemberRow]:
        """Memberships of a group: present ones first, officers of the group before members."""
        return [
            MemberRow(
                uid=uid,
                person_uid=person,
                name=name,
                nik=mask_nik(nik),
                sex=sex,
                birth_date=born,
                village=self._places.village(village),
                role=role,
                joined_on=joined,
                left_on=left,
                leave_reason=reason,
            )
            for uid, person, name, nik, sex, born, village, role, joined, left, reason in self._db.rows(
                queries.MEMBERS, group_uid
            )
        ]

    def documents(self, wanted: DocumentFilter) -> list[DocumentRow]:
        """Newest revisions of documents, and drafts when wanted; drafts first, then the newest day."""
        found: list[DocumentRow] = []
        subjects = uids_under(self._db, wanted.subject_uid) if wanted.subject_uid else []
        if wanted.drafts:
            sql, parameters = document_queries.drafts(wanted, subjects)
            found.extend(self._draft(row) for row in self._db.rows(sql, *parameters))
        sql, parameters = document_queries.documents(wanted, subjects)
        found.extend(self._document(row) for row in self._db.rows(sql, *parameters))
        return found[: wanted.limit]

    def trainings(self) -> list[TrainingRow]:
        """Trainings, the newest first."""
        return [self._training(row) for row in self._db.rows(queries.TRAININGS)]

    def search(self, text: str, limit: int = 12) -> list[SearchHit]:
        """People, groups, units, trainings and documents: by words, by document number, by the beginning of a NIK."""
        digits = typed_digits(text)
        if len(digits) >= MIN_NIK_DIGITS:
            return self._hits(queries.SEARCH_NIK, digits, digits + "~", limit)
        match = match_expression(text)
        if not match:
            return []
        few = self._db.value(queries.HAS_MORE, match, queries.MOST_RANKED) is None
        order = "ORDER BY rank" if few and may_rank(text) else ""
        return self._hits(f"{queries.SEARCH} {order} LIMIT ?", match, limit)

    def search_alike(self, text: str, limit: int = 12) -> list[SearchHit]:
        """The same for words with a slip of the fingers; for when nothing was found."""
        match = forgiving_expression(self._db, text)
        return self._hits(f"{queries.SEARCH} ORDER BY rank LIMIT ?", match, limit) if match else []

    def standing(self, uid: str) -> Standing:
        """Everything that decides the chip of a record, fact or draft."""
        if self._db.value("SELECT 1 FROM draft WHERE uid = ?", uid):
            return Standing(is_draft=True)
        return document_queries.standing_of(self._db.rows(document_queries.STANDING, uid)[0])

    def _person(self, row: tuple[Any, ...]) -> PersonRow:
        uid, name, nik, sex, born, scope, village, status, categories, phone, group, health = row
        return PersonRow(
            uid=uid,
            name=name,
            nik=mask_nik(nik),
            sex=sex,
            birth_date=born,
            village_code=village or "",
            village=self._places.village(village) if village else "",
            kecamatan=self._places.kecamatan(village or scope),
            status=status,
            categories=tuple(str(code) for code in json.loads(categories)) if categories.startswith("[") else (),
            group_name=group or "",
            phone=phone,
            health=health or "",
        )

    def _group(self, row: tuple[Any, ...]) -> GroupRow:
        uid, name, village, idea, status, members, batch, last_visit, next_visit, health = row
        return GroupRow(
            uid=uid,
            name=name,
            village=self._places.village(village),
            kecamatan=self._places.kecamatan(village),
            idea_code=idea,
            idea=self._places.idea(idea),
            members=members,
            status=status,
            batch=batch or "",
            last_visit_on=last_visit or "",
            next_visit_on=next_visit or "",
            health=health or "",
        )

    def _unit(self, row: tuple[Any, ...]) -> UnitRow:
        uid, name, owner_kind, owner, owner_name, idea, village, status, *course = row
        handover, plan, told, health, graduated, batch = course
        visits = sorted(visit.partition(" ")[::2] for visit in told.split(",")) if told else []
        decision, decided_on, months = graduated.split(" ") if graduated else ("", "", "0")
        after_care = after_care_plan(int(months)) if decision == INDEPENDENT else ""
        return UnitRow(
            uid=uid,
            name=name or owner_name or "",
            owner_kind=owner_kind,
            owner_uid=owner,
            owner_name=owner_name or "",
            idea_code=idea,
            idea=self._places.idea(idea),
            village_code=village,
            village=self._places.village(village),
            kecamatan=self._places.kecamatan(village),
            status=(GRADUATED if after_care else LEFT) if decision else status,
            handover_on=handover,
            plan=after_care or plan or "standar",
            visits=tuple(day for day, _next in visits),
            last_visit_on=visits[-1][0] if visits else "",
            next_visit_on=visits[-1][1] if visits else "",
            health=health or "",
            decided_on=decided_on,
            after_care=after_care,
            batch_uid=batch or "",
        )

    def _training(self, row: tuple[Any, ...]) -> TrainingRow:
        uid, title, topic, starts, ends, venue, village, sessions, participants, present = row
        return TrainingRow(
            uid=uid,
            title=title,
            topic=topic,
            starts_on=starts,
            ends_on=ends,
            venue=venue,
            village=self._places.village(village),
            sessions=sessions or 0,
            participants=participants,
            present=present,
        )

    def _document(self, row: tuple[Any, ...]) -> DocumentRow:
        standing = document_queries.standing_of(row[document_queries.STANDING_FROM :])
        document = self._draft(row[: document_queries.STANDING_FROM])
        title = _document_title(document)
        return replace(document, title=title, is_draft=False, standing=standing, chip=chip_of(standing))

    def _draft(self, row: tuple[Any, ...]) -> DocumentRow:
        uid, kind, title, subject_uid, subject, village, day, number, author, visit_no, business_status = row
        standing = Standing(is_draft=True)
        return DocumentRow(
            uid=uid,
            kind=RecordKind(kind),
            title=title,
            subject_uid=subject_uid,
            subject=subject or "",
            village=village or "",
            occurred_on=day or "",
            number=number,
            author=author or "",
            standing=standing,
            chip=chip_of(standing),
            is_draft=True,
            visit_no=visit_no or 0,
            business_status=business_status or "",
        )

    def _hits(self, sql: str, *parameters: Any) -> list[SearchHit]:
        return [
            SearchHit(RecordKind(kind), uid, title, detail)
            for kind, uid, title, detail in self._db.rows(sql, *parameters)
        ]

    def _pairs(self, sql: str, *parameters: Any) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self._db.rows(sql, *parameters)]


def _document_title(document: DocumentRow) -> str:
    """What a document is and whom it is about: Kunjungan ke-6 · Usaha Melati."""
    kind = _(form(document.kind).title)
    if document.kind == RecordKind.VISIT and document.visit_no:
        kind = _("Kunjungan ke-{n}").format(n=document.visit_no)
    return f"{kind} · {document.subject}" if document.subject else kind
