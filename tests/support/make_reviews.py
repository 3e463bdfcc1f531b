"""A supervisor's word about documents, on a laptop whose work reached the server."""

from __future__ import annotations

from kube_field.domain.records import Role
from kube_field.usecases.reviews import review_document
from tests.support.laptop import Laptop


def sent(laptop: Laptop) -> None:
    """Give everything that waits the receipt that a server would give."""
    laptop.store.db.execute_sql(
        "UPDATE outbox SET state = 'acked', status = 'applied', receipt_sha256 = sha256, receipt_at = ?",
        ("2026-11-23T02:00:00.000Z",),
    )
    laptop.store.db.execute_sql("UPDATE blob SET state = 'stored'")


def reviewed(laptop: Laptop, uid: str, decision: str = "accepted", reason: str = "Sesuai berita acara") -> None:
    """Sari of the district office decides about a document that was sent."""
    sent(laptop)
    review_document(laptop.as_role(Role.PENYELIA_KAB, "Sari"), uid=uid, decision=decision, reason=reason)
