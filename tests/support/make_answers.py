"""Complete answers of every form, without a single error or warning on 23 November 2026; changes replace or remove.

A change to None takes the answer out. Everybody is fictional: plants, NIK serials 99nn, telephone 0812 0000 00nn.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from kube_field.domain.forms.declaration import Context, Stage
from kube_field.reference import Reference

TODAY = date(2026, 11, 23)
VILLAGE = "64.02.12.2002"
NIK = "6402124806689901"
KK = "6402121204139801"
PERSON_UID = "01936d00-0000-7000-8000-000000000001"
HOUSEHOLD_UID = "01936d00-0000-7000-8000-000000000002"
GROUP_UID = "01936d00-0000-7000-8000-000000000003"
UNIT_UID = "01936d00-0000-7000-8000-000000000004"
BATCH_UID = "01936d00-0000-7000-8000-000000000005"
STAFF_UID = "01936d00-0000-7000-8000-000000000006"
EVENT_UID = "01936d00-0000-7000-8000-000000000007"


def make_context(*, today: date = TODAY, stage: Stage = Stage.FINAL, reference: Reference | None = None, **facts: Any):
    """A context for evaluating; what the laptop knows is given as keywords."""
    return Context(today=today, stage=stage, reference=reference, facts=facts)


def changed(answers: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Answers with changes; a change to None takes the answer out."""
    return {code: value for code, value in {**answers, **changes}.items() if value is not None}


def moved(value: Any, by: timedelta) -> Any:
    """Answers with every day of this century moved; who was born before keeps her birthday."""
    if isinstance(value, dict):
        return {code: moved(one, by) for code, one in value.items()}
    if isinstance(value, list):
        return [moved(one, by) for one in value]
    if isinstance(value, str) and len(value) == 10 and value[:2] == "20" and value[4] == value[7] == "-":
        return (date.fromisoformat(value) + by).isoformat()
    return value


def photo(n: int = 1, kind: str = "tempat_usaha") -> dict[str, Any]:
    """A photo answer item; its content is not stored anywhere."""
    return {
        "id": f"p{n}",
        "sha256": f"{n:064x}",
        "size": 250_000,
        "mime": "image/jpeg",
        "photo_kind": kind,
        "caption": "",
        "taken_at": "2026-11-23T02:00:00.000Z",
    }


def signature(name: str = "Melati Contoh Satu") -> dict[str, Any]:
    """A drawn signature."""
    return {"name": name, "strokes": [[[10, 20], [30, 25], [60, 12]], [[15, 40], [70, 41]]]}


def reference_to(uid: str, name: str) -> dict[str, str]:
    """A reference answer."""
    return {"uid": uid, "name": name}


def complete_person(**changes: Any) -> dict[str, Any]:
    """A woman of 58 in PRSE, with all five consents."""
    items = ("data_program", "foto", "lokasi", "mitra", "publikasi")
    answers = {
        "nik": NIK,
        "nik_status": "sesuai_ktp",
        "full_name": "Melati Contoh Satu",
        "sex": "P",
        "birth_place": "Tenggarong",
        "birth_date": "1968-06-08",
        "birth_date_precision": "exact",
        "phone": "+6281200000001",
        "household_id": reference_to(HOUSEHOLD_UID, "Melati Contoh Satu"),
        "relation_to_head": "kepala",
        "is_main_breadwinner": True,
        "marital_status": "cerai_mati",
        "education": "sd",
        "literacy": "lancar",
        "occupation": "dagang",
        "is_public_servant": False,
        "disability": "tidak",
        "category": ["23"],
        "prse_criteria": ["umur_18_59", "nafkah_utama", "penghasilan_kurang"],
        "status": "aktif",
        "consents": [
            {"id": f"c{n}", "item": item, "given": True, "given_on": "2026-01-15", "how": "tanda_tangan"}
            for n, item in enumerate(items, start=1)
        ],
    }
    return changed(answers, changes)


