"""Two districts and a family that moves: whatever happens, no laptop, answer, log or paper holds the other's words."""

from __future__ import annotations

import base64
import contextlib
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Fact, Record, RecordKind, Role
from kube_field.errors import KubeFieldError
from kube_field.server import courier as server_courier
from kube_field.server.endpoint import Call, Caller
from kube_field.server.routes.exchange import take_changes
from kube_field.server.snapshots import make_snapshots
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.courier import visit_stick
from kube_field.usecases.double_decisions import merge_double, undo_merge
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.duplicates import done_merges, open_duplicates
from kube_field.usecases.enrolment import enrol
from kube_field.usecases.papers import document_paper
from kube_field.usecases.record_search import find_records
from kube_field.wire.bundle import answer_path, unanswered
from kube_field.wire.codec import to_json
from kube_field.wire.messages import BlobStart, Digest, Have, Pull, WireChange
from kube_field.wire.quarantine import AskAside, Decide
from kube_field.wire.refusals import Refusal
from tests.support.canaries import (
    ListeningProxy,
    Watch,
    everything_in,
    files_below,
    golden_changes,
    marked,
    opened_pages,
    tables_of,
)
from tests.support.laptop import DATABASE_KEY, Laptop, make_laptop
from tests.support.make_picture import make_picture
from tests.support.make_records import (
    commit_saved,
    make_batch,
    make_unit,
    record_visit,
    register_household,
    register_person,
)
from tests.support.read_papers import paper_text
from tests.support.server import AT, RunningServer, http_of, running_server
from tests.support.wire_changes import make_edit, make_fact

TABANG, MUARA = "64.02.12", "64.07.07"
VILLAGE, MUARA_VILLAGE = f"{TABANG}.2002", f"{MUARA}.2002"
OURS, THEIRS, MOVED = "Qwertabang", "Xylomuara", "Vexpindah"
MUARA_SWAPS = {
    TABANG: MUARA, "0000b6808288": "0000b6809999", "staff-rina": "user-budi", "staff-admin": "user-admin",
    "640212120413980": "640212120413985", "668990": "668995", "672990": "672995", "673990": "673995",
    "679990": "679995",
    "+6281200000": "+6281300000",
}  # fmt: skip
HOLDS_OWN_WORK = ("outbox_content",)
"""What its officer wrote stays on his laptop for 400 days, also when the record moved on."""


@dataclass
class Districts:
    """A server, the laptops by the first name of their officer, and what each was answered."""

    server: RunningServer
    folder: Path
    laptops: dict[str, Laptop] = field(default_factory=dict)
    ears: dict[str, ListeningProxy] = field(default_factory=dict)

    def join(self, stack: ExitStack, name: str, area: str, code: str, role: Role = Role.PENDAMPING) -> Laptop:
        ear = ListeningProxy(self.server.url)
        stack.enter_context(ear.running())
        laptop = stack.enter_context(make_laptop(self.folder, name, (area,), code, role=role))
        user = self.server.add_user(name, role, (area,))
        with HttpTransport(ear.url) as desk:
            enrol(laptop.session, desk=desk, url=ear.url, code=self.server.code(name))
        assert user.uid == f"user-{name.lower()}"
        self.laptops[name], self.ears[name] = laptop, ear
        return laptop

    def sync(self, *names: str) -> None:
        for name in names or self.laptops:
            run = self.server.sync(self.laptops[name].session)
            assert run.outcome == "", (name, run)

    def write(self, name: str, *changes: WireChange) -> list[str]:
        """What an officer's laptop would have sent."""
        accounts = self.server.accounts
        user = accounts.user(name)
        assert user is not None
        device = accounts.device(
            str(self.laptops[name].store.db.value("SELECT v FROM sync_meta WHERE k = 'device_id'"))
        )
        assert device is not None
        call = Call(self.server.house, None, {}, "", AT, Caller(user, device))
        return [result.status for result in take_changes(call, [to_json(change) for change in changes])]

    def assert_unknown_to(self, names: tuple[str, ...], *words: str, but: tuple[str, ...] = ()) -> None:
        """These laptops hold nothing of these words, nor were they ever told."""
        watch = Watch(*words)
        for name in names:
            laptop = self.laptops[name]
            leaks = [table for table, content in tables_of(laptop.store, but).items() if watch.found_in(content)]
            assert leaks == [], f"tables of {name}"
            assert watch.found_in(*self.ears[name].heard) == [], f"an answer to {name}"
            for kind, word in [(kind, word) for kind in RecordKind for word in words]:
                with contextlib.suppress(KeyError, KubeFieldError):
                    assert find_records(laptop.session, kind=kind, text=word) == []

    def forget_answers(self) -> None:
        for ear in self.ears.values():
            ear.heard.clear()

    def assert_files_tell_nothing(self, *words: str) -> None:
        """The laptops' folders are sealed: not even their own words can be read there."""
        watch = Watch(*words)
        for name, laptop in self.laptops.items():
            assert watch.found_in(files_below(laptop.folder)) == [], name


