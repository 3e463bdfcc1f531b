"""Photos come in through the session, the queue tells what waits, lists say what a draft still needs."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from kube_field.domain.document_state import ChipState
from kube_field.domain.records import RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.documents import document, find_documents, may_reopen, revisions
from kube_field.usecases.finalise import correct_document
from kube_field.usecases.groups import group_profile
from kube_field.usecases.photos import add_photo
from kube_field.usecases.queue import pill, queue, runs
from kube_field.usecases.trainings import attendance_sheet, save_attendance
from kube_field.usecases.units import unit_profile
from kube_field.usecases.visits import begin_visit
from tests.support.laptop import Laptop
from tests.support.make_records import make_group, make_training, make_unit, record_visit, register_person


def photo_file(folder: Path) -> Path:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 90, 60)).save(made, "JPEG")
    path = folder / "usaha.jpg"
    path.write_bytes(made.getvalue())
    return path


def test_a_photo_becomes_an_answer_item_and_travels_with_the_visit(laptop: Laptop, tmp_path: Path):
    item = add_photo(laptop.session, path=photo_file(tmp_path))
    assert set(item) == {"id", "sha256", "size", "mime", "photo_kind", "caption", "taken_at"}
    assert laptop.photos.read(item["sha256"]) is not None
    unit = make_unit(laptop.session, register_person(laptop.session))
    second = {**item, "id": "p2", "photo_kind": "kegiatan"}
    photos = [{**item, "photo_kind": "tempat_usaha"}, second]
    fact = record_visit(laptop.session, unit.uid, photos=photos)
    assert [a.question for a in fact.attachments if a.sha256 == item["sha256"]] == ["photos"]


@pytest.mark.parametrize("content", [b"", b"not a photo", b"\xff\xd8\xff\xe0 cut"])
def test_what_is_no_photo_is_refused_in_words(laptop: Laptop, tmp_path: Path, content: bytes):
    path = tmp_path / "foto.jpg"
    path.write_bytes(content)
    with pytest.raises(KubeFieldError) as refused:
        add_photo(laptop.session, path=path)
    assert refused.value.failure == Failure.FILE_REFUSED


def test_a_memory_card_that_was_pulled_out_is_told(laptop: Laptop, tmp_path: Path):
    with pytest.raises(KubeFieldError, match="kartu memori"):
        add_photo(laptop.session, path=tmp_path / "gone.jpg")


def test_the_queue_and_the_pill_tell_what_waits_and_since_when(laptop: Laptop):
    register_person(laptop.session)
    laptop.clock.advance(days=9)
    rows = queue(laptop.session)
    assert {row.kind for row in rows} >= {RecordKind.HOUSEHOLD, RecordKind.PERSON, RecordKind.CONSENT}
    state = pill(laptop.session)
    assert state.unsent == len(rows)
    assert state.oldest_days == 9
    assert runs(laptop.session) == []


def test_a_list_says_how_much_a_draft_still_needs(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    begin_visit(laptop.session, unit_uid=unit.uid)
    rows = find_documents(laptop.session, wanted=views.DocumentFilter(kind=RecordKind.VISIT))
    assert [row.chip.state for row in rows] == [ChipState.DRAFT]
    assert rows[0].chip.missing > 5


def test_an_attendance_draft_counts_people_without_a_status(laptop: Laptop):
    event = make_training(laptop.session, [register_person(laptop.session, n) for n in (1, 2)])
    sheet = attendance_sheet(laptop.session, event_uid=event.uid, session_no=1)
    first = replace(sheet.cells[0], status="hadir")
    save_attendance(laptop.session, sheet=replace(sheet, cells=(first, sheet.cells[1])))
    rows = find_documents(laptop.session, wanted=views.DocumentFilter(kind=RecordKind.ATTENDANCE))
    assert [row.chip.missing for row in rows] == [1]


def test_a_list_shows_a_final_visit_once_and_its_revisions_are_kept(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    fact = record_visit(laptop.session, unit.uid)
    rows = find_documents(laptop.session, wanted=views.DocumentFilter(kind=RecordKind.VISIT, drafts=False))
    assert [(row.uid, row.chip.state) for row in rows] == [(fact.uid, ChipState.WAITING)]
    assert document(laptop.session, uid=fact.uid) == fact
    assert revisions(laptop.session, uid=fact.uid) == [fact]
    assert may_reopen(laptop.session, uid=fact.uid)
    laptop.store.db.execute_sql("UPDATE outbox SET ever_sent = 1 WHERE uid = ?", (fact.uid,))
    assert not may_reopen(laptop.session, uid=fact.uid)


def test_a_document_that_is_not_here_is_told(laptop: Laptop):
    person = register_person(laptop.session)
    for uid in ("nobody", person.uid):
        with pytest.raises(KubeFieldError):
            document(laptop.session, uid=uid)
    with pytest.raises(KubeFieldError):
        correct_document(laptop.session, uid="nobody", reason="keliru")


def test_a_group_profile_tells_its_answers_in_words(laptop: Laptop):
    profile = group_profile(laptop.session, uid=make_group(laptop.session).uid)
    told = {label: text for _title, lines in profile.sections for label, text in lines}
    assert told["Jadwal pertemuan"] == "Bulanan"
    assert told["Papan nama"] == "Ya"
    assert told["Pendamping"] == "Rina"
    assert "6 Oktober 2025" in told.values()
    assert "Rp10.000" in told.values()


def test_what_waits_names_whom_it_is_about(laptop: Laptop):
    group = make_group(laptop.session, members=1)
    unit = make_unit(laptop.session, group)
    fact = record_visit(laptop.session, unit.uid, "2026-11-20")
    titles = {(row.kind, row.title) for row in queue(laptop.session)}
    assert (RecordKind.CONSENT, "Melati Contoh Satu") in titles
    assert (RecordKind.DESIL_CHECK, "Melati Contoh Satu") in titles
    assert (RecordKind.MEMBERSHIP, "Melati Contoh Satu") in titles
    visits = [title for kind, title in titles if kind == RecordKind.VISIT]
    assert visits == [f"{unit.answers['business_name']} · {fact.number}"]
    assert all(title for _kind, title in titles)


def test_a_document_in_a_list_says_what_it_is_and_whom_it_is_about(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    for day in ("2026-10-20", "2026-11-20"):
        record_visit(laptop.session, unit.uid, day)
    profile = unit_profile(laptop.session, uid=unit.uid)
    name = unit.answers["business_name"]
    assert [item.what for item in profile.timeline] == [f"Kunjungan ke-2 · {name}", f"Kunjungan ke-1 · {name}"]
