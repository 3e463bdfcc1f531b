"""Titip data USB: what waits travels on a stick, and the answers come back on it (sync design 3.11).

Copying never moves: what was given keeps waiting on the laptop until a receipt for it comes, over whichever way. The
same file may be taken any number of times and in any order.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from gettext import gettext as _
from hashlib import sha256
from pathlib import Path

import msgspec

from kube_field.domain.views import SyncRun
from kube_field.errors import Failure, KubeFieldError
from kube_field.sqlite.durable import write_durably
from kube_field.storage.courier_box import KEY_BYTES, CourierBox
from kube_field.storage.store import DEVICE_CODE
from kube_field.storage.sync_leaving import mass_removal
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.usecases.photos import forget_orphans
from kube_field.usecases.session import Session
from kube_field.usecases.sync import sync_store
from kube_field.wire.bundle import (
    SUFFIX,
    BundleError,
    BundleFault,
    Direction,
    Frame,
    Header,
    answer_path,
    read_frames,
    read_header,
    verify_bundle,
    write_bundle,
)
from kube_field.wire.codec import UNREADABLE
from kube_field.wire.courier import Arrived, Op, Page, Results
from kube_field.wire.messages import CourierKeys
from kube_field.wire.outcome import BatchOutcome
from kube_field.wire.refusals import Refusal

VIA_USB, ASKS = "usb", "MASS_REMOVAL"
LARGEST_FILE = 64_000_000
OWN_DEVICE, OWN_SERVER = "device_id", "server_id"


@dataclass(slots=True)
class CourierTally:
    """What one visit of the stick did.

    `behind` are scopes whose rows wait: for an earlier file, a connection, or, those in `asking` too, for the
    officer's word that so much may be taken off the laptop.
    """

    written: list[Path] = field(default_factory=list)
    given_changes: int = 0
    given_photos: int = 0
    taken_files: int = 0
    receipts: int = 0
    refused: int = 0
    received: int = 0
    photos_stored: int = 0
    forwarded: list[Path] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    asking: list[str] = field(default_factory=list)
    not_read: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """A bundle on the stick, with its header."""

    path: Path
    header: Header


def visit_stick(
    session: Session, folder: Path, carry: Callable[[bytes], bytes] | None = None, *, allow_removal: bool = False
) -> CourierTally:
    """Take the answers that are for us, forward what colleagues left when there is a way, leave what waits.

    `carry` hands a bundle to the server and gives its answer; `allow_removal` after the officer agreed to the mass
    removal that an earlier visit or run stopped at. Raises: KubeFieldError when the laptop has not been enrolled and
    synchronised once, or the stick cannot be written.
    """
    tally, started = CourierTally(), session.instant()
    _needs_server_keys(session)
    if carry is not None:
        forward(session, folder, carry, tally)
    take(session, folder, tally, allow_removal=allow_removal)
    give(session, folder, tally)
    sync_store(session.store).tidy_erased()
    forget_orphans(session)
    _remember(session, tally, started)
    return tally


def give(session: Session, folder: Path, tally: CourierTally) -> None:
    """Write what waits as files that stand alone. Raises: KubeFieldError FILE_REFUSED; everything keeps waiting."""
    box, keys = _box(session), _needs_server_keys(session)
    store = sync_store(session.store)
    for frames in box.files(session.wiring.new_id, session.photos.read):
        changes, photos = _changes_in(frames), sum(frame.op == Op.PHOTO for frame in frames)
        header = Header(
            id=session.wiring.new_id(),
            direction=Direction.UP,
            server=store.meta(OWN_SERVER),
            device=store.meta(OWN_DEVICE),
            made_at=session.instant(),
            counts={"changes": changes, "photos": photos},
        )
        content = io.BytesIO()
        write_bundle(content, header, frames, ours=box.keys(), seal_to=keys.seal, file_key=os.urandom(KEY_BYTES))
        path = folder / f"{_name(session, header)}{SUFFIX}"
        _write(path, content.getvalue())
        tally.written.append(path)
        tally.given_changes += changes
        tally.given_photos += photos


def take(session: Session, folder: Path, tally: CourierTally, *, allow_removal: bool = False) -> None:
    """Take in the answers on the stick that are for this laptop, oldest first; files of others are left alone."""
    keys, store = _needs_server_keys(session), sync_store(session.store)
    store.start_run(allow_removal=allow_removal)  # one brake for all pages of all files
    for found in _bundles(folder, tally):
        ours = found.header.device == store.meta(OWN_DEVICE) and found.header.server == store.meta(OWN_SERVER)
        if found.header.direction != Direction.DOWN or not ours:
            continue
        content = _read(found.path)
        stream = io.BytesIO(content)
        try:
            verify_bundle(stream, len(content), signed_by=keys.sign)
            unread = [
                frame.op
                for frame in read_frames(stream, ours=store.courier.keys())
                if not _took(session, store, frame, tally)
            ]
        except BundleError as error:
            tally.not_read.append((found.path.name, _reason(error)))
            continue
        if unread:
            tally.not_read.append((found.path.name, _("Sebagian jawaban ini belum dapat dibaca; perbarui program.")))
        tally.taken_files += 1


def forward(session: Session, folder: Path, carry: Callable[[bytes], bytes], tally: CourierTally) -> None:
    """Hand the bundles on the stick to the server, ours and colleagues'; write each answer beside it, once.

    What is inside cannot be read here. Raises: KubeFieldError when the server cannot be reached; answers that
    arrived before are on the stick.
    """
    server = sync_store(session.store).meta(OWN_SERVER)
    for found in _bundles(folder, tally):
        answer = answer_path(found.path)
        if found.header.direction != Direction.UP or found.header.server != server or answer.exists():
            continue
        try:
            _write(answer, carry(_read(found.path)))
        except Refusal as refusal:
            tally.not_read.append((found.path.name, refusal.message))
        else:
            tally.forwarded.append(answer)


def _took(session: Session, store: LocalSyncStore, frame: Frame, tally: CourierTally) -> bool:
    """False for a frame that this program cannot read; the others count."""
    try:
        _take_frame(session, store, frame, tally)
    except UNREADABLE:
        return False
    return True


def _take_frame(session: Session, store: LocalSyncStore, frame: Frame, tally: CourierTally) -> None:
    if frame.op == Op.RESULTS:
        results = msgspec.json.decode(frame.body, type=Results).results
        waiting = store.courier.changes([result.id for result in results])
        outcome: BatchOutcome = store.take_results(waiting, results, None)
        tally.receipts += outcome.acked
        tally.refused += outcome.refused
    elif frame.op == Op.PHOTOS:
        stored = msgspec.json.decode(frame.body, type=Arrived).stored
        store.photos.take_arrived(stored, session.instant())
        tally.photos_stored += len(stored)
    elif frame.op == Op.PAGE:
        _take_page(store, frame, tally)


def _take_page(store: LocalSyncStore, frame: Frame, tally: CourierTally) -> None:
    """Rows count only from exactly where we stand: a page from further on would leave a hole."""
    page = msgspec.json.decode(frame.body, type=Page)
    cursor = store.courier.cursor(frame.name)
    if cursor == (page.seq, page.head, page.chain):
        try:
            tally.received += store.take_page(frame.name, page.page)
        except KubeFieldError as error:
            if error.code != ASKS:
                raise
            tally.behind.append(frame.name)
            tally.asking.append(frame.name)
    elif cursor is not None and cursor[0] <= page.seq and frame.name not in tally.behind:
        tally.behind.append(frame.name)


def _bundles(folder: Path, tally: CourierTally) -> Iterator[Found]:
    found: list[Found] = []
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == SUFFIX)
    except OSError as error:
        raise _stick(folder) from error
    for path in paths:
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise BundleError(BundleFault.NOT_A_BUNDLE)
            with path.open("rb") as stream:
                found.append(Found(path, read_header(stream)))
        except (OSError, BundleError) as error:
            if (path.name, _reason(error)) not in tally.not_read:
                tally.not_read.append((path.name, _reason(error)))
    yield from sorted(found, key=lambda one: (one.header.made_at, one.header.id))


def _read(path: Path) -> bytes:
    """A whole file. Raises: KubeFieldError FILE_REFUSED when the stick is gone."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _stick(path.parent) from error


