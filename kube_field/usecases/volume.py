"""A province of invented families, groups, businesses and visits, for measuring how a full program behaves.

Everything follows from a seed. Names are plants, NIK serials are 99nn and KK serials 98nn as in the sample, telephone
numbers are never real. Records are written in bulk, without outbox, as if they had come from the server.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Any, TypeAlias

from kube_field.domain.commit import Commit
from kube_field.domain.forms.catalogue import newest_version
from kube_field.domain.records import PROVINCE_SCOPE, Fact, Record, RecordKind
from kube_field.domain.regions import Region
from kube_field.domain.rules.result import Background, judged
from kube_field.usecases.histories import hashed
from kube_field.usecases.sample_completion import (
    Row,
    household_answers,
    income_rows,
    person_answers,
    tools_of,
    visit_answers,
)
from kube_field.usecases.scoring import frozen_score
from kube_field.usecases.session import Session

Progress: TypeAlias = Callable[[int], None]
"""Told the number of records written so far, after each transaction."""

BULK = 500
"""Records of one transaction."""
FIRST_NAMES = (
    "Melati Kenanga Anggrek Cempaka Dahlia Seroja Teratai Mawar Kamboja Ulin Bakung Gaharu Puring Soka Durian "
    "Kelapa Meranti Bengkirai Kapur Kempas Jelutung Nyatoh Keruing Cendana Jati Mahoni Sungkai Langsat "
    "Rambutan Mangga Pandan Serai Lengkuas Kunyit Jahe Kencur Salam Nangka Cempedak Belimbing"
)
SECOND_NAMES = (
    "Putih Merah Kuning Jingga Ungu Hutan Rimba Bukit Lembah Sungai Danau Muara Pantai Karang Embun Fajar "
    "Senja Bulan Bintang Mentari Angin Hujan Kabut Pelangi Tanjung Hulu Hilir Seberang Raya Indah"
)
SEXES = ("P", "L")
MARITAL = ("kawin", "kawin", "cerai_mati", "cerai_hidup", "belum_kawin")
UNIT_IDEAS = ("GORENGAN", "SEMBAKO", "KERIPIK", "AMPLANG", "ANYAMAN", "PULSA", "JAHIT", "LELE")
GROUP_SHARE = 5
"""Every fifth unit belongs to a group."""
GROUP_SIZE = 10
VISITS_OF_UNIT = 8
JUDGED = 400
"""So many visits get a score of their own."""
USUAL_STEP_DAYS = 60
LAST_DAYS = 390
"""From the last handover to the day of the sample."""
HANDOVERS = (date(2025, 3, 1), 240)
"""First day of handovers, and days over which they are spread."""
ROLES = ("ketua", "sekretaris", "bendahara")


@dataclass(frozen=True, slots=True)
class VolumeCounts:
    """How many records of each kind were written."""

    households: int
    people: int
    groups: int
    units: int
    visits: int


def write_volume(
    session: Session,
    *,
    people: int = 100_000,
    visits: int = 8_000,
    seed: int = 2026,
    on_progress: Progress = lambda done: None,
) -> VolumeCounts:
    """Fill the open store with an invented province: four people a family, eight visits a unit.

    Where the grown-ups do not suffice for so many units, each unit has more visits, closer together.
    Raises: KubeFieldError DISK_FULL.
    """
    maker = _Maker(session, Random(seed))
    maker.write(maker.families(people), on_progress)
    maker.write(maker.businesses(-(-visits // VISITS_OF_UNIT)), on_progress)
    each = max(VISITS_OF_UNIT, -(-visits // max(1, len(maker.units))))
    maker.write(islice(maker.visits(each), visits), on_progress)
    counts = maker.counts
    return VolumeCounts(
        counts[RecordKind.HOUSEHOLD],
        counts[RecordKind.PERSON],
        counts[RecordKind.KUBE_GROUP],
        counts[RecordKind.BUSINESS_UNIT],
        counts[RecordKind.VISIT],
    )


@dataclass(frozen=True)
class _Maker:
    session: Session
    random: Random
    counts: Counter[RecordKind] = field(default_factory=Counter)
    serials: Counter[str] = field(default_factory=Counter)
    adults: list[tuple[dict[str, str], str]] = field(default_factory=list)
    """(reference, village code) of the grown-ups, who may own a business."""
    units: list[tuple[Record, date, list[tuple[dict[str, str], str, int]]]] = field(default_factory=list)
    """Unit, day of its handover, people whose income is asked."""
    scores: list[dict[str, Any]] = field(default_factory=list)

    def write(self, made: Iterator[Record | Fact], on_progress: Progress) -> None:
        """Commit in bulk, one transaction for each."""
        while bulk := list(islice(made, BULK)):
            records = [one for one in bulk if isinstance(one, Record)]
            facts = [one for one in bulk if isinstance(one, Fact)]
            self.session.store.commit(Commit(records=records, facts=facts))
            self.counts.update(one.kind for one in bulk)
            on_progress(self.counts.total())

    def families(self, people: int) -> Iterator[Record]:
        """Families of four in the villages of the officer's areas, by turn."""
        villages = self.villages()
        for at in range(0, people, 4):
            village = villages[(at // 4) % len(villages)]
            household = self.household(village, at)
            yield household
            for place in range(min(4, people - at)):
                yield self.person(village, household, at + place, place)

    def villages(self) -> list[Region]:
        """Every village of the officer's areas."""
        regions, areas = self.session.reference.regions, self.session.officer.areas
        return [
            village
            for kabupaten in regions.all_kabupaten()
            for kecamatan in regions.kecamatan_in(kabupaten.code)
            for village in regions.villages_in(kecamatan.code)
            if regions.in_areas(village.code, areas)
        ]

    def household(self, village: Region, at: int) -> Record:
        recorded = date(2012, 1, 1) + timedelta(self.random.randrange(4000))
        row = self.row_of(village, at, 0) | {"kk": self.number(village, f"{recorded:%d%m%y}", 98)}
        answers = household_answers(row, date(2026, 1, 12), self.session.wiring.new_id)
        answers["village_name_snapshot"] = self.session.reference.regions.full_name(village.code)
        del answers["dtsen_rows"]
        return self.record(RecordKind.HOUSEHOLD, village.parent_code, answers)

    def person(self, village: Region, household: Record, at: int, place: int) -> Record:
        row = self.row_of(village, at, place)
        family = {"uid": household.uid, "name": str(household.answers["head_name"])}
        answers = person_answers(row, family, date(2026, 1, 12), self.session.wiring.new_id)
        del answers["consents"]
        if place > 1:
            answers |= {"relation_to_head": "anak", "is_main_breadwinner": False}
        record = self.record(RecordKind.PERSON, village.parent_code, answers)
        if place < 2:
            self.adults.append(({"uid": record.uid, "name": row["name"]}, village.code))
        return record

    def row_of(self, village: Region, at: int, place: int) -> dict[str, str]:
        """A person as a line of the sample file would say it; the first two of a family are grown up."""
        pick = self.random.choice
        sex = SEXES[place % 2]
        born = _grown_up(self.random) if place < 2 else _young(self.random)
        day = born.day + (40 if sex == "P" else 0)
        return {
            "person_key": f"V{at + 1}",
            "name": _plant_name(self.random),
            "sex": sex,
            "birth_date": born.isoformat(),
            "nik": self.number(village, f"{day:02d}{born:%m%y}", 99),
            "kk": "",
            "village_code": village.code,
            "rt": str(1 + at % 20),
            "rw": str(1 + at % 5) if at % 3 else "",
            "phone": f"08120{at % 10_000_000:07d}" if place < 2 else "",
            "marital": pick(MARITAL) if place < 2 else "belum_kawin",
            "category": "prse" if sex == "P" and place == 0 and at % 8 == 0 else "fakir_miskin",
        }

    def number(self, village: Region, day_part: str, serial: int) -> str:
        """A NIK or KK number with a serial of 99nn or 98nn, counted on below 9800 where a hundred are used up."""
        start = village.parent_code.replace(".", "") + day_part
        used = self.serials[f"{start}{serial}"]
        self.serials[f"{start}{serial}"] += 1
        return f"{start}{serial * 100 + used:04d}" if used < 100 else f"{start}{9800 - used:04d}"

    def businesses(self, units: int) -> Iterator[Record]:
        """Units by turn of single people and of groups with their members."""
        owners = iter(self.adults)
        for at in range(units):
            is_group = at % GROUP_SHARE == 0
            members = list(islice(owners, GROUP_SIZE if is_group else 1))
            if not members:
                return
            owner, village = members[0]
            if is_group:
                group = self.group(at, village, owner["name"])
                yield group
                yield from self.memberships(group, [person for person, _village in members])
                owner = {"uid": group.uid, "name": str(group.answers["name"])}
            yield self.unit(at, village, owner, [person for person, _village in members], is_group)

    def group(self, at: int, village: str, head: str) -> Record:
        answers = {
            "name": f"KUBE {head.split()[0]} {at + 1}",
            "village_code": village,
            "formed_on": "2025-02-01",
            "idea_code": UNIT_IDEAS[at % len(UNIT_IDEAS)],
            "status": "aktif",
            "assigned_staff_id": {"uid": self.session.officer.uid, "name": self.session.officer.name},
        }
        return self.record(RecordKind.KUBE_GROUP, village[:8], answers)

    def memberships(self, group: Record, people: Sequence[dict[str, str]]) -> Iterator[Record]:
        for place, person in enumerate(people):
            answers = {
                "group_id": {"uid": group.uid, "name": group.answers["name"]},
                "person_id": person,
                "role": ROLES[place] if place < len(ROLES) else "anggota",
                "joined_on": "2025-02-01",
            }
            yield self.record(RecordKind.MEMBERSHIP, group.scope, answers)

    def unit(
        self, at: int, village: str, owner: dict[str, str], people: Sequence[dict[str, str]], is_group: bool
    ) -> Record:
        handover = HANDOVERS[0] + timedelta(self.random.randrange(HANDOVERS[1]))
        idea = self.session.reference.idea(UNIT_IDEAS[at % len(UNIT_IDEAS)])
        answers = {
            "owner_kind": "group" if is_group else "person",
            ("group_id" if is_group else "person_id"): owner,
            "idea_code": UNIT_IDEAS[at % len(UNIT_IDEAS)],
            "business_name": f"Usaha {owner['name'].split()[0]} {at + 1}",
            "location_address": "Jalan Contoh",
            "village_code": village,
            "planned_days_per_month": 22,
            "status": "berjalan",
            "handover_on": handover.isoformat(),
            "aid_value_idr": 20_000_000 if is_group else 5_000_000,
            "working_capital_base_idr": 12_000_000 if is_group else 2_500_000,
            "tools": tools_of(idea, 3, self.session.wiring.new_id) if idea is not None else [],
        }
        record = self.record(RecordKind.BUSINESS_UNIT, village[:8], answers)
        sampled = [(person, role, 4) for person, role in zip(people, ROLES, strict=False)]
        self.units.append((record, handover, sampled if is_group else [(people[0], "", 4)]))
        return record

    def visits(self, each: int) -> Iterator[Fact]:
        """The visits of every unit, two months apart, or closer so that they end in time."""
        number, step = 0, USUAL_STEP_DAYS if each <= VISITS_OF_UNIT else LAST_DAYS // each
        for unit, handover, people in self.units:
            for no in range(1, each + 1):
                number += 1
                yield self.visit(unit, handover + timedelta(step * no), no, number, people)

    def visit(
        self, unit: Record, day: date, no: int, number: int, people: Sequence[tuple[dict[str, str], str, int]]
    ) -> Fact:
        row = self.visit_row(unit, day, number)
        answers = {
            **visit_answers(row),
            "owner_kind": unit.answers["owner_kind"],
            "unit_id": {"uid": unit.uid, "name": unit.answers["business_name"]},
            "visit_no": no,
            "visited_on": day.isoformat(),
            "kind": "terjadwal",
            "met": "ketua" if row["owner"] == "group" else "penerima",
            "met_names": people[0][0]["name"],
            "hh_income_sample": income_rows(row, people, 897_759),
            "next_visit_on": (day + timedelta(60)).isoformat(),
        }
        new_id = self.session.wiring.new_id
        fact = Fact(
            uid=new_id(),
            kind=RecordKind.VISIT,
            form_version=newest_version(RecordKind.VISIT),
            scope=unit.scope,
            subject_uid=unit.uid,
            occurred_on=day.isoformat(),
            answers=answers,
            author_uid=self.session.officer.uid,
            author_name=self.session.officer.name,
            finalised_at=f"{day.isoformat()}T03:00:00.000Z",
            document_id=new_id(),
            number=f"VOL-{number:05d}/KUNJ/{day.year}",
            snapshot={
                "owner_kind": row["owner"],
                "owner_name": answers["met_names"],
                "visit_no": no,
                **self.score(answers, number),
            },
        )
        return hashed(fact)

    def score(self, answers: dict[str, Any], number: int) -> dict[str, Any]:
        """A frozen result as finalising leaves it. Only the first visits are judged; the others repeat them."""
        if number <= JUDGED:
            capital = 12_000_000 if answers["owner_kind"] == "group" else 2_500_000
            found = judged(answers, Background(capital_base_idr=capital, poverty_line_idr=897_759))
            self.scores.append({"score": frozen_score(found)} if found is not None else {})
        return self.scores[(number - 1) % len(self.scores)]

    def visit_row(self, unit: Record, day: date, number: int) -> Row:
        """A visit as a line of the sample file would say it."""
        some = self.random.randrange
        revenue = some(20, 120) * 100_000
        is_group = unit.answers["owner_kind"] == "group"
        return {
            "visit_key": f"V{number}",
            "visit_date": day.isoformat(),
            "owner": "group" if is_group else "individual",
            "period_days": "60",
            "revenue": str(revenue),
            "cost": str(revenue * some(60, 105) // 100),
            "cash": str(some(5, 80) * 100_000),
            "stock": str(some(5, 60) * 100_000),
            "recv": str(some(0, 10) * 100_000),
            "payab": str(some(0, 5) * 100_000),
            "days_open": str(some(5, 23)),
            "days_plan": "22",
            "channels": str(some(1, 4)),
            "bookkeeping": str(some(0, 5)),
            "active": str(some(4, 11)) if is_group else "",
            "members": "10" if is_group else "",
            "days_since_meeting": "30" if is_group else "",
            "iks": str(some(0, 5)) if is_group else "",
            "savings": "" if is_group else "irregular",
            "hh_ratio": f"0.{some(60, 100)}",
            "instalment": "0",
        }

    def record(self, kind: RecordKind, scope: str, answers: dict[str, Any]) -> Record:
        """An editable record as the server sent it."""
        return Record(
            uid=self.session.wiring.new_id(),
            kind=kind,
            form_version=newest_version(kind),
            scope=scope or PROVINCE_SCOPE,
            answers=answers,
            version=1,
            updated_at="2026-01-12T02:00:00.000Z",
            updated_by=self.session.officer.uid,
        )


def _plant_name(random: Random) -> str:
    first, second = FIRST_NAMES.split(), SECOND_NAMES.split()
    return f"{random.choice(first)} {random.choice(second)} {random.choice(first)} Contoh"


def _grown_up(random: Random) -> date:
    """A birth date of somebody of 19 to 59 years on the day of the sample, 23 November 2026."""
    return date(2007, 1, 1) - timedelta(random.randrange(14_000))


def _young(random: Random) -> date:
    """A birth date of somebody below 18 years on the day of the sample, 23 November 2026."""
    return date(2009, 1, 1) + timedelta(random.randrange(6000))
