"""The fixed rule for the assessments of the sample's single women, about whom the CSV files say nothing (handbook 11).

- the family earns nine tenths of the poverty line per head: three quarters by her, the rest by others, and spends it;
- no debts, no business yet, five hours a day; she knows and wants what her unit became, its markets ask for it;
- its material is enough, its first tools and the material for them are proposed within the batch's amount.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from kube_field.domain.ideas import BusinessIdea
from kube_field.usecases.sample_completion import NewId, signature

AGREED_REASON = "Terbiasa mengerjakannya dan ada pembeli di sekitar rumah."
TOOL_PRICE, MATERIAL_PRICE, PLANNED_AID = 750_000, 500_000, 5_000_000
EXPENSES = (("exp_food_idr", 60), ("exp_school_idr", 10), ("exp_health_idr", 5), ("exp_home_idr", 15))
"""Shares of the income in percent; the rest is other spending."""
USUAL_SKILL, USUAL_MARKETS = "berdagang", ("tetangga", "pasar")


def assessment_answers(
    name: str, officer: str, idea: BusinessIdea, heads: int, line_idr: int, day: date, new_id: NewId
) -> dict[str, Any]:
    """A whole assessment of a woman who lives alone with her family; the draft adds subject and officer."""
    return {
        "assessed_on": day.isoformat(),
        "place": "rumah",
        "respondent": name,
        **_money(heads, line_idr),
        "hours_available": "5",
        "caregiver": False,
        "limited_strength": False,
        **_capacity(idea, new_id),
        **_result(idea, new_id),
        "signature_respondent": signature(name),
        "signature_staff": signature(officer),
    }


def _money(heads: int, line_idr: int) -> dict[str, Any]:
    income = line_idr * heads * 9 // 10_000 * 1_000
    main = income * 3 // 4
    spent = {code: income * percent // 100 for code, percent in EXPENSES}
    return {
        "income_main_idr": main,
        "income_spouse_idr": 0,
        "income_others_idr": income - main,
        "remittance_idr": 0,
        "aid_cash_idr": 0,
        **spent,
        "exp_debt_idr": 0,
        "exp_other_idr": income - sum(spent.values()),
        "savings_idr": 0,
        "has_debts": False,
    }


def _capacity(idea: BusinessIdea, new_id: NewId) -> dict[str, Any]:
    skills = idea.skills or (USUAL_SKILL,)
    markets = dict.fromkeys([*idea.markets, *USUAL_MARKETS])
    return {
        "skills": [
            {"id": new_id(), "skill_code": code, "level": "basic", "years": 2, "training": False} for code in skills
        ],
        "has_existing_business": False,
        "own_capital_idr": 100_000,
        "planned_aid_idr": PLANNED_AID,
        "has_tools_owned": False,
        "spaces": list(dict.fromkeys(["rumah", "dapur", idea.space])),
        "cold_storage": False,
        "demand": [{"id": new_id(), "market": market, "level": 2} for market in markets],
        "raw": [{"id": new_id(), "material": idea.raw, "level": 2}] if idea.raw else [],
    }


def _result(idea: BusinessIdea, new_id: NewId) -> dict[str, Any]:
    tools = [tool.strip() for tool in idea.tools.split(",")][:3]
    goods = [(tool[:1].upper() + tool[1:], TOOL_PRICE) for tool in tools] + [("Bahan awal", MATERIAL_PRICE)]
    return {
        "interests": [{"id": new_id(), "rank": 1, "idea_code": idea.code}],
        "needs": ["modal_bahan", "alat", "pelatihan_keuangan"],
        "officer_opinion": "layak",
        "chosen_idea": idea.code,
        "chosen_reason": AGREED_REASON,
        "chosen_by": "bersama",
        "proposed_aid": [
            {"id": new_id(), "item": item, "qty": "1", "unit": "paket", "price_idr": price} for item, price in goods
        ],
    }
