"""A laptop of ours in a process of its own: `our_client prepare|write|push|pull|run FOLDER COUNT URL [CODE] [FROM]`.

The real encrypted store, the real engine, the real way over HTTP. Seconds are from opening the database to the last
receipt (push), or to the last record stored (pull, run).
"""

from __future__ import annotations

import argparse
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kube_field.domain.commit import AuditLine, Commit
from kube_field.domain.records import Fact, Officer, Record, RecordKind, Role
from kube_field.storage.photos import PhotoStore
from kube_field.storage.store import create_store, open_store
from kube_field.sync.engine import Phase
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.editing import change_of_record
from kube_field.usecases.enrolment import enrol
from kube_field.usecases.histories import change_of_fact, hashed
from kube_field.usecases.ports import Wiring
from kube_field.usecases.session import Session
from kube_field.usecases.sync import connection, make_engine
from tests.bench.peers.own_process import each, peak_mib, say
from tests.bench.peers.visit_form import VERSION, answers_of, know_measured_visits, visit_of
from tests.bench.peers.visits import Visit, digest, visits
from tests.support.laptop import DATABASE_KEY, KECAMATAN, PHOTO_KEY, REFERENCE
from tests.support.make_answers import complete_unit


class CountingTransport(HttpTransport):
    """The real way, which counts its requests."""

    requests = 0

    def vouch(self) -> None:
        """As over TLS, where a certificate vouches: nobody looks who is there before asking."""
        self._is_known = True

    def _send(self, *arguments: Any, **more: Any) -> bytes:
        self.requests += 1
        return super()._send(*arguments, **more)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("phase", choices=("prepare", "write", "push", "pull", "run"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("url")
    parser.add_argument("--code", default="")
    parser.add_argument("--ca", type=Path, help="file of the authority whose certificate the server shows")
    parser.add_argument("--vouched", action="store_true", help="ask at once, as over TLS")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many of the generator's visits")
    wanted = parser.parse_args()
    know_measured_visits()
    begun = time.perf_counter()
    session = _session(wanted.folder)
    try:
        say(_phase(wanted, session, begun))
    finally:
        session.store.close()


def _phase(wanted: argparse.Namespace, session: Session, begun: float) -> dict[str, Any]:
    if wanted.phase == "prepare":
        return _prepare(session, wanted)
    if wanted.phase == "write":
        return _write(session, list(visits(wanted.skip + wanted.count))[wanted.skip :])
    return _sync(session, wanted, begun, until=Phase.PULL if wanted.phase == "push" else Phase.DONE)


def _session(folder: Path) -> Session:
    path = folder / "data.db"
    known = {"reference": REFERENCE, "free_bytes": lambda: 1 << 40}
    store = open_store(path, DATABASE_KEY, **known) if path.exists() else create_store(
        path, DATABASE_KEY, device_code="L07", **known
    )  # fmt: skip
    officer = Officer(uid=f"petugas-{folder.name}", name=folder.name, role=Role.PENDAMPING, areas=(KECAMATAN,))
    wiring = Wiring(now=lambda: datetime.now(UTC), new_id=lambda: str(uuid.uuid4()))
    photos = PhotoStore(folder / "photos", PHOTO_KEY)
    return Session(officer=officer, store=store, photos=photos, reference=REFERENCE, wiring=wiring)


def _prepare(session: Session, wanted: argparse.Namespace) -> dict[str, Any]:
    """Enrol; the laptop that will write makes the units that its visits are about, and all of it is synchronised."""
    with HttpTransport(wanted.url, ca_pem=_ca(wanted)) as desk:
        enrol(session, desk=desk, url=wanted.url, code=wanted.code, ca_pem=_ca(wanted))
    if not wanted.count:
        return {}
    for uid in dict.fromkeys(str(visit["kube_id"]) for visit in visits(wanted.count)):
        unit = Record(uid, RecordKind.BUSINESS_UNIT, "2026.1", KECAMATAN, complete_unit("person"))
        change = change_of_record(session, unit, None, {name: (None, new) for name, new in unit.answers.items()})
        session.store.commit(Commit(records=[unit], changes=[change]))
    return _sync(session, wanted, time.perf_counter(), until=Phase.DONE)


def _ca(wanted: argparse.Namespace) -> str:
    return str(wanted.ca.read_text(encoding="ascii")) if wanted.ca else ""


def _write(session: Session, new: list[Visit]) -> dict[str, Any]:
    """Each visit in a commit of its own, as finalising does: fact, change and a line of the audit log."""

    def one(visit: Visit) -> None:
        fact = _fact(session, visit)
        line = AuditLine(session.officer.uid, "finalise", fact.kind.value, fact.uid, fact.finalised_at)
        session.store.commit(Commit(facts=[fact], changes=[change_of_fact(session, fact, ())], audit=[line]))

    return dict(each(new, one))


def _fact(session: Session, visit: Visit) -> Fact:
    return hashed(
        Fact(
            uid=visit["id"],
            kind=RecordKind.VISIT,
            form_version=VERSION,
            scope=KECAMATAN,
            subject_uid=visit["kube_id"],
            occurred_on=visit["tanggal"],
            answers=answers_of(visit),
            author_uid=session.officer.uid,
            author_name=session.officer.name,
            finalised_at=session.instant(),
            document_id=session.wiring.new_id(),
        )
    )


def _sync(session: Session, wanted: argparse.Namespace, begun: float, *, until: Phase) -> dict[str, Any]:
    with CountingTransport(wanted.url, connection(session).token, ca_pem=_ca(wanted)) as transport:
        if wanted.vouched:
            transport.vouch()
        engine = make_engine(session, transport)
        while engine.phase not in (until, Phase.DONE):
            engine.step()
        seconds = time.perf_counter() - begun
    found = {
        "seconds": seconds,
        "requests": transport.requests,
        "up": transport.traffic.up,
        "down": transport.traffic.down,
        "sent": engine.tally.sent,
        "received": engine.tally.received,
        "peak_mib": peak_mib(),
        "left": session.store.queue.pill().unsent + session.store.queue.pill().failed,
    }
    return found if until != Phase.DONE else {**found, "digest": digest(_visits(session))}


def _visits(session: Session) -> list[Visit]:
    facts = session.store.facts.of_kind(RecordKind.VISIT)
    return [visit_of(fact.uid, fact.subject_uid, fact.occurred_on, dict(fact.answers)) for fact in facts]


if __name__ == "__main__":
    main()
