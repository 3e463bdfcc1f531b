"""Which programs still get data: what is sent is taken from every version ever shipped, pages may need a newer one."""

from __future__ import annotations

import re
from gettext import gettext as _

from kube_field.errors import Failure, KubeFieldError
from kube_field.server.endpoint import Call, House
from kube_field.server.storage.accounts import Accounts
from kube_field.wire.refusals import Refusal, RefusalCode

MINIMUM = "min_pull_app"
"""Name, among the values of the installation, of the oldest version that downloads; not set: all do."""
VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){0,3}")


def require_young_program(call: Call) -> None:
    """Refuse a download to a program that would not understand it; it said its version at hello. Raises: Refusal."""
    minimum = call.accounts.meta(MINIMUM)
    if minimum and _parts(call.caller.device.app_version) < _parts(minimum):
        words = _("Program di laptop ini terlalu lama untuk mengambil data; perbarui ke versi {version}.")
        raise Refusal(RefusalCode.UPGRADE_NEEDED, words.format(version=minimum))


def set_minimum(house: House, version: str) -> None:
    """From now on only this version and newer ones download; "0" lets all. Raises: KubeFieldError VALIDATION."""
    if not VERSION.fullmatch(version):
        raise KubeFieldError(Failure.VALIDATION, _("Versi ditulis seperti 1.4.0."))
    with house.database.write():
        Accounts(house.database).change_meta(MINIMUM, version)


def _parts(version: str) -> tuple[int, ...]:
    """A version as numbers; one that nobody can read is older than all."""
    found = VERSION.match(version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
