"""Records what the laptops of today's program send, as a golden file: `python -m tests.support.make_golden FILE`.

Clock and ids are set by hand, so the same program writes the same file. A file once recorded is never written anew.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec import UNSET, Raw, UnsetType

from kube_field.domain.records import Fact, Record, RecordKind, Role
from kube_field.server import backup
from kube_field.server.app import make_app
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.double_rows import KEY
from kube_field.storage.courier_box import OWN_SEAL, OWN_SIGN
from kube_field.usecases.conflicts import resolve
from kube_field.usecases.double_decisions import keep_apart
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.duplicates import open_duplicates
from kube_field.usecases.graduations import begin_graduation
from kube_field.usecases.groups import add_member, take_back_members
from kube_field.usecases.referrals import change_status
from kube_field.usecases.reviews import review_document
from kube_field.usecases.sync import sync_now, sync_store
from kube_field.usecases.test_results import record_score
from kube_field.wire.again import Again
from kube_field.wire.codec import from_json
from kube_field.wire.columns import Table
from kube_field.wire.courier import Op
from kube_field.wire.messages import Push
from kube_field.wire.new_facts import changes_in
from tests.support import make_answers, make_records
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import Clock, Laptop, ids_of, make_laptop
from tests.support.make_picture import make_picture
from tests.support.network import Line

DOUBLES_KEY = "5a" * 32
"""The secret of the server by which possible doubles have their names; a file is replayed under the same one."""
ELSEWHERE = "64.07.07.2002"
OLDER_VISITS = ("2026.1", "2026.2")
LIFE = "5b" * 16
"""A server begins its lives under chance names."""
REASON = "Sudah sesuai dengan keadaan"


class Listening(Line):
    """Remembers every change that goes up, the last time that it does."""

    def __init__(self, inner: Any, sent: dict[str, dict[str, Any]]) -> None:
        super().__init__(inner)
        self._sent = sent

    def push(self, body: Push) -> Any:
        self._remember(body.changes, body.facts)
        return self.inner.push(body)

    def again(self, body: Again) -> Any:
        self._remember(body.changes, body.facts)
        return self.inner.again(body)

    def _remember(self, changes: Sequence[Raw], facts: Table | UnsetType) -> None:
        in_table = [] if facts is UNSET else changes_in(facts)
        for raw in [*map(bytes, changes), *in_table]:
            told = json.loads(raw)
            self._sent[told["id"]] = told


@dataclass
class Office:
    """Rina, her supervisor Sari and the province between them; `sent` is what went up so far, by id."""

    server: DirectServer
    rina: Laptop
    sari: Laptop
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)

    def meet(self) -> None:
        """Both laptops sync until each knows what the other did."""
        for laptop in (self.rina, self.sari, self.rina):
            with self.server.line(laptop.session) as line:
                run = sync_now(laptop.session, Listening(line, self.sent), wait=lambda _seconds: None)
            assert run.outcome in ("", "S03"), run.message


def main() -> None:
    """Write the golden file whose name is given."""
    logging.disable(logging.CRITICAL)
    target = Path(sys.argv[1])
    changes = recorded()
    lines = ",\n".join(json.dumps(change, ensure_ascii=False, sort_keys=True) for change in changes)
    with target.open("x", encoding="utf-8", newline="\n") as file:  # one that is there stays as it is
        file.write(f"[\n{lines}\n]\n")


def recorded() -> list[dict[str, Any]]:
    """Everything that laptops send in the story of one business, in the order in which it went up first."""
    with tempfile.TemporaryDirectory() as folder, open_office(Path(folder)) as office:
        unit, person = _registered(office)
        _visited_and_decided(office, unit)
        _trained_and_referred(office, person)
        _told_apart(office)
        _corrected(office, unit)
        _sent_again(office, Path(folder))
        _carried(office)
        return list(office.sent.values())


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    """Two laptops that know the server."""
    clock = Clock()
    with (
        direct_server(folder, now=clock.now) as server,
        make_laptop(folder, "Rina", clock=clock) as rina,
        make_laptop(folder, "Sari", ("64.02",), "L09", role=Role.PENYELIA_KAB, clock=clock) as sari,
    ):
        server.house = replace(server.house, new_id=ids_of("server"))
        server.app = make_app(server.house)
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            Accounts(server.house.database).add_alias("staff-admin", admin.uid)
            Accounts(server.house.database).change_meta(KEY, DOUBLES_KEY)
        for laptop, byte in ((rina, "01"), (sari, "02")):
            _set_keys(laptop, byte)
        server.enrol(rina.session, server.add_user("Rina"))
        server.enrol(sari.session, server.add_user("Sari", Role.PENYELIA_KAB, ("64.02",)))
        yield Office(server, rina, sari)


def _set_keys(laptop: Laptop, byte: str) -> None:
    for name in (OWN_SIGN, OWN_SEAL):
        laptop.store.db.execute_sql("INSERT INTO sync_meta (k, v) VALUES (?, ?)", (name, byte * 32))


def _registered(office: Office) -> tuple[Record, Record]:
    """An officer of the province's list, a group with its unit, an assessment, and the goods that were handed over."""
    session = office.rina.session
    make_records.commit_answers(make_records.as_admin(session), RecordKind.STAFF, make_answers.complete_staff())
    unit = make_records.make_unit(session)
    person = make_records.register_person(session, 6)
    make_records.record_assessment(session, person)
    handed_over = make_records.hand_over(session, unit.uid)
    office.meet()
    review_document(office.sari.session, uid=handed_over.uid, decision="accepted", reason=REASON)
    office.meet()
    return unit, person


