"""The fixed rule by which the fictional sample rows become complete answers (handbook 11).

The CSV files say who, where, when and how much; a form asks more. What they leave out is filled in by place in the
file, never by chance, so that every load gives the same data:

- families: three to six heads by turn; own house, small electricity, drinking water; desil 1 to 4 by turn;
- a married woman is the wife of a head named after a tree, everybody else is head of the own family and earns for it;
- costs are split 70 % material, 10 % wages, 10 % transport, 5 % utilities, the rest other;
- income of a sampled family = ratio of the row x poverty line on the day x heads of that family;
- a business runs well with a profit and three quarters of the planned days, else slowly;
- photos are left out with a reason; signatures are strokes made from the name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from kube_field.domain.forms.consent import CONSENT_ITEMS
from kube_field.domain.ideas import BusinessIdea
from kube_field.domain.money import round_half_up
from kube_field.domain.phones import check_phone
from kube_field.domain.records import UNKNOWN

Row: TypeAlias = Mapping[str, str]
NewId: TypeAlias = Callable[[], str]

TREES = ("Meranti", "Bengkirai", "Kapur", "Kempas", "Jelutung", "Nyatoh", "Keruing")
CATEGORIES = {"prse": "23", "fakir_miskin": "24"}
CHANNELS = ("langsung", "titip_warung", "pasar", "pesanan", "daring")
EDUCATION = ("sd", "smp", "sma", "sd", "tidak_tamat_sd")
SOURCES = ("ingatan", "nota", "buku_kas", "buku_kas", "buku_kas")
COST_SHARES = (
    ("cost_material_idr", 70),
    ("cost_labor_idr", 10),
    ("cost_transport_idr", 10),
    ("cost_rent_utilities_idr", 5),
)
REFUSED_ITEM = "publikasi"
"""The consent item to which nobody of the sample agreed."""


def place_in_file(person: Row) -> int:
    """1 for P01."""
    return int(person["person_key"][1:])


def is_wife(person: Row) -> bool:
    """True for a married woman who lives with her husband."""
    return person["sex"] == "P" and person["marital"] == "kawin"


def family_size(person: Row) -> int:
    """Heads of the family, three to six."""
    return 3 + place_in_file(person) % 4


def household_answers(person: Row, day: date, new_id: NewId) -> dict[str, Any]:
    """The family of one sample person."""
    at = place_in_file(person)
    tree = TREES[at % len(TREES)]
    answers = {
        "kk_number": person["kk"],
        "head_name": f"{tree} Contoh" if is_wife(person) else person["name"].strip(),
        "village_code": person["village_code"],
        "address": f"Jalan {tree} Nomor {at}",
        "rt": int(person["rt"]),
        "size": family_size(person),
        "n_under5": at % 2,
        "n_school": 1 + at % 2,
        "n_elderly": 1 if at % 5 == 0 else 0,
        "n_disabled": 0,
        "dwelling_status": "menumpang" if at % 6 == 0 else "milik_sendiri",
        "electricity": "900va" if at % 3 == 0 else "dasar",
        "water": "bersih",
        "signal": "lemah" if at % 4 else "baik",
        "flood_prone": at % 7 == 0,
        "dtsen_rows": [{"id": new_id(), "desil": str(1 + at % 4), "checked_on": day.isoformat(), "source": "siks_ng"}],
        "other_aid": ["pkh", "sembako"] if at % 2 else ["none"],
    }
    return {**answers, "rw": int(person["rw"])} if person["rw"] else answers


def person_answers(person: Row, household: Mapping[str, str], day: date, new_id: NewId) -> dict[str, Any]:
    """One sample person; `household` is the reference to the family."""
    at = place_in_file(person)
    education = EDUCATION[at % len(EDUCATION)]
    earns = not is_wife(person) or person["category"] == "prse"
    answers: dict[str, Any] = {
        "nik": person["nik"],
        "nik_status": "sesuai_ktp",
        "full_name": person["name"].strip(),
        "sex": person["sex"],
        "birth_date": person["birth_date"],
        "birth_date_precision": "exact",
        "household_id": household,
        "relation_to_head": "istri" if is_wife(person) else "kepala",
        "is_main_breadwinner": earns,
        "marital_status": person["marital"],
        "education": education,
        "literacy": "terbatas" if education == "tidak_tamat_sd" else "lancar",
        "occupation": "dagang" if earns else "ibu_rumah_tangga",
        "is_public_servant": False,
        "disability": "tidak",
        "category": [CATEGORIES[person["category"]]],
        "status": "aktif",
        "consents": consents(day, education, new_id),
    }
    if person["category"] == "prse":
        answers["prse_criteria"] = prse_criteria(person, earns)
    phone = check_phone(person["phone"]).value
    return {**answers, "phone": phone} if phone else answers


def prse_criteria(person: Row, earns: bool) -> list[str]:
    """Criteria that hold for a woman of the PRSE category."""
    left = ["ditinggal_suami"] if person["marital"] == "kawin_ditinggal" else []
    return ["umur_18_59", *left, *(["nafkah_utama"] if earns else []), "penghasilan_kurang"]


def consents(day: date, education: str, new_id: NewId) -> list[dict[str, Any]]:
    """Yes to everything but publication."""
    how = "cap_jempol" if education == "tidak_tamat_sd" else "tanda_tangan"
    return [
        {
            "id": new_id(),
            "item": item.code,
            "given": item.code != REFUSED_ITEM,
            "given_on": day.isoformat(),
            "how": how,
        }
        for item in CONSENT_ITEMS
    ]


def tools_of(idea: BusinessIdea, count: int, new_id: NewId) -> list[dict[str, Any]]:
    """The first tools of an idea, one of each."""
    names = [name.strip() for name in idea.tools.split(",")]
    return [
        {"id": new_id(), "name": name[:1].upper() + name[1:], "qty": "1", "unit": "buah", "condition": "baru"}
        for name in names[:count]
    ]


def visit_answers(visit: Row) -> dict[str, Any]:
    """What the row and the rules above say of a visit; the loader adds people and prefilled parts."""
    visited_on = date.fromisoformat(visit["visit_date"])
    return {
        "time_from": "09:00",
        "time_to": "10:30",
        "place": "tempat_usaha",
        "location": {"note": "tidak tersedia"},
        "business_status": "berjalan_baik" if _runs_well(visit) else "berjalan_lambat",
        "days_open": int(visit["days_open"]),
        "days_planned": int(visit["days_plan"]),
        "channels": list(CHANNELS[: int(visit["channels"])]) or ["none"],
        **_money(visit, visited_on),
        **_administration(visit, visited_on),
        **_problems(visit),
        **_support(visit, visited_on),
        "photos": {"waived": "Data contoh tidak memuat foto."},
    }


def income_rows(
    visit: Row, people: Sequence[tuple[Mapping[str, str], str, int]], line_idr: int
) -> list[dict[str, Any]]:
    """Income of the sampled families; `people` are (reference, role, heads). An empty ratio is "not known"."""
    ratio = Decimal(visit["hh_ratio"] or 0)
    return [
        {
            "id": person["uid"],
            "person": dict(person),
            **({"role": role} if role else {}),
            "income_month_idr": round_half_up(int(ratio * 100) * line_idr * heads, 100) if ratio else UNKNOWN,
            "household_size": heads,
        }
        for person, role, heads in people
    ]


def reviewed_actions(visit: Row, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What became of the follow-ups of the visit before."""
    return [{**row, "result": "selesai" if _runs_well(visit) else "sebagian"} for row in rows]


