"""Titip data USB: what waits travels on a stick, and the answers come back on it (sync design 3.11).

Copying never moves: what was given keeps waiting on the laptop until a receipt for it comes, over whichever way. The
same file may be taken any number of times and in any order.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path

import msgspec

from kube_field.domain.sync_views import SyncRun
from kube_field.errors import Failure, KubeFieldError
from kube_field.storage.courier_box import KEY_BYTES, CourierBox
from kube_field.storage.store import DEVICE_CODE
from kube_field.storage.sync_leaving import mass_removal
from kube_field.sync.troubles import trouble_of
from kube_field.usecases.courier_answers import OWN_DEVICE, OWN_SERVER, take_answers
from kube_field.usecases.photos import forget_orphans
from kube_field.usecases.session import Session
from kube_field.usecases.stick import (
    CourierTally,
    Found,
    Watch,
    bundles_on,
    name_on_stick,
    read_from_stick,
    write_to_stick,
)
from kube_field.usecases.sync import sync_store
from kube_field.wire.bundle import Direction, Frame, Header, answer_path, write_bundle
from kube_field.wire.courier import Op
from kube_field.wire.messages import CourierKeys
from kube_field.wire.refusals import Refusal, RefusalCode

VIA_USB = "usb"
ABOUT_ONE_FILE = frozenset({RefusalCode.BUNDLE_REFUSED, RefusalCode.DEVICE_REVOKED, RefusalCode.BODY_TOO_LARGE})
"""Refusals of one file; with any other the server takes none of them now."""
UNWATCHED = Watch()


def visit_stick(
    session: Session,
    folder: Path,
    carry: Callable[[bytes], bytes] | None = None,
    *,
    allow_removal: bool = False,
    watch: Watch = UNWATCHED,
) -> CourierTally:
    """Take the answers that are for us, forward what colleagues left when there is a way, leave what waits.

    `carry` hands a bundle to the server and gives its answer; `allow_removal` after the officer agreed to the mass
    removal that an earlier visit or run stopped at. Stopped between two files, the visit has done what came before.
    Raises: KubeFieldError when the laptop has not been enrolled and synchronised once, or the stick cannot be written.
    """
    tally, started = CourierTally(), session.instant()
    _needs_server_keys(session)
    if carry is not None:
        forward(session, folder, carry, tally, watch)
    if not tally.cancelled:
        take(session, folder, tally, allow_removal=allow_removal, watch=watch)
    if not tally.cancelled:
        give(session, folder, tally, watch)
    sync_store(session.store).tidy_erased()
    forget_orphans(session)
    _remember(session, tally, started)
    return tally


def give(session: Session, folder: Path, tally: CourierTally, watch: Watch = UNWATCHED) -> None:
    """Write what waits as files that stand alone. Raises: KubeFieldError FILE_REFUSED; everything keeps waiting."""
    box, keys = _box(session), _needs_server_keys(session)
    store = sync_store(session.store)
    for frames in box.files(session.wiring.new_id, session.photos.read):
        if not watch.goes_on(tally, "give", len(tally.written), 0):
            return
        changes, photos = _changes_in(frames), sum(frame.op == Op.PHOTO for frame in frames)
        header = Header(
            id=session.wiring.new_id(),
            direction=Direction.UP,
            server=store.meta(OWN_SERVER),
            device=store.meta(OWN_DEVICE),
            made_at=session.instant(),
            counts={"changes": changes, "photos": photos},
        )
        box.note_file(header.id)
        content = io.BytesIO()
        write_bundle(content, header, frames, ours=box.keys(), seal_to=keys.seal, file_key=os.urandom(KEY_BYTES))
        path = folder / name_on_stick(session.store.setting(DEVICE_CODE), header)
        write_to_stick(path, content.getvalue())
        tally.written.append(path)
        tally.given_changes += changes
        tally.given_photos += photos


def take(
    session: Session,
    folder: Path,
    tally: CourierTally,
    *,
    allow_removal: bool = False,
    watch: Watch = UNWATCHED,
) -> None:
    """Take in the answers on the stick that are for this laptop, oldest first. Raises: KubeFieldError."""
    take_answers(session, _needs_server_keys(session), folder, tally, watch, allow_removal=allow_removal)


def forward(
    session: Session,
    folder: Path,
    carry: Callable[[bytes], bytes],
    tally: CourierTally,
    watch: Watch = UNWATCHED,
) -> None:
    """Hand the bundles on the stick to the server, ours and colleagues'; write each answer beside it, once.

    What is inside cannot be read here. When the server cannot be reached the others stay as they are, and `tally` says
    why. Raises: KubeFieldError FILE_REFUSED; answers that arrived before are on the stick.
    """
    waiting = _unanswered(session, folder, tally)
    for done, found in enumerate(waiting):
        if not watch.goes_on(tally, "forward", done, len(waiting)):
            return
        content = read_from_stick(found.path)
        try:
            answer = carry(content)
        except (KubeFieldError, Refusal) as error:
            if isinstance(error, Refusal) and error.code in ABOUT_ONE_FILE:
                tally.not_read.append((found.path.name, error.message))
                continue
            _note_lost_way(tally, trouble_of(error) if isinstance(error, Refusal) else error, len(waiting) - done)
            return
        write_to_stick(answer_path(found.path), answer)
        tally.forwarded.append(answer_path(found.path))
        tally.forwarded_changes += found.header.counts.get("changes", 0)
        tally.forwarded_photos += found.header.counts.get("photos", 0)


def _unanswered(session: Session, folder: Path, tally: CourierTally) -> list[Found]:
    """Colleagues' files first: ours may go another way."""
    store = sync_store(session.store)
    server, device = store.meta(OWN_SERVER), store.meta(OWN_DEVICE)
    waiting = [
        found
        for found in bundles_on(folder, tally)
        if (found.header.direction, found.header.server) == (Direction.UP, server)
        and not answer_path(found.path).exists()
    ]
    return sorted(waiting, key=lambda found: found.header.device == device)


def _note_lost_way(tally: CourierTally, error: KubeFieldError, left: int) -> None:
    tally.not_forwarded, tally.way_lost = left, str(error)
    tally.way_code, tally.exit_code = error.code, int(error.failure)


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
        outcome=asks.code if asks else "CANCELLED" if tally.cancelled else "COURIER",
        message=str(asks) if asks else _words_of(tally),
        via=VIA_USB,
        exit_code=int(asks.failure) if asks else 0,
    )
    sync_store(session.store).add_run(run)


def _words_of(tally: CourierTally) -> str:
    words = [
        _("{changes} perubahan dan {photos} foto dititipkan.").format(
            changes=tally.given_changes, photos=tally.given_photos
        )
    ]
    if tally.forwarded:
        words.append(_("{n} titipan diteruskan ke server.").format(n=len(tally.forwarded)))
    if tally.cancelled:
        words.append(_("Dihentikan oleh petugas."))
    return " ".join(words)
