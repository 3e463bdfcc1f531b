"""Rules of groups, memberships, units, batches and staff (handbook 5.1, 5.2, 5.5 to 5.7)."""

from __future__ import annotations

import pytest

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Severity
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.records import RecordKind
from kube_field.reference import load_reference
from tests.support import make_answers as make

GROUP, MEMBERSHIP = form(RecordKind.KUBE_GROUP), form(RecordKind.MEMBERSHIP)
UNIT, BATCH, STAFF = form(RecordKind.BUSINESS_UNIT), form(RecordKind.PROGRAM_BATCH), form(RecordKind.STAFF)
GALAT, PERINGATAN = Severity.GALAT, Severity.PERINGATAN


def judge(declared, answers, **facts):
    return evaluate(declared, answers, make.make_context(reference=load_reference(), **facts))


def said(declared, answers, code, **facts):
    return next((f.severity for f in judge(declared, answers, **facts).findings if f.code == code), None)


def members(count=5, **changes):
    roles = ("ketua", "sekretaris", "bendahara")
    return [
        {
            "person_uid": f"p{n}",
            "name": f"Anggota {n}",
            "birth_date": "1990-05-05",
            "role": roles[n] if n < len(roles) else "anggota",
            "village_code": make.VILLAGE,
            "household_uid": f"h{n}",
            "desil": "2",
            **changes,
        }
        for n in range(count)
    ]


def test_a_good_group_has_nothing_to_confirm():
    judged = judge(GROUP, make.complete_group(), members=members(), batch=make.complete_batch())
    assert judged.of_severity(PERINGATAN) == ()
    assert judged.errors == ()


@pytest.mark.parametrize(
    ("count", "code", "expected"),
    [
        (4, "MEMBERS_TOO_FEW", PERINGATAN),
        (5, "MEMBERS_TOO_FEW", None),
        (20, "MEMBERS_TOO_MANY", None),
        (21, "MEMBERS_TOO_MANY", PERINGATAN),
        (0, "MEMBERS_TOO_FEW", PERINGATAN),
    ],
)
def test_a_group_has_five_to_twenty_members(count, code, expected):
    assert said(GROUP, make.complete_group(), code, members=members(count)) == expected


def test_the_batch_sets_the_size():
    batch = make.complete_batch(min_members=10)
    assert said(GROUP, make.complete_group(), "MEMBERS_TOO_FEW", members=members(9), batch=batch) == PERINGATAN
    assert said(GROUP, make.complete_group(), "MEMBERS_TOO_FEW", members=members(10), batch=batch) is None


def test_unknown_members_keep_the_rules_silent():
    assert judge(GROUP, make.complete_group()).of_severity(PERINGATAN) == ()


@pytest.mark.parametrize("role", ["ketua", "sekretaris", "bendahara"])
def test_each_office_is_held_once(role):
    without = [{**one, "role": "anggota"} if one["role"] == role else one for one in members()]
    twice = [*members(), {**members(1)[0], "person_uid": "x", "household_uid": "x", "role": role}]
    assert said(GROUP, make.complete_group(), f"NO_{role.upper()}", members=without) == PERINGATAN
    assert said(GROUP, make.complete_group(), f"MANY_{role.upper()}", members=twice) == PERINGATAN


def test_members_live_in_the_groups_kecamatan():
    neighbour = [*members(4), *members(1, village_code="64.02.13.2001", person_uid="x", household_uid="x")]
    other_village = members(5, village_code="64.02.12.2003")
    assert said(GROUP, make.complete_group(), "MEMBER_OTHER_KECAMATAN", members=neighbour) == PERINGATAN
    assert said(GROUP, make.complete_group(), "MEMBER_OTHER_KECAMATAN", members=other_village) is None


@pytest.mark.parametrize(
    ("born", "expected"),
    [("2008-11-23", None), ("2008-11-24", PERINGATAN), ("1966-11-24", None), ("1966-11-23", PERINGATAN)],
)
def test_members_are_of_the_batchs_ages(born, expected):
    assert said(GROUP, make.complete_group(), "MEMBER_AGE", members=members(5, birth_date=born)) == expected


def test_two_members_of_one_family_are_a_warning():
    family = members(5, household_uid="h")
    assert said(GROUP, make.complete_group(), "MEMBERS_OF_ONE_FAMILY", members=family) == PERINGATAN


