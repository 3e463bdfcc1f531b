"""The visit's rules at both sides of each border (handbook 5.11)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Severity, Stage
from kube_field.domain.forms.evaluation import SectionState, evaluate, finalised_answers
from kube_field.domain.records import RecordKind
from kube_field.reference import load_reference
from tests.support import make_answers as make

VISIT = form(RecordKind.VISIT)
GALAT, PERINGATAN, KETERANGAN = Severity.GALAT, Severity.PERINGATAN, Severity.KETERANGAN
AMOUNT = st.integers(min_value=0, max_value=10**9)


def judge(answers, **facts):
    return evaluate(VISIT, answers, make.make_context(**facts))


def said(answers, code, **facts):
    """Severity of the finding with this code, None when the rule is silent."""
    return next((f.severity for f in judge(answers, **facts).findings if f.code == code), None)


def test_a_visit_tomorrow_cannot_be_finalised():
    assert said(make.complete_visit(visited_on="2026-11-24"), "DATE_FUTURE") == GALAT


def test_a_visit_today_can_be_finalised():
    answers = make.complete_visit(visited_on="2026-11-23", next_visit_on="2026-12-18")
    assert said(answers, "DATE_FUTURE") is None


@pytest.mark.parametrize(("handover", "expected"), [("2026-11-21", PERINGATAN), ("2026-11-20", None), ("", None)])
def test_a_visit_before_the_handover_is_a_warning(handover, expected):
    assert said(make.complete_visit(), "DATE_BEFORE_HANDOVER", handover_on=handover) == expected


@pytest.mark.parametrize(("days", "expected"), [(6, PERINGATAN), (7, None), (120, None), (121, PERINGATAN)])
def test_the_period_is_usually_seven_to_a_hundred_and_twenty_days(days, expected):
    start = (date(2026, 11, 20) - timedelta(days=days - 1)).isoformat()
    answers = make.complete_visit(period_from=start)
    assert judge(answers).computed["period_days"] == days
    assert said(answers, "PERIOD_LENGTH") == expected


def test_a_period_of_one_day_ends_on_its_first_day():
    answers = make.complete_visit(period_from="2026-11-20")
    assert (said(answers, "PERIOD_ORDER"), judge(answers).computed["period_days"]) == (None, 1)


def test_a_period_cannot_end_before_it_begins():
    assert said(make.complete_visit(period_from="2026-11-21", visited_on="2026-11-22"), "PERIOD_ORDER") == GALAT


def test_a_period_cannot_reach_beyond_the_visit():
    assert said(make.complete_visit(period_to="2026-11-21"), "PERIOD_AFTER_VISIT") == GALAT
    assert said(make.complete_visit(period_to="2026-11-20"), "PERIOD_AFTER_VISIT") is None


@pytest.mark.parametrize(("last_end", "expected"), [("2026-10-20", None), ("2026-10-21", PERINGATAN)])
def test_a_period_that_was_reported_already_is_a_warning(last_end, expected):
    assert said(make.complete_visit(), "PERIOD_OVERLAP", previous={"period_to": last_end}) == expected


@pytest.mark.parametrize(("end", "expected"), [("09:30", GALAT), ("09:31", None)])
def test_a_visit_ends_after_it_began(end, expected):
    assert said(make.complete_visit(time_to=end), "TIME_ORDER") == expected


@given(revenue=AMOUNT, costs=st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT))
def test_profit_is_revenue_less_all_costs(revenue, costs):
    names = ("material", "labor", "transport", "rent_utilities", "other")
    amounts = {f"cost_{name}_idr": cost for name, cost in zip(names, costs, strict=True)}
    computed = judge(make.complete_visit(revenue_idr=revenue, **amounts)).computed
    assert (computed["cost_idr"], computed["profit_idr"]) == (sum(costs), revenue - sum(costs))


def test_profit_is_not_known_while_a_cost_is_not():
    computed = judge(make.complete_visit(cost_other_idr="tidak_tahu")).computed
    assert (computed["cost_idr"], computed["profit_idr"], computed["profit_month_idr"]) == (None, None, None)


def test_a_loss_is_said_and_blocks_nothing():
    answers = make.complete_visit(
        revenue_idr=1_000_000, profit_use_modal_idr=None, profit_use_konsumsi_idr=None, profit_use_tabungan_idr=None
    )
    assert said(answers, "LOSS") == KETERANGAN
    assert judge(answers).errors == ()


def test_amounts_are_brought_to_thirty_days_half_up():
    answers = make.complete_visit(period_from="2026-09-21", revenue_idr=9_150_000)
    assert judge(answers).computed["period_days"] == 61
    assert judge(answers).computed["revenue_month_idr"] == 4_500_000


@pytest.mark.parametrize(("used", "expected"), [(1_400_000, None), (1_400_001, PERINGATAN)])
def test_profit_used_beyond_the_profit_is_a_warning(used, expected):
    assert said(make.complete_visit(profit_use_modal_idr=used), "PROFIT_USE_ABOVE_PROFIT") == expected


def test_working_capital_is_cash_stock_and_receivables_less_payables():
    answers = make.complete_visit(payable_idr=800_000)
    assert judge(answers).computed["working_capital_idr"] == 12_000_000


@pytest.mark.parametrize(("amount", "expected"), [(100_000_000, None), (100_000_001, PERINGATAN)])
def test_an_unusual_turnover_is_a_warning(amount, expected):
    assert said(make.complete_visit(revenue_idr=amount), "AMT_UNUSUAL") == expected


def test_zero_is_a_value_and_empty_is_not_zero():
    assert said(make.complete_visit(cost_other_idr=0), "AMT_REQUIRED") is None
    assert said(make.complete_visit(cost_other_idr=None), "AMT_REQUIRED") == GALAT


@pytest.mark.parametrize("special", ["tidak_tahu", "menolak"])
def test_a_family_may_not_know_or_refuse_its_money(special):
    assert judge(make.complete_visit(revenue_idr=special)).errors == ()


@pytest.mark.parametrize("special", ["tidak_tahu", "menolak"])
def test_a_visit_date_is_never_unknown(special):
    assert said(make.complete_visit(visited_on=special), "DATE_FORMAT") == GALAT


@pytest.mark.parametrize(("days", "expected"), [(31, None), (32, GALAT)])
def test_a_business_is_open_at_most_thirty_one_days(days, expected):
    assert said(make.complete_visit(days_open=days), "TOO_LARGE") == expected


def test_more_open_days_than_planned_are_allowed():
    answers = make.complete_visit(days_open=25)
    assert said(answers, "OPEN_ABOVE_PLAN") == KETERANGAN
    assert judge(answers).errors == ()


@pytest.mark.parametrize(
    ("status", "needed"), [("berjalan_baik", False), ("berhenti", True), ("berhenti_sementara", True)]
)
def test_a_stopped_business_tells_why(status, needed):
    assert (said(make.complete_visit(business_status=status), "REQUIRED") == GALAT) is needed


@pytest.mark.parametrize(("level", "needed"), [(0, False), (1, False), (2, True), (4, True)])
def test_a_cash_book_is_photographed_from_level_two(level, needed):
    answers = make.complete_visit(bookkeeping_level=level, book_photo=None)
    assert any(finding.question == "book_photo" for finding in judge(answers).errors) is needed


def test_a_missing_photo_of_the_cash_book_is_waived_with_a_reason():
    waived = make.complete_visit(book_photo={"waived": "Buku dibawa bendahara"})
    assert judge(waived).errors == ()
    assert said(make.complete_visit(book_photo={"waived": " "}), "WAIVE_REASON") == GALAT


@pytest.mark.parametrize(("count", "expected"), [(1, "TOO_FEW"), (2, None), (6, None), (7, "TOO_MANY")])
def test_a_visit_has_two_to_six_photos(count, expected):
    photos = [make.photo(n) for n in range(1, count + 1)]
    codes = [finding.code for finding in judge(make.complete_visit(photos=photos)).errors]
    assert codes == ([expected] if expected else [])


def test_photos_are_waived_with_a_reason():
    assert judge(make.complete_visit(photos={"waived": "Kamera rusak"})).errors == ()


def test_one_photo_is_enough_when_nobody_was_there():
    judged = judge(make.visit_to_nobody())
    assert judged.errors == ()
    assert said(make.visit_to_nobody(photos=None), "REQUIRED") == GALAT


def test_a_visit_to_nobody_asks_only_parts_1_8_10_and_the_next_visit():
    judged = judge(make.visit_to_nobody())
    asked = {section.code for section in VISIT.sections if any(q.code in judged.applicable for q in section.questions)}
    assert asked == {"1", "8", "9", "10"}
    assert "officer_opinion" not in judged.applicable
    assert "signature_recipient" not in judged.applicable
    assert {"next_visit_on", "photos", "support_needed"} <= judged.applicable


def test_answers_that_do_not_apply_are_kept_out_of_the_frozen_visit():
    answers = make.complete_visit(met="tidak_ada_orang")
    frozen = finalised_answers(VISIT, answers, make.make_context())
    assert "revenue_idr" not in frozen
    assert frozen["met"] == "tidak_ada_orang"


def test_a_telephone_call_has_no_place_and_no_photo():
    judged = judge(make.complete_visit(kind="telepon", photos=None, place=None, signature_recipient=None))
    assert judged.errors == ()
    assert {"place", "location", "photos", "signature_recipient"} & judged.applicable == set()


def test_a_person_is_asked_about_savings_and_a_group_about_iks():
    assert {"savings_habit"} <= judge(make.complete_visit("person")).applicable
    assert {"iks_level", "members_active"} & judge(make.complete_visit("person")).applicable == set()
    assert {"iks_level", "members_active"} <= judge(make.complete_visit("group")).applicable


@pytest.mark.parametrize(("active", "expected"), [(10, None), (11, GALAT)])
def test_no_more_members_are_active_than_there_are(active, expected):
    assert said(make.complete_visit(members_active=active), "ACTIVE_ABOVE_TOTAL") == expected


@pytest.mark.parametrize(("count", "expected"), [(2, GALAT), (3, None)])
def test_a_group_tells_the_income_of_three_members(count, expected):
    rows = make.complete_visit()["hh_income_sample"][:count]
    assert said(make.complete_visit(hh_income_sample=rows), "TOO_FEW") == expected


def test_a_group_of_two_tells_the_income_of_both():
    rows = make.complete_visit()["hh_income_sample"][:2]
    answers = make.complete_visit(hh_income_sample=rows, members_total=2, members_active=2)
    assert said(answers, "TOO_FEW") is None


def test_the_sampled_members_hold_different_offices():
    rows = [{**row, "role": "anggota"} for row in make.complete_visit()["hh_income_sample"]]
    assert said(make.complete_visit(hh_income_sample=rows), "SAMPLE_ROLES") == PERINGATAN


@pytest.mark.parametrize(("members", "expected"), [(10, None), (11, KETERANGAN)])
def test_thirty_percent_of_the_members_are_aimed_at(members, expected):
    assert said(make.complete_visit(members_total=members), "SAMPLE_BELOW_30_PERCENT") == expected


def test_one_family_is_enough_for_a_person():
    assert len(make.complete_visit("person")["hh_income_sample"]) == 1
    assert judge(make.complete_visit("person")).errors == ()


def test_income_per_head_is_shown_against_the_poverty_line_of_the_day():
    judged = evaluate(VISIT, make.complete_visit("person"), make.make_context(reference=load_reference()))
    assert judged.computed["hh_per_capita_idr"] == 850_000
    assert judged.computed["hh_poverty_ratio"] == 850_000 * 100 // 897_759


def test_a_refused_income_leaves_the_mean():
    rows = make.complete_visit()["hh_income_sample"]
    refused = [{**rows[0], "income_month_idr": "menolak"}, *rows[1:]]
    judged = judge(make.complete_visit(hh_income_sample=refused))
    assert (judged.computed["hh_per_capita_idr"], judged.errors) == (850_000, ())


def test_no_constraint_is_an_answer():
    assert judge(make.complete_visit(has_constraints=False, constraints=None)).errors == ()
    assert said(make.complete_visit(constraints=None), "REQUIRED") == GALAT


PROMISED = {"support_needed": [{"id": "f7", "kind": "izin", "who": "penerima", "by_date": "2026-11-01"}]}


def test_what_was_promised_last_time_is_reviewed():
    assert any(f.question == "previous_actions" for f in judge(make.complete_visit(), previous=PROMISED).errors)
    done = make.complete_visit(previous_actions=[{"id": "f7", "action": "Izin", "result": "selesai"}])
    assert judge(done, previous=PROMISED).errors == ()


def test_no_promise_may_be_left_out():
    both = {"support_needed": [*PROMISED["support_needed"], {"id": "f8", "kind": "izin"}]}
    one = make.complete_visit(previous_actions=[{"id": "f7", "result": "belum"}])
    assert said(one, "PREVIOUS_ACTION_OPEN", previous=both) == GALAT


@pytest.mark.parametrize(("result", "needed"), [("batal", True), ("belum", False), ("selesai", False)])
def test_a_dropped_promise_needs_a_reason(result, needed):
    answers = make.complete_visit(previous_actions=[{"id": "f7", "result": result}])
    errors = [(f.row, f.column) for f in judge(answers, previous=PROMISED).errors]
    assert errors == ([(0, "reason")] if needed else [])


def test_the_first_visit_has_nothing_to_review():
    assert "previous_actions" not in judge(make.complete_visit()).applicable


@pytest.mark.parametrize(("until", "expected"), [("2026-11-19", GALAT), ("2026-11-20", None)])
def test_a_follow_up_is_not_due_before_the_visit(until, expected):
    row = {"id": "f1", "kind": "izin", "who": "mitra", "by_date": until}
    assert said(make.complete_visit(support_needed=[row]), "ACTION_BEFORE_VISIT") == expected


def test_a_graduated_unit_needs_no_follow_up():
    answers = make.complete_visit(support_needed=None, next_visit_on=None)
    assert judge(answers, graduated=True).errors == ()
    assert {f.question for f in judge(answers, graduated=False).errors} == {"support_needed", "next_visit_on"}


def test_without_the_unit_nobody_asks_for_a_follow_up():
    answers = make.complete_visit(support_needed=None, next_visit_on=None)
    assert judge(answers).errors == ()


@pytest.mark.parametrize(
    ("planned", "code", "expected"),
    [
        ("2026-11-20", "NEXT_BEFORE_VISIT", GALAT),
        ("2026-11-21", "NEXT_BEFORE_VISIT", None),
        ("2026-12-20", "NEXT_AFTER_DUE", None),
        ("2026-12-21", "NEXT_AFTER_DUE", PERINGATAN),
    ],
)
def test_the_next_visit_follows_this_one_and_the_schedule(planned, code, expected):
    assert said(make.complete_visit(next_visit_on=planned), code, due_on="2026-12-20") == expected


def test_a_photo_against_the_citizens_wish_is_a_warning():
    assert said(make.complete_visit(), "CONSENT_PHOTO", consents={"foto": False}) == PERINGATAN
    assert said(make.complete_visit(), "CONSENT_PHOTO", consents={"foto": True}) is None


def test_a_location_against_the_citizens_wish_is_an_error():
    assert said(make.complete_visit(), "CONSENT_LOCATION", consents={"lokasi": False}) == GALAT
    typed = make.complete_visit(location={"note": "tidak tersedia"})
    assert said(typed, "CONSENT_LOCATION", consents={"lokasi": False}) is None


def test_lenders_are_asked_only_where_there_is_an_instalment():
    assert "lender_kinds" not in judge(make.complete_visit()).applicable
    answers = make.complete_visit(debt_instalment_month_idr=200_000, lender_kinds=["rentenir"])
    assert said(answers, "HARSH_LENDER") == KETERANGAN
    assert said(make.complete_visit(debt_instalment_month_idr=1), "REQUIRED") == GALAT


def test_a_draft_needs_only_what_is_marked():
    bare = make.complete_visit()
    for code in ("revenue_idr", "photos", "next_visit_on", "officer_opinion"):
        bare.pop(code)
    judged = evaluate(VISIT, bare, make.make_context(stage=Stage.DRAFT))
    assert judged.errors == ()


def test_a_section_shows_how_far_it_is():
    finance = next(section for section in VISIT.sections if section.code == "3")
    assert judge(make.complete_visit()).state(finance) == SectionState.COMPLETE
    assert judge(make.complete_visit(revenue_idr=None)).state(finance) == SectionState.PARTIAL
    assert judge(make.complete_visit(revenue_idr="banyak")).state(finance) == SectionState.WRONG
    assert judge({"owner_kind": "group", "met": "ketua"}).state(finance) == SectionState.EMPTY


TOOLS = {"unit": {"tools": [{"id": "t1", "name": "Kompor"}, {"id": "t2", "name": "Wajan"}]}}


def checked(*names):
    return [{"id": name, "name": name, "condition": "baik"} for name in names]


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        (None, ["REQUIRED"]),
        (checked("Kompor"), ["TOOL_NOT_CHECKED"]),
        (checked("Kompor", "Wajan"), []),
        ([*checked("Kompor"), {"id": "t2", "name": "Wajan"}], ["REQUIRED"]),
    ],
)
def test_every_tool_of_the_unit_is_looked_at(rows, codes):
    judged = judge(make.complete_visit(asset_checks=rows), **TOOLS)
    assert [f.code for f in judged.errors if f.question == "asset_checks"] == codes


@pytest.mark.parametrize("changes", [{"kind": "telepon"}, {"met": "tidak_ada_orang"}])
def test_tools_are_looked_at_only_where_somebody_shows_them(changes):
    assert "asset_checks" not in judge(make.complete_visit(**changes), **TOOLS).applicable


def test_a_unit_without_tools_is_not_asked_about_them():
    assert "asset_checks" not in judge(make.complete_visit()).applicable
