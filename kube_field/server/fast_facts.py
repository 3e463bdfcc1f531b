"""The fast way in for a batch of nothing but new facts: they cannot conflict, so nothing has to be merged.

All of the batch is decoded and judged in one go, looked up with one query per table and written with one statement per
table. Whatever is not plainly in order (an id that is known, a parent that is missing, a wrong hash, a Galat, a field
that this server does not know) sends the whole batch to `intake`, which decides change by change and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta, Struct, field

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Context, Stage
from kube_field.domain.forms.quick import QuickForm
from kube_field.domain.records import NEVER_REVISED, PROVINCE_SCOPE, RecordKind
from kube_field.server.judging import Judge, captured_day, photos_in
from kube_field.server.policy import Right, is_scope
from kube_field.server.storage.accounts import User
from kube_field.server.storage.bulk import BulkFacts, FactRows, NewFacts
from kube_field.server.storage.erasure_rows import named_person
from kube_field.server.tranches import is_later_tranche
from kube_field.wire.canonical import quick_canonical
from kube_field.wire.codec import MAX_DEPTH, depth_within
from kube_field.wire.columns import hashes_proof
from kube_field.wire.fact_shape import misshapen, numbers_fit
from kube_field.wire.messages import ChangeResult, Fed, WireReceipt
from kube_field.wire.new_facts import PLAIN_FACTS, Taken, receipt_id

NUL = b"\\u0000"
"""In JSON; a text that becomes a column must not have one."""
Id: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9A-Za-z:._-]{1,80}\Z")]
RecordId: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9A-Za-z._-]{1,80}\Z")]
NewText: TypeAlias = tuple[None, str]
NewObject: TypeAlias = tuple[None, dict[str, Any]]


class NewFact(Struct, forbid_unknown_fields=True):
    """The fields of a new fact, each [null, value]: exactly those of `wire.canonical.fact_body`."""

    form_version: NewText
    subject_uid: tuple[None, Id]
    occurred_on: NewText
    answers: NewObject
    author_uid: NewText
    author_name: NewText
    finalised_at: NewText
    document_id: NewText
    revision: tuple[None, int]
    supersedes: NewText
    number: NewText
    snapshot: NewObject
    confirmed: NewObject
    attachments: tuple[None, list[dict[str, Any]]]

    def body(self) -> dict[str, Any]:
        """The fact's body as it is hashed and stored."""
        return {name: getattr(self, name)[1] for name in self.__struct_fields__}


class NewFactChange(Struct):
    """`wire.messages.WireChange` as far as it brings a new fact."""

    id: Id
    uid: RecordId
    kind: str
    scope: str
    set: NewFact
    by: str
    at: str
    sha256: str
    form: str = ""
    deps: list[str] = field(default_factory=list)
    reason: str = ""

    @property
    def subject_uid(self) -> str:
        """The record that the fact is about."""
        return self.set.subject_uid[1]

    @property
    def parents(self) -> list[str]:
        """What has to be there before."""
        return [uid for uid in (self.subject_uid, *self.deps) if uid and uid != self.uid]

    @property
    def person(self) -> str:
        """The person whom its answers name, "" without one."""
        return named_person({"answers": self.set.answers[1]})


@dataclass(frozen=True, slots=True)
class PlainFacts:
    """Facts that are in order as far as that can be said without the database, and their bodies as JSON."""

    changes: Sequence[NewFactChange]
    raws: Sequence[bytes]
    bodies: Sequence[bytes]

    @property
    def uids(self) -> set[str]:
        """The records that they are."""
        return {change.uid for change in self.changes}

    @property
    def parents(self) -> set[str]:
        """What has to be there before any of them."""
        return {uid for change in self.changes for uid in change.parents}

    @property
    def people(self) -> set[str]:
        """The people whom their answers name; nobody erases them meanwhile."""
        return {change.person for change in self.changes} - {""}