@pytest.mark.parametrize(("desil", "expected"), [("5", None), ("6", PERINGATAN), ("tidak_terdaftar", PERINGATAN)])
def test_somebody_is_in_desil_one_to_five(desil, expected):
    assert said(GROUP, make.complete_group(), "NO_MEMBER_IN_DESIL_5", members=members(5, desil=desil)) == expected


def test_members_who_left_do_not_count():
    left = [*members(4), *members(1, left_on="2026-01-01")]
    assert said(GROUP, make.complete_group(), "MEMBERS_TOO_FEW", members=left) == PERINGATAN


def test_a_name_that_the_village_knows_already_is_a_warning():
    known = ["kube mawar", "KUBE Melati"]
    assert said(GROUP, make.complete_group(), "GROUP_NAME_TWICE", group_names=known) == PERINGATAN
    assert said(GROUP, make.complete_group(), "GROUP_NAME_TWICE", group_names=["KUBE Melati"]) is None


@pytest.mark.parametrize(
    ("account", "expected"), [("1234567", GALAT), ("12345678", None), ("1" * 20, None), ("1234-5678", GALAT)]
)
def test_a_bank_account_has_eight_to_twenty_digits(account, expected):
    assert said(GROUP, make.complete_group(bank_account=account), "ACCOUNT_DIGITS") == expected


def test_a_bank_account_is_needed_where_money_is_paid():
    bare = make.complete_group(bank_name=None, bank_account=None)
    assert judge(GROUP, bare, batch=make.complete_batch()).errors == ()
    wanted = judge(GROUP, bare, batch=make.complete_batch(aid_form="uang_rekening")).errors
    assert {f.question for f in wanted} == {"bank_name", "bank_account"}


def test_the_decision_of_the_village_head_is_needed_before_aid():
    bare = make.complete_group(sk_number=None, sk_date=None, sk_by=None)
    assert judge(GROUP, bare).errors == ()
    assert {f.question for f in judge(GROUP, bare, has_aid=True).errors} == {"sk_number", "sk_date", "sk_by"}


def test_an_idea_of_another_sector_is_a_warning():
    assert said(GROUP, make.complete_group(sector="craft"), "IDEA_OTHER_SECTOR") == PERINGATAN


def test_nobody_is_in_two_active_groups():
    elsewhere = [{"group_uid": "other", "group_name": "KUBE Melati"}]
    here = [{"group_uid": make.GROUP_UID, "group_name": "KUBE Mawar"}]
    assert said(MEMBERSHIP, make.complete_membership(), "MEMBER_OF_TWO_GROUPS", memberships=elsewhere) == GALAT
    assert said(MEMBERSHIP, make.complete_membership(), "MEMBER_OF_TWO_GROUPS", memberships=here) is None
    closed = make.complete_membership(left_on="2026-02-01", leave_reason="pindah")
    assert said(MEMBERSHIP, closed, "MEMBER_OF_TWO_GROUPS", memberships=elsewhere) is None


def test_nobody_is_in_a_group_twice_at_once():
    present = members(1, person_uid=make.PERSON_UID)
    assert said(MEMBERSHIP, make.complete_membership(), "MEMBER_TWICE", members=present) == GALAT
    assert said(MEMBERSHIP, make.complete_membership(), "MEMBER_TWICE", members=members(1)) is None


@pytest.mark.parametrize(("left", "expected"), [("2025-10-05", GALAT), ("2025-10-06", None)])
def test_nobody_leaves_before_joining(left, expected):
    answers = make.complete_membership(left_on=left, leave_reason="ganti_jabatan")
    assert said(MEMBERSHIP, answers, "LEFT_BEFORE_JOINED") == expected


def test_who_leaves_has_a_reason():
    errors = judge(MEMBERSHIP, make.complete_membership(left_on="2026-02-01")).errors
    assert [f.question for f in errors] == ["leave_reason"]


def test_a_unit_belongs_to_a_group_or_to_a_person():
    both = make.complete_unit("group", person_id=make.reference_to("p", "Melati"))
    assert "person_id" not in judge(UNIT, both).applicable
    errors = judge(UNIT, make.complete_unit("person", person_id=None)).errors
    assert [f.question for f in errors] == ["person_id"]


