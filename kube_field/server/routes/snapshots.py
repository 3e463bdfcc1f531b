"""A scope as one file, by range; the grant is read with every request."""

from __future__ import annotations

import re
from gettext import gettext as _
from pathlib import Path

from starlette.responses import FileResponse, Response

from kube_field.server.endpoint import Call, log_fault
from kube_field.server.program_age import require_young_program
from kube_field.server.snapshots import Made, discard, file_of, valid
from kube_field.wire.codec import digest_header
from kube_field.wire.messages import IDENTITY_HEADER, PROTOCOL
from kube_field.wire.refusals import Refusal, RefusalCode

RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})?")
PIECE_BYTES = 1024 * 1024
"""At most so much for one range, however much was asked for."""


def get_snapshot(call: Call) -> Response:
    """The file of a scope at one state, or a range of it with a digest of its own. Raises: Refusal."""
    scope, seq = call.path.get("scope", ""), call.path.get("seq", "")
    if not call.caller.scope.may_read(scope):
        raise Refusal(RefusalCode.SCOPE_NOT_GRANTED, _("Wilayah ini bukan wilayah tugas Anda."))
    require_young_program(call)
    made = valid(call.house, call.records, scope, int(seq)) if seq.isdecimal() and len(seq) < 19 else None
    if made is None:
        raise Refusal(RefusalCode.NO_SUCH_ADDRESS, _("Berkas unduhan ini sudah diganti."))
    try:
        return _asked_for(call, made)
    except OSError as error:  # a bad sector under it would stop every new laptop here
        log_fault(error)
        discard(call.house, made)
        raise Refusal(RefusalCode.NO_SUCH_ADDRESS, _("Berkas unduhan ini tidak dapat dibaca.")) from error


def _asked_for(call: Call, made: Made) -> Response:
    """The file, or the range of it that is asked for. Raises: Refusal. OSError."""
    path = file_of(call.house, made)
    headers = {
        IDENTITY_HEADER: str(PROTOCOL),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
        "ETag": f'"{made.sha256}"',
    }
    wanted = call.headers.get("range")
    if wanted is None:
        return FileResponse(path, media_type="application/zstd", headers=headers, stat_result=path.stat())
    asked = RANGE.fullmatch(wanted)
    if asked is None:  # several ranges, or one from the end: no laptop asks so
        raise _no_such_part()
    first = int(asked[1])
    last = min(int(asked[2] or made.bytes), made.bytes - 1, first + PIECE_BYTES - 1)
    return _piece(path, first, last, made.bytes, headers)


def _piece(path: Path, first: int, last: int, size: int, headers: dict[str, str]) -> Response:
    if last < first:
        raise _no_such_part()
    with path.open("rb") as file:
        file.seek(first)
        piece = file.read(last - first + 1)
    told = {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Digest": digest_header(piece)}
    return Response(piece, 206, {**headers, **told}, media_type="application/zstd")


def _no_such_part() -> Refusal:
    return Refusal(RefusalCode.BODY_UNREADABLE, _("Bagian berkas ini tidak ada."))
