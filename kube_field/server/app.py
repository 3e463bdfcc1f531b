"""Puts the server together: addresses, endpoints and what they need."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kube_field import __version__
from kube_field.reference import Reference
from kube_field.server.credentials import RandomBytes
from kube_field.server.endpoint import LARGE_BODY, Endpoint, House, refuse
from kube_field.server.erasing import erase_again
from kube_field.server.grants_file import GRANTS_FILE, GrantsFile
from kube_field.server.laptop_keys import tell_every_key
from kube_field.server.lineage import take_up_life, write_witness
from kube_field.server.routes import again, bundles, enrolment, exchange, health, hello, photos, quarantine, snapshots
from kube_field.server.storage.account_rows import note_secrets
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.database import ServerDatabase
from kube_field.wire.again import Again
from kube_field.wire.codec import prepare_messages
from kube_field.wire.enrolment import Enrol, Login
from kube_field.wire.messages import BlobStart, Digest, Have, Hello, Pull, Push
from kube_field.wire.quarantine import AskAside, Decide
from kube_field.wire.refusals import Refusal, RefusalCode

PUSH = Endpoint(exchange.push, body=Push, writes=True, recover=exchange.push_one_by_one, limits=LARGE_BODY)
AGAIN = Endpoint(again.again, body=Again, writes=True, recover=again.again_one_by_one, limits=LARGE_BODY)
ADDRESSES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/sehat", Endpoint(health.health, needs_login=False)),
    ("POST", "/sync/v1/enrol", Endpoint(enrolment.enrol, body=Enrol, writes=True, needs_login=False)),
    ("POST", "/sync/v1/login", Endpoint(enrolment.login, body=Login, writes=True, needs_login=False)),
    ("GET", "/sync/v1/me", Endpoint(enrolment.me)),
    ("POST", "/sync/v1/hello", Endpoint(hello.hello, body=Hello, writes=True)),
    ("POST", "/sync/v1/again", AGAIN),
    ("POST", "/sync/v1/have", Endpoint(exchange.have, body=Have)),
    ("POST", "/sync/v1/push", PUSH),
    ("POST", "/sync/v1/pull", Endpoint(exchange.pull, body=Pull)),
    ("POST", "/sync/v1/digest", Endpoint(exchange.digest, body=Digest)),
    ("GET", "/sync/v1/snapshot/{scope}/{seq}", Endpoint(snapshots.get_snapshot)),
    ("POST", "/sync/v1/blob/start", Endpoint(photos.start_photo, body=BlobStart, writes=True)),
    ("PATCH", "/sync/v1/blob/{upload}", Endpoint(photos.put_piece, body=bytes, writes=True)),
    ("GET", "/sync/v1/blob/{sha256}", Endpoint(photos.get_photo)),
    ("POST", "/sync/v1/quarantine", Endpoint(quarantine.list_aside, body=AskAside, own_transactions=True)),
    ("POST", "/sync/v1/quarantine/decide", Endpoint(quarantine.decide, body=Decide, own_transactions=True)),
    ("POST", "/sync/v1/bundle", Endpoint(bundles.carry, body=bytes, own_transactions=True, limits=LARGE_BODY)),
)


def make_house(
    database: ServerDatabase,
    *,
    reference: Reference,
    photo_folder: Path,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    random_bytes: RandomBytes,
) -> House:
    """The parts of a server over an open database, which gets its identity at the first time."""
    house = House(
        database=database,
        reference=reference,
        photo_folder=photo_folder,
        now=now,
        new_id=new_id,
        random_bytes=random_bytes,
        kecamatan=kecamatan_codes(reference),
        version=__version__,
    )
    _name_installation(house)
    return house


def make_app(house: House, beside: AbstractContextManager[None] | None = None) -> Starlette:
    """The web application. It closes the database when it ends, after what worked `beside` it ended."""
    prepare_messages()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> Any:
        with beside or nullcontext():
            yield
        write_witness(house)
        house.database.close()

    routes = [
        Route(path, _bound(endpoint, house), methods=[method], include_in_schema=False)
        for method, path, endpoint in ADDRESSES
    ]
    handlers = {404: _no_such_address, 405: _no_such_address}
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)


def kecamatan_codes(reference: Reference) -> tuple[str, ...]:
    """All kecamatan of the province."""
    regions = reference.regions
    return tuple(
        kecamatan.code for kabupaten in regions.all_kabupaten() for kecamatan in regions.kecamatan_in(kabupaten.code)
    )


def _bound(endpoint: Endpoint, house: House) -> Callable[[Request], Any]:
    async def serve(request: Request) -> Response:
        return await endpoint(request, house)

    return serve


def _name_installation(house: House) -> None:
    """Take up what lies beside the database: rights that it does not hold, and whether it was put back."""
    grants = GrantsFile(house.data_dir / GRANTS_FILE, house.database)
    house.database.journal = grants.keep
    with house.database.write():
        grants.take_up(house.new_id)
        note_secrets(house.database)
        Accounts(house.database).put_meta("server_id", house.new_id())
        take_up_life(house)
    erase_again(house)
    tell_every_key(house)
    write_witness(house)


async def _no_such_address(request: Request, _error: Exception) -> Response:
    return refuse(Refusal(RefusalCode.NO_SUCH_ADDRESS, _("Alamat ini tidak ada di server.")), request)