@pytest.mark.parametrize(("days", "expected"), [(0, "TOO_SMALL"), (1, None), (31, None), (32, "TOO_LARGE")])
def test_a_unit_plans_one_to_thirty_one_days(days, expected):
    codes = [f.code for f in judge(UNIT, make.complete_unit(planned_days_per_month=days)).errors]
    assert codes == ([expected] if expected else [])


def test_an_idea_for_groups_is_unusual_for_a_person():
    assert said(UNIT, make.complete_unit("person", idea_code="KAMBING"), "IDEA_OTHER_SCHEME") == PERINGATAN


@pytest.mark.parametrize(("value", "expected"), [(20_000_000, None), (20_000_001, PERINGATAN)])
def test_aid_above_the_amount_of_the_batch_is_a_warning(value, expected):
    answers = make.complete_unit(aid_value_idr=value)
    assert said(UNIT, answers, "AID_ABOVE_UNIT_AMOUNT", batch={"unit_amount_idr": 20_000_000}) == expected
    assert said(UNIT, answers, "AID_ABOVE_UNIT_AMOUNT") is None


@pytest.mark.parametrize(("nik", "expected"), [("", GALAT), (make.NIK, None)])
def test_nobody_receives_aid_without_a_nik(nik, expected):
    answers = make.complete_unit("person", handover_on="2026-02-10")
    assert said(UNIT, answers, "AID_WITHOUT_NIK", owner={"nik": nik}) == expected
    planned = make.complete_unit("person", handover_on=None, aid_value_idr=None, working_capital_base_idr=None)
    assert said(UNIT, planned, "AID_WITHOUT_NIK", owner={"nik": nik}) is None


def test_working_capital_is_a_part_of_the_aid():
    over = make.complete_unit(working_capital_base_idr=20_000_001)
    assert said(UNIT, over, "CAPITAL_ABOVE_AID") == PERINGATAN
    assert said(UNIT, make.complete_unit(working_capital_base_idr=20_000_000), "CAPITAL_ABOVE_AID") is None


@pytest.mark.parametrize(("last", "expected"), [(49, GALAT), (50, None), (51, GALAT)])
def test_the_tranches_sum_to_a_hundred(last, expected):
    rows = make.complete_batch()["tranches"]
    answers = make.complete_batch(tranches=[rows[0], {**rows[1], "percent": last}])
    assert said(BATCH, answers, "TRANCHES_NOT_100") == expected


def test_tranches_are_numbered_from_one():
    rows = make.complete_batch()["tranches"]
    answers = make.complete_batch(tranches=[rows[0], {**rows[1], "no": 3}])
    assert said(BATCH, answers, "TRANCHE_NUMBERS") == GALAT


@pytest.mark.parametrize(("year", "expected"), [(2014, GALAT), (2015, None), (2099, None), (2100, GALAT)])
def test_a_fiscal_year_is_2015_to_2099(year, expected):
    errors = judge(BATCH, make.complete_batch(fiscal_year=year)).errors
    assert (GALAT if errors else None) == expected


def test_a_batch_for_persons_has_no_group_size():
    judged = judge(BATCH, make.complete_batch(scheme="wrse_perorangan", min_members=None, max_members=None))
    assert judged.errors == ()
    errors = judge(BATCH, make.complete_batch(min_members=None, max_members=None)).errors
    assert {f.question for f in errors} == {"min_members", "max_members"}


@pytest.mark.parametrize(("most", "expected"), [(4, GALAT), (5, None)])
def test_the_largest_group_is_not_smaller_than_the_smallest(most, expected):
    assert said(BATCH, make.complete_batch(max_members=most), "MAX_BELOW_MIN") == expected


@pytest.mark.parametrize(("number", "expected"), [("1" * 18, None), ("1" * 17, PERINGATAN), ("PSM-12", PERINGATAN)])
def test_a_nip_of_other_than_eighteen_digits_is_a_warning(number, expected):
    assert said(STAFF, make.complete_staff(employee_number=number), "NIP_LENGTH") == expected


@pytest.mark.parametrize(
    ("area", "expected"),
    [("64", None), ("64.02", None), ("64.02.12", None), ("64.02.99", GALAT), ("64.99", GALAT), (make.VILLAGE, GALAT)],
)
def test_a_task_area_is_a_kabupaten_or_a_kecamatan(area, expected):
    assert said(STAFF, make.complete_staff(area_codes=[area]), "AREA_UNKNOWN") == expected
