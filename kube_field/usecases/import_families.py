"""The families that a list of people speaks of: found by KK number, made or changed once by their first row."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Severity
from kube_field.domain.identifiers import NUMBER_LENGTH, normalise_number
from kube_field.domain.names import fold_name
from kube_field.domain.records import RecordKind
from kube_field.exchange.entries import Entry, EntryReader
from kube_field.exchange.incoming import Row
from kube_field.exchange.incoming_cells import Problem
from kube_field.exchange.incoming_columns import FAMILY, Table
from kube_field.usecases.gathering import Gathering
from kube_field.usecases.import_judging import RecordJudge, area_problem
from kube_field.usecases.import_known import KnownFamilies
from kube_field.usecases.import_results import FamilyWork
from kube_field.usecases.parents import display_name, reference_name, reference_uid
from kube_field.usecases.prefill import reference

KK = f"{FAMILY}kk_number"
HEAD = "kepala"


class FamiliesOfPeople:
    """Finds the family of each row. `works` holds those that are made or changed, by KK number."""

    def __init__(self, gathering: Gathering, judge: RecordJudge, reader: EntryReader, known: KnownFamilies) -> None:
        self._gathering, self._judge, self._reader, self._known = gathering, judge, reader, known
        self._heads: dict[str, str] = {}
        self.works: dict[str, FamilyWork] = {}

    def find_heads(self, table: Table) -> None:
        """Who is head of which family, by the rows themselves, where the list has no column for it."""
        if self._reader.answers(f"{FAMILY}head_name"):
            return
        for _number, row in table.rows:
            kk, relation, name = (self._reader.value(code, row) for code in (KK, "relation_to_head", "full_name"))
            if kk and name and relation == HEAD:
                self._heads.setdefault(str(kk), str(name))

    def family_of(self, entry: Entry, row: Row, person_uid: str) -> FamilyWork | None:
        """The family of a row; None where it is not clear, then the entry says why."""
        kk = self._card(entry)
        if kk:
            return self._by_card(kk, entry, row)
        stored = self._stored_family(person_uid)
        text = str(entry.own.get("household_id") or "")
        if stored is not None and (not text or fold_name(text) == fold_name(stored["name"]) or text == stored["uid"]):
            return FamilyWork(stored["uid"], stored, entry.number, {})
        if text:
            return self._by_name(text, entry, row)
        if not any(one.field == KK for one in entry.findings):
            problem = Problem("KK_REQUIRED", _("Nomor KK wajib diisi: dengan nomor itu keluarganya dicari."))
            entry.findings.append(self._reader.finding(entry.number, row, KK, problem))
        return None

    def reference_of(self, family: FamilyWork, person_uid: str) -> dict[str, str]:
        """The reference to a family; of a person who belongs to it already, as it stands there."""
        stored = self._stored_family(person_uid)
        return stored if stored is not None and stored["uid"] == family.uid else family.reference

    def village_of(self, family: FamilyWork | None) -> str:
        """The village of a family, "" where it is not known."""
        if family is None:
            return ""
        record = self._gathering.record(family.uid)
        told = record.answers.get("village_code") if record is not None else family.answers.get("village_code")
        return str(told or "")

    def key_of(self, family: FamilyWork | None) -> str:
        """The KK number under which a family's own work is found; "" where it has none."""
        if family is None or family.work is None or family.work.is_empty:
            return ""
        return str(family.answers.get("kk_number") or "")

    def _card(self, entry: Entry) -> str:
        if kk := entry.family.get("kk_number"):
            return str(kk)
        number = normalise_number(str(entry.own.get("household_id") or ""))
        return number if len(number) == NUMBER_LENGTH and number.isascii() and number.isdecimal() else ""

    def _by_card(self, kk: str, entry: Entry, row: Row) -> FamilyWork | None:
        known = self.works.get(kk)
        if known is None:
            known = self._first_row(kk, entry, row)
            entry.findings.extend(known.findings)
            if not any(one.field == KK and one.severity == Severity.GALAT for one in known.findings):
                self.works[kk] = known
        else:
            self._move_findings(known, entry, row)
            self._compare(known, entry, row)
        return known if not known.is_wrong else None

    def _first_row(self, kk: str, entry: Entry, row: Row) -> FamilyWork:
        """Judge the family by the first row that speaks of it."""
        answers: dict[str, Any] = {**entry.family, "kk_number": kk}
        held = self._known.cards.get(kk, [])
        uid = held[0] if len(held) == 1 else ""
        if not uid and "head_name" not in answers and kk in self._heads:
            answers["head_name"] = self._heads[kk]
        own = [one for one in entry.findings if one.field.startswith(FAMILY)]
        entry.findings = [one for one in entry.findings if one not in own]
        if len(held) > 1:
            problem = Problem(
                "KK_HELD_TWICE",
                _("Nomor KK ini ada pada beberapa keluarga di laptop."),
                _("Beri tahu penyelia agar data ganda diputuskan dahulu, lalu impor lagi."),
            )
            own.append(self._reader.finding(entry.number, row, KK, problem))
        stored = self._gathering.record(uid) if uid else None
        village = answers.get("village_code") or (stored.answers.get("village_code") if stored is not None else "")
        if (outside := area_problem(self._gathering.session, str(village or ""))) is not None:
            own.append(self._reader.finding(entry.number, row, f"{FAMILY}village_code", outside))
        judged = self._judge.judge(RecordKind.HOUSEHOLD, uid, answers, (entry.number, row), own, FAMILY)
        record = self._gathering.record(judged.uid)
        name = reference(record) if record is not None else {"uid": judged.uid, "name": display_name(answers)}
        return FamilyWork(judged.uid, name, entry.number, answers, judged.work, judged.findings, judged.is_wrong)

    def _move_findings(self, known: FamilyWork, entry: Entry, row: Row) -> None:
        """What the first row said about the family is not said again by each of its members."""
        entry.findings = [
            one
            for one in entry.findings
            if not one.field.startswith(FAMILY) or (one.severity == Severity.GALAT and not known.is_wrong)
        ]
        if known.is_wrong:
            message = _("Data keluarga ini belum benar; lihat baris {n}.").format(n=known.row)
            problem = Problem("FAMILY_WRONG", message, _("Perbaiki baris itu; baris ini ikut benar."))
            entry.findings.append(self._reader.finding(entry.number, row, KK, problem))

    def _compare(self, known: FamilyWork, entry: Entry, row: Row) -> None:
        """Rows of one card that say different things about the family: the first one counts, and it is said."""
        questions = {question.code: question for question in form(RecordKind.HOUSEHOLD).questions()}
        for code, value in entry.family.items():
            if code in questions and code in known.answers and known.answers[code] != value:
                message = _("Berbeda dengan baris {n} dari keluarga yang sama; yang dipakai baris {n}.")
                problem = Problem("FAMILY_DIFFERS", message.format(n=known.row), severity=Severity.PERINGATAN)
                entry.findings.append(self._reader.finding(entry.number, row, f"{FAMILY}{code}", problem))

    def _by_name(self, text: str, entry: Entry, row: Row) -> FamilyWork | None:
        found = self._known.by_head.get(fold_name(text), [])
        record = self._gathering.record(text) or (self._gathering.record(found[0]) if len(found) == 1 else None)
        if record is not None and record.kind == RecordKind.HOUSEHOLD:
            return FamilyWork(record.uid, reference(record), entry.number, {})
        message = (
            _("Ada {n} keluarga dengan nama ini.").format(n=len(found))
            if found
            else _("Keluarga ini tidak ada di laptop.")
        )
        problem = Problem("FAMILY_UNKNOWN", message, _("Tambahkan kolom “Nomor KK” dan isi nomornya."))
        entry.findings.append(self._reader.finding(entry.number, row, "household_id", problem))
        return None

    def _stored_family(self, person_uid: str) -> dict[str, str] | None:
        person = self._gathering.record(person_uid) if person_uid else None
        held = person.answers.get("household_id") if person is not None else None
        uid = reference_uid(held)
        return {"uid": uid, "name": reference_name(held)} if uid else None
