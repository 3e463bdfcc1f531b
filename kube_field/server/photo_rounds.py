"""Looks whether the photos that the server holds still lie in their folder.

A folder put back to an older day, or a bad disk, loses files that the database knows. What it does not know any more is
asked for at the next hello of every laptop whose officers named it, and of every laptop after a restore.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from kube_field.server.endpoint import House
from kube_field.server.photo_folder import PhotoFolder
from kube_field.server.policy import Console
from kube_field.server.storage.photo_rows import PhotoRows

log = logging.getLogger(__name__)

AT_ONCE = 500


def forget_lost_photos(house: House) -> int:
    """Forget photos whose file is gone or was cut short; how many."""
    folder = PhotoFolder(house.photo_folder)
    lost = 0
    for held in _held(house):
        gone = [name for name, size in held if folder.size(name) != size]
        if gone:
            with house.database.write():
                PhotoRows(house.database, Console()).forget(gone)
        lost += len(gone)
    if lost:
        log.warning("photo files missing, laptops are asked for them: %d", lost)
    return lost


def _held(house: House) -> Iterator[list[tuple[str, int]]]:
    """Name and bytes of all photos, a few at a time, no transaction held between them."""
    after = ""
    while True:
        with house.database.read():
            rows = PhotoRows(house.database, Console()).held_after(after, AT_ONCE)
        if not rows:
            return
        yield rows
        after = rows[-1][0]
