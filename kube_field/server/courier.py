"""Bundles that came by USB or through a colleague's laptop: the requests inside are answered as if they came online.

A bundle acknowledges nothing by itself: its answer is a bundle too, sealed to the laptop that made it. The same bundle
may come any number of times and in any order; its changes carry their own ids. It never touches the continuity token.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from gettext import gettext as _
from typing import Any

from kube_field.server.courier_keys import server_keys
from kube_field.server.endpoint import Call, Caller, House, instant, log_fault
from kube_field.server.routes.exchange import answer_pull, have, take_changes
from kube_field.server.routes.photos import DONE, OPEN, UPLOAD_OFFSET, put_piece, start_photo
from kube_field.server.storage.accounts import Accounts, Laptop
from kube_field.wire.bundle import (
    BundleError,
    BundleFault,
    Direction,
    Frame,
    Header,
    Keys,
    read_frames,
    read_header,
    verify_bundle,
    write_bundle,
)
from kube_field.wire.codec import from_json, to_json
from kube_field.wire.courier import MAX_ANSWER_BYTES, Arrived, NoPage, Op, Page, Results
from kube_field.wire.messages import MAX_PIECE_BYTES, BlobStart, BlobState, Have, Pull, Push
from kube_field.wire.push import read_batch
from kube_field.wire.refusals import Refusal, RefusalCode

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Carried:
    """A bundle that was taken in: whose it was, its answer, and how much was in it."""

    device: Laptop
    answer: bytes
    changes: int
    photos: int


@dataclass(slots=True)
class _Content:
    """What was in a bundle: what is answered at once, and the pages that it asks for."""

    results: list[Frame] = field(default_factory=list)
    found: list[Frame] = field(default_factory=list)
    arrived: Arrived = field(default_factory=Arrived)
    pulls: list[Pull] = field(default_factory=list)
    changes: int = 0
    photos: int = 0


def take_bundle(house: House, content: bytes) -> Carried:
    """Take in one up bundle and make its answer; a frame that cannot be read costs the others nothing.

    Raises: Refusal; nothing of the bundle was then taken in.
    """
    stream = io.BytesIO(content)
    call, keys = _opened(house, stream, len(content))
    taken = _Content()
    for frame in _whole(stream, keys):
        _take(call, frame, taken)
    device = call.caller.device
    header = Header(
        id=house.new_id(),
        direction=Direction.DOWN,
        server=_server_id(house),
        device=device.device_id,
        made_at=call.at,
        answers=_header(stream).id,
        counts={"changes": taken.changes, "photos": taken.photos},
    )
    frames = [*taken.results, *taken.found, Frame(Op.PHOTOS, to_json(taken.arrived))]
    answer = [*frames, *_pages(call, taken.pulls, MAX_ANSWER_BYTES - sum(len(frame.body) for frame in frames))]
    out = io.BytesIO()
    write_bundle(out, header, answer, ours=keys, seal_to=device.seal_key, file_key=house.random_bytes(32))
    return Carried(device, out.getvalue(), taken.changes, taken.photos)


def _take(call: Call, frame: Frame, taken: _Content) -> None:
    """Do what one frame asks for."""
    body = _body_of(frame)
    if isinstance(body, Push):
        raws = [bytes(raw) for raw in body.changes]
        taken.results.append(Frame(Op.RESULTS, to_json(Results(results=take_changes(call, raws)))))
        taken.changes += len(raws)
    elif isinstance(body, BlobStart):
        if _photo_taken(call, body, frame.body):
            taken.arrived.stored.append(body.sha256)
        taken.photos += 1
    elif isinstance(body, Have):
        with suppress(Refusal), call.house.database.read():  # too many at once: it asks again with its next file
            taken.found.append(Frame(Op.FOUND, to_json(have(replace(call, body=body)))))
    elif isinstance(body, Pull):
        taken.pulls.append(body)


def _body_of(frame: Frame) -> Push | BlobStart | Have | Pull | None:
    """What a frame asks for; None for what this server cannot read or does not know: its laptop goes on waiting."""
    try:
        if frame.op == Op.PUSH:
            return read_batch(Push, frame.body)
        if frame.op == Op.PHOTO:
            return from_json(BlobStart, frame.name.encode())
        if frame.op == Op.PULL:
            return from_json(Pull, frame.body)
        if frame.op == Op.HAVE:
            return from_json(Have, frame.body)
    except (Refusal, UnicodeError):
        log.error("a frame of a bundle cannot be read: %s", frame.op)
    return None


def _opened(house: House, stream: io.BytesIO, size: int) -> tuple[Call, Keys]:
    """The laptop that a bundle is from, as a call of its officer, and our keys. Raises: Refusal."""
    header = _header(stream)
    with house.database.write():
        keys = server_keys(house)
        accounts = Accounts(house.database)
        device = accounts.device(header.device)
        user = accounts.user(device.user_uid) if device is not None else None
        server_id = accounts.meta("server_id")
        officers = accounts.officers(device.device_id) if device is not None else ()
    if header.direction != Direction.UP or header.server != server_id:
        raise _refused(BundleFault.NOT_FOR_US)
    if device is None or user is None or not device.sign_key:
        raise _refused(BundleFault.FOREIGN_SIGNATURE)
    try:
        verify_bundle(stream, size, signed_by=device.sign_key)
    except BundleError as error:
        raise _refused(error.fault) from error
    if device.revoked_at or user.disabled_at:
        raise Refusal(RefusalCode.DEVICE_REVOKED, _("Laptop pembuat titipan ini tidak diizinkan lagi."))
    who = Caller(user, device, officers)
    return Call(house, None, {}, "", instant(house.now()), who=who), keys


def _whole(stream: io.BytesIO, keys: Keys) -> Iterator[Frame]:
    """The frames as far as they can be unpacked: what came before is authentic, and is answered."""
    count = 0
    try:
        for frame in read_frames(stream, ours=keys):
            count += 1
            yield frame
    except BundleError as error:
        if not count:
            raise _refused(error.fault) from error
        log.error("a bundle ends early for us, after %s frames", count)


def _photo_taken(call: Call, start: BlobStart, content: bytes) -> bool:
    """True once the photo is stored; not when no record names it yet, or it is none, or we fail at it."""
    try:
        state, last = _asked(call, start_photo, body=start), -1
        while state is not None and state.state == OPEN and state.offset > last:  # other bytes: it begins anew
            last = state.offset
            piece = content[state.offset : state.offset + MAX_PIECE_BYTES]
            there, headers = {"upload": state.upload}, {UPLOAD_OFFSET: str(state.offset)}
            state = _asked(call, put_piece, body=piece, path=there, headers=headers)
    except Exception as error:  # noqa: BLE001  (whatever it is, the changes beside it get their answer)
        log_fault(error)
        return False
    return state is not None and state.state == DONE


def _asked(call: Call, handler: Callable[[Call], BlobState], **parts: Any) -> BlobState | None:
    """What an online laptop would be answered; None for a refusal."""
    database = call.house.database

    def ask() -> BlobState | None:
        with database.write():
            try:
                return handler(replace(call, **parts))
            except Refusal:
                return None

    return database.retry(ask)


def _pages(call: Call, pulls: list[Pull], room: int) -> Iterator[Frame]:
    """Pages of every scope asked for, from the laptop's cursor, as far as the file has room, or why there are none."""
    for asked in pulls:
        while room > 0:
            try:
                with call.house.database.read():  # head, sum and rows of one moment
                    page = answer_pull(call, asked)
            except Refusal as refusal:  # not granted any more, put back since, or the program is too old
                yield _no_page(asked, refusal)
                break
            body = to_json(Page(seq=asked.seq, head=asked.head, chain=asked.chain, page=page))
            room -= len(body)
            if page.rows or page.head != asked.head:
                yield Frame(Op.PAGE, body, asked.scope)
            if not page.more:
                break
            asked = Pull(scope=asked.scope, seq=page.seq, head=page.head, chain=page.chain, max_bytes=asked.max_bytes)


def _no_page(asked: Pull, refusal: Refusal) -> Frame:
    told = NoPage(code=refusal.code, message=refusal.message, seq=asked.seq, head=asked.head, chain=asked.chain)
    return Frame(Op.NO_PAGE, to_json(told), asked.scope)


def _header(stream: io.BytesIO) -> Header:
    stream.seek(0)
    try:
        return read_header(stream)
    except BundleError as error:
        raise _refused(error.fault) from error


def _server_id(house: House) -> str:
    with house.database.read():
        return Accounts(house.database).meta("server_id")


def _refused(fault: BundleFault) -> Refusal:
    texts = {
        BundleFault.NOT_A_BUNDLE: _("Berkas ini bukan titipan data KUBE Lapangan."),
        BundleFault.DAMAGED: _("Berkas titipan rusak; salin ulang dari laptop asalnya."),
        BundleFault.FOREIGN_SIGNATURE: _("Tanda tangan titipan ini tidak cocok dengan laptop yang dikenal server."),
        BundleFault.NOT_FOR_US: _("Titipan ini bukan untuk server ini."),
    }
    return Refusal(RefusalCode.BUNDLE_REFUSED, texts[fault])
