"""A laptop that only ever sees a stick learns what a server that was put back lost, and why it gets nothing (3.11)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server import courier, reviewing
from kube_field.server.lineage import take_up_life
from kube_field.server.program_age import set_minimum
from kube_field.usecases.courier import visit_stick
from kube_field.usecases.stick import CourierTally
from kube_field.usecases.sync import sync_now, sync_store
from kube_field.wire.bundle import Frame, answer_path, unanswered
from kube_field.wire.codec import from_json
from kube_field.wire.courier import Op
from kube_field.wire.messages import BlobStart, Have, Pull, Push
from tests.support.make_picture import make_picture
from tests.support.make_records import make_unit, record_visit, register_household, register_person
from tests.support.road import Road, road

HERE = "64.02.12"


@pytest.fixture
def village() -> Iterator[Road]:
    with road() as made:
        yield made


def visit(village: Road) -> CourierTally:
    return visit_stick(village.rina.session, village.stick)


def answer_new(village: Road) -> None:
    """The server answers what has no answer yet, as the province does with a stick."""
    for path in unanswered(village.stick):
        answer_path(path).write_bytes(courier.take_bundle(village.server.house, path.read_bytes()).answer)


def round_trip(village: Road) -> CourierTally:
    """A stick to the server and back."""
    visit(village)
    answer_new(village)
    return visit(village)


def unsent(village: Road) -> int:
    return village.rina.session.store.queue.pill().unsent


def test_what_the_server_lost_goes_on_the_stick_again_without_any_connection(village: Road):
    village.do("image")
    village.do("write")
    assert round_trip(village).receipts == 2
    village.do("put back")
    assert village.server.count("intake") == 0
    answer_new(village)
    told = visit(village)
    assert (told.lost, told.given_changes, unsent(village)) == (2, 2, 2)
    answer_new(village)
    assert (visit(village).receipts, unsent(village), village.server.count("intake")) == (2, 0, 2)
    for _again in range(2):
        assert (visit(village).lost, unsent(village)) == (0, 0), "the older answers still lie there"
    village.settle()


def test_of_two_answers_the_one_to_the_later_file_counts(village: Road):
    """What waited for somebody was decided before the later file was answered."""
    village.do("unknown")
    first, second = visit(village).written + visit(village).written
    answers = []
    for path in (first, second):
        answers.append(courier.take_bundle(village.server.house, path.read_bytes()).answer)
        village.do("known")
    for answer, state in zip(answers, ("attention", "acked"), strict=True):
        answer_path(first).write_bytes(answer)
        visit(village)
        assert village.standing(state) == village.known


def test_a_refusal_by_hand_is_told_by_the_stick_that_brings_it(village: Road):
    """The same answer says that the server has it otherwise: that is no reason to ask once more, and to wait again."""
    village.do("unknown")
    round_trip(village)
    (name,) = village.standing("attention")
    reviewing.refuse(village.server.house, name, "Batch ini sudah ada")
    answer_new(village)
    assert visit(village).given_changes == 0
    ((status, errors),) = village.rina.store.db.rows("SELECT status, errors_json FROM outbox WHERE change_id = ?", name)
    assert status == "rejected"
    assert "Batch ini sudah ada" in errors


def test_a_lost_photo_goes_on_the_stick_again(village: Road):
    village.do("known")
    session = village.rina.session
    unit = make_unit(session, register_person(session))
    items = []
    for n, kind in enumerate(("tempat_usaha", "kegiatan")):
        name, size, mime = village.rina.photos.add(make_picture(300 + n, 200))
        items.append({"id": f"p{n}", "sha256": name, "size": size, "mime": mime, "photo_kind": kind})
    record_visit(session, unit.uid, photos=items)
    assert round_trip(village).photos_stored == 2
    answer_new(village)
    with village.server.house.database.write():
        village.server.house.database.run("DELETE FROM blob WHERE sha256 = ?", name)
    state = f"SELECT state FROM blob WHERE sha256 = '{name}'"
    visit(village)
    assert village.rina.store.db.value(state) == "stored", "nobody said so yet"
    answer_new(village)
    assert (visit(village).given_photos, village.rina.store.db.value(state)) == (1, "local")
    assert visit(village).photos_stored == 0, "the answer of before is older than what was learnt"
    answer_new(village)
    assert (visit(village).photos_stored, village.rina.store.db.value(state)) == (1, "stored")


def test_a_server_that_was_put_back_gives_everything_anew(village: Road):
    village.do("image")
    village.do("write")
    assert round_trip(village).received == 3
    village.do("put back")
    answer_new(village)
    told = visit(village)
    assert told.went_back
    assert village.rina.store.db.value(f"SELECT seq FROM sync_scope WHERE scope_id = '{HERE}'") == 0
    assert village.rina.store.db.value("SELECT count(*) FROM household") == 1, "it stays in view"
    answer_new(village)
    again = visit(village)
    assert (again.receipts, again.behind, again.went_back) == (2, [], False)
    assert village.rina.store.db.value(f"SELECT state FROM sync_scope WHERE scope_id = '{HERE}'") == "live"
    assert village.rina.store.db.value("SELECT count(*) FROM household") == 1
    assert sync_store(village.rina.store).meta("verify_after") == "0", "the next run online asks for everything"
    village.settle()


def test_an_answer_of_before_takes_off_nothing_that_was_accepted_since(village: Road):
    """It gives everything anew, but does not know the family whose acceptance came over the line since."""
    for word in ("write", "online", "image", "write", "online", "put back"):
        village.do(word)
    with village.server.house.database.write():
        take_up_life(village.server.house, "restore")
    round_trip(village)
    visit(village)
    answer_new(village)
    village.do("write")
    with village.server.line(village.rina.session) as line:
        line.pull = village._lost
        assert sync_now(village.rina.session, line, wait=lambda _seconds: None).outcome == "S01"
    shown = len(village.rina.store.records.where(RecordKind.HOUSEHOLD))
    visit(village)
    assert len(village.rina.store.records.where(RecordKind.HOUSEHOLD)) == shown == 3


def test_an_area_that_is_not_granted_any_more_is_told_by_its_name(village: Road):
    visit(village)
    with village.server.house.database.write():
        village.server.house.database.run("UPDATE area_grant SET until_at = '2026-01-01' WHERE user_uid = 'user-rina'")
    answer_new(village)
    told = visit(village)
    assert dict(told.no_pages)["Tabang"] == "Wilayah ini bukan wilayah tugas Anda."
    assert not told.went_back
    assert visit(village).no_pages == [], "told once, not at every visit"


def test_a_program_that_is_too_old_is_told(village: Road):
    set_minimum(village.server.house, "99.0")
    told = round_trip(village)
    assert {reason for _area, reason in told.no_pages} == {
        "Program di laptop ini terlalu lama untuk mengambil data; perbarui ke versi 99.0."
    }


def test_a_server_that_does_not_know_the_question_answers_the_rest(village: Road, monkeypatch: pytest.MonkeyPatch):
    own = courier._body_of

    def older(frame: Frame) -> Push | BlobStart | Have | Pull | None:
        return None if frame.op == Op.HAVE else own(frame)

    monkeypatch.setattr(courier, "_body_of", older)
    village.do("write")
    assert round_trip(village).receipts == 2
    register_household(village.rina.session, 2)
    assert (round_trip(village).receipts, unsent(village)) == (2, 0)


def test_many_questions_travel_in_small_bodies_of_the_first_file(village: Road):
    village.do("write")
    round_trip(village)
    village.rina.store.db.execute_sql(
        "WITH RECURSIVE more(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM more WHERE i < 700)"
        " INSERT INTO outbox (change_id, uid, state) SELECT 'c' || i, 'u' || i, 'acked' FROM more"
    )
    frames = [
        frame
        for frame in next(sync_store(village.rina.store).courier.files(lambda: "s", lambda _name: None))
        if frame.op == Op.HAVE
    ]
    asked = [from_json(Have, frame.body).ids for frame in frames]
    assert [len(ids) for ids in asked] == [500, 202]
    answer_new(village)
    assert visit(village).lost == 0
