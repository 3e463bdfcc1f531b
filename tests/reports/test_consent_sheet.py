"""The privacy notice with the five consents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.domain.forms.consent import CONSENT_ITEMS, PRIVACY_NOTICE
from kube_field.reports.preview import page_images
from kube_field.ui.pages.reports_page import Paper
from kube_field.ui.presenters.reports_presenter import paper_rows
from kube_field.usecases.consent_papers import consent_paper
from tests.support import make_answers, make_records
from tests.support.laptop import Laptop, make_laptop
from tests.support.read_papers import paper_text


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


def test_a_blank_sheet_has_the_whole_notice_and_all_five_statements(laptop: Laptop) -> None:
    pdf = consent_paper(laptop.session)
    words = paper_text(pdf)
    assert len(page_images(pdf, 100)) == 1
    for sentence in PRIVACY_NOTICE.split(". ")[:-1]:
        assert sentence in words
    assert "Pertanyaan: Dinas Sosial setempat." in words
    assert all(item.label in words for item in CONSENT_ITEMS)
    assert words.count("tidak") >= 5


def test_the_sheet_of_a_person_says_when_how_and_before_whom(laptop: Laptop) -> None:
    rows = make_answers.complete_person()["consents"]
    told = [{**row, "given": row["item"] in ("data_program", "foto"), "witness": "Budi Contoh"} for row in rows]
    person = make_records.register_person(laptop.session, 3, consents=told)
    pdf = consent_paper(laptop.session, person_uid=person.uid)
    words = paper_text(pdf)
    assert str(person.answers["full_name"]) in words
    assert "saksi Budi Contoh" in words
    assert "Alamat : Gang Kenanga, dekat dermaga, RT 002 RW 002, Long Lalang, Kec. Tabang" in words
    assert str(person.answers["nik"]) not in words
    assert page_images(pdf, 100) != page_images(consent_paper(laptop.session), 100)


def test_sheets_are_offered_blank_first_and_by_name(laptop: Laptop) -> None:
    person = make_records.register_person(laptop.session, 3)
    assert [row.key for row in paper_rows(laptop.session, Paper.CONSENT, "", "", "64.02")] == ["", person.uid]
    assert [row.key for row in paper_rows(laptop.session, Paper.CONSENT, "", "anggrek", "")] == [person.uid]
