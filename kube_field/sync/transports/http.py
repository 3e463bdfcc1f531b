"""The way over HTTPS: one request per message, nothing sent before the other side is known to be our server."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import httpx2

from kube_field.errors import KubeFieldError
from kube_field.sync import troubles
from kube_field.sync.ports import PhotoPiece, Traffic
from kube_field.sync.transports import who_answers
from kube_field.wire.again import Again, AgainAnswer
from kube_field.wire.codec import (
    GZIP,
    SizeLimits,
    codings,
    digest_header,
    from_json,
    pack,
    prepare_messages,
    to_json,
    unpack,
)
from kube_field.wire.enrolment import Enrol, Enrolled, LoggedIn, Login, Me
from kube_field.wire.messages import (
    IDENTITY_HEADER,
    MAX_PIECE_BYTES,
    SERVER_NAME,
    BlobStart,
    BlobState,
    Digest,
    DigestAnswer,
    Have,
    HaveAnswer,
    Health,
    Hello,
    HelloAnswer,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
    RefusalBody,
)
from kube_field.wire.quarantine import AsideAnswer, AskAside, Decide, Decided
from kube_field.wire.refusals import Refusal, RefusalCode

Body = TypeVar("Body")

CONNECT_SECONDS = 15.0
STALL_SECONDS = 45.0
"""Without a single byte; a slow line that moves has no limit."""
ANSWER_LIMITS = SizeLimits(arriving=16_000_000, inflated=32_000_000, ratio=200)
PARTIAL = 206
NOT_YET_VALID, EXPIRED = 9, 10
"""Verify codes of OpenSSL that a wrong clock causes, or an old certificate."""
NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, 10050, 10051, 10065})
"""No way to the address from here; the numbers are those of Windows."""
TOO_LARGE, TOO_MANY, SERVER_TROUBLE = 413, 429, 500
PLAIN_PORT = 80
CONTENT_RANGE = re.compile(r"bytes (\d{1,12})-\d{1,12}/(\d{1,12})")
UNREAD_HEADERS = ("Accept", "Connection")
"""What the HTTP client says by itself and nobody reads: HTTP/1.1 keeps a connection open without being asked."""


class HttpTransport:
    """A connection to one server. `ca_pem` pins the province's certificate authority; without it the system's count.

    `line` takes the place of the network where client and server are one process. At `plain_port` of the server's name
    a network is asked for its login page where the secure way fails.

    Raises: KubeFieldError for an address that is neither https nor this machine itself.
    """

    def __init__(
        self,
        base_url: str,
        token: str = "",
        *,
        ca_pem: str = "",
        stall_seconds: float = STALL_SECONDS,
        line: httpx2.BaseTransport | None = None,
        plain_port: int = PLAIN_PORT,
    ) -> None:
        prepare_messages()
        self.traffic = Traffic()
        self._base = _checked_address(base_url)
        self._plain_port = plain_port
        self._is_known = self._base.startswith("https://")
        self._accepted = GZIP  # until the server said more
        self._has_heard = False
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx2.Client(
            transport=line,
            verify=_trust(ca_pem) if self._is_known else False,
            timeout=httpx2.Timeout(stall_seconds, connect=min(CONNECT_SECONDS, stall_seconds)),
            follow_redirects=False,
            trust_env=self._is_known,
            headers={"User-Agent": "kube-field", "Accept-Encoding": codings()},
        )
        for unread in UNREAD_HEADERS:  # on a slow line they cost as much as a short record
            self._client.headers.pop(unread, None)

    def __enter__(self) -> HttpTransport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def hello(self, body: Hello) -> HelloAnswer:
        """Say who we are and where we stand."""
        return self._post("/sync/v1/hello", body, HelloAnswer)

    def again(self, body: Again) -> AgainAnswer:
        """Say hello in short and hand over a batch."""
        return self._post("/sync/v1/again", body, AgainAnswer)

    def have(self, body: Have) -> HaveAnswer:
        """Ask which changes the server holds."""
        return self._post("/sync/v1/have", body, HaveAnswer)

    def push(self, body: Push) -> PushAnswer:
        """Hand over a batch."""
        return self._post("/sync/v1/push", body, PushAnswer)

    def pull(self, body: Pull) -> PullAnswer:
        """Ask for a page of a scope."""
        return self._post("/sync/v1/pull", body, PullAnswer)

    def digest(self, body: Digest) -> DigestAnswer:
        """Compare the sums of a scope part by part."""
        return self._post("/sync/v1/digest", body, DigestAnswer)

    def snapshot(self, scope: str, seq: int, offset: int, size: int) -> bytes:
        """Fetch some bytes of a scope's file."""
        self._look_first()
        headers = {"Range": f"bytes={offset}-{offset + size - 1}", **self._headers}
        response, content = self._exchange("GET", f"/sync/v1/snapshot/{quote(scope)}/{seq}", b"", headers)
        raw = _checked_answer(response, content)
        return raw if response.status_code == PARTIAL else raw[offset : offset + size]

    def use_token(self, token: str) -> None:
        """Show this login token from now on."""
        self._headers = {"Authorization": f"Bearer {token}"}

    def pack_for(self, readable: str) -> None:
        """What the server read when it was heard last; in this connection its own word counts."""
        if not self._has_heard:
            self._accepted = readable or GZIP

    def carry(self, bundle: bytes) -> bytes:
        """Forward a courier's bundle; its sealed answer. Raises: KubeFieldError, Refusal."""
        self._look_first()
        headers = {"Content-Type": "application/octet-stream", "Content-Digest": digest_header(bundle)}
        response, content = self._exchange("POST", "/sync/v1/bundle", bundle, {**headers, **self._headers})
        return _checked_answer(response, content)

    def start_photo(self, body: BlobStart) -> BlobState:
        """Announce a photo, or ask how much of it the server holds."""
        return self._post("/sync/v1/blob/start", body, BlobState)

    def put_piece(self, upload: str, offset: int, piece: bytes) -> BlobState:
        """Hand over the next piece of a photo."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Digest": digest_header(piece),
            "Upload-Offset": str(offset),
        }
        return self._read("PATCH", f"/sync/v1/blob/{upload}", piece, headers, BlobState)

    def get_photo(self, sha256: str, offset: int) -> PhotoPiece:
        """Fetch the next piece of a photo."""
        self._look_first()
        headers = {"Range": f"bytes={offset}-{offset + MAX_PIECE_BYTES - 1}", **self._headers}
        response, content = self._exchange("GET", f"/sync/v1/blob/{sha256}", b"", headers)
        raw = _checked_answer(response, content)
        found = CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
        return PhotoPiece(int(found[1]), int(found[2]), raw) if found else PhotoPiece(0, len(raw), raw)

    def list_aside(self, body: AskAside) -> AsideAnswer:
        """Ask what waits for a supervisor's decision."""
        return self._post("/sync/v1/quarantine", body, AsideAnswer)

    def decide(self, body: Decide) -> Decided:
        """Tell a supervisor's decision; its answer is the server's receipt."""
        return self._post("/sync/v1/quarantine/decide", body, Decided)

    def enrol(self, body: Enrol) -> Enrolled:
        """Show a one-time code."""
        return self._post("/sync/v1/enrol", body, Enrolled)

    def login(self, body: Login) -> LoggedIn:
        """Get a new token for a password."""
        return self._post("/sync/v1/login", body, LoggedIn)

    def me(self) -> Me:
        """Ask who we are."""
        return self._read("GET", "/sync/v1/me", b"", {}, Me)

    def health(self) -> Health:
        """Ask the server for its name, without showing any token. Raises: KubeFieldError if it is not ours, Refusal."""
        raw = self._send("GET", "/sehat", b"", {})
        try:
            answer = from_json(Health, raw)
        except Refusal as error:
            raise troubles.foreign_server() from error
        if answer.server != SERVER_NAME:
            raise troubles.foreign_server()
        return answer

    def _post(self, path: str, body: Any, kind: type[Body]) -> Body:
        raw, headers = pack(to_json(body), accepted=self._accepted)
        return self._read("POST", path, raw, headers, kind)

    def _read(self, method: str, path: str, raw: bytes, headers: dict[str, str], kind: type[Body]) -> Body:
        self._look_first()
        answer = self._send(method, path, raw, {**headers, **self._headers})
        try:
            return from_json(kind, answer)
        except Refusal as refusal:
            raise troubles.no_answer() from refusal

    def _look_first(self) -> None:
        """Where no certificate vouches for the server, look before showing token and records."""
        if not self._is_known:
            self.health()
            self._is_known = True

    def _send(self, method: str, path: str, raw: bytes, headers: dict[str, str]) -> bytes:
        return _checked_answer(*self._exchange(method, path, raw, headers))

    def _exchange(self, method: str, path: str, raw: bytes, headers: dict[str, str]) -> tuple[httpx2.Response, bytes]:
        try:
            with self._client.stream(method, f"{self._base}{path}", content=raw, headers=headers) as response:
                self.traffic.up += len(raw)
                content = b"".join(self._pieces(response))
        except httpx2.TransportError as error:
            raise self._trouble(error) from error
        except ssl.SSLError as error:
            raise troubles.certificate_changed() from error
        if IDENTITY_HEADER in response.headers:
            self._accepted = response.headers.get("accept-encoding", self._accepted)
            self._has_heard = True
        return response, content

    def _trouble(self, error: httpx2.TransportError) -> KubeFieldError:
        """Why there was no answer; where the secure way did not come about, a look at who stands there."""
        trouble = _trouble(error)
        is_open = not isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
        if is_open or trouble.code == "S01" or not self._base.startswith("https://"):
            return trouble
        if who_answers.wants_login(urlsplit(self._base).hostname or "", self._plain_port):
            return troubles.login_page()
        return self._day_trouble() if trouble.code == "S03" else trouble

    def _day_trouble(self) -> KubeFieldError:
        """The certificate is out of force on the day of this laptop: which of them is at fault."""
        now, shown = datetime.now(UTC), who_answers.shown_by(self._base)
        if shown is not None and who_answers.is_certificate_at_fault(shown, now):
            return troubles.certificate_expired(f"{shown.ends.astimezone():%d-%m-%Y}")
        return troubles.clock_is_wrong(f"{now.astimezone():%d-%m-%Y}")

    def _pieces(self, response: httpx2.Response) -> Iterator[bytes]:
        size = 0
        for piece in response.iter_raw():
            size += len(piece)
            self.traffic.down += len(piece)
            if size > ANSWER_LIMITS.arriving:
                raise troubles.foreign_server()
            yield piece