def complete_household(**changes: Any) -> dict[str, Any]:
    """A family of four in Long Lalang, listed in desil 2."""
    answers = {
        "kk_number": KK,
        "head_name": "Melati Contoh Satu",
        "village_code": VILLAGE,
        "village_name_snapshot": "Long Lalang, Kec. Tabang, Kab. Kutai Kartanegara",
        "address": "Gang Kenanga, dekat dermaga",
        "dusun": "Dusun Satu",
        "rt": 2,
        "rw": 2,
        "location": {"latitude": "0.451200", "longitude": "116.018300", "accuracy_m": 8},
        "size": 4,
        "n_under5": 0,
        "n_school": 2,
        "n_elderly": 0,
        "n_disabled": 0,
        "dwelling_status": "milik_sendiri",
        "electricity": "dasar",
        "water": "bersih",
        "signal": "lemah",
        "flood_prone": False,
        "dtsen_rows": [{"id": "d1", "desil": "2", "checked_on": "2026-01-10", "source": "siks_ng"}],
        "other_aid": ["sembako"],
    }
    return changed(answers, changes)


def complete_group(**changes: Any) -> dict[str, Any]:
    """KUBE Mawar, which makes fish crackers."""
    answers = {
        "name": "KUBE Mawar",
        "batch_id": reference_to(BATCH_UID, "KUBE APBD Prov 2026"),
        "village_code": VILLAGE,
        "formed_on": "2025-10-06",
        "sk_number": "141/07/2025",
        "sk_date": "2025-10-20",
        "sk_by": "kepala_desa",
        "sector": "food",
        "idea_code": "AMPLANG",
        "assigned_staff_id": reference_to(STAFF_UID, "Rina Contoh"),
        "status": "aktif",
        "bank_name": "bankaltimtara",
        "bank_account": "0123456789",
        "has_signboard": True,
        "has_stamp": True,
        "has_adart": False,
        "books": ["anggota", "kas"],
        "meeting_schedule": "bulanan",
        "iks_amount_idr": 10_000,
        "iks_period": "bulanan",
    }
    return changed(answers, changes)


def complete_membership(**changes: Any) -> dict[str, Any]:
    """The chair of KUBE Mawar."""
    answers = {
        "group_id": reference_to(GROUP_UID, "KUBE Mawar"),
        "person_id": reference_to(PERSON_UID, "Melati Contoh Satu"),
        "role": "ketua",
        "joined_on": "2025-10-06",
    }
    return changed(answers, changes)


def complete_unit(owner_kind: str = "group", **changes: Any) -> dict[str, Any]:
    """A running business with aid handed over on 10 February 2026."""
    is_group = owner_kind == "group"
    owner = (
        {"group_id": reference_to(GROUP_UID, "KUBE Mawar"), "idea_code": "AMPLANG"}
        if is_group
        else {"person_id": reference_to(PERSON_UID, "Melati Contoh Satu"), "idea_code": "GORENGAN"}
    )
    answers = {
        "owner_kind": owner_kind,
        **owner,
        "batch_id": reference_to(BATCH_UID, "KUBE APBD Prov 2026"),
        "business_name": "Amplang Mawar" if is_group else "Gorengan Melati",
        "location_address": "Gang Kenanga, dekat dermaga",
        "village_code": VILLAGE,
        "started_on": "2026-02-16",
        "planned_days_per_month": 22,
        "status": "berjalan",
        "permits": [{"id": "z1", "permit": "nib", "number": "0220001234567", "issued_on": "2026-03-02"}],
        "handover_on": "2026-02-10",
        "bast_number": "400.9/L07-0001/BAST/KKR/II/2026",
        "aid_value_idr": 20_000_000 if is_group else 5_000_000,
        "working_capital_base_idr": 12_000_000 if is_group else 2_000_000,
        "tools": [
            {"id": "t1", "name": "Penggiling daging ikan", "qty": "1", "unit": "unit", "condition": "baru"},
            {"id": "t2", "name": "Wajan besar", "qty": "2", "unit": "buah", "condition": "baru"},
        ],
    }
    return changed(answers, changes)


def complete_batch(**changes: Any) -> dict[str, Any]:
    """A programme for groups, paid out in two halves."""
    answers = {
        "name": "KUBE APBD Prov 2026",
        "scheme": "kube",
        "fiscal_year": 2026,
        "funding_source": "apbd_prov",
        "unit_amount_idr": 20_000_000,
        "aid_form": "barang_bahan",
        "tranches": [
            {"id": "k1", "no": 1, "percent": 50, "condition": "langsung"},
            {"id": "k2", "no": 2, "percent": 50, "condition": "setelah_kunjungan"},
        ],
        "min_members": 5,
        "max_members": 20,
        "age_min": 18,
        "age_max": 59,
        "target_units": [{"id": "u1", "kabupaten": "64.02", "units": 20}],
        "visit_plan_code": "standar",
        "legal_basis_text": "Keputusan Kepala Dinas Sosial Nomor 1 Tahun 2026",
    }
    return changed(answers, changes)


