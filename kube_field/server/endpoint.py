"""The one wrapper around every endpoint: read, authenticate, open the transaction, call the handler, commit, answer.

The whole body is read before a transaction opens and the answer is sent after it closed: a slow line holds no lock.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import traceback
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

import peewee
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from kube_field.errors import Failure, KubeFieldError
from kube_field.reference import Reference
from kube_field.server.credentials import RandomBytes, token_hash
from kube_field.server.policy import LaptopScope
from kube_field.server.storage.accounts import Accounts, Laptop, User
from kube_field.server.storage.database import ServerDatabase, hindered
from kube_field.server.storage.records import RecordStore
from kube_field.wire.again import Again
from kube_field.wire.codec import SizeLimits, check_digest, codings, from_json, pack, to_json, too_large, unpack
from kube_field.wire.known_words import words_name
from kube_field.wire.messages import IDENTITY_HEADER, PROTOCOL, Push, RefusalBody
from kube_field.wire.push import read_batch
from kube_field.wire.refusals import Refusal, RefusalCode

log = logging.getLogger(__name__)

BEARER = "Bearer "
ANSWER_HEADERS = {IDENTITY_HEADER: str(PROTOCOL)}
SMALL_BODY = SizeLimits(arriving=512 * 1024, inflated=512 * 1024)
"""What a message may bring that names no more than a few hundred things."""
LARGE_BODY = SizeLimits()
"""What changes and courier files may bring."""
OPEN_TO_ALL_BYTES = 64 * 1024
"""Beyond it nothing more is read before the caller showed a valid token."""
LONG_BYTES, LONG_AT_ONCE = 1024 * 1024, 8
"""So many bodies beyond LONG_BYTES (courier files) are read at a time; the others wait on the line."""
STALL_SECONDS = 60.0
"""Without a byte of the body the caller is gone: a lid that is closed ends no connection. Laptops wait for 45."""
LARGE_BYTES, LARGE_AT_ONCE = 256 * 1024, 2
"""Bodies beyond LARGE_BYTES are worked on so many at a time: a hostile one becomes objects of 40 times its size."""


@dataclass(frozen=True, slots=True)
class House:
    """What the server is made of; time, ids and random bytes come from outside."""

    database: ServerDatabase
    reference: Reference
    photo_folder: Path
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    random_bytes: RandomBytes
    kecamatan: tuple[str, ...]
    version: str = ""
    long: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LONG_AT_ONCE))
    large: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(LARGE_AT_ONCE))

    @property
    def data_dir(self) -> Path:
        """The server's folder: everything that lies beside the database."""
        return self.photo_folder.parent


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking: the officer of the token, his laptop, and the others who work on it."""

    user: User
    device: Laptop
    colleagues: tuple[User, ...] = ()

    @property
    def scope(self) -> LaptopScope:
        """What the laptop may receive, whoever of its officers is at work."""
        everybody = (self.user, *(user for user in self.colleagues if user.uid != self.user.uid))
        return LaptopScope(self.user.uid, tuple(user.scope for user in everybody))


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way through a handler; `token` is the Authorization header as it came."""

    house: House
    body: Any
    path: Mapping[str, str]
    address: str
    at: str
    who: Caller | None = None
    token: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def accounts(self) -> Accounts:
        """Officers and laptops."""
        return Accounts(self.house.database)

    @property
    def caller(self) -> Caller:
        """Who is asking. Raises: Refusal when nobody logged in."""
        if self.who is None:
            raise login_again()
        return self.who

    @property
    def records(self) -> RecordStore:
        """Records as far as the caller may touch them."""
        return RecordStore(self.house.database, self.caller.scope)


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address: what it reads, whether it writes, whom it serves.

    `body` is the message type, None for none, bytes for a photo as it is. With `own_transactions` the handler opens
    its own, as many as it needs. `recover` answers after an unexpected
    error, when the transaction has been rolled back; it holds its own transactions.
    """

    handler: Handler
    body: type[Any] | None = None
    writes: bool = False
    needs_login: bool = True
    recover: Handler | None = None
    own_transactions: bool = False
    limits: SizeLimits = SMALL_BODY

    async def __call__(self, request: Request, house: House) -> Response:
        """Serve one request."""
        try:
            async with AsyncExitStack() as until_done:
                raw = await self._read(request, house, until_done)
                answer = await run_in_threadpool(self._serve, request, house, raw)
            if isinstance(answer, Refusal):
                return refuse(answer, request)
        except ClientDisconnect:
            return Response(status_code=400)
        except Refusal as refusal:
            return refuse(refusal, request)
        return respond(answer, request)

    async def _read(self, request: Request, house: House, until_done: AsyncExitStack) -> bytes:
        chunks, size, is_admitted, is_long = [], 0, not self.needs_login, False
        stream = request.stream()
        while (chunk := await _next(stream)) is not None:
            size += len(chunk)
            if size > self.limits.arriving:
                raise too_large()
            if size > OPEN_TO_ALL_BYTES and not is_admitted:
                await run_in_threadpool(_admit, request, house)
                is_admitted = True
            if size > LONG_BYTES and not is_long:
                await until_done.enter_async_context(house.long)
                is_long = True
            chunks.append(chunk)
        return b"".join(chunks)

    def _serve(self, request: Request, house: House, raw: bytes) -> Any:
        """The answer, or the refusal without its trace: that would hold the body until the answer is on its way."""
        try:
            content = self._unpacked(request, raw)
            with house.large if len(content) > LARGE_BYTES else nullcontext():
                return self._answered(self._call(request, house, content))
        except Refusal as refusal:
            return Refusal(refusal.code, refusal.message, retry_after=refusal.retry_after)

    def _unpacked(self, request: Request, raw: bytes) -> bytes:
        digest = request.headers.get("content-digest", "")
        if self.body is bytes:
            check_digest(raw, digest)
        elif self.body is not None:
            encoding = request.headers.get("content-encoding", "")
            return unpack(raw, digest=digest, encoding=encoding, limits=self.limits)
        return raw

    def _answered(self, call: Call) -> Any:
        house = call.house
        try:
            return house.database.retry(lambda: self._in_transaction(call, self.handler))
        except Refusal:
            raise
        except KubeFieldError as error:
            log.error("the database refused: %s", error.code)
            raise busy(_("Penyimpanan server penuh; beri tahu admin provinsi.") if _is_full(error) else "") from error
        except Exception as error:
            log_fault(error)
            if self.recover is None or hindered(error):
                raise _fault(error) from error
        return self._recovered(call)

    def _recovered(self, call: Call) -> Any:
        try:
            with call.house.database.read():
                who = authenticate(call.accounts, call.token)
            return self.recover(replace(call, who=who)) if self.recover is not None else None
        except Refusal:
            raise
        except Exception as error:
            log_fault(error)
            raise _fault(error) from error

    def _in_transaction(self, call: Call, handler: Handler) -> Any:
        database = call.house.database
        transaction: AbstractContextManager[None] = database.write() if self.writes else database.read()
        if self.own_transactions:
            with transaction:
                caller = authenticate(call.accounts, call.token)
            return handler(replace(call, who=caller))
        with transaction:
            who = authenticate(call.accounts, call.token) if self.needs_login else None
            answer = handler(replace(call, who=who))
        if isinstance(answer, Refusal):  # the handler refuses, but what it wrote (a counted try) stays
            raise answer
        return answer

    def _call(self, request: Request, house: House, content: bytes) -> Call:
        body: Any = content if self.body is bytes else None
        if self.body not in (bytes, None):
            body = read_batch(self.body, content) if self.body in (Push, Again) else from_json(self.body, content)
        address = request.client.host if request.client else ""
        token = request.headers.get("authorization", "")
        return Call(
            house, body, request.path_params, address, instant(house.now()), token=token, headers=request.headers
        )


def authenticate(accounts: Accounts, header: str) -> Caller:
    """The holder of the token; role and areas are read anew at every request. Raises: Refusal."""
    if not header.startswith(BEARER):
        raise login_again()
    holder = accounts.holder(token_hash(header.removeprefix(BEARER).strip()))
    if holder is None:
        raise login_again()
    if holder.user.disabled_at or holder.device.revoked_at:
        raise Refusal(RefusalCode.DEVICE_REVOKED, _("Laptop ini tidak diizinkan lagi. Hubungi admin provinsi."))
    return Caller(holder.user, holder.device, holder.serving)


async def _next(stream: AsyncGenerator[bytes, None]) -> bytes | None:
    """The next piece of a body, None behind the last one. Raises: Refusal when none comes."""
    try:
        async with asyncio.timeout(STALL_SECONDS):
            return await anext(stream, None)
    except TimeoutError as error:
        raise Refusal(RefusalCode.DIGEST_MISMATCH, _("Isi pesan tidak lengkap; kirim ulang.")) from error


def _admit(request: Request, house: House) -> None:
    """Look at the token before more is read. Raises: Refusal; trouble with the database is told by whoever answers."""
    with suppress(peewee.PeeweeException, KubeFieldError), house.database.read():
        authenticate(Accounts(house.database), request.headers.get("authorization", ""))


def login_again() -> Refusal:
    """The refusal of an unknown token."""
    return Refusal(RefusalCode.LOGIN_AGAIN, _("Laptop ini belum dikenal server. Daftarkan ulang laptop."))


def respond(answer: Any, request: Request) -> Response:
    """An answer as bytes, compressed when the caller takes it."""
    if isinstance(answer, Response):
        return answer
    coding = request.headers.get("content-encoding", "")
    raw, headers = pack(to_json(answer), accepted=request.headers.get("accept-encoding", coding))
    headers |= ANSWER_HEADERS
    if coding != words_name():  # how the next request may be packed (RFC 7694), to whom does not know
        headers["Accept-Encoding"] = codings()
    if request.method == "GET":
        headers["Cache-Control"] = "no-store"
    return Response(raw, headers=headers)


def refuse(refusal: Refusal, request: Request) -> Response:
    """A refusal as an answer."""
    body = RefusalBody(
        refusal=int(refusal.code), code=refusal.code.name, message=refusal.message, retry_after=refusal.retry_after
    )
    response = respond(body, request)
    response.status_code = refusal.status
    if refusal.retry_after:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def instant(moment: datetime) -> str:
    """An aware UTC moment as text with milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def log_fault(error: BaseException) -> None:
    """Log where an error came from; its text may hold personal data and stays out."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    log.error("unexpected %s at %s", type(error).__name__, where)


def busy(why: str = "") -> Refusal:
    """The refusal of whatever may go well a little later."""
    return Refusal(RefusalCode.BUSY, why or _("Server sedang sibuk; coba lagi nanti."), retry_after=30)


def _is_full(error: KubeFieldError) -> bool:
    return error.failure == Failure.DISK_FULL


def _fault(error: BaseException) -> Refusal:
    if hindered(error) or isinstance(error, peewee.OperationalError | peewee.InterfaceError | KubeFieldError):
        return busy()
    return Refusal(RefusalCode.SERVER_FAULT, _("Server mengalami gangguan; data Anda tetap aman di laptop."))
