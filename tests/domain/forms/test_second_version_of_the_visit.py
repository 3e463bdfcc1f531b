"""The second version of the visit: the officer's own word, the stage of a KUBE, changes, the next day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Context, Severity
from kube_field.domain.forms.evaluation import Evaluation, evaluate
from kube_field.domain.records import RecordKind
from kube_field.domain.rules.result import Background, EarlierVisit, judged
from kube_field.domain.rules.score import Status
from kube_field.domain.rules.stage import CODES, GroupData
from kube_field.reference import load_reference
from tests.support import make_answers as make

FIRST, SECOND = form(RecordKind.VISIT, "2026.1"), form(RecordKind.VISIT, "2026.2")
HANDOVER = date(2026, 2, 10)
BEHIND = Background(capital_base_idr=12_000_000, poverty_line_idr=897_759, handover_on=HANDOVER)
LINE = {"reference": load_reference()}


def context(**facts: Any) -> Context:
    return make.make_context(**LINE, **{"background": BEHIND, **facts})


def found(answers: dict[str, Any], **facts: Any) -> Evaluation:
    return evaluate(SECOND, answers, context(**facts))


def said(judged_form: Evaluation) -> list[str]:
    return [one.code for one in judged_form.findings]


def earlier(day: str = "2026-10-20", **changes: Any) -> EarlierVisit:
    told = judged(make.complete_visit(visited_on=day, **changes), BEHIND)
    assert told is not None
    return EarlierVisit(day, told.figures, told.score, told.final)


def test_both_versions_ask_the_same_but_for_stage_and_result() -> None:
    first, second = ({question.code for question in one.questions()} for one in (FIRST, SECOND))
    assert first < second
    added = {"assess_stage", "stage", "result_lines", "own_flag", "own_flag_reason", "officer_status",
             "officer_status_reason", "graduation_words", "changes_text"}  # fmt: skip
    assert second - first == added | set(CODES)


def test_answers_of_the_first_version_are_whole_in_the_second() -> None:
    for kind in ("group", "person"):
        assert evaluate(SECOND, make.complete_visit(kind), make.make_context()).errors == ()


def test_the_result_is_shown_in_words() -> None:
    lines = found(make.complete_visit()).computed["result_lines"]
    assert lines[0].startswith("81 dari 100 (kelengkapan data 80,0 %).")
    assert "Status: Sehat." in lines


def test_an_own_flag_lowers_the_status_and_needs_a_reason() -> None:
    flagged = make.complete_visit(own_flag="at_risk")
    assert [one.question for one in found(flagged).missing] == ["own_flag_reason"]
    lines = found({**flagged, "own_flag_reason": "Ketua pindah bulan depan."}).computed["result_lines"]
    assert "Status: Rawan." in lines
    assert "Ketua pindah bulan depan. Sesuai pendapat petugas." in lines


def test_no_own_flag_asks_for_nothing() -> None:
    assert "own_flag_reason" not in found(make.complete_visit(own_flag="none")).applicable


def test_another_status_needs_a_reason_of_ten_letters() -> None:
    answers = make.complete_visit(officer_status="watch")
    assert [one.question for one in found(answers).missing] == ["officer_status_reason"]
    assert found({**answers, "officer_status_reason": "Kurang."}).errors != ()
    assert found({**answers, "officer_status_reason": "Ikan sulit didapat."}).errors == ()


def test_the_same_status_is_told_to_be_the_same() -> None:
    answers = make.complete_visit(officer_status="healthy", officer_status_reason="Sama saja, semuanya baik.")
    assert "STATUS_AGREES" in said(found(answers))


@pytest.mark.parametrize(
    ("flag", "day", "words"),
    [
        ("none", "2026-12-30", "menurut jadwal"),
        ("watch", "2026-12-30", "menurut jadwal"),
        ("at_risk", "2026-12-20", "Rawan: paling lambat 30 hari"),
        ("critical", "2026-12-04", "Kritis: paling lambat 14 hari"),
    ],
)
def test_the_next_visit_is_proposed_by_plan_and_status(flag: str, day: str, words: str) -> None:
    flagged = make.complete_visit(own_flag=flag, own_flag_reason="Perlu dilihat lagi.")
    proposed = found(flagged, due_on="2026-12-30").proposed["next_visit_on"]
    assert (proposed.value, proposed.words) == (day, words)


def test_a_watched_unit_is_seen_within_45_days_when_the_plan_is_later() -> None:
    flagged = make.complete_visit(own_flag="watch", own_flag_reason="Perlu dilihat lagi.")
    assert found(flagged, due_on="2027-02-01").proposed["next_visit_on"].value == "2027-01-04"


def test_without_plan_and_with_a_healthy_status_thirty_days_are_proposed_and_nothing_is_warned() -> None:
    judged_form = found(make.complete_visit(next_visit_on="2027-06-01"))
    assert judged_form.proposed["next_visit_on"].value == "2026-12-20"
    assert "NEXT_AFTER_DUE" not in said(judged_form)


def test_after_care_that_is_over_proposes_no_next_visit() -> None:
    assert "next_visit_on" not in found(make.complete_visit(), graduated=True).proposed
    assert (
        found(make.complete_visit(), graduated=True, due_on="2026-12-30").proposed["next_visit_on"].value
        == "2026-12-30"
    )


@pytest.mark.parametrize(("day", "expected"), [("2026-12-04", False), ("2026-12-05", True)])
def test_a_next_visit_later_than_the_status_asks_is_warned_with_both_days(day: str, expected: bool) -> None:
    flags = {"own_flag": "critical", "own_flag_reason": "Perlu dilihat lagi."}
    answers = make.complete_visit(next_visit_on=day, **flags)
    told = [one for one in found(answers, due_on="2026-12-30").findings if one.code == "NEXT_AFTER_DUE"]
    assert bool(told) is expected
    if told:
        assert told[0].message == "Lebih lambat dari 4 Desember 2026 (Kritis: paling lambat 14 hari)."


def stage_facts(judged_on: str = "", **answers: bool) -> dict[str, Any]:
    return {"group_data": GroupData(), "stage_judged": {"judged_on": judged_on, "answers": answers},
            "handover_on": HANDOVER.isoformat()}  # fmt: skip


@pytest.mark.parametrize(("judged_on", "due"), [("", True), ("2026-05-22", False), ("2026-05-21", True)])
def test_a_stage_older_than_half_a_year_is_warned_about(judged_on: str, due: bool) -> None:
    judged_form = found(make.complete_visit(), **stage_facts(judged_on))
    assert ("STAGE_DUE" in said(judged_form)) is due
    assert ("assess_stage" in judged_form.proposed) is due
    done = found(make.complete_visit(assess_stage=True), **stage_facts(judged_on))
    assert "STAGE_DUE" not in said(done)


def test_a_group_that_got_its_aid_this_half_year_is_not_warned_about() -> None:
    facts = {**stage_facts(), "handover_on": "2026-06-01"}
    assert "STAGE_DUE" not in said(found(make.complete_visit(), **facts))


def test_the_criteria_are_asked_only_when_the_stage_is_judged_and_never_of_a_person() -> None:
    assert not set(CODES) & found(make.complete_visit()).applicable
    assert set(CODES) <= found(make.complete_visit(assess_stage=True)).applicable
    assert not set(CODES) & found(make.complete_visit("person", assess_stage=True)).applicable


def test_data_propose_what_they_can_speak_about() -> None:
    data = GroupData(has_pendamping=True, trained=False, officers_filled=True, has_accepted_bast=True)
    facts = {**stage_facts(), "group_data": data}
    proposed = found(make.complete_visit(assess_stage=True), **facts).proposed
    told = {code: proposed[code].value for code in CODES if code in proposed}
    assert told["tumbuh_a"] is True
    assert told["tumbuh_b"] is False
    assert told["tumbuh_f"] is True
    assert told["berkembang_b"] is True, "profit and IKS of this very visit"
    assert "berkembang_a" not in told


def test_the_stage_is_told_with_its_counts_and_what_is_open() -> None:
    met = {code: True for code in CODES if code.startswith("tumbuh")}
    words = found(make.complete_visit(assess_stage=True, **met), **stage_facts()).computed["stage"]
    assert words == "Tumbuh (Tumbuh 6/6, Berkembang 0/5, Maju/Mandiri 0/6). 11 kriteria belum dinilai."


def test_a_stage_judged_before_is_shown_with_its_day() -> None:
    met = {code: True for code in CODES if code.startswith("tumbuh")}
    words = found(make.complete_visit(), **stage_facts("2026-08-01", **met)).computed["stage"]
    assert words.startswith("Tumbuh (")
    assert "Dinilai 1 Agustus 2026." in words


def test_the_criteria_of_graduation_are_told() -> None:
    words = found(make.complete_visit()).computed["graduation_words"]
    assert words.startswith("Memenuhi ")
    assert "sedikitnya 365 hari sejak BAST pertama" in words


BEFORE = make.complete_visit(
    visited_on="2026-10-20", period_from="2026-09-21", period_to="2026-10-20", revenue_idr=9_000_000,
    days_open=22, bookkeeping_level=1, members_active=8, channels=["langsung"],
)  # fmt: skip


def drafted(answers: dict[str, Any], before: dict[str, Any] = BEFORE, **facts: Any) -> str:
    behind = replace(BEHIND, earlier=(earlier(revenue_idr=9_000_000),))
    return str(found(answers, background=behind, previous=before, **facts).proposed["changes_text"].value)


def test_what_changed_is_told_with_the_exact_figures_of_both_visits() -> None:
    rows = [{"id": "f1", "action": "x", "result": "selesai"}, {"id": "f2", "action": "y", "result": "belum"}]
    text = drafted(make.complete_visit(previous_actions=rows), {**BEFORE, "support_needed": [{"id": "f1"}]})
    assert text.startswith("Dibandingkan dengan kunjungan tanggal 20 Oktober 2026:")
    assert "Omzet per 30 hari naik 6% dari Rp9.000.000 menjadi Rp9.580.645." in text
    assert "Laba per 30 hari naik 40% dari Rp2.000.000 menjadi Rp2.806.452." in text
    assert "Modal kerja tetap Rp12.800.000." in text
    assert "Hari buka 20 hari (lalu 22)." in text
    assert "Saluran penjualan 2 (lalu 1)." in text
    assert "Pembukuan membaik: dari “Nota/ingatan” menjadi “Buku kas rutin”." in text
    assert "Anggota aktif 9 orang (lalu 8)." in text
    assert "Dari 2 tindak lanjut kunjungan lalu: 1 selesai, 1 belum." in text
    assert "Nilai keberlanjutan " in text


def test_the_same_answers_draft_the_same_words() -> None:
    assert drafted(make.complete_visit()) == drafted(dict(reversed(make.complete_visit().items())))


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        (5_000_000, 9_000_000, "Usaha menjadi rugi Rp1.935.484 per 30 hari (lalu laba Rp2.000.000)."),
        (9_900_000, 5_000_000, "Usaha kembali laba Rp2.806.452 per 30 hari (lalu rugi Rp2.000.000)."),
        (5_000_000, 5_000_000, "Usaha masih rugi: Rp1.935.484 per 30 hari (lalu Rp2.000.000)."),
    ],
)
def test_losses_are_told_without_a_share(now: int, then: int, words: str) -> None:
    assert words in drafted(make.complete_visit(revenue_idr=now), {**BEFORE, "revenue_idr": then})


def test_what_is_not_known_at_one_of_the_visits_is_left_out() -> None:
    text = drafted(make.complete_visit(revenue_idr="tidak_tahu", cash_idr=None))
    assert "Omzet" not in text
    assert "Laba" not in text
    assert "Modal kerja" not in text


def test_the_first_visit_has_nothing_to_compare_with() -> None:
    proposed = found(make.complete_visit()).proposed["changes_text"]
    assert proposed.value == "Kunjungan ini kunjungan pertama, sehingga belum ada pembanding."


def test_answers_that_say_nothing_beside_each_other_draft_nothing() -> None:
    silent = {"revenue_idr": None, "cash_idr": None, "visited_on": None}
    judged_now = found(make.complete_visit(), previous={**make.complete_visit(), **silent})
    assert "changes_text" not in judged_now.proposed


def test_an_amount_that_nobody_answered_is_pointed_out() -> None:
    text = "Omzet per 30 hari naik 6% dari Rp9.000.000 menjadi Rp9.580.645. Etalase baru seharga Rp750.000."
    answers = make.complete_visit(changes_text=text)
    told = [one for one in found(answers, previous=BEFORE).findings if one.code == "AMOUNT_NOT_ANSWERED"]
    assert [one.message[:9] for one in told] == ["Rp750.000"]
    assert told[0].severity == Severity.KETERANGAN


def test_a_visit_to_nobody_asks_only_for_the_next_day() -> None:
    judged_form = evaluate(SECOND, make.visit_to_nobody(), context())
    asked = {question.code for question in SECOND.section_of("next_visit_on").questions} & judged_form.applicable
    assert asked == {"next_visit_on"}
    assert judged_form.errors == ()


def test_the_status_of_earlier_visits_counts_as_it_was_told_then() -> None:
    last = replace(earlier(), final=Status.CRITICAL)
    text = str(
        found(make.complete_visit(), background=replace(BEHIND, earlier=(last,)), previous=BEFORE)
        .proposed["changes_text"]
        .value
    )
    assert f"lalu {last.score.total} (Kritis)." in text
