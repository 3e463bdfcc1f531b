"""Photos by content: put one that a record names, get one that the caller may see."""

from __future__ import annotations

import os
import re
from gettext import gettext as _
from hashlib import sha256
from pathlib import Path

from starlette.responses import FileResponse, Response

from kube_field.server.endpoint import Call
from kube_field.server.storage.photo_rows import PhotoRows
from kube_field.wire.messages import IDENTITY_HEADER, MAX_BLOB_BYTES, PROTOCOL, BlobAnswer
from kube_field.wire.refusals import Refusal, RefusalCode

NAME = re.compile(r"[0-9a-f]{64}")


def put_photo(call: Call) -> BlobAnswer:
    """Store a photo; only one that a record names in a scope where the caller may write."""
    name, content = _name(call), bytes(call.body)
    mime = _rows(call).may_put(name)
    if mime is None:
        raise _unknown()
    if len(content) > MAX_BLOB_BYTES:
        raise Refusal(RefusalCode.BODY_TOO_LARGE, _("Foto terlalu besar."))
    if sha256(content).hexdigest() != name:
        raise Refusal(RefusalCode.DIGEST_MISMATCH, _("Foto rusak di jalan; kirim ulang."))
    if not _rows(call).has(name):
        _store(photo_path(call.house.photo_folder, name), content, call.house.new_id())
        _rows(call).add(name, len(content), mime, call.at)
    return BlobAnswer(sha256=name, size=len(content))


def get_photo(call: Call) -> Response:
    """A stored photo."""
    name = _name(call)
    mime = _rows(call).may_get(name)
    path = photo_path(call.house.photo_folder, name)
    if mime is None or not path.exists():
        raise _unknown()
    headers = {IDENTITY_HEADER: str(PROTOCOL), "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type=mime or "application/octet-stream", headers=headers)


def photo_path(folder: Path, name: str) -> Path:
    """Where a photo lies: 256 folders by the first two digits."""
    return folder / name[:2] / name


def _store(path: Path, content: bytes, suffix: str) -> None:
    """Write durably: a temporary name, fsync, rename; a power cut leaves all of it or nothing under the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{suffix}.part")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def _name(call: Call) -> str:
    name = call.path.get("sha256", "")
    if not NAME.fullmatch(name):
        raise _unknown()
    return name


def _unknown() -> Refusal:
    return Refusal(RefusalCode.BLOB_UNKNOWN, _("Foto ini tidak disebut dalam data yang boleh Anda tulis."))


def _rows(call: Call) -> PhotoRows:
    return PhotoRows(call.house.database, call.caller.scope)
