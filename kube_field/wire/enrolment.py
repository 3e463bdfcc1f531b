"""The bodies with which a laptop and its officers make themselves known; unknown fields are passed over."""

from __future__ import annotations

from msgspec import Struct

from kube_field.wire.messages import SERVER_NAME, Person, Word


class Enrol(Struct, kw_only=True):
    """`POST /sync/v1/enrol`: a laptop shows its one-time code. `officer` is the uid it used so far (author alias).

    `device` is named, with that laptop's login token in the Authorization header, when the code's officer shall join
    a laptop that is enrolled already.
    """

    code: Word
    officer: Word = ""
    device: Word = ""
    device_name: Word = ""
    app: Word = ""


class Enrolled(Struct, kw_only=True):
    """Answer to Enrol: who the laptop now is. `device_code` stands in document numbers (L07).

    `token` is empty when an officer joined a known laptop, which keeps the one it has.
    """

    server: str = SERVER_NAME
    server_id: str
    device: str
    device_code: str
    token: str
    user: Person


class Login(Struct, kw_only=True):
    """`POST /sync/v1/login`: a new token for an enrolled device and a password."""

    device: Word
    user: Word
    password: Word


class LoggedIn(Struct, kw_only=True):
    """Answer to Login."""

    token: str
    user: Person


class Me(Struct, kw_only=True):
    """Answer to `GET /sync/v1/me`."""

    user: Person
    device: str
    device_code: str