def complete_staff(**changes: Any) -> dict[str, Any]:
    """Officer Rina, who works in kecamatan Tabang."""
    answers = {
        "full_name": "Rina Contoh",
        "employee_number": "198001012006042001",
        "role": "pendamping",
        "office": "Dinas Sosial Kabupaten Kutai Kartanegara",
        "area_codes": ["64.02.12"],
        "phone": "+6281200000090",
        "active_from": "2026-01-01",
    }
    return changed(answers, changes)


def complete_training(**changes: Any) -> dict[str, Any]:
    """A day of bookkeeping with two sessions."""
    answers = {
        "title": "Pembukuan sederhana untuk KUBE",
        "topic": "pembukuan",
        "starts_on": "2026-11-18",
        "ends_on": "2026-11-18",
        "venue": "Balai Desa Long Lalang",
        "village_code": VILLAGE,
        "organizer": "Dinas Sosial Kabupaten Kutai Kartanegara",
        "trainers": [{"id": "n1", "name": "Budi Contoh", "institution": "Disperindagkop UMKM"}],
        "batch_id": reference_to(BATCH_UID, "KUBE APBD Prov 2026"),
        "sessions": [
            {"id": "s1", "date": "2026-11-18", "start": "09:00", "end": "11:30", "subject": "Buku kas harian"},
            {"id": "s2", "date": "2026-11-18", "start": "13:00", "end": "15:00", "subject": "Menghitung laba"},
        ],
        "participants": [{"id": "i1", "person": reference_to(PERSON_UID, "Melati Contoh Satu")}],
        "materials": [{"id": "b1", "name": "Buku kas", "qty": "20 buah"}],
        "summary": "Peserta mencatat kas satu minggu.",
        "photos": [photo(1)],
    }
    return changed(answers, changes)


def complete_attendance(*, walk_in: bool = False, **changes: Any) -> dict[str, Any]:
    """A participant who was there; a registered person, or a walk-in."""
    who: dict[str, Any] = {"person_id": reference_to(PERSON_UID, "Melati Contoh Satu")}
    if walk_in:
        who = {
            "walk_in_name": "Dahlia Contoh",
            "walk_in_sex": "P",
            "walk_in_village": VILLAGE,
            "walk_in_phone": "+6281200000020",
        }
    answers = {
        "event_id": reference_to(EVENT_UID, "Pembukuan sederhana untuk KUBE"),
        "session_no": 1,
        **who,
        "status": "hadir",
        "time_in": "08:55",
        "signature": signature(),
        "transport_allowance_idr": 50_000,
    }
    return changed(answers, changes)


def complete_test_result(**changes: Any) -> dict[str, Any]:
    """What Melati scored in the written post-test."""
    answers = {
        "event_id": reference_to(EVENT_UID, "Pembukuan sederhana untuk KUBE"),
        "person_id": reference_to(PERSON_UID, "Melati Contoh Satu"),
        "kind": "post",
        "score": 80,
        "mode": "tulis",
    }
    return changed(answers, changes)