@pytest.fixture
def districts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Districts]:
    caplog.set_level(logging.DEBUG)
    with running_server(tmp_path) as server, ExitStack() as stack:
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        told = Districts(server, tmp_path)
        told.join(stack, "Rina", TABANG, "L07")
        told.join(stack, "Budi", MUARA, "L08")
        told.join(stack, "Sari", "64.02", "L09", Role.PENYELIA_KAB)
        told.join(stack, "Dewi", "64.07", "L10", Role.PENYELIA_KAB)
        with server.house.database.write():
            server.accounts.add_alias("staff-admin", admin.uid)
        told.sync()
        told.forget_answers()
        yield told
        told.assert_files_tell_nothing(OURS, THEIRS, MOVED)
        watch = Watch(OURS, THEIRS, MOVED, "Melati Contoh", "64021212041398")
        assert watch.found_in(*(record.getMessage().encode() for record in caplog.records)) == []
        assert watch.found_in(*(str(record.exc_text or record.args or "").encode() for record in caplog.records)) == []


def every_kind_in_both(districts: Districts) -> None:
    """The golden records of every kind, in each district as its own; and the facts that no golden file has."""
    ours = golden_changes(OURS, {"staff-rina": "user-rina", "staff-admin": "user-admin"})
    theirs = golden_changes(THEIRS, MUARA_SWAPS)
    for name, changes, word in (("Rina", ours, OURS), ("Budi", theirs, THEIRS)):
        assert set(districts.write(name, *changes)) == {"applied"}
        unit = next(change for change in changes if change.kind == "business_unit")
        others = [
            make_fact(
                f"{kind}-{word}",
                kind,
                unit.uid,
                {"catatan": word},
                scope=unit.scope,
                by=unit.by,
                body={"author_name": word},
            )
            for kind in (RecordKind.AID, RecordKind.GRADUATION, RecordKind.TEST_RESULT, RecordKind.VALUE_HISTORY)
        ]
        kept = [status for status in districts.write(name, *others) if status != "rejected"]
        assert set(kept) <= {"applied", "held"}


def visit_with_photo(laptop: Laptop, word: str, n: int) -> tuple[Fact, bytes]:
    """What a laptop itself writes: family, woman, business, a visit with a photo, all with the word."""
    village = MUARA_VILLAGE if laptop.session.officer.areas[0].startswith("64.07") else VILLAGE
    home = register_household(
        laptop.session, n, head_name=f"Anggrek {word}", village_code=village, kk_number=f"64021212041371{n:02d}"
    )
    person = register_person(laptop.session, n, household=home, full_name=f"Anggrek {word}")
    unit = make_unit(
        laptop.session, person, batch_id={"uid": make_batch(laptop.session).uid, "name": "KUBE"},
        business_name=f"Warung {word}", village_code=village,
    )  # fmt: skip
    name, size, mime = laptop.photos.add(make_picture(300 + n, 200, noise=True))
    items = [
        {"id": f"p{at}", "sha256": name, "size": size, "mime": mime, "photo_kind": kind, "caption": f"Foto {word}"}
        for at, kind in enumerate(("tempat_usaha", "kegiatan"))
    ]
    visit = record_visit(laptop.session, unit.uid, photos=items)
    content = laptop.photos.read(name)
    assert content is not None
    return visit, content


