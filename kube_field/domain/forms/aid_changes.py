"""What a Berita Acara Perubahan changes, one difference after the other, and the reason of each (handbook 9.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kube_field.domain.forms.aid_rules import SIGNED_ANEW, comparable
from kube_field.domain.forms.answered import rows, text
from kube_field.domain.forms.declaration import Kind, Question
from kube_field.domain.records import Answers


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that differs, or one row of the goods; `key` is the question's code, or the row's id."""

    key: str
    what: str
    question: Question
    before: Any
    after: Any


def differing(questions: Iterable[Question], before: Answers, after: Answers) -> Iterator[Difference]:
    """Each answer that differs, in the order of the form; goods one by one, known by their row ids."""
    for question in questions:
        code = question.code
        if code in SIGNED_ANEW or question.kind == Kind.COMPUTED:
            continue
        if question.kind == Kind.ROWS:
            yield from _differing_rows(question, before, after)
        elif comparable(before.get(code)) != comparable(after.get(code)):
            yield Difference(code, question.label, question, before.get(code), after.get(code))


def _differing_rows(question: Question, before: Answers, after: Answers) -> Iterator[Difference]:
    was = {str(row.get("id")): row for _at, row in rows(before, question.code)}
    now = {str(row.get("id")): row for _at, row in rows(after, question.code)}
    for uid in dict.fromkeys([*was, *now]):
        old, new = was.get(uid), now.get(uid)
        if comparable(dict(old or {})) != comparable(dict(new or {})):
            yield Difference(uid, text(new or old or {}, "name"), question, old, new)


def reason_of(difference: Difference, answers: Answers) -> str:
    """Its own reason, else why its row was taken back, else the reason for all of them."""
    own = {str(row.get("id")): text(row, "reason") for _at, row in rows(answers, "change_reasons")}
    return own.get(difference.key) or _struck(difference, answers) or text(answers, "change_reason")


def _struck(difference: Difference, answers: Answers) -> str:
    listed = answers.get(difference.question.code)
    taken_back = [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []
    return next((text(row, "struck") for row in taken_back if str(row.get("id")) == difference.key), "")