def _write(path: Path, content: bytes) -> None:
    """Write durably, read back, compare: a stick may lie. Raises: KubeFieldError FILE_REFUSED."""
    try:
        write_durably(path, content)
        good = sha256(path.read_bytes()).digest() == sha256(content).digest()
    except OSError as error:
        raise _stick(path.parent) from error
    if not good:
        raise _stick(path.parent)


def _stick(folder: Path) -> KubeFieldError:
    return KubeFieldError(
        Failure.FILE_REFUSED,
        _("Flashdisk atau folder tidak dapat dibaca atau ditulis: {folder}.").format(folder=folder),
        _("Periksa apakah masih terpasang dan tidak penuh, lalu ulangi. Data Anda tetap di laptop."),
    )


def _reason(error: Exception) -> str:
    if isinstance(error, BundleError) and error.fault == BundleFault.NOT_A_BUNDLE:
        return _("Bukan titipan data KUBE Lapangan.")
    if isinstance(error, BundleError) and error.fault == BundleFault.FOREIGN_SIGNATURE:
        return _("Tanda tangannya bukan dari server provinsi Anda, atau isinya berubah.")
    return _("Berkas rusak; minta disalin ulang.")


def _needs_server_keys(session: Session) -> CourierKeys:
    keys = _box(session).server_keys()
    if keys is None:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Laptop ini belum pernah tersambung ke server provinsi."),
            _("Daftarkan dan sinkronkan sekali lewat internet; sesudah itu data dapat dititipkan."),
            code="NOT_ENROLLED",
        )
    return keys


def _box(session: Session) -> CourierBox:
    return sync_store(session.store).courier


def _changes_in(frames: list[Frame]) -> int:
    return sum(len(msgspec.json.decode(frame.body)["changes"]) for frame in frames if frame.op == Op.PUSH)


def _name(session: Session, header: Header) -> str:
    return f"titipan-{session.store.setting(DEVICE_CODE)}-{header.made_at[:10]}-{header.id}"


def _remember(session: Session, tally: CourierTally, started: str) -> None:
    """The visit of a stick stands in the history like a run; giving alone is never called sent."""
    asks = mass_removal() if tally.asking else None
    run = SyncRun(
        started_at=started,
        ended_at=session.instant(),
        sent=tally.receipts,
        received=tally.received,
        refused=tally.refused,
        photos_sent=tally.photos_stored,
        bytes_up=sum(path.stat().st_size for path in tally.written),
        bytes_down=0,
        outcome=asks.code if asks else "COURIER",
        message=str(asks)
        if asks
        else _("{changes} perubahan dan {photos} foto dititipkan.").format(
            changes=tally.given_changes, photos=tally.given_photos
        ),
        via=VIA_USB,
        exit_code=int(asks.failure) if asks else 0,
    )
    sync_store(session.store).add_run(run)
