"""To know the name of a photo is not to have it: whoever names one shows that he holds its bytes (either database)."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.server.policy import Console
from kube_field.server.routes import exchange
from kube_field.server.routes import hello as greeting
from kube_field.server.routes import photos as route
from kube_field.server.storage.photo_rows import PhotoRows
from kube_field.sqlite.migrations import load_migrations
from kube_field.wire.messages import MAX_PIECE_BYTES, BlobStart, BlobState, Have, Hello
from kube_field.wire.possession import photo_proof
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.contracts.desk import Desk
from tests.support import make_answers
from tests.support.make_picture import make_picture
from tests.support.wire_changes import make_edit, make_fact, make_unit_change

PICTURE = make_picture(300, 200)
NAME = sha256(PICTURE).hexdigest()
OTHER = "d" * 64
"""The second photo that every visit has; nobody ever sends it."""
ELSEWHERE = "64.07.07"


@pytest.fixture
def towns(desk: Desk) -> Desk:
    """Rina and Budi work in different kabupaten; each has a business there."""
    desk.add("Budi", areas=("64.07",))
    desk.push(make_unit_change("unit-1"))
    there = {**make_answers.complete_unit("person"), "village_code": f"{ELSEWHERE}.2002"}
    unit = make_edit(RecordKind.BUSINESS_UNIT, "unit-2", there, create=True, scope=ELSEWHERE, by="user-budi")
    assert desk.statuses(unit, name="Budi") == ["applied"]
    return desk


def visit(uid: str, subject: str, *names: str, by: str = "user-rina", scope: str = "64.02.12"):
    """A visit that names photos."""
    kinds = ("tempat_usaha", "kegiatan", "produk")
    items = [
        make_answers.photo(n, kind) | {"sha256": name, "size": len(PICTURE)}
        for n, (name, kind) in enumerate(zip((*names, OTHER), kinds, strict=False), start=1)
    ]
    answers = make_answers.complete_visit("person", photos=items)
    return make_fact(uid, subject=subject, answers=answers, by=by, scope=scope)


def start(desk: Desk, uid: str, name: str = "Rina", proof: str = "", photo: str = NAME) -> BlobState:
    body = BlobStart(sha256=photo, size=len(PICTURE), mime="image/jpeg", uid=uid, proof=proof)
    with desk.house.database.write():
        return route.start_photo(desk.call(body, name))


def send(desk: Desk, state: BlobState, name: str = "Rina", content: bytes = PICTURE) -> BlobState:
    call = desk.call(content[state.offset : state.offset + MAX_PIECE_BYTES], name)
    call.path["upload"] = state.upload
    call.headers["upload-offset"] = str(state.offset)
    with desk.house.database.write():
        return route.put_piece(call)


def upload(desk: Desk, uid: str, name: str = "Rina") -> None:
    assert send(desk, start(desk, uid, name), name).state == "done"


def gets(desk: Desk, name: str, photo: str = NAME) -> bool:
    call = desk.call(None, name)
    call.path["sha256"] = photo
    with desk.house.database.read():
        try:
            return route.get_photo(call).body == PICTURE
        except Refusal as refusal:
            return refusal.code != RefusalCode.BLOB_UNKNOWN


def challenge(desk: Desk, name: str) -> str:
    return hello(desk, name).challenge


def hello(desk: Desk, name: str):
    desk.steps += 1
    body = Hello(device=name, continuity=desk.tokens.get(name), step=str(desk.steps))
    with desk.house.database.write():
        answer = greeting.hello(desk.call(body, name))
    desk.tokens[name] = answer.continuity
    return answer


def name_rinas_photo(towns: Desk) -> None:
    """Rina sends a photo; Budi, who never saw it, names it in a visit of his own."""
    assert towns.statuses(visit("visit-1", "unit-1", NAME)) == ["applied"]
    upload(towns, "visit-1")
    taken = towns.statuses(visit("visit-2", "unit-2", NAME, by="user-budi", scope=ELSEWHERE), name="Budi")
    assert taken == ["applied"], "his record is taken in like any other"


def test_who_names_a_photo_by_its_hash_does_not_get_it(towns: Desk):
    name_rinas_photo(towns)
    assert gets(towns, "Rina")
    assert not gets(towns, "Budi")


def test_a_photo_of_somebody_else_looks_like_one_that_nobody_sent(towns: Desk):
    name_rinas_photo(towns)
    unsent = "f" * 64
    towns.push(visit("visit-3", "unit-2", unsent, by="user-budi", scope=ELSEWHERE), name="Budi")
    for proof in ("", photo_proof(challenge(towns, "Budi"), PICTURE[:-1]), "0" * 64, "é"):
        states = [
            start(towns, "visit-2", "Budi", proof),
            start(towns, "visit-3", "Budi", proof, photo=unsent),
        ]
        assert {(state.state, state.offset, state.size) for state in states} == {("open", 0, len(PICTURE))}
    with towns.house.database.read():
        asked = towns.call(Have(ids=[], photos=[NAME, unsent]), "Budi")
        assert exchange.have(asked).missing == [NAME, unsent]
        assert exchange.have(towns.call(asked.body, "Rina")).missing == [unsent]


def test_guessed_bytes_are_no_photo_and_open_nothing(towns: Desk):
    name_rinas_photo(towns)
    guess = PICTURE[:-4] + b"0000"
    state = send(towns, start(towns, "visit-2", "Budi"), "Budi", guess)
    assert (state.state, state.offset) == ("open", 0)
    assert not gets(towns, "Budi")
    assert gets(towns, "Rina"), "hers is untouched"


def test_who_has_the_bytes_proves_it_without_sending_them(towns: Desk):
    name_rinas_photo(towns)
    proof = photo_proof(challenge(towns, "Budi"), PICTURE)
    assert start(towns, "visit-2", "Budi", proof).state == "done"
    assert gets(towns, "Budi")
    assert towns.rows("SELECT count(*) FROM blob_part") == [(0,)]


def test_a_proof_of_one_laptop_is_worth_nothing_on_another(towns: Desk):
    name_rinas_photo(towns)
    assert challenge(towns, "Rina") != challenge(towns, "Budi")
    hers = photo_proof(challenge(towns, "Rina"), PICTURE)
    assert start(towns, "visit-2", "Budi", hers).state == "open"
    assert not gets(towns, "Budi")


def test_a_program_that_proves_nothing_sends_the_bytes_again(towns: Desk):
    name_rinas_photo(towns)
    upload(towns, "visit-2", "Budi")
    assert gets(towns, "Budi")
    assert towns.rows("SELECT count(*) FROM blob") == [(1,)]


def test_a_photo_handed_in_once_may_be_named_again_without_a_word(towns: Desk):
    towns.push(visit("visit-1", "unit-1", NAME))
    upload(towns, "visit-1")
    towns.push(visit("visit-4", "unit-1", NAME))
    assert start(towns, "visit-4").state == "done"
    assert NAME not in hello(towns, "Rina").photos


def test_an_officer_hands_on_what_he_could_see_anyway(towns: Desk):
    """Sari works in both places: the photo that she sees in one she may show in the other."""
    towns.add("Sari", areas=("64.02.12", "64.07"))
    towns.push(visit("visit-1", "unit-1", NAME))
    upload(towns, "visit-1")
    towns.push(visit("visit-5", "unit-2", NAME, by="user-sari", scope=ELSEWHERE), name="Sari")
    assert gets(towns, "Sari")
    assert gets(towns, "Budi")


def test_who_only_reads_a_record_brings_back_its_photo_that_the_server_lost(towns: Desk):
    """Wati of the province may have the last copy."""
    towns.add("Wati", Role.ADMIN_PROV, ("64",))
    towns.add("Lia", Role.PIMPINAN, ("64",))
    towns.push(visit("visit-1", "unit-1", NAME))
    with pytest.raises(Refusal):
        start(towns, "visit-1", "Lia")
    upload(towns, "visit-1", "Wati")
    assert NAME not in hello(towns, "Wati").photos


def test_two_who_only_know_the_hash_do_not_vouch_for_each_other(towns: Desk):
    name_rinas_photo(towns)
    towns.add("Joko", areas=("64.07",))
    towns.push(visit("visit-6", "unit-2", NAME, by="user-joko", scope=ELSEWHERE), name="Joko")
    assert not gets(towns, "Budi")
    assert not gets(towns, "Joko")


def test_colleagues_there_get_it_only_after_the_proof_of_who_named_it(towns: Desk):
    """Joko has the bytes himself, but it was Budi who named the photo first and has not shown anything."""
    name_rinas_photo(towns)
    towns.add("Joko", areas=("64.07",))
    assert start(towns, "visit-2", "Joko", photo_proof(challenge(towns, "Joko"), PICTURE)).state == "done"
    assert not gets(towns, "Budi")
    assert start(towns, "visit-2", "Budi", photo_proof(challenge(towns, "Budi"), PICTURE)).state == "done"
    assert gets(towns, "Joko")


def test_who_named_a_photo_that_a_colleague_sent_is_asked_at_hello(towns: Desk):
    name_rinas_photo(towns)
    assert NAME in hello(towns, "Budi").photos
    start(towns, "visit-2", "Budi", photo_proof(challenge(towns, "Budi"), PICTURE))
    assert NAME not in hello(towns, "Budi").photos


def test_migration_0005_who_holds_photos_believes_those_of_its_time(towns: Desk):
    towns.push(visit("visit-1", "unit-1", NAME, "e" * 64))
    upload(towns, "visit-1")
    database = towns.house.database
    step = load_migrations(files("kube_field.server.storage") / "migrations")[4]
    with database.write():
        database.run("DROP TABLE blob_holder")
        database.run("DROP INDEX blob_link_named_by")
        database.run("ALTER TABLE blob_link DROP COLUMN named_by")
        database.run("DELETE FROM server_meta WHERE name = 'photo_key'")
        step.up(database.db)
    assert gets(towns, "Rina")
    assert towns.rows("SELECT sha256, user_uid FROM blob_holder") == [(NAME, "user-rina")]
    assert towns.rows("SELECT DISTINCT named_by FROM blob_link") == [("user-rina",)]
    with database.read():
        assert PhotoRows(database, Console()).held_by([NAME, "e" * 64], ["user-rina"]) == {NAME}
