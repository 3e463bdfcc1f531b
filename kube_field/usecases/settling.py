"""Who may settle a conflict, how long it may wait, and both of two notes in one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import short_date, wita_day
from kube_field.domain.forms.declaration import Finding, Form, Kind, Question
from kube_field.domain.forms.kinds import text_limit
from kube_field.domain.records import Officer, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.permissions import may_write
from kube_field.usecases.views import ConflictRow

LONG_DAYS = 14
"""So many days an open conflict is left to those who wrote its values and to their supervisor (sync design 4)."""
SUPERVISORS = frozenset({Role.PENYELIA_KAB, Role.ADMIN_PROV})
NOTES = frozenset({"note", "disability_need"})
"""Questions of one line that are notes all the same; every question of several lines is one."""


def waits_days(since: str, today: date) -> int:
    """For how many days of the calendar a conflict has been open."""
    return max(0, (today - wita_day(since)).days)


def waits_long(since: str, today: date) -> bool:
    """True when nobody has chosen for more than 14 days."""
    return waits_days(since, today) > LONG_DAYS


def may_settle(officer: Officer, kind: RecordKind, rows: Sequence[ConflictRow], today: date) -> bool:
    """Either author, or a supervisor; everybody who writes such records where it waits long or an author is not known.

    So no conflict is left that nobody may settle: authors go, and not every district has a supervisor at hand.
    """
    if not may_write(officer, kind):
        return False
    names = {name for row in rows for name in (row.kept_by, row.other_by)}
    is_free = "" in names or any(waits_long(row.at, today) for row in rows)
    return is_free or officer.role in SUPERVISORS or officer.name in names


def not_yours(names: Iterable[str]) -> KubeFieldError:
    """Somebody else chooses."""
    return KubeFieldError(Failure.NOT_ALLOWED, _("Bentrok ini belum dapat Anda selesaikan."), waiting_for(names))


def refuse_choice(declared: Form, findings: Sequence[Finding], chosen: Collection[str]) -> None:
    """Refuse a choice for what is wrong with it, told under what was chosen; an error in another answer names that.

    Raises: KubeFieldError VALIDATION, one detail each: field, code, message.
    """
    if not findings:
        return
    labels = {question.code: _(question.label) for question in declared.questions()}
    told = []
    for one in findings:
        is_own = one.question in chosen
        message = one.message if is_own else f"{labels[one.question]}: {one.message}"
        told += [(name, one.code, message) for name in ([one.question] if is_own else chosen)]
    raise KubeFieldError(
        Failure.VALIDATION,
        _("Pilihan belum dapat disimpan: {first}").format(first=told[0][2]),
        _("Pilih nilai lain. Bila isian lain yang keliru, ubah dulu lewat Buka data, lalu pilih lagi."),
        details=[{"field": name, "code": code, "message": message} for name, code, message in told],
    )


def waiting_for(names: Iterable[str]) -> str:
    """Who may choose now, in a sentence."""
    words = _("Diselesaikan oleh {names} atau penyelia; setelah {days} hari juga oleh petugas lain.")
    return words.format(names=", ".join(dict.fromkeys(names)), days=LONG_DAYS)


def both_notes(question: Question | None, base: Any, written: Sequence[tuple[Any, str, str]]) -> str:
    """All values of a note in one, each with its author and day; "" for what is no note, or would be too long.

    `written` are (value, author, instant). What all of them began with stands once.
    """
    if question is None or question.fixed or not _is_note(question):
        return ""
    if not all(isinstance(value, str) and value.strip() for value, _by, _at in written):
        return ""
    begun = base.strip() if isinstance(base, str) else ""
    if not begun or not all(value.startswith(begun) and value.strip() != begun for value, _by, _at in written):
        begun = ""
    signed = [_signed(value[len(begun) :].strip(" \n.;,"), by, at) for value, by, at in written]
    apart = "\n" if question.kind == Kind.LONG_TEXT else "; "
    text = apart.join([*([begun] if begun else []), *signed])
    return text if len(text) <= text_limit(question) else ""


def _is_note(question: Question) -> bool:
    return question.kind == Kind.LONG_TEXT or (question.kind == Kind.TEXT and question.code in NOTES)


def _signed(text: str, by: str, at: str) -> str:
    who = ", ".join(part for part in (by, short_date(wita_day(at)) if at else "") if part)
    return f"{text} ({who})" if who else text