@dataclass(frozen=True, slots=True)
class Beside:
    """What was decided in the same transaction and is not written yet.

    Where its records lie, the ids of its changes, and the records for which some of them wait.
    """

    scopes: Mapping[str, str]
    change_ids: Set[str] = frozenset()
    waited_for: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A batch that goes in whole: what becomes of each change, the word for all, and what is to be written of them."""

    results: list[ChangeResult]
    taken: Taken
    facts: NewFacts

    @property
    def fed(self) -> list[Fed]:
        """How far the feeds went by it, when it was written."""
        return self.facts.fed


class NotPlainError(Exception):
    """Something in the batch needs a closer look."""


ALONE = Beside({})
NOT_PLAIN = (msgspec.MsgspecError, NotPlainError, LookupError, RecursionError, UnicodeError)
FindAuthors: TypeAlias = Callable[[Sequence[str]], Mapping[str, User]]


class FastFacts:
    """Takes in one batch inside the transaction that the caller holds, or leaves it untouched."""

    def __init__(
        self,
        store: BulkFacts,
        judge: Judge,
        find_authors: FindAuthors,
        *,
        device_id: str,
        sender_uid: str,
        now: str,
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._judge = judge
        self._find_authors = find_authors
        self._device_id = device_id
        self._sender_uid = sender_uid
        self._now = now
        self._new_id = new_id
        self._decoder = msgspec.json.Decoder(NewFactChange, float_hook=_no_float)
        self._forms: dict[tuple[str, str], QuickForm | None] = {}

    def take(self, raws: Sequence[bytes], *, hashed: bool = False) -> Accepted | None:
        """Decide and write a batch; None when something in it is not plainly a new fact in order.

        With `hashed` the content hash that each names was computed here from its content.
        """
        plain = self.read(raws, hashed=hashed)
        if plain is None or not self._lock(plain):
            return None
        accepted = self.accept(plain)
        if accepted is not None:
            accepted.facts.write()
        return accepted

    def read(self, raws: Sequence[bytes], *, hashed: bool = False) -> PlainFacts | None:
        """Judge all that needs no database; None when something is not plain."""
        if any(NUL in raw for raw in raws):
            return None
        try:
            changes = [self._decoder.decode(raw) for raw in raws]
            bodies = [self._read(change, hashed) for change in changes]
        except NOT_PLAIN:
            return None
        return PlainFacts(changes, raws, bodies)

    def accept(self, plain: PlainFacts, beside: Beside = ALONE) -> Accepted | None:
        """Decide a batch whose records and parents are locked; None when something in it is not plainly in order."""
        changes = plain.changes
        try:
            authors = self._look_up(plain, beside)
        except NOT_PLAIN:
            return None
        proof = hashes_proof(change.sha256 for change in changes)
        taken = Taken(n=len(changes), receipt=self._new_id(), at=self._now, proof=proof)
        results = [_applied(change, taken) for change in changes]
        rows = [
            _rows(*parts, authors[parts[0].by])
            for parts in zip(changes, plain.raws, plain.bodies, results, strict=True)
        ]  # fmt: skip
        facts = self._store.prepare(rows, device_id=self._device_id, sender_uid=self._sender_uid, now=self._now)
        return Accepted(results, taken, facts)

    # one change alone

    def _read(self, change: NewFactChange, hashed: bool) -> bytes:
        """The body as JSON, after everything was judged that needs no database. Raises: NotPlainError, LookupError."""
        body = change.set.body()
        if change.kind not in PLAIN_FACTS or not (hashed or _is_hash_of(body, change)):
            raise NotPlainError
        if change.kind in NEVER_REVISED and change.set.revision[1] != 1:
            raise NotPlainError
        if misshapen(body) or not numbers_fit(body):
            raise NotPlainError
        if is_later_tranche(change.kind, body["answers"]):
            raise NotPlainError
        stored = msgspec.json.encode(body)
        if stored.count(b"{") + stored.count(b"[") > MAX_DEPTH and not depth_within(body):
            raise NotPlainError
        judged = self._form(change.kind, change.form)
        if judged is not None and judged.has_errors(body["answers"], self._context(change)):
            raise NotPlainError
        return stored

    def _form(self, kind: str, version: str) -> QuickForm | None:
        """The form that a change names, derived once for the batch. Raises: LookupError for an unknown version."""
        if (kind, version) not in self._forms:
            self._forms[kind, version] = quick_form(RecordKind(kind), version)
        return self._forms[kind, version]

    def _context(self, change: NewFactChange) -> Context:
        day = min(self._judge.today, captured_day(change.at) or self._judge.today)
        return Context(today=day, stage=Stage.FINAL, reference=self._judge.reference)

    # all of them together

    def _lock(self, plain: PlainFacts) -> bool:
        """False when a parent is missing: whoever waits for one has to hold it alone, and has held nothing before."""
        parents = plain.parents
        if parents - self._store.existing(sorted(parents)):
            return False
        self._store.lock(plain.uids | parents | plain.people)
        return True

    def _look_up(self, plain: PlainFacts, beside: Beside) -> Mapping[str, User]:
        """The authors, when each change is new, has its parents and is its author's to write. Raises: NotPlainError."""
        uids, parents, changes = plain.uids, plain.parents, plain.changes
        named = [*uids, *parents]
        if self._store.erased([*named, *plain.people]):
            raise NotPlainError
        scopes = self._store.scopes_of(named) | dict(beside.scopes)
        if uids & scopes.keys() or parents - scopes.keys() or not self._are_new(plain, beside):
            raise NotPlainError
        authors = self._find_authors(list({change.by for change in changes}))
        for by, kind, scope in {(change.by, change.kind, change.scope) for change in changes}:
            if by not in authors or not _may_write(authors[by], kind, scope):
                raise NotPlainError
        if any(scopes[change.subject_uid] not in (change.scope, PROVINCE_SCOPE) for change in changes):
            raise NotPlainError
        return authors

    def _are_new(self, plain: PlainFacts, beside: Beside) -> bool:
        """True when none of these changes is known, none comes twice, and nothing waits for what they bring."""
        ids, uids = {change.id for change in plain.changes}, plain.uids
        if not len(ids) == len(uids) == len(plain.changes):
            return False
        if ids & beside.change_ids or uids & beside.waited_for:
            return False
        return not (self._store.arrived_before(list(ids)) or self._store.waited_for(list(uids)))