def moved_home(laptop: Laptop, n: int = 9) -> Record:
    return register_household(laptop.session, n, head_name=f"Kenanga {MOVED}", address=f"Gang {MOVED}")


def move(laptop: Laptop, home: Record) -> None:
    draft = begin_draft(laptop.session, kind=RecordKind.HOUSEHOLD, record_uid=home.uid)
    answers = {**draft.answers, "village_code": MUARA_VILLAGE, "village_name_snapshot": f"Muara {MOVED}"}
    commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers=answers))


def test_a_word_is_found_however_it_is_written():
    watch = Watch(OURS)
    for raw in (OURS, OURS.upper(), OURS.lower()):
        for content in (raw.encode(), raw.encode("utf-16-le"), raw.encode().hex().encode()):
            assert watch.found_in(b"x" + content + b"x") == [OURS]
    for before in ("", "x", "xy", "xyz"):
        assert watch.found_in(base64.b64encode(f"{before}{OURS} lagi".encode())) == [OURS]
    assert watch.found_in(b"Qwer tabang", b"") == []


def test_pages_photos_and_papers_stay_in_their_district(districts: Districts):
    every_kind_in_both(districts)
    rina, budi = districts.laptops["Rina"], districts.laptops["Budi"]
    our_visit, our_photo = visit_with_photo(rina, OURS, 3)
    their_visit, their_photo = visit_with_photo(budi, THEIRS, 4)
    for _round in range(2):
        districts.sync()
    assert Watch(OURS).found_in(everything_in(districts.laptops["Sari"].store)) == [OURS], (
        "the watch sees what is there"
    )
    assert Watch(OURS).found_in(*districts.ears["Sari"].heard) == [OURS], "and hears what is told"
    districts.assert_unknown_to(("Rina", "Sari"), THEIRS)
    districts.assert_unknown_to(("Budi", "Dewi"), OURS)
    for name, photo in (("Budi", our_photo), ("Dewi", our_photo), ("Rina", their_photo), ("Sari", their_photo)):
        assert photo[500:600] not in b"".join(districts.ears[name].heard)
    for laptop, visit, word, other in ((rina, our_visit, OURS, THEIRS), (budi, their_visit, THEIRS, OURS)):
        text = paper_text(document_paper(laptop.session, uid=visit.uid))
        assert word in text
        assert other not in text


def test_first_downloads_hold_one_district_each(districts: Districts):
    every_kind_in_both(districts)
    made = make_snapshots(districts.server.house, least_rows=1)
    assert {one.scope for one in made} >= {TABANG, MUARA}
    names = b" ".join(path.name.encode() for path in (districts.server.house.data_dir / "unduhan").iterdir())
    assert Watch(OURS, THEIRS, "Melati").found_in(names) == []
    with ExitStack() as stack:
        districts.join(stack, "Tina", MUARA, "L11")
        districts.join(stack, "Tono", TABANG, "L12")
        districts.sync("Tina", "Tono")
        for name, scope in (("Tina", MUARA), ("Tono", TABANG)):
            paths = b"".join(content for content in districts.ears[name].heard if b"application/zstd" in content)
            assert paths, f"{name} loaded the file of {scope}"
        districts.assert_unknown_to(("Tina",), OURS)
        districts.assert_unknown_to(("Tono",), THEIRS)


def test_a_family_that_moves_takes_its_words_along(districts: Districts):
    rina, sari = districts.laptops["Rina"], districts.laptops["Sari"]
    home = moved_home(rina)
    districts.sync("Rina", "Sari")
    assert Watch(MOVED).found_in(everything_in(sari.store)) == [MOVED]
    assert Watch(MOVED).found_in(opened_pages(sari.folder, DATABASE_KEY)) == [MOVED]
    move(rina, home)
    districts.sync("Rina")
    districts.forget_answers()
    districts.sync()
    districts.sync()
    assert Watch(MOVED).found_in(everything_in(districts.laptops["Dewi"].store)) == [MOVED]
    districts.assert_unknown_to(("Sari",), MOVED)
    districts.assert_unknown_to(("Rina",), MOVED, but=HOLDS_OWN_WORK)
    sari.store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert Watch(MOVED).found_in(opened_pages(sari.folder, DATABASE_KEY)) == [], "free pages are overwritten"