def _visited_and_decided(office: Office, unit: Record) -> None:
    """A visit by each form that drafts may still follow, the last with photos; then the unit's graduation."""
    session = office.rina.session
    for number, version in enumerate(OLDER_VISITS, start=1):
        _visit_by(office, unit, version, f"2026-0{number + 2}-12")
    photos = [_photo(office.rina, kind) for kind in ("tempat_usaha", "kegiatan")]
    visit = make_records.record_visit(session, unit.uid, photos=photos)
    office.meet()
    notes = {"revenue_idr": "Cocokkan dengan buku kas"}
    review_document(office.sari.session, uid=visit.uid, decision="returned", reason="Angka belum cocok", notes=notes)
    draft = begin_graduation(session, unit_uid=unit.uid)
    answers = make_answers.changed(make_answers.complete_graduation(), dict(draft.answers))
    make_records.commit_saved(session, save_draft(session, draft=draft, answers=answers))
    office.meet()


def _photo(laptop: Laptop, kind: str) -> dict[str, Any]:
    name, size, mime = laptop.photos.add(make_picture(300 + len(kind), 200))
    return {"id": f"foto-{kind}", "sha256": name, "size": size, "mime": mime, "photo_kind": kind}


def _visit_by(office: Office, unit: Record, version: str, on: str) -> None:
    session = office.rina.session
    draft, answers = make_records.visit_answers(session, unit.uid, on)
    old = replace(draft, form_version=version)
    make_records.commit_saved(session, save_draft(session, draft=old, answers=answers))


def _trained_and_referred(office: Office, person: Record) -> None:
    session = office.rina.session
    event = make_records.make_training(session, [person])
    record_score(session, event_uid=event.uid, person_uid=person.uid, kind="post", score=80)
    make_records.hold_session(session, event)
    referral = make_records.refer(session, person.uid)
    today = session.today().isoformat()
    change_status(session, uid=referral.uid, answers={"status": "dikirim", "changed_on": today})
    office.meet()


def _told_apart(office: Office) -> None:
    """Two families with one number, of which Sari says that they are not the same."""
    for name in ("Kamboja Contoh", "Lavender Contoh"):
        make_records.register_household(office.rina.session, 7, head_name=name)
    office.meet()
    (double,) = open_duplicates(office.sari.session)
    keep_apart(office.sari.session, duplicate=double.uid, reason="Nomor salah ketik di kartu kedua")
    office.meet()


def _corrected(office: Office, unit: Record) -> None:
    """Edits one after the other, a telephone number that was replaced, a removal, and two officers who disagree."""
    rina, sari = office.rina, office.sari
    person = make_records.register_person(rina.session, 8)
    home = make_records.register_household(rina.session, 9)
    group = unit.answers["group_id"]["uid"]
    member = add_member(rina.session, group_uid=group, person_uid=person.uid, role="anggota", joined_on="2026-11-20")
    office.meet()
    _edit(rina, person, phone="+6281200000099")
    _edit(rina, person, education="sma")
    _edit(rina, home, head_name="Melati Pertama")
    _edit(sari, home, head_name="Melati Kedua")
    take_back_members(rina.session, uids=[member.uid])
    office.meet()
    resolve(sari.session, home.uid, {"head_name": "Melati Ketiga"}, "Sesuai KTP")
    office.meet()


def _sent_again(office: Office, folder: Path) -> None:
    """A family that moves away, and what went up after the backup from which the server was put back."""
    home = make_records.register_household(office.rina.session, 11)
    office.meet()
    image = folder / "cadangan.kubebackup"
    backup.create(office.server.house, "", image)
    _edit(office.rina, home, village_code=ELSEWHERE)
    make_records.register_household(office.rina.session, 12)
    office.meet()
    office.server.put_back(image)
    office.rina.clock.at += timedelta(hours=1)
    office.meet()


def _carried(office: Office) -> None:
    """An edit that goes by stick; it tells of which life of the server its version is, here of one by name."""
    home = make_records.register_household(office.rina.session, 13)
    office.meet()
    _edit(office.rina, home, rw=9)
    box = sync_store(office.rina.store).courier
    for frames in box.files(office.rina.session.wiring.new_id, lambda _name: None):
        for frame in frames:
            if frame.op == Op.PUSH:
                for raw in from_json(Push, frame.body).changes:
                    told = json.loads(bytes(raw))
                    office.sent[told["id"]] = {**told, "life": LIFE}


def _edit(laptop: Laptop, record: Record, **answers: Any) -> Record | Fact:
    draft = begin_draft(laptop.session, kind=record.kind, record_uid=record.uid)
    saved = save_draft(laptop.session, draft=draft, answers={**draft.answers, **answers})
    return make_records.commit_saved(laptop.session, saved)


if __name__ == "__main__":
    main()