def complete_visit(owner_kind: str = "group", **changes: Any) -> dict[str, Any]:
    """A scheduled visit to a running business, with a profit of 2,900,000."""
    is_group = owner_kind == "group"
    answers = {
        "owner_kind": owner_kind,
        "unit_id": reference_to(UNIT_UID, "KUBE Mawar" if is_group else "Melati Contoh Satu"),
        "visit_no": 3,
        "visited_on": "2026-11-20",
        "time_from": "09:30",
        "time_to": "11:00",
        "kind": "terjadwal",
        "met": "ketua" if is_group else "penerima",
        "met_names": "Melati Contoh Satu",
        "place": "tempat_usaha",
        "location": {"latitude": "0.451200", "longitude": "116.018300", "accuracy_m": 8},
        "business_status": "berjalan_baik",
        "days_open": 20,
        "days_planned": 22,
        "channels": ["langsung", "titip_warung"],
        "price_stock_note": "Harga ikan naik sedikit.",
        "period_from": "2026-10-21",
        "period_to": "2026-11-20",
        "figures_source": "buku_kas",
        "revenue_idr": 9_900_000,
        "cost_material_idr": 5_500_000,
        "cost_labor_idr": 900_000,
        "cost_transport_idr": 300_000,
        "cost_rent_utilities_idr": 250_000,
        "cost_other_idr": 50_000,
        "profit_use_modal_idr": 1_400_000,
        "profit_use_konsumsi_idr": 1_000_000,
        "profit_use_tabungan_idr": 500_000,
        "cash_idr": 6_000_000,
        "stock_idr": 6_500_000,
        "receivable_idr": 300_000,
        "payable_idr": 0,
        "debt_instalment_month_idr": 0,
        "bookkeeping_level": 3,
        "book_photo": [photo(9, "buku")],
        "hh_income_sample": _income_sample(is_group),
        "wellbeing": "membaik",
        "has_constraints": True,
        "constraints": [{"id": "k1", "code": "bahan", "severity": 2, "since": "2026-10-01", "note": "Ikan sulit"}],
        "support_given": ["pembukuan", "hitung_harga"],
        "support_given_note": "Menghitung ulang harga jual per bungkus.",
        "support_needed": [
            {"id": "f1", "kind": "pemasaran", "what": "Titip di toko", "who": "penerima", "by_date": "2026-12-10"}
        ],
        "officer_opinion": "Usaha berjalan baik dan pembukuan teratur.",
        "next_visit_on": "2026-12-18",
        "photos": [photo(1, "tempat_usaha"), photo(2, "kegiatan")],
        "signature_staff": signature("Rina Contoh"),
        "signature_recipient": signature("Melati Contoh Satu"),
        **(
            {"members_active": 9, "members_total": 10, "last_meeting_on": "2026-11-06", "iks_level": 3}
            if is_group
            else {"savings_habit": "irregular"}
        ),
    }
    return changed(answers, changes)


def make_cash_book(**changes: Any) -> dict[str, Any]:
    """The book of five weeks from 21 October 2026: sales 4,500,000, profit 1,600,000, cash that adds up."""
    weeks = (
        ("2026-10-21", "2026-10-27", 1_000_000, 700_000, 50_000, 50_000, 50_000),
        ("2026-10-28", "2026-11-03", 1_100_000, 600_000, 0, 50_000, 50_000),
        ("2026-11-04", "2026-11-10", 900_000, 650_000, 50_000, 50_000, 50_000),
        ("2026-11-11", "2026-11-17", 1_200_000, 700_000, 0, 100_000, 50_000),
        ("2026-11-18", "2026-11-19", 300_000, 150_000, 50_000, 0, 0),
    )
    names = ("week_from", "week_to", "sold_idr", "bought_idr", "home_idr", "wages_idr", "other_idr")
    answers = {
        "cash_weeks": [{"id": f"w{at}", **dict(zip(names, week, strict=True))} for at, week in enumerate(weeks, 1)],
        "book_cash_start_idr": 600_000,
        "book_cash_end_idr": 1_250_000,
        "book_stock_start_idr": 500_000,
        "book_stock_end_idr": 700_000,
        "book_drawn_idr": 600_000,
        "book_source": "buku_kas",
    }
    return changed(answers, changes)


def visit_to_nobody(owner_kind: str = "group", **changes: Any) -> dict[str, Any]:
    """A visit at which nobody was met: parts 1, 8, 10 and the next visit."""
    kept = [
        "owner_kind",
        "unit_id",
        "visit_no",
        "visited_on",
        "time_from",
        "time_to",
        "kind",
        "place",
        "support_given",
        "support_needed",
        "next_visit_on",
        "signature_staff",
    ]
    whole = complete_visit(owner_kind)
    answers = {code: whole[code] for code in kept}
    return changed({**answers, "met": "tidak_ada_orang", "photos": [photo(1)]}, changes)


def _income_sample(is_group: bool) -> list[dict[str, Any]]:
    people = (("Melati Contoh Satu", "ketua"), ("Kenanga Contoh", "sekretaris"), ("Anggrek Contoh", "bendahara"))
    rows = [
        {
            "id": f"h{n}",
            "person": reference_to(f"01936d00-0000-7000-8000-00000000010{n}", name),
            "role": role,
            "income_month_idr": 3_400_000,
            "household_size": 4,
        }
        for n, (name, role) in enumerate(people, start=1)
    ]
    return rows if is_group else [{code: value for code, value in rows[0].items() if code != "role"}]


