"""Photos by content: one that a record names comes in pieces, and goes out to whom may see the record.

A piece is acknowledged when it is durable, and a photo is done when it lies whole under its name and its row is about
to be committed: a cut line, a killed process or a power cut costs the piece that was on its way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from gettext import gettext as _
from hashlib import sha256

import msgspec
from starlette.responses import Response

from kube_field.errors import KubeFieldError
from kube_field.media.images import check_kept_photo
from kube_field.server.endpoint import Call, instant
from kube_field.server.photo_folder import PhotoFolder
from kube_field.server.policy import Reach
from kube_field.server.storage.photo_rows import Part, PhotoRows
from kube_field.wire.codec import digest_header
from kube_field.wire.messages import IDENTITY_HEADER, MAX_BLOB_BYTES, MAX_PIECE_BYTES, PROTOCOL, BlobState
from kube_field.wire.possession import challenge_for, proves
from kube_field.wire.refusals import Refusal, RefusalCode

NAME = re.compile(r"[0-9a-f]{64}")
UPLOAD = re.compile(r"[0-9A-Za-z-]{1,80}")
RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})?")
HALF_UPLOAD_DAYS = 14
"""A part that nobody went on with for so long is taken away."""
PHOTO_KEY = "photo_key"
"""Name, among the values of the installation, of the secret that challenges are made from."""
OPEN_PARTS = 20
"""Parts of one laptop; it sends one photo after the other, so more are remains."""
OPEN, DONE, REFUSED = "open", "done", "refused"
UPLOAD_OFFSET = "upload-offset"


def start_photo(call: Call) -> BlobState:
    """Say how much of a photo is here; a laptop that was interrupted asks again and goes on from there."""
    body = call.body
    name = _checked_name(body.sha256)
    mime = _rows(call).may_put(name, body.uid, senders(call))
    if mime is None:
        raise _unknown()
    if not 0 < body.size <= MAX_BLOB_BYTES:
        return BlobState(sha256=name, size=body.size, offset=0, state=REFUSED, message=_("Foto lebih besar dari 8 MB."))
    settled = _settled(call, name, body.size, mime, body.proof)
    if settled is not None:
        return settled
    part = _rows(call).part_of(call.caller.device.device_id, name)
    if part is None or part.size != body.size:
        part = _begun(call, part, name, body.size, mime, body.uid)
    return _open(call, part)


def put_piece(call: Call) -> BlobState:
    """Take the next piece; a piece that does not begin where ours end is answered with the offset that counts."""
    rows, piece = _rows(call), bytes(call.body)
    upload = call.path.get("upload", "")
    part = rows.part(upload) if UPLOAD.fullmatch(upload) else None
    if part is None or part.device_id != call.caller.device.device_id:
        raise _unknown()
    if rows.may_put(part.sha256, part.uid, senders(call)) is None:
        raise _unknown()
    settled = _settled(call, part.sha256, part.size, part.mime)
    if settled is not None:
        _forget(call, part)
        return settled
    offset = _offset(call)
    if len(piece) > MAX_PIECE_BYTES or offset + len(piece) > part.size:
        raise Refusal(RefusalCode.BODY_TOO_LARGE, _("Potongan foto terlalu besar."))
    if not piece or offset != _held(call, part):
        return _open(call, part)
    return _with_piece(call, part, offset, piece)


def get_photo(call: Call) -> Response:
    """A stored photo, or the range of it that is asked for."""
    name = _checked_name(call.path.get("sha256", ""))
    mime = _rows(call).may_get(name, reach_of(call))
    content = _folder(call).whole(name) if mime is not None else None
    if content is None:
        raise _unknown()
    first, last = _range(call, len(content))
    piece = content[first : last + 1]
    headers = {
        IDENTITY_HEADER: str(PROTOCOL),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
        "Content-Range": f"bytes {first}-{last}/{len(content)}",
        "Content-Digest": digest_header(piece),
    }
    status = 200 if len(piece) == len(content) else 206
    return Response(piece, status, headers, media_type=mime or "application/octet-stream")


def sweep(call: Call) -> None:
    """Take away half photos that nobody went on with, and part files that no row names."""
    rows, folder = _rows(call), _folder(call)
    limit = instant(datetime.fromisoformat(call.at) - timedelta(days=HALF_UPLOAD_DAYS))
    old = rows.drop_parts_before(limit) + rows.drop_all_but(call.caller.device.device_id, OPEN_PARTS)
    here = folder.part_names()  # looked at before the rows: whatever lies here then has its row by now
    known = rows.uploads()
    for upload in {*old, *(name for name in here if name not in known)}:
        folder.drop(upload)


def reach_of(call: Call) -> Callable[[str], Reach | None]:
    """How far officers may see who named a photo, by uid; asked only for those who never handed it in."""

    def reach(uid: str) -> Reach | None:
        user = call.accounts.user(uid) if uid else None
        return user.scope if user is not None else None

    return reach


def challenge(call: Call, device_id: str) -> str:
    """What proofs of this laptop answer to."""
    return challenge_for(bytes.fromhex(call.accounts.meta(PHOTO_KEY)), device_id)


def _settled(call: Call, name: str, size: int, mime: str, proof: str = "") -> BlobState | None:
    """Done or refused; None while the photo still has to come.

    Done is only told to those who had the photo before or prove it now: to others a photo that somebody else sent
    looks like one that nobody sent. A file that lost its row is taken in again.
    """
    rows, done = _rows(call), BlobState(sha256=name, size=size, offset=size, state=DONE)
    if rows.has(name) and _folder(call).size(name) == size and rows.held_by([name], senders(call)):
        return done
    reason = rows.refusal(name)
    if reason:
        return BlobState(sha256=name, size=size, offset=0, state=REFUSED, message=reason)
    content = _folder(call).whole(name) if proof else None
    if content is None or not proves(proof, challenge(call, call.caller.device.device_id), content):
        return None
    _stored(call, name, len(content), mime)
    return msgspec.structs.replace(done, size=len(content), offset=len(content))


def _stored(call: Call, name: str, size: int, mime: str) -> None:
    """The photo lies here, and the officers of this laptop have it."""
    rows = _rows(call)
    rows.add(name, size, mime, call.at)
    rows.note_holders(name, senders(call), call.caller.device.device_id, call.at)


def _begun(call: Call, old: Part | None, name: str, size: int, mime: str, uid: str) -> Part:
    """A new part in place of one of another size, if any."""
    if old is not None:
        _forget(call, old)
    sweep(call)
    device = call.caller.device.device_id
    part = Part(call.house.new_id(), name, size, mime, uid, device, 0, call.at)
    if _rows(call).add_part(part):
        return part
    return _rows(call).part_of(device, name) or part


def _with_piece(call: Call, part: Part, offset: int, piece: bytes) -> BlobState:
    folder = _folder(call)
    folder.write_piece(part.upload, offset, piece)
    held = offset + len(piece)
    _rows(call).hold(part.upload, held, call.at)
    part = replace(part, held=held)
    return _finished(call, part) if held == part.size else _open(call, part)


def _finished(call: Call, part: Part) -> BlobState:
    """All bytes are here: done when they are the photo that the record names, from the start again when not."""
    rows, folder = _rows(call), _folder(call)
    content = folder.part(part.upload)
    if sha256(content).hexdigest() != part.sha256:
        rows.hold(part.upload, 0, call.at)
        return _open(call, replace(part, held=0))
    try:
        check_kept_photo(content)
    except KubeFieldError as error:
        rows.refuse(part.sha256, error.sentence, call.at)
        _forget(call, part)
        return BlobState(sha256=part.sha256, size=part.size, offset=0, state=REFUSED, message=error.sentence)
    folder.adopt(part.upload, part.sha256)
    _stored(call, part.sha256, part.size, part.mime)
    rows.drop_part(part.upload)
    return BlobState(sha256=part.sha256, size=part.size, offset=part.size, state=DONE)


def _open(call: Call, part: Part) -> BlobState:
    return BlobState(sha256=part.sha256, size=part.size, offset=_held(call, part), state=OPEN, upload=part.upload)


def _held(call: Call, part: Part) -> int:
    """What is durable: the row was committed after the bytes, and a file put back with less counts as less."""
    return min(part.held, _folder(call).part_size(part.upload))


def _forget(call: Call, part: Part) -> None:
    _rows(call).drop_part(part.upload)
    _folder(call).drop(part.upload)


def _offset(call: Call) -> int:
    text = call.headers.get(UPLOAD_OFFSET, "")
    if not re.fullmatch(r"\d{1,12}", text):
        raise Refusal(RefusalCode.BODY_UNREADABLE, _("Upload-Offset tidak ada atau bukan angka."))
    return int(text)


def _range(call: Call, size: int) -> tuple[int, int]:
    """First and last byte to send; all of them where no understandable range is asked for."""
    found = RANGE.fullmatch(call.headers.get("range", ""))
    if found is None or int(found[1]) >= size:
        return 0, size - 1
    last = int(found[2]) if found[2] else size - 1
    return int(found[1]), max(int(found[1]), min(last, size - 1))


def senders(call: Call) -> frozenset[str]:
    """The officers of this laptop."""
    return frozenset({call.caller.user.uid, *(user.uid for user in call.caller.colleagues)})


def _rows(call: Call) -> PhotoRows:
    return PhotoRows(call.house.database, call.caller.scope)


def _folder(call: Call) -> PhotoFolder:
    return PhotoFolder(call.house.photo_folder)


def _checked_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise _unknown()
    return name


def _unknown() -> Refusal:
    return Refusal(RefusalCode.BLOB_UNKNOWN, _("Foto ini tidak disebut dalam data yang boleh Anda tulis."))