def _checked_answer(response: httpx2.Response, content: bytes) -> bytes:
    """The JSON of an answer of our server. Raises: KubeFieldError for anybody else's, Refusal (a proxy's 413 too)."""
    if IDENTITY_HEADER not in response.headers:
        raise _not_ours(response)
    digest, encoding = response.headers.get("content-digest", ""), response.headers.get("content-encoding", "")
    try:
        raw = unpack(content, digest=digest, encoding=encoding, limits=ANSWER_LIMITS)
        if response.status_code in (200, 206):
            return raw
        body = from_json(RefusalBody, raw)
    except Refusal as error:  # damaged on the way
        raise troubles.no_answer() from error
    try:
        code = RefusalCode(body.refusal)
    except ValueError:  # a newer server
        code = RefusalCode.SERVER_FAULT
    raise Refusal(code, body.message, retry_after=body.retry_after)


def _not_ours(response: httpx2.Response) -> KubeFieldError | Refusal:
    """Who answers in our server's place: a proxy before it, a login page of the network, or somebody else."""
    status = response.status_code
    if status == TOO_LARGE:
        return Refusal(RefusalCode.BODY_TOO_LARGE, "")
    if who_answers.is_page(response) or status in who_answers.REDIRECTS or status == who_answers.WANTS_LOGIN:
        return troubles.login_page()
    if status == TOO_MANY or status >= SERVER_TROUBLE:
        return troubles.no_answer(who_answers.asked_to_wait(response))
    return troubles.foreign_server()


def _checked_address(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme == "https" and parts.hostname:
        return url.strip().rstrip("/")
    if parts.scheme == "http" and _is_loopback(parts.hostname or ""):
        return url.strip().rstrip("/")
    raise troubles.not_encrypted()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _trust(ca_pem: str) -> ssl.SSLContext:
    """Only the pinned authority, or the system's store; TLS 1.2 at least, host names always checked."""
    context = ssl.create_default_context(cadata=ca_pem) if ca_pem else httpx2.create_ssl_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _trouble(error: Exception) -> KubeFieldError:
    """What a failed connection means to the officer."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            if cause.verify_code in (NOT_YET_VALID, EXPIRED):
                return troubles.clock_is_wrong()
            return troubles.certificate_changed()
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return troubles.foreign_server()
        if isinstance(cause, socket.gaierror) or (isinstance(cause, OSError) and cause.errno in NO_WAY):
            return troubles.no_network()
    if isinstance(error, httpx2.ProtocolError) and "illegal" in str(error):
        return troubles.foreign_server()
    return troubles.no_answer()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
