"""The certificate of a training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kube_field.domain.records import Record
from kube_field.errors import Failure, KubeFieldError
from kube_field.reports.preview import page_images
from kube_field.usecases.papers import attendance_paper, certificate_paper, certificate_rows
from kube_field.usecases.test_results import record_score
from kube_field.usecases.trainings import attendance_sheet, finalise_attendance, save_attendance
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop
from tests.support.read_papers import paper_text


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def people(laptop: Laptop) -> list[Record]:
    return [make_records.register_person(laptop.session, n) for n in (1, 2)]


@pytest.fixture
def event(laptop: Laptop, people: list[Record]) -> Record:
    return make_records.make_training(laptop.session, people)


def paper(laptop: Laptop, event: Record, person: Record) -> bytes:
    return certificate_paper(laptop.session, event_uid=event.uid, person_uid=person.uid)


def test_who_was_present_gets_one_page_with_name_training_hours_and_number(
    laptop: Laptop, event: Record, people: list[Record]
) -> None:
    facts = [make_records.hold_session(laptop.session, event, number) for number in (1, 2)]
    pdf = paper(laptop, event, people[0])
    words = " ".join(paper_text(pdf).split())
    assert len(page_images(pdf, 100)) == 1
    for part in ("SERTIFIKAT", people[0].answers["full_name"], event.answers["title"], "2 sesi", "jam pelajaran"):
        assert str(part) in words
    assert facts[-1][0].number in words
    assert paper(laptop, event, people[0]) == pdf


def test_who_was_absent_too_often_gets_none(laptop: Laptop, event: Record, people: list[Record]) -> None:
    make_records.hold_session(laptop.session, event, 1)
    sheet = attendance_sheet(laptop.session, event_uid=event.uid, session_no=2)
    cells = tuple(replace(cell, status="hadir" if cell.person_uid == people[0].uid else "izin") for cell in sheet.cells)
    save_attendance(laptop.session, sheet=replace(sheet, cells=cells))
    finalise_attendance(laptop.session, event_uid=event.uid, session_no=2)
    assert list(certificate_rows(laptop.session, event_uid=event.uid)) == [people[0].uid]
    with pytest.raises(KubeFieldError) as refused:
        paper(laptop, event, people[1])
    assert refused.value.failure == Failure.VALIDATION


def test_a_very_long_name_is_set_smaller_and_stays_whole(laptop: Laptop) -> None:
    long_name = "Hj. Siti Nurhaliza Maharani Kusumawardhani binti Abdurrahman Wahid Al-Banjari, S.Pd."
    person = make_records.register_person(laptop.session, 5, full_name=long_name)
    event = make_records.make_training(laptop.session, [person])
    make_records.hold_session(laptop.session, event, 1)
    pdf = paper(laptop, event, person)
    assert len(page_images(pdf, 100)) == 1
    assert long_name.replace(" ", "") in "".join(paper_text(pdf).split())


def test_the_filled_list_prints_what_the_tests_came_to(laptop: Laptop, event: Record, people: list[Record]) -> None:
    for kind, score in (("pre", 40), ("post", 75)):
        record_score(laptop.session, event_uid=event.uid, person_uid=people[0].uid, kind=kind, score=score)
    make_records.hold_session(laptop.session, event)
    words = " ".join(
        paper_text(attendance_paper(laptop.session, event_uid=event.uid, session_no=1, blank=False)).split()
    )
    assert "Rata-rata prates 40, pascates 75, kenaikan 35; 1 dari 1 peserta meningkat" in words
    blank = attendance_paper(laptop.session, event_uid=event.uid, session_no=1, blank=True)
    assert "Rata-rata" not in paper_text(blank)
