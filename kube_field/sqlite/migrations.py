"""Brings a database file to the program's schema: numbered, frozen steps, each one transaction.

A step is a file `0001_name.py` shipped as data; it defines `up(db)` and imports nothing of this program, so that it
stays what it was when it was released. `PRAGMA user_version` is the number of the last step that was applied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from gettext import gettext as _
from importlib.resources.abc import Traversable
from typing import Any

from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.sqlite.driver import Database


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number, its file's name without ending, and what it does."""

    number: int
    name: str
    up: Callable[[Any], None]


def load_migrations(folder: Traversable) -> tuple[Migration, ...]:
    """All steps of a folder in order.

    Raises: BugError when there is none (files not shipped) or the numbers are not 1, 2, 3, ….
    """
    files = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".py") and item.name[:4].isdigit()),
        key=lambda item: item.name,
    )
    steps = tuple(_load(item) for item in files)
    if not steps:
        raise BugError("no migrations found: they were not shipped with the program")
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise BugError("migration numbers have a gap")
    return steps


def schema_number(db: Database) -> int:
    """Number of the last step applied to this file; 0 for an empty one."""
    return int(db.value("PRAGMA user_version"))


def refuse_newer(db: Database, steps: tuple[Migration, ...]) -> None:
    """Refuse a file that a newer program wrote. Raises: KubeFieldError with NEWER_DATA."""
    if schema_number(db) > steps[-1].number:
        raise KubeFieldError(
            Failure.NEWER_DATA,
            _("Data ini dibuat oleh program yang lebih baru daripada program ini."),
            _("Perbarui program. Data Anda aman dan tidak diubah."),
        )


def migrate(db: Database, steps: tuple[Migration, ...]) -> list[str]:
    """Apply the steps that are missing, each in one transaction; the names of those applied.

    Raises: KubeFieldError with NEWER_DATA (file untouched) or MIGRATION_ROLLED_BACK (file as before that step);
    BugError without steps.
    """
    if not steps:
        raise BugError("no migrations to apply")
    refuse_newer(db, steps)
    pending = [step for step in steps if step.number > schema_number(db)]
    for step in pending:
        _apply(db, step)
    return [step.name for step in pending]


def _apply(db: Database, step: Migration) -> None:
    try:
        with db.immediate():
            step.up(db)
            if db.rows("PRAGMA foreign_key_check"):
                raise BugError(f"{step.name} leaves rows without parent")
            db.execute_sql(f"PRAGMA user_version = {step.number}")
    except KubeFieldError:
        raise
    except Exception as error:
        raise KubeFieldError(
            Failure.MIGRATION_ROLLED_BACK,
            _("Pembaruan data tidak berhasil dan sudah dibatalkan."),
            _("Data Anda aman seperti semula. Hubungi penyelia dan sebutkan {name}.").format(name=step.name),
        ) from error


def _load(item: Traversable) -> Migration:
    names: dict[str, Any] = {}
    exec(compile(item.read_text(encoding="utf-8"), item.name, "exec"), names)
    if not callable(names.get("up")):
        raise BugError(f"{item.name} does not define up(db)")
    return Migration(int(item.name[:4]), item.name.removesuffix(".py"), names["up"])
