"""Who this laptop is to its server, and what the two say when they meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from msgspec import structs

from kube_field.domain.signer import Signer
from kube_field.storage.aside_counts import keep_counts
from kube_field.storage.courier_box import CourierBox
from kube_field.storage.courier_files import HEARD, last_file
from kube_field.storage.store import DEVICE_CODE, LocalStore
from kube_field.storage.sync_room import LEAVING, LIVE, SyncRoom
from kube_field.storage.unsolved import forget_unsolved
from kube_field.wire.again import Again
from kube_field.wire.codec import from_json, to_json
from kube_field.wire.enrolment import Enrolled
from kube_field.wire.messages import AuditHead, Hello, HelloAnswer, QueueState, ScopeOffer, ScopeState

TAKE_OFFER = """
INSERT INTO sync_scope (scope_id, mode, state) VALUES (?, ?, 'bootstrap') ON CONFLICT (scope_id) DO UPDATE SET
  mode = excluded.mode,
  state = CASE state WHEN 'leaving' THEN 'resync' ELSE state END
"""
"""A scope that is granted again before it was purged goes on where it stands; afterwards it is downloaded anew. Either
way it is looked at: nobody remembers whether it was as it should be."""
TOKENS_KEPT = 5
"""Older login tokens of this laptop that are tried when a server put back does not know the newest."""
TERMS = "terms"
SIGNERS = """
SELECT code, holder, key, max(revoked_at) FROM laptop_key WHERE substr(key, 1, ?) = ? GROUP BY device, key
ORDER BY code
"""
"""Each laptop once: a revoked one has two words, and the later one counts."""
WAITING = "state IN ('queued', 'sent')"
DOUBT = f"""
UPDATE outbox SET base_version = min(base_version, 1) WHERE {WAITING}
  AND base_version > coalesce((SELECT b.version FROM sync_base b WHERE b.uid = outbox.uid), 0)