def test_a_late_edit_is_set_aside_and_shown_to_one_district_only(districts: Districts):
    rina, sari, dewi = (districts.laptops[name] for name in ("Rina", "Sari", "Dewi"))
    home = moved_home(rina)
    districts.sync("Rina", "Sari")
    move(rina, home)
    districts.sync("Rina", "Budi")
    edit = {"address": (home.answers["address"], f"Jalan {THEIRS}")}
    assert districts.write(
        "Budi", make_edit(RecordKind.HOUSEHOLD, home.uid, edit, by="user-budi", scope=MUARA, base=2)
    ) == ["applied"]
    late = {"dusun": (home.answers["dusun"], f"Dusun {OURS}"), "address": (home.answers["address"], f"Lorong {OURS}")}
    status = districts.write("Rina", make_edit(RecordKind.HOUSEHOLD, home.uid, late, by="user-rina"))
    assert status == ["quarantined"]
    districts.forget_answers()
    told: dict[str, list[Any]] = {}
    for laptop in (sari, dewi):
        with http_of(laptop.session) as desk:
            name = laptop.session.officer.name
            told[name] = desk.list_aside(AskAside(by=f"user-{name.lower()}")).items
    assert [len(told["Sari"]), len(told["Dewi"])] == [0, 1]
    districts.sync()
    districts.assert_unknown_to(("Rina", "Sari"), THEIRS)


def test_doubles_across_districts_tell_only_that_there_is_one(districts: Districts):
    rina, budi = districts.laptops["Rina"], districts.laptops["Budi"]
    for laptop, word, village, n in ((rina, OURS, VILLAGE, 3), (budi, THEIRS, MUARA_VILLAGE, 4)):
        home = register_household(laptop.session, n, head_name=f"Anggrek {word}", village_code=village)
        register_person(laptop.session, 1, household=home, full_name=f"Melati {word}", birth_place=word)
    for _round in range(2):
        districts.sync()
    for name in ("Rina", "Budi"):
        assert districts.laptops[name].store.db.value("SELECT count(*) FROM sync_base WHERE kind = 'duplicate'") == 1
    districts.assert_unknown_to(("Rina", "Sari"), THEIRS)
    districts.assert_unknown_to(("Budi", "Dewi"), OURS)


def test_a_merge_is_told_in_its_own_district_only(districts: Districts):
    rina, sari = districts.laptops["Rina"], districts.laptops["Sari"]
    home = register_household(rina.session, 3, head_name=f"Anggrek {OURS}")
    districts.sync("Rina", "Sari")
    kept = register_person(rina.session, 1, household=home, full_name=f"Melati {OURS}")
    mistyped = {"nik": "6402124806689902", "phone": "+6281200000002"}
    register_person(sari.session, 1, household=home, full_name=f"Melati {OURS}", **mistyped)
    for _round in range(2):
        districts.sync()
    (case,) = [one for one in open_duplicates(sari.session) if one.kind == RecordKind.PERSON]
    merge_double(sari.session, duplicate=case.uid, kept=kept.uid, reason=f"KTP {OURS} sama")
    for _round in range(2):
        districts.sync()
    assert rina.store.db.value("SELECT count(*) FROM alias") == 1
    (done,) = done_merges(sari.session)
    undo_merge(sari.session, duplicate=done.uid, reason=f"Ternyata kembar {OURS}")
    for _round in range(2):
        districts.sync()
    districts.assert_unknown_to(("Budi", "Dewi"), OURS)


