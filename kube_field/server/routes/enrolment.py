"""Laptops come in by a one-time code, ask who they are, and get a new token for a password."""

from __future__ import annotations

from datetime import timedelta
from gettext import gettext as _

from kube_field.server.credentials import (
    SELECTOR_LENGTH,
    new_code,
    new_token,
    read_code,
    secret_hash,
    secret_matches,
    show_code,
    token_hash,
)
from kube_field.server.endpoint import Call, House, authenticate, instant
from kube_field.server.storage.accounts import Accounts, Laptop, User
from kube_field.wire.enrolment import Enrol, Enrolled, LoggedIn, Login, Me
from kube_field.wire.refusals import Refusal, RefusalCode

CODE_HOURS = 24
CODE_TRIES = 5
WINDOW_MINUTES = 15
TRIES_PER_ACCOUNT = 5
TRIES_PER_ADDRESS = 20


def make_code(house: House, user: User) -> tuple[str, str]:
    """A new one-time code for an officer's laptop, as it is read out, and when it ends (UTC)."""
    code, now = new_code(house.random_bytes), house.now()
    ends = instant(now + timedelta(hours=CODE_HOURS))
    hashed = secret_hash(code, house.random_bytes)
    Accounts(house.database).add_code(code[:SELECTOR_LENGTH], user.uid, hashed, instant(now), ends, CODE_TRIES)
    return show_code(code), ends


def enrol(call: Call) -> Enrolled | Refusal:
    """Take in a laptop, or a further officer on one that is known; the code is gone afterwards."""
    body: Enrol = call.body
    if refusal := _too_many(call, "", call.address):
        return refusal
    known = _known_device(call, body.device) if body.device else None
    user = _user_of_code(call, read_code(body.code))
    if user is None:
        _count(call, f"address:{call.address}")
        return Refusal(RefusalCode.CODE_REFUSED, _("Kode tidak dikenal, sudah dipakai, atau sudah lewat 24 jam."))
    before = body.officer[:80]
    if before and call.accounts.user(before) is None:  # nobody takes over another officer's work
        call.accounts.add_alias(before, user.uid)
    if known is not None:
        call.accounts.add_officer(known.device_id, user.uid, call.at)
        return _enrolled(call, known, "", user)
    device, token = _new_device(call, user)
    return _enrolled(call, device, token, user)


def login(call: Call) -> LoggedIn | Refusal:
    """A new token for an enrolled laptop; unknown names take as long as wrong passwords."""
    body: Login = call.body
    if refusal := _too_many(call, body.user, call.address):
        return refusal
    accounts = call.accounts
    user, device = accounts.user(body.user), accounts.device(body.device)
    matches = secret_matches(body.password, user.password_hash if user else "")
    if user is None or device is None or not matches or user.disabled_at or device.revoked_at:
        _count(call, f"account:{body.user}")
        _count(call, f"address:{call.address}")
        return Refusal(RefusalCode.LOGIN_AGAIN, _("Nama atau kata sandi ditolak server. Antrean Anda tetap aman."))
    token = new_token(call.house.random_bytes)
    accounts.add_token(token_hash(token), device.device_id, user.uid, call.at)
    return LoggedIn(token=token, user=user.person)


def me(call: Call) -> Me:
    """Who the token belongs to."""
    caller = call.caller
    return Me(user=caller.user.person, device=caller.device.device_id, device_code=caller.device.code)


def _known_device(call: Call, device_id: str) -> Laptop:
    """The laptop that shows its own token. Raises: Refusal when it is revoked, unknown, or another one."""
    device = authenticate(call.accounts, call.token).device
    if device.device_id != device_id:
        raise Refusal(RefusalCode.NOT_ALLOWED, _("Kode ini tidak dapat dipakai untuk laptop lain."))
    return device


def _new_device(call: Call, user: User) -> tuple[Laptop, str]:
    """A new laptop of an officer, and its login token."""
    house, body = call.house, call.body
    device = call.accounts.add_device(
        Laptop(house.new_id(), "", user.uid, body.device_name[:80], call.at, last_seen_at=call.at, app_version=body.app)
    )
    token = new_token(house.random_bytes)
    call.accounts.add_token(token_hash(token), device.device_id, user.uid, call.at)
    return device, token


def _enrolled(call: Call, device: Laptop, token: str, user: User) -> Enrolled:
    return Enrolled(
        server_id=call.accounts.meta("server_id"),
        device=device.device_id,
        device_code=device.code,
        token=token,
        user=user.person,
    )


def _user_of_code(call: Call, code: str) -> User | None:
    accounts = call.accounts
    row = accounts.code(code[:SELECTOR_LENGTH]) if code else None
    if row is None or row["used_at"] or row["expires_at"] < call.at or int(row["tries_left"]) < 1:
        return None
    if not secret_matches(code, row["code_hash"]):
        accounts.count_try(row["selector"])
        return None
    accounts.use_code(row["selector"], call.at)
    user = accounts.user(row["user_uid"])
    return None if user is None or user.disabled_at else user


def _too_many(call: Call, account: str, address: str) -> Refusal | None:
    since = instant(call.house.now() - timedelta(minutes=WINDOW_MINUTES))
    accounts = call.accounts
    many = accounts.attempts_since(f"address:{address}", since) >= TRIES_PER_ADDRESS
    many = many or bool(account and accounts.attempts_since(f"account:{account}", since) >= TRIES_PER_ACCOUNT)
    if not many:
        return None
    wait = WINDOW_MINUTES * 60
    return Refusal(RefusalCode.TOO_MANY_TRIES, _("Terlalu banyak percobaan dari jaringan ini."), retry_after=wait)


def _count(call: Call, subject: str) -> None:
    call.accounts.add_attempt(call.house.new_id(), subject, call.at)
