"""Rules of aid and its handover minutes (handbook 5.9)."""

from __future__ import annotations

from typing import Any

import pytest

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Severity
from kube_field.domain.forms.evaluation import Evaluation, evaluate
from kube_field.domain.records import RecordKind
from kube_field.reference import load_reference
from tests.support import make_answers as make

AID = form(RecordKind.AID)
REFERENCE = load_reference()
GALAT, PERINGATAN, KETERANGAN = Severity.GALAT, Severity.PERINGATAN, Severity.KETERANGAN
MEMBERS = [
    {"person_uid": make.PERSON_UID, "name": "Melati Contoh Satu", "role": "ketua", "has_nik": True},
    {
        "person_uid": "01936d00-0000-7000-8000-000000000102",
        "name": "Kenanga Contoh",
        "role": "sekretaris",
        "has_nik": True,
    },
    {
        "person_uid": "01936d00-0000-7000-8000-000000000103",
        "name": "Anggrek Contoh",
        "role": "anggota",
        "has_nik": True,
    },
]


def judge(answers: dict[str, Any], **facts: Any) -> Evaluation:
    return evaluate(AID, answers, make.make_context(reference=REFERENCE, **facts))


def said(answers: dict[str, Any], code: str, **facts: Any) -> Severity | None:
    found = {finding.code: finding.severity for finding in judge(answers, **facts).findings}
    return found.get(code)


def items(**changes: Any) -> list[dict[str, Any]]:
    first, second = make.complete_aid()["items"]
    return [{**first, **changes}, second]


def test_the_total_is_the_sum_of_the_items_to_the_rupiah():
    computed = judge(make.complete_aid()).computed
    assert computed["total_idr"] == 2_400_000 + 40 * 12_500
    assert computed["total_words"] == "dua juta sembilan ratus ribu rupiah"


@pytest.mark.parametrize(("qty", "total"), [("2.5", 31_250 + 2_400_000), ("0.1", 1_250 + 2_400_000)])
def test_parts_of_a_kilogram_are_reckoned_exactly(qty: str, total: int):
    first, second = make.complete_aid()["items"]
    assert judge(make.complete_aid(items=[first, {**second, "qty": qty}])).computed["total_idr"] == total


def test_a_line_without_price_leaves_the_total_open():
    assert judge(make.complete_aid(items=items(unit_price_idr=None))).computed["total_idr"] is None


@pytest.mark.parametrize(("qty", "expected"), [("0", GALAT), ("0.0", GALAT), ("0.01", None)])
def test_nothing_is_no_quantity(qty: str, expected: Severity | None):
    assert said(make.complete_aid(items=items(qty=qty, planned_qty=None)), "QTY_ZERO") == expected


@pytest.mark.parametrize(
    ("qty", "planned", "words"),
    [("1", "3", "Kurang 2 unit"), ("3", "3", None), ("4", "3", None), ("1.5", "2", "Kurang 0,5 unit")],
)
def test_fewer_than_planned_is_said_beside_the_row(qty: str, planned: str, words: str | None):
    judged = judge(make.complete_aid(items=items(qty=qty, planned_qty=planned)))
    short = [finding for finding in judged.findings if finding.code == "AID_SHORT"]
    assert [finding.message for finding in short] == ([words] if words else [])
    assert [(finding.row, finding.column, finding.severity) for finding in short] == (
        [(0, "qty", KETERANGAN)] if words else []
    )


def test_planned_goods_of_which_nothing_came_are_named():
    planned = [{"item": "Etalase kaca", "qty": "1"}, {"item": "TEPUNG TAPIOKA", "qty": "40"}]
    told = [one.message for one in judge(make.complete_aid(), planned=planned).findings if one.code == "AID_MISSING"]
    assert told == ["Menurut asesmen belum diserahkan: Etalase kaca."]


@pytest.mark.parametrize(("nik", "expected"), [("", GALAT), (make.NIK, None)])
def test_nobody_without_nik_receives_aid(nik: str, expected: Severity | None):
    assert said(make.complete_aid("person"), "AID_WITHOUT_NIK", receiver={"nik": nik}) == expected


def test_members_without_nik_are_a_warning():
    members = [*MEMBERS[:2], {**MEMBERS[2], "has_nik": False}]
    assert said(make.complete_aid(), "MEMBERS_WITHOUT_NIK", members=members) == PERINGATAN
    assert said(make.complete_aid(), "MEMBERS_WITHOUT_NIK", members=MEMBERS) is None


def test_a_groups_aid_is_received_by_its_chair_before_two_members():
    assert judge(make.complete_aid(), members=MEMBERS).errors == ()
    assert (
        said(
            make.complete_aid(received_by=make.reference_to(MEMBERS[1]["person_uid"], "K")),
            "RECEIVER_NOT_CHAIR",
            members=MEMBERS,
        )
        == GALAT
    )
    assert (
        said(make.complete_aid(witness_1=make.reference_to("x", "Orang lain")), "WITNESS_NOT_MEMBER", members=MEMBERS)
        == GALAT
    )