def test_an_area_that_was_lent_and_taken_back_leaves_nothing(districts: Districts):
    every_kind_in_both(districts)
    budi = districts.laptops["Budi"]
    lent = (MUARA, TABANG)
    for day, areas in enumerate((lent, (MUARA,), lent, (MUARA,)), start=1):
        with districts.server.house.database.write():
            districts.server.accounts.grant("user-budi", areas, f"2026-11-2{day}T00:00:00.000Z")
        districts.sync("Budi")
        assert Watch(OURS).found_in(everything_in(budi.store)) == ([OURS] if areas == lent else [])
    budi.store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert Watch(OURS).found_in(opened_pages(budi.folder, DATABASE_KEY)) == []
    districts.forget_answers()
    districts.sync("Budi")
    districts.assert_unknown_to(("Budi",), OURS)


def test_a_courier_of_another_district_carries_sealed_files(districts: Districts, tmp_path: Path):
    rina, budi = districts.laptops["Rina"], districts.laptops["Budi"]
    stick = tmp_path / "flashdisk"
    stick.mkdir()
    visit_with_photo(rina, OURS, 3)
    visit_stick(rina.session, stick)
    with http_of(budi.session) as line:
        visit_stick(budi.session, stick, line.carry)
    for path in unanswered(stick):
        answer_path(path).write_bytes(server_courier.take_bundle(districts.server.house, path.read_bytes()).answer)
    assert visit_stick(budi.session, stick).not_read == []
    assert Watch(OURS, "Anggrek", "64021212041371").found_in(files_below(stick)) == []
    districts.sync("Budi")
    districts.assert_unknown_to(("Budi",), OURS)
    assert visit_stick(rina.session, stick).receipts > 0


def test_no_answer_to_a_curious_laptop_tells_anything(districts: Districts):
    every_kind_in_both(districts)
    visit, photo = visit_with_photo(districts.laptops["Rina"], OURS, 3)
    districts.sync("Rina")
    make_snapshots(districts.server.house, least_rows=1)
    server = districts.server
    ours = [change for change in golden_changes(OURS, {}) if change.scope == TABANG]
    photo_name = visit.attachments[0].sha256
    seqs = [int(str(seq)) for (seq,) in server.rows(f"SELECT seq FROM feed WHERE scope = '{TABANG}' ORDER BY seq DESC")]
    for name in ("Budi", "Dewi"):
        by = f"user-{name.lower()}"
        with http_of(districts.laptops[name].session) as desk:
            asked = [
                lambda desk=desk: desk.pull(Pull(scope=TABANG)),
                lambda desk=desk: desk.pull(Pull(scope=TABANG, uids=[one.uid for one in ours])),
                lambda desk=desk: desk.pull(Pull(scope=MUARA, uids=[one.uid for one in ours])),
                lambda desk=desk: desk.digest(Digest(scope=TABANG, sums=["0"] * 256)),
                lambda desk=desk: desk.have(Have(ids=[one.id for one in ours], photos=[photo_name])),
                lambda desk=desk: desk.get_photo(photo_name, 0),
                lambda desk=desk: desk.start_photo(
                    BlobStart(sha256=photo_name, size=9, mime="image/jpeg", uid=visit.uid)
                ),
                *(lambda desk=desk, seq=seq: desk.snapshot(TABANG, seq, 0, 1000) for seq in seqs[:3]),
                lambda desk=desk, by=by: desk.list_aside(AskAside(by=by)),
                lambda desk=desk: desk.list_aside(AskAside(by="user-sari")),
                lambda desk=desk, by=by: desk.decide(
                    Decide(by=by, change=ours[0].id, decision="refuse", reason="coba")
                ),
            ]
            for ask in asked:
                with contextlib.suppress(Refusal):
                    ask()
        guesses = [
            make_edit(one, uid, {"village_code": ("salah", MUARA_VILLAGE), "name": ("salah", "x")}, by=by, scope=scope)
            for uid, one in (
                (change.uid, RecordKind(change.kind)) for change in ours if change.kind in ("household", "person")
            )
            for scope in (TABANG, MUARA)
        ]
        assert "applied" not in districts.write(name, *guesses)
        districts.sync(name)
    districts.assert_unknown_to(("Budi", "Dewi"), OURS, but=HOLDS_OWN_WORK)
    assert photo[500:600] not in b"".join(districts.ears["Budi"].heard + districts.ears["Dewi"].heard)
    assert marked("Balai Desa", OURS).endswith(OURS)
