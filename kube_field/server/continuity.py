"""Is this the laptop that we talked to last? One token after the other tells (sync design 3.2, 3.5, 3.10).

Every processed request hands out a fresh token; the laptop shows it with the next one. A step that is repeated because
its answer was lost may still show the token from before it, and all tokens handed out for that step are expected next.
Who shows anything else is a clone or was put back from an older image: it becomes a laptop of its own, and nothing that
it brings is refused. When the server itself went back, nobody is a clone for that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from gettext import gettext as _

from kube_field.server.credentials import new_token, token_hash
from kube_field.server.endpoint import Call
from kube_field.server.storage.accounts import Laptop
from kube_field.wire.refusals import Refusal, RefusalCode

TOKENS_KEPT = 20
"""Tokens remembered for one step: a laptop repeats a step a few times at most."""


@dataclass(frozen=True, slots=True)
class Continued:
    """The laptop from now on, its next token, whether it was the one expected, and a login token if it is new."""

    laptop: Laptop
    token: str
    fits: bool
    login: str = ""


def carry_on(call: Call, device_id: str, shown: str | None, step: str) -> tuple[Laptop, str]:
    """The laptop with its next token. Raises: Refusal when it has to say hello first; nothing changed then."""
    laptop = _locked(call)
    token = new_token(call.house.random_bytes)
    renewed = None if _came_of(call, device_id) else renew(laptop, shown, step, token)
    if renewed is None:
        raise say_hello()
    return renewed, token


def greet(call: Call, device_id: str, shown: str | None, step: str, *, went_back: bool) -> Continued:
    """The laptop that says hello, a new one when the token is unknown although the server did not go back."""
    laptop = _locked(call)
    token = new_token(call.house.random_bytes)
    if _came_of(call, device_id):
        return _born(call, laptop, step, token)
    renewed = renew(laptop, shown, step, token)
    if renewed is not None:
        return Continued(renewed, token, True)
    if went_back:
        return Continued(replace(laptop, continuity=(token_hash(token),), previous=(), step=step), token, False)
    return _born(call, laptop, step, token)


def renew(laptop: Laptop, shown: str | None, step: str, fresh: str) -> Laptop | None:
    """The laptop with a fresh token, None when the one it showed is not expected."""
    seen, hashed = token_hash(shown or ""), token_hash(fresh)
    repeated = step != "" and step == laptop.step
    if repeated and (seen in laptop.previous or (not laptop.previous and shown is None)):
        return replace(laptop, continuity=(*laptop.continuity, hashed)[-TOKENS_KEPT:])
    first = not laptop.continuity and shown is None
    if not first and seen not in laptop.continuity:
        return None
    return replace(laptop, continuity=(hashed,), previous=() if shown is None else (seen,), step=step)


def say_hello() -> Refusal:
    """The refusal that starts a run anew."""
    return Refusal(RefusalCode.SAY_HELLO, _("Sambungan perlu dimulai ulang."))


def _locked(call: Call) -> Laptop:
    """The laptop of the login token."""
    own = call.caller.device
    return call.accounts.device(own.device_id, lock=True) or own


def _came_of(call: Call, device_id: str) -> bool:
    """True for a clone that got a login token of its own and shows the one of the laptop that it was copied from.

    The server that went back lost the clone's own token. It cannot be the other laptop, so it gets a name once more.
    """
    own = call.caller.device.device_id
    return device_id != own and call.accounts.is_child(device_id, own)


def _born(call: Call, parent: Laptop, step: str, token: str) -> Continued:
    """The clone as a laptop of its own: same officers, new code; the one it was copied from stays as it is.

    A hello repeated because its answer was lost finds the laptop that it made the first time.
    """
    accounts, login = call.accounts, new_token(call.house.random_bytes)
    child = accounts.child(parent.device_id, step) if step else None
    if child is None:
        child = accounts.add_device(
            Laptop(call.house.new_id(), "", parent.user_uid, parent.name, call.at, parent_device=parent.device_id)
        )
        accounts.copy_officers(parent.device_id, child.device_id, call.at)
    accounts.add_token(token_hash(login), child.device_id, call.caller.user.uid, call.at)
    tokens = (*child.continuity, token_hash(token))[-TOKENS_KEPT:]
    return Continued(replace(child, continuity=tokens, step=step), token, False, login)
