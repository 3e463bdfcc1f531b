"""Brings what the database knows of photos and what lies in their folder together again.

A folder put back to an older day, or a bad disk, loses files that the database knows. What it does not know any more is
asked for at the next hello of every laptop that named it or reads the record that names it. A database put back, or a
folder that was away for a day, leaves files that it does not know: those that a record names are taken in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from kube_field.server.endpoint import House, instant
from kube_field.server.photo_folder import PhotoFolder
from kube_field.server.policy import Console
from kube_field.server.storage.erasure_rows import ErasureRows
from kube_field.server.storage.photo_rows import PhotoRows

log = logging.getLogger(__name__)

AT_ONCE = 500
Told = TypeVar("Told", int, str)


def look_after_photos(house: House) -> None:
    """One round: what went with an erased person, then what lies here unknown, then what is known and gone."""
    remove_erased_photos(house)
    found, lost = take_in_found_photos(house), forget_lost_photos(house)
    if found or lost:
        log.warning("photo files taken in again: %d; missing, laptops are asked for them: %d", found, lost)


def remove_erased_photos(house: House) -> None:
    """Remove files of erased people that a dying server left, or that came back with an older folder."""
    with house.database.read():
        names = ErasureRows(house.database).unnamed_photos()
    folder = PhotoFolder(house.photo_folder)
    for name in names:
        folder.remove(name)


def take_in_found_photos(house: House) -> int:
    """Know photos again that records name and whose whole file lies here; how many. Who had them is kept apart."""
    folder = PhotoFolder(house.photo_folder)
    found = 0
    for named in _pages(house, PhotoRows.unknown_after):
        here = [(name, mime, len(content)) for name, mime in named if (content := folder.whole(name)) is not None]
        if here:
            with house.database.write():
                for name, mime, size in here:
                    PhotoRows(house.database, Console()).add(name, size, mime, instant(house.now()))
        found += len(here)
    return found


def forget_lost_photos(house: House) -> int:
    """Forget photos whose file is gone or was cut short; how many."""
    folder = PhotoFolder(house.photo_folder)
    lost = 0
    for held in _pages(house, PhotoRows.held_after):
        gone = [name for name, size in held if folder.size(name) != size]
        if gone:
            with house.database.write():
                PhotoRows(house.database, Console()).forget(gone, instant(house.now()))
        lost += len(gone)
    return lost


def _pages(
    house: House, page: Callable[[PhotoRows, str, int], list[tuple[str, Told]]]
) -> Iterator[list[tuple[str, Told]]]:
    """Photos by name, a few at a time, no transaction held between them."""
    after = ""
    while True:
        with house.database.read():
            rows = page(PhotoRows(house.database, Console()), after, AT_ONCE)
        if not rows:
            return
        yield rows
        after = rows[-1][0]