def test_two_witnesses_are_two_people_and_not_the_receiver():
    second = make.complete_aid()["witness_2"]
    assert said(make.complete_aid(witness_1=second), "WITNESS_TWICE") == GALAT
    receiver = make.complete_aid()["received_by"]
    assert said(make.complete_aid(witness_1=receiver), "WITNESS_IS_RECEIVER") == GALAT


def test_a_person_needs_no_witnesses():
    assert {"witness_1", "witness_2"} & judge(make.complete_aid("person")).applicable == set()
    assert [one.question for one in judge(make.complete_aid("group", witness_1=None)).errors] == ["witness_1"]


@pytest.mark.parametrize(
    ("number", "earlier", "code"),
    [
        (2, {"tranches": [1], "accepted_visits": 0}, "TRANCHE_NEEDS_VISIT"),
        (2, {"tranches": [1], "accepted_visits": 1}, None),
        (1, {"tranches": [], "accepted_visits": 0}, None),
        (1, {"tranches": [1], "accepted_visits": 0}, "TRANCHE_DONE"),
        (3, {"tranches": [1, 2], "accepted_visits": 4}, "TRANCHE_UNKNOWN"),
    ],
)
def test_a_tranche_is_handed_over_once_and_when_the_batch_lets_it(
    number: int, earlier: dict[str, Any], code: str | None
):
    errors = judge(make.complete_aid(tranche_no=number), batch=make.complete_batch(), earlier=earlier).errors
    assert [one.code for one in errors] == ([code] if code else [])


def test_a_batch_without_condition_lets_the_second_tranche_go_at_once():
    batch = make.complete_batch(
        tranches=[{"no": 1, "percent": 50, "condition": "langsung"}, {"no": 2, "percent": 50, "condition": "langsung"}]
    )
    assert (
        judge(make.complete_aid(tranche_no=2), batch=batch, earlier={"tranches": [1], "accepted_visits": 0}).errors
        == ()
    )


def test_a_second_tranche_before_the_first_is_asked_about():
    facts = {"batch": make.complete_batch()}
    assert said(make.complete_aid(tranche_no=2), "TRANCHE_BEFORE", earlier={"tranches": []}, **facts) == PERINGATAN
    own = {"tranches": [], "own_handover": True}
    assert said(make.complete_aid(tranche_no=2), "TRANCHE_BEFORE", earlier=own, **facts) is None


@pytest.mark.parametrize(("before", "expected"), [(17_100_000, None), (17_100_001, PERINGATAN)])
def test_all_tranches_together_are_held_against_the_amount_of_the_batch(before: int, expected: Severity | None):
    facts = {"batch": make.complete_batch(), "earlier": {"tranches": [], "total_idr": before}}
    assert said(make.complete_aid(), "AID_ABOVE_UNIT_AMOUNT", **facts) == expected


def test_money_asks_for_the_bank():
    money = [
        {"id": "u", "kind": "uang", "name": "Modal usaha", "qty": "1", "unit": "paket", "unit_price_idr": 5_000_000}
    ]
    errors = [one.question for one in judge(make.complete_aid(items=money)).errors]
    assert errors == ["bank_name", "bank_account", "transferred_on", "transfer_reference"]
    cash = {code: {"waived": "diserahkan tunai"} for code in errors}
    assert judge(make.complete_aid(items=money, **cash)).errors == ()


def test_conditions_that_were_not_read_stop_the_minutes():
    assert said(make.complete_aid(conditions_read=False), "CONDITIONS_NOT_READ") == GALAT


def correction(**changes: Any) -> dict[str, Any]:
    told = {
        "bast_type": "perubahan",
        "changes_of": make.reference_to("bast-1", "L07-0001/BAST/KKR/II/2026"),
        "changed_on": "2026-03-02",
        "change_reason": "Jumlah tepung keliru ditulis.",
    }
    return make.complete_aid(**{**told, **changes})


def test_a_correction_changes_something():
    original = make.complete_aid()
    assert said(correction(), "NO_CHANGE", original=original) == GALAT
    changed = correction(items=items(qty="2", planned_qty="2"))
    assert judge(changed, original=original).errors == ()


def test_signing_anew_is_no_change():
    original = make.complete_aid()
    signed = correction(signature_staff=make.signature("Orang Lain"), photos=[make.photo(3, "alat")], copies=3)
    assert said(signed, "NO_CHANGE", original=original) == GALAT


def test_a_correction_is_no_further_tranche():
    earlier = {"tranches": [1], "accepted_visits": 0}
    assert (
        judge(
            correction(place="Kantor desa"), original=make.complete_aid(), batch=make.complete_batch(), earlier=earlier
        ).errors
        == ()
    )
