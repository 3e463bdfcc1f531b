"""`/sehat`: the server says that it is ours and whether its database answers."""

from __future__ import annotations

from kube_field.server.backup import verified_age
from kube_field.server.endpoint import Call
from kube_field.wire.messages import Health


def health(call: Call) -> Health:
    """State of the server, without any personal data."""
    return Health(
        server_id=call.accounts.meta("server_id"),
        version=call.house.version,
        verified_backup_age_s=verified_age(call.house),
    )
