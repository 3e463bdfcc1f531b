"""The monthly recap of a kabupaten from what lies on a laptop."""

from __future__ import annotations

import pytest

from kube_field.domain.recap import Activity, Recap, Standings
from kube_field.usecases.drafts import save_draft
from kube_field.usecases.graduations import begin_graduation
from kube_field.usecases.recap import monthly_recap
from kube_field.usecases.referrals import change_status
from tests.support import make_records, make_reviews
from tests.support.laptop import Laptop

KUKAR = "64.02"


def recap(laptop: Laptop, month: str = "2026-11", *, only_accepted: bool = False) -> Recap:
    return monthly_recap(laptop.session, kabupaten=KUKAR, month=month, only_accepted=only_accepted)


@pytest.fixture(autouse=True)
def _november(laptop: Laptop) -> None:
    laptop.clock.set_day("2026-11-25")


def test_a_kabupaten_without_anything_has_empty_tables(laptop: Laptop) -> None:
    found = recap(laptop)
    assert found.kabupaten == "Kabupaten Kutai Kartanegara"
    assert (found.activities, found.standings, found.follow_ups) == ((), (), ())
    assert found.all_activities == Activity()


def test_units_members_visits_and_assessments_are_counted_by_kecamatan(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session, handover_on="2026-10-20")
    make_records.record_visit(laptop.session, unit.uid, "2026-11-03")  # the plan's 14th day
    make_records.record_assessment(laptop.session, make_records.register_person(laptop.session, 9))
    ((name, row),) = recap(laptop).activities
    assert name == "Tabang"
    assert (row.groups, row.singles, row.male, row.female) == (1, 0, 0, 5)
    assert (row.planned, row.done, row.percent) == (2, 1, 50)  # the 14th and the 30th day
    assert row.assessments == 1


def test_who_left_before_the_last_day_is_no_member_of_that_month(laptop: Laptop) -> None:
    from kube_field.usecases.groups import close_membership

    unit = make_records.make_unit(laptop.session, handover_on="2026-10-20")
    members = laptop.store.listings.members(str(unit.answers["group_id"]["uid"]))
    close_membership(laptop.session, uid=members[-1].uid, left_on="2026-11-10", reason="pindah")
    assert recap(laptop).all_activities.female == 4
    assert recap(laptop, "2026-10").all_activities.female == 5


def test_trainings_count_people_once_however_many_sessions(laptop: Laptop) -> None:
    people = [make_records.register_person(laptop.session, n) for n in (1, 2)]
    event = make_records.make_training(laptop.session, people)
    make_records.hold_session(laptop.session, event, 1)
    make_records.hold_session(laptop.session, event, 2)
    total = recap(laptop).all_activities
    assert (total.trainings, total.participants) == (1, 2)


def test_a_critical_business_stands_in_the_follow_ups_with_its_warnings(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session, handover_on="2026-10-20")
    stopped = {"business_status": "berhenti", "stop_reason": ["modal_habis"]}
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **stopped)
    found = recap(laptop)
    assert found.all_standings == Standings(critical=1)
    (line,) = found.follow_ups
    assert "Usaha berhenti." in line.flags
    assert (line.action, line.who) == ("Titip di toko", "Penerima")
    assert found.economy.units == 1
    assert found.economy.median_revenue is not None


def test_a_business_that_nobody_visited_counts_as_unwatched(laptop: Laptop) -> None:
    make_records.make_unit(laptop.session, handover_on="2026-07-01")
    assert recap(laptop).all_standings == Standings(unwatched=1)
    assert recap(laptop, "2026-06").standings == ()  # not handed over yet


def test_the_official_recap_counts_accepted_documents_only(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session, handover_on="2026-10-20")
    fact = make_records.record_visit(laptop.session, unit.uid, "2026-11-03")
    assert recap(laptop, only_accepted=True).all_activities.done == 0
    make_reviews.reviewed(laptop, fact.uid)
    assert recap(laptop, only_accepted=True).all_activities.done == 1


def test_another_kabupaten_sees_nothing_of_it(laptop: Laptop) -> None:
    make_records.make_unit(laptop.session, handover_on="2026-10-20")
    found = monthly_recap(laptop.session, kabupaten="64.08", month="2026-11", only_accepted=False)
    assert found.activities == ()


def test_referrals_count_in_the_month_in_which_they_went_out_and_ended(laptop: Laptop) -> None:
    person = make_records.register_person(laptop.session, 9)
    referral = make_records.refer(laptop.session, person.uid)
    for status, day, more in (("dikirim", "2026-11-25", {}), ("selesai", "2026-11-25", {"result": "Dilayani"})):
        change_status(laptop.session, uid=referral.uid, answers={"status": status, "changed_on": day, **more})
    total = recap(laptop).all_activities
    assert (total.referrals_sent, total.referrals_done) == (1, 1)
    assert recap(laptop, "2026-10").all_activities.referrals_sent == 0


def test_a_business_that_graduated_later_was_still_assisted_in_the_months_before(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session, make_records.register_person(laptop.session, 9))
    draft = begin_graduation(laptop.session, unit_uid=unit.uid)
    answers = {**draft.answers, "kind": "lulus_mandiri", "reason": "Usaha berjalan sendiri sejak lama."}
    fact = make_records.commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers=answers))
    make_reviews.reviewed(laptop, fact.uid)
    assert recap(laptop).all_standings.graduated == 1
    assert recap(laptop).all_activities.singles == 0
    assert recap(laptop, "2026-10").all_standings.graduated == 0
    assert recap(laptop, "2026-10").all_activities.singles == 1
