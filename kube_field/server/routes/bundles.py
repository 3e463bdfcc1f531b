"""Bundles that a colleague's laptop forwards: it carries what it cannot read, and takes the sealed answer along."""

from __future__ import annotations

from starlette.responses import Response

from kube_field.server.courier import take_bundle
from kube_field.server.endpoint import Call
from kube_field.wire.codec import digest_header
from kube_field.wire.messages import IDENTITY_HEADER, PROTOCOL


def carry(call: Call) -> Response:
    """Take in one bundle and give its answer."""
    answer = take_bundle(call.house, bytes(call.body)).answer
    headers = {
        IDENTITY_HEADER: str(PROTOCOL),
        "Cache-Control": "no-store",
        "Content-Digest": digest_header(answer),
    }
    return Response(answer, headers=headers, media_type="application/octet-stream")