"""
"""On a repaired laptop what waits counts on versions that are not here, and no proof that it saw them is left."""


class Identity(SyncRoom):
    """Enrolment, tokens, hello."""

    def __init__(self, store: LocalStore) -> None:
        super().__init__(store)
        self.courier = CourierBox(store)

    def enrol(self, answer: Enrolled, *, url: str, ca_pem: str) -> None:
        """Keep what the server said at enrolment; document numbers begin with the laptop's code from now on."""
        with self._store.transaction():
            if self.device_id():  # enrolled anew: no token says that the server has still what it acknowledged
                self._verify_all()
            self._put("device_id", answer.device)
            self._put("user_uid", answer.user.uid)
            self._put("token", answer.token)
            self._put("server_id", answer.server_id)
            self._put("server_url", url)
            self._put("ca_pem", ca_pem)
            self._forget("continuity")
            self._forget("step")
            self._forget("former_tokens")
            self._forget(TERMS)
            forget_unsolved(self._db)
            self._store.put_setting(DEVICE_CODE, answer.device_code)
        self._store.journal.keep_up()

    def move_to(self, url: str) -> None:
        """The server that this laptop belongs to answers at another address now."""
        with self._store.transaction():
            self._put("server_url", url)

    def device_id(self) -> str:
        """This laptop as its server knows it."""
        return self.meta("device_id")

    def server_id(self) -> str:
        """The server that this laptop is enrolled with."""
        return self.meta("server_id")

    def continuity(self) -> str | None:
        """The token to show next; None before the first hello."""
        return self.meta("continuity") or None

    def signers(self, beginning: str) -> list[Signer]:
        """The laptops whose signing key begins like this (hex), this one first."""
        ours, _seal_to = self.courier.keys().public()
        told = [Signer(*row) for row in self._db.rows(SIGNERS, len(beginning), beginning)]
        known = [replace(one, is_ours=one.key == ours) for one in told]
        if ours.startswith(beginning) and not any(one.is_ours for one in known):
            known.append(Signer(self._store.setting(DEVICE_CODE), "", ours, is_ours=True))
        return sorted(known, key=lambda one: not one.is_ours)

    def last_server_time(self) -> int:
        """The server's clock at the last hello in milliseconds, 0 before the first one."""
        return int(self.meta("last_seen_server_time") or 0)

    def start_step(self, new_id: Callable[[], str]) -> str:
        """The id of the step about to be sent; kept until an answer arrives."""
        with self._store.transaction():
            step = self.meta("step") or new_id()
            self._put("step", step)
        return step

    def hello(self, step: str) -> Hello:
        """Who we are and where we stand, also in areas that are about to leave."""
        scopes = self._db.rows("SELECT scope_id, seq, head_seen, chain_seen, sum FROM sync_scope")
        count, size, oldest = self._db.rows(
            f"SELECT count(*), coalesce(sum(size), 0), coalesce(min(at), '') FROM outbox WHERE {WAITING}"
        )[0]
        length, head = self._store.audit_log.head()
        known = self._metas()
        return Hello(
            device=known.get("device_id", ""),
            user=known.get("user_uid", ""),
            continuity=known.get("continuity") or None,
            step=step,
            epoch=known.get("epoch", ""),
            scopes={
                name: ScopeState(seq=seq, head=seen, chain=link, sum=total or "0")
                for name, seq, seen, link, total in scopes
            },
            queue=QueueState(n=count, bytes=size, oldest=oldest),
            audit=AuditHead(length=length, head=head),
            keys=self.courier.public_keys(),
        )

    def terms(self) -> HelloAnswer | None:
        """The answer to the last whole hello, when it may be said in short; None when it has to be said whole.

        In short only goes what is as it was: every scope of the terms downloaded to its end, no other one here.
        """
        kept = self.meta(TERMS)
        if not kept or self.continuity() is None:
            return None
        terms = from_json(HelloAnswer, kept.encode())
        states = dict(self._db.rows("SELECT scope_id, state FROM sync_scope"))
        return terms if states == {offer.id: LIVE for offer in terms.scopes} else None

    def again(self, step: str) -> Again:
        """The hello in short. Raises: BugError when there are no terms."""
        terms = from_json(HelloAnswer, self.meta(TERMS).encode())
        rooms = [self._scope(offer.id) for offer in terms.scopes]
        length, head = self._store.audit_log.head()
        return Again(
            terms=terms.terms,
            continuity=self.continuity() or "",
            step=step,
            seen=[(room.head, room.chain) for room in rooms],
            waiting=int(self._db.value(f"SELECT count(*) FROM outbox WHERE {WAITING}")),
            audit=AuditHead(length=length, head=head),
        )

    def take_hello(self, answer: HelloAnswer, *, clock: int = 0) -> None:
        """Keep token, scopes and clock; `clock` is the laptop's, in milliseconds.

        After a break or a server put back, everything that was acknowledged is verified: what came by photo or stick
        leaves no trace in token and feed. After a break the laptop also goes on under the name, code and login token
        that the server gives it (a clone keeps its work, not its name).
        """
        with self._store.transaction():
            self._take_token(answer.continuity)
            self._take_name(answer)
            if answer.keys is not None:
                self.courier.keep_server_keys(answer.keys)
            keep_counts(self._store, answer.aside, instant_of(answer.clock))
            is_other_life = self.meta("epoch") not in ("", answer.epoch)
            told = {"epoch": answer.epoch, "last_seen_server_time": str(answer.clock)}
            told[HEARD] = str(last_file(self._db))
            self._put_all(told | ({"server_clock_offset": str(answer.clock - clock)} if clock else {}))
            self._take_offers(answer.scopes)
            self._keep_terms(answer)
            if answer.rollback:
                self.server_went_back()
            elif answer.standing != "ok" or is_other_life:
                self._verify_all()
            if is_other_life:
                self._db.execute_sql(DOUBT)
        self._store.queue.hear_server(answer.clock)

    def server_went_back(self) -> None:
        """The server was put back to an older state: everything is downloaded anew and verified; in a transaction.

        A version that what waits was written upon may be another one now: only the first is the same for certain. The
        same counts for what was refused, which is sent again where the server does not remember that. What waits with a
        receipt had been set aside, and was asked for again since.
        """
        self._start_over("true")
        self._db.execute_sql(f"UPDATE outbox SET ever_kept = 1 WHERE {WAITING} AND receipt_id <> ''")
        self._db.execute_sql(
            f"UPDATE outbox SET base_version = min(base_version, 1) WHERE {WAITING} OR status = 'rejected'"
        )
        self._verify_all()

    def _verify_all(self) -> None:
        self._put_all({"verify_after": "0", "verify_photos_after": ""})

    def _keep_terms(self, answer: HelloAnswer) -> None:
        """Remember what the server says each time; nothing of it is a secret but what photos are proved with."""
        offers = [ScopeOffer(id=offer.id, mode=offer.mode, head=0) for offer in answer.scopes]
        terms = structs.replace(answer, continuity="", token="", clock=0, scopes=offers, photos=[], aside={})
        is_usual = answer.terms and answer.standing == "ok" and not answer.rollback
        self._put(TERMS, to_json(terms).decode() if is_usual else "")

    def _take_name(self, answer: HelloAnswer) -> None:
        self._store.put_setting(DEVICE_CODE, answer.device_code)
        if answer.standing != "ok":
            self._put("device_id", answer.device)
        if answer.token:
            former = [self.meta("token"), *self.meta("former_tokens").split()]
            self._put("former_tokens", " ".join(former[:TOKENS_KEPT]))
            self._put("token", answer.token)

    def fall_back(self, refused: set[str]) -> str:
        """The present login token was refused: another one, in force from now on; "" when all were refused.

        A server put back knows the tokens of its day only. None is forgotten: it may be put back to yet another day.
        """
        mine = [self.meta("token"), *self.meta("former_tokens").split()]
        refused.add(mine[0])
        other = next((token for token in mine if token not in refused), "")
        if other:
            with self._store.transaction():
                self._put("token", other)
                self._put("former_tokens", " ".join(token for token in mine if token != other))
        return other

    def _take_offers(self, offers: list[ScopeOffer]) -> None:
        """Write what is new only: most hellos offer what the last one did."""
        kept = {name: row for name, *row in self._db.rows("SELECT scope_id, sha256, received = bytes FROM snapshot")}
        here = {name: row for name, *row in self._db.rows("SELECT scope_id, mode, state FROM sync_scope")}
        for offer in offers:
            mode, state = here.pop(offer.id, ("", LEAVING))
            if mode != offer.mode or state == LEAVING:
                self._db.execute_sql(TAKE_OFFER, (offer.id, offer.mode))
            self._take_snapshot_offer(offer, *kept.get(offer.id, ("", False)))
        for name in here:
            self._leave(name)

    def _leave(self, scope: str) -> None:
        self._db.execute_sql("UPDATE sync_scope SET state = ? WHERE scope_id = ?", (LEAVING, scope))

    def _take_snapshot_offer(self, offer: ScopeOffer, kept: str, is_whole: bool) -> None:
        """Begin, go on with, or give up the first download as a file; one that is stored in part is finished first.

        `kept` is the file of which something is here, "" without any.
        """
        wanted = offer.snapshot
        if kept and (is_whole or (wanted is not None and wanted.sha256 == kept)):
            return
        if kept:
            self._drop_snapshot(offer.id)
        if wanted is not None and self._scope(offer.id).seq == 0:
            row = {"scope_id": offer.id, "seq": wanted.seq, "sha256": wanted.sha256, "bytes": wanted.bytes}
            self._db.insert_row("snapshot", row)


def instant_of(clock: int) -> str:
    """Milliseconds of a clock as an instant; "" for a clock that no calendar holds."""
    try:
        moment = datetime.fromtimestamp(clock / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