def complete_assessment(subject_kind: str = "person", **changes: Any) -> dict[str, Any]:
    """The widow of the handbook's worked example, who wants to sell fried snacks."""
    is_person = subject_kind == "person"
    family = {
        "income_main_idr": 2_400_000,
        "income_spouse_idr": 0,
        "income_others_idr": 300_000,
        "remittance_idr": 0,
        "aid_cash_idr": 200_000,
        "exp_food_idr": 1_500_000,
        "exp_school_idr": 300_000,
        "exp_health_idr": 50_000,
        "exp_home_idr": 350_000,
        "exp_debt_idr": 150_000,
        "exp_other_idr": 200_000,
        "savings_idr": 500_000,
        "has_debts": True,
        "debts": [{"id": "u1", "lender": "koperasi", "balance_idr": 1_200_000, "instalment_idr": 150_000}],
    }
    subject = (PERSON_UID, "Melati Contoh Satu") if is_person else (GROUP_UID, "KUBE Mawar")
    answers = {
        "subject_kind": subject_kind,
        "subject_id": reference_to(*subject),
        "assessed_on": "2026-11-19",
        "place": "rumah",
        "staff": reference_to(STAFF_UID, "Rina Contoh"),
        "respondent": "Melati Contoh Satu",
        **(family if is_person else {"electricity": "dasar", "water": "bersih", "flood_prone": False}),
        "hours_available": "5",
        "caregiver": False,
        "limited_strength": False,
        "skills": [{"id": "k1", "skill_code": "memasak", "level": "experienced", "years": 6, "training": False}],
        "has_existing_business": False,
        "own_capital_idr": 250_000,
        "planned_aid_idr": 5_000_000 if is_person else 20_000_000,
        "has_tools_owned": True,
        "tools_owned": [{"id": "a1", "name": "Kompor", "qty": 1}],
        "spaces": ["dapur", "kios"],
        "cold_storage": False,
        "demand": [{"id": "m1", "market": "sekolah", "level": 3}, {"id": "m2", "market": "tetangga", "level": 2}],
        "raw": [{"id": "b1", "material": "pangan_pasar", "level": 2}],
        "competitors": [{"id": "p1", "idea_code": "KUE_BASAH", "count": 2}],
        "distance_market_km": "1.5",
        "road": "darat_baik",
        "interests": [{"id": "i1", "rank": 1, "idea_code": "GORENGAN" if is_person else "KUE_BASAH"}],
        "refuse": ["LAUNDRY"],
        "needs": ["modal_bahan", "alat"],
        "officer_opinion": "layak",
        "chosen_idea": "GORENGAN" if is_person else "KUE_BASAH",
        "chosen_reason": "Pandai memasak dan dekat sekolah.",
        "chosen_by": "bersama",
        "proposed_aid": [
            {"id": "r1", "item": "Kompor dua tungku", "qty": "1", "unit": "unit", "price_idr": 650_000},
            {"id": "r2", "item": "Minyak goreng", "qty": "20", "unit": "liter", "price_idr": 18_000},
        ],
        "signature_respondent": signature(),
        "signature_staff": signature("Rina Contoh"),
    }
    return changed(answers, changes)