def _is_hash_of(body: dict[str, Any], change: NewFactChange) -> bool:
    content = quick_canonical({"uid": change.uid, "kind": change.kind, **body})
    return content is not None and sha256(content).hexdigest() == change.sha256


def _applied(change: NewFactChange, taken: Taken) -> ChangeResult:
    receipt = WireReceipt(id=receipt_id(taken.receipt, change.id), sha256=change.sha256, at=taken.at)
    return ChangeResult(id=change.id, status="applied", version=1, receipt=receipt)


def quick_form(kind: RecordKind, version: str) -> QuickForm | None:
    """The form of a kind; None for kinds without one. Raises: LookupError for an unknown version."""
    try:
        form(kind)
    except KeyError:
        return None
    return QuickForm(form(kind, version))


def _may_write(author: User, kind: str, scope: str) -> bool:
    return is_scope(scope) and author.scope.right_to_write(RecordKind(kind), scope) == Right.ALLOWED


def _rows(change: NewFactChange, raw: bytes, body: bytes, result: ChangeResult, author: User) -> FactRows:
    return FactRows(
        change_id=change.id,
        uid=change.uid,
        kind=change.kind,
        scope=change.scope,
        subject_uid=change.subject_uid,
        occurred_on=change.set.occurred_on[1],
        by=change.by,
        author_uid=author.uid,
        reason=change.reason,
        sha256=change.sha256,
        raw=raw.decode(),
        body=body.decode(),
        result=msgspec.json.encode(result).decode(),
        photos=_photos(body, change),
    )


def _photos(body: bytes, change: NewFactChange) -> tuple[tuple[str, str], ...]:
    """The photos that a fact names; most name none."""
    if b'"sha256"' not in body:
        return ()
    return tuple({str(one["sha256"]): str(one.get("mime", "")) for one in photos_in(change.set.body())}.items())


def _no_float(_text: str) -> float:
    raise ValueError("decimals travel as text")