def checked_tools(visit: Row, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The state of every tool as the row tells it, in the order of the tools; what it leaves out is good."""
    told = visit["tools"].split("|") if visit["tools"] else []
    return [{**row, "condition": told[at] if at < len(told) else "baik"} for at, row in enumerate(rows)]


def signature(name: str) -> dict[str, Any]:
    """A signature whose strokes are made from the name: a wave as long as the name, and a line below it."""
    wave = [[12 * at, 40 - (ord(sign) % 23)] for at, sign in enumerate(name[:24])]
    return {"name": name, "strokes": [wave, [[0, 52], [12 * len(wave), 50]]]}


def _profit(visit: Row) -> int:
    return int(visit["revenue"]) - int(visit["cost"])


def _runs_well(visit: Row) -> bool:
    return _profit(visit) > 0 and int(visit["days_open"]) * 4 >= int(visit["days_plan"]) * 3


def _money(visit: Row, visited_on: date) -> dict[str, Any]:
    instalment = int(visit["instalment"])
    start = visited_on - timedelta(days=int(visit["period_days"]) - 1)
    return {
        "period_from": start.isoformat(),
        "period_to": visited_on.isoformat(),
        "figures_source": SOURCES[int(visit["bookkeeping"])],
        "revenue_idr": int(visit["revenue"]),
        **_costs(int(visit["cost"])),
        "cash_idr": int(visit["cash"]),
        "stock_idr": int(visit["stock"]),
        "receivable_idr": int(visit["recv"]),
        "payable_idr": int(visit["payab"]),
        "debt_instalment_month_idr": instalment,
        **({"lender_kinds": ["koperasi"]} if instalment else {}),
        **({"savings_habit": visit["savings"]} if visit["savings"] else {}),
        **({"iks_level": int(visit["iks"])} if visit["iks"] else {}),
    }


def _costs(total: int) -> dict[str, int]:
    shares = {code: total * percent // 100 for code, percent in COST_SHARES}
    return {**shares, "cost_other_idr": total - sum(shares.values())}


def _administration(visit: Row, visited_on: date) -> dict[str, Any]:
    level = int(visit["bookkeeping"])
    answers: dict[str, Any] = {"bookkeeping_level": level}
    if level >= 2:
        answers["book_photo"] = {"waived": "Data contoh tidak memuat foto."}
    if visit["owner"] == "group":
        met_on = visited_on - timedelta(days=int(visit["days_since_meeting"]))
        answers["members_active"] = int(visit["active"])
        answers["members_total"] = int(visit["members"])
        answers["last_meeting_on"] = met_on.isoformat()
    return answers


def _problems(visit: Row) -> dict[str, Any]:
    if _runs_well(visit):
        return {"has_constraints": False}
    is_group = visit["owner"] == "group"
    row = {"id": f"{visit['visit_key']}-kendala", "code": "kelompok" if is_group else "pemasaran", "severity": 2}
    return {"has_constraints": True, "constraints": [row]}


def _support(visit: Row, visited_on: date) -> dict[str, Any]:
    until = visited_on + timedelta(days=30)
    return {
        "support_given": ["motivasi", "pembukuan"],
        "support_given_note": "Melatih pencatatan uang masuk dan keluar dengan buku kas.",
        "support_needed": [
            {
                "id": f"{visit['visit_key']}-tindak-lanjut",
                "kind": "pembukuan",
                "what": "Mencatat kas setiap hari",
                "who": "penerima",
                "by_date": until.isoformat(),
            }
        ],
        "officer_opinion": "Usaha berjalan dan layak dilanjutkan."
        if _runs_well(visit)
        else "Usaha perlu pendampingan lebih sering sebelum bantuan lanjutan dipertimbangkan.",
    }