def complete_aid(owner_kind: str = "group", **changes: Any) -> dict[str, Any]:
    """The first half of the aid of KUBE Mawar, or all of it for a person, handed over in the village."""
    is_group = owner_kind == "group"
    witnesses = {
        "witness_1": reference_to("01936d00-0000-7000-8000-000000000102", "Kenanga Contoh"),
        "witness_2": reference_to("01936d00-0000-7000-8000-000000000103", "Anggrek Contoh"),
        "signature_witness_1": signature("Kenanga Contoh"),
        "signature_witness_2": signature("Anggrek Contoh"),
    }
    answers = {
        "bast_type": "serah_terima",
        "owner_kind": owner_kind,
        "unit_id": reference_to(UNIT_UID, "KUBE Mawar" if is_group else "Melati Contoh Satu"),
        "batch_id": reference_to(BATCH_UID, "KUBE APBD Prov 2026"),
        "tranche_no": 1,
        "handover_on": "2026-02-10",
        "place": "Balai Kampung Long Lalang",
        "basis": "Keputusan Kepala Dinas Sosial Nomor 1 Tahun 2026",
        "handed_by": reference_to(STAFF_UID, "Rina Contoh"),
        "handed_by_position": "Pendamping",
        "received_by": reference_to(PERSON_UID, "Melati Contoh Satu"),
        **(witnesses if is_group else {}),
        "items": [
            {
                "id": "a1",
                "kind": "alat",
                "name": "Penggiling daging ikan",
                "brand": "Contoh",
                "spec": "750 watt",
                "serial_number": "PG-0099",
                "qty": "1",
                "planned_qty": "1",
                "unit": "unit",
                "unit_price_idr": 2_400_000,
                "condition": "baru",
            },
            {
                "id": "a2",
                "kind": "bahan",
                "name": "Tepung tapioka",
                "qty": "40",
                "planned_qty": "40",
                "unit": "kg",
                "unit_price_idr": 12_500,
                "condition": "baik",
            },
        ],
        "conditions_read": True,
        "copies": 2,
        "photos": [photo(1, "serah_terima")],
        "signature_recipient": signature("Melati Contoh Satu"),
        "signature_staff": signature("Rina Contoh"),
    }
    return changed(answers, changes)


def complete_graduation(owner_kind: str = "group", **changes: Any) -> dict[str, Any]:
    """A proposal that KUBE Mawar stands on its own."""
    answers = {
        "owner_kind": owner_kind,
        "unit_id": reference_to(UNIT_UID, "KUBE Mawar" if owner_kind == "group" else "Melati Contoh Satu"),
        "kind": "lulus_mandiri",
        "proposed_on": "2026-11-23",
        "reason": "Usaha berjalan sendiri dan pembukuan teratur.",
        "after_care_months": 6,
    }
    return changed(answers, changes)


def complete_referral(**changes: Any) -> dict[str, Any]:
    """Melati is sent to the bank for a small loan."""
    answers = {
        "unit_id": reference_to(UNIT_UID, "Melati Contoh Satu"),
        "person_id": reference_to(PERSON_UID, "Melati Contoh Satu"),
        "partner_kind": "bank_kur",
        "partner_name": "BRI Unit Tabang",
        "partner_place": "Tabang",
        "need": "pinjaman KUR Super Mikro untuk menambah bahan",
        "sent_on": "2026-11-20",
        "consent_id": reference_to("01936d00-0000-7000-8000-000000000201", "Persetujuan 15 Januari 2026"),
        "contact": "Rina Contoh · 0812-0000-0090",
        "signature_staff": signature("Rina Contoh"),
    }
    return changed(answers, changes)


def complete_referral_status(**changes: Any) -> dict[str, Any]:
    """The letter went out."""
    return changed({"status": "dikirim", "changed_on": "2026-11-21"}, changes)


def complete_consent(**changes: Any) -> dict[str, Any]:
    """A yes to the recording of data."""
    answers = {"item": "data_program", "given": True, "given_on": "2026-01-15", "how": "tanda_tangan"}
    return changed(answers, changes)


def complete_desil_check(**changes: Any) -> dict[str, Any]:
    """Desil 2, seen in SIKS-NG."""
    return changed({"desil": "2", "checked_on": "2026-01-10", "source": "siks_ng"}, changes)


def complete_review(**changes: Any) -> dict[str, Any]:
    """A document that goes back to its officer."""
    answers = {
        "decision": "returned",
        "reason": "Angka belum cocok dengan buku kas",
        "notes": [{"id": "n-1", "question": "revenue_idr", "note": "Omzet di buku kas Rp1.250.000"}],
    }
    return changed(answers, changes)


def complete_merge_decision(**changes: Any) -> dict[str, Any]:
    """Two records of one person, made one."""
    answers = {
        "duplicate": "dp:1a2b:64.02.12",
        "decision": "merge",
        "kept": "person-1",
        "merged": "person-2",
        "reason": "Orang yang sama",
    }
    return changed(answers, changes)


def complete_value_history(**changes: Any) -> dict[str, Any]:
    """A telephone number that changed."""
    answers = {
        "field": "phone",
        "old_value": "+6281200000001",
        "new_value": "+6281200000002",
        "valid_from": "2026-05-01",
        "reason": "Ganti kartu",
    }
    return changed(answers, changes)
