"""The stage checklist of a KUBE: seventeen criteria, at least every six months (handbook 1.3, 5.11 part 9, 7.3).

Facts of the context: `group_data` (GroupData without visits), `stage_judged` {"judged_on", "answers"} of the last visit
that judged it ("" and {} for never), `background`, `handover_on`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from gettext import gettext as _

from kube_field.domain.dates import show_date
from kube_field.domain.forms.answered import answered, day, every, fact, is_group, peringatan, picked, read_day, text
from kube_field.domain.forms.declaration import Context, Finding, Kind, Propose, Proposed, Question, Section
from kube_field.domain.forms.visit_sections import on_the_spot, somebody
from kube_field.domain.records import Answers
from kube_field.domain.rules.result import Background, judged
from kube_field.domain.rules.stage import (
    CODES,
    CRITERIA,
    LETTERS,
    GroupData,
    StageFound,
    code_of,
    proposals,
    stage_of,
    stage_words,
)

LONGEST_DAYS = 182
"""The stage is judged again at the latest after so many days: half a year."""


def stage_answers(answers: Answers) -> dict[str, bool | None]:
    """The officer's answers to the criteria; None for what nobody judged."""
    return {code: answers[code] if isinstance(answers.get(code), bool) else None for code in CODES}


def stage_found(answers: Answers, context: Context) -> StageFound | None:
    """The stage by this visit's checklist, else by the last one; None where nobody ever judged it."""
    if answers.get("assess_stage") is True:
        return stage_of(stage_answers(answers))
    before = fact(context, "stage_judged").get("answers")
    return stage_of(stage_answers(before)) if isinstance(before, Mapping) and before else None


def stage_on_screen(answers: Answers, context: Context) -> str | None:
    """The stage with its counts, when it was judged, and how many criteria nobody judged."""
    found = stage_found(answers, context)
    if found is None:
        return None
    words = [stage_words(found)]
    if answers.get("assess_stage") is not True and (on := _judged_on(context)):
        words.append(_("Dinilai {day}.").format(day=show_date(on)))
    if found.open:
        words.append(_("{n} kriteria belum dinilai.").format(n=len(found.open)))
    return " ".join(words)


def stage_is_due(answers: Answers, context: Context) -> bool:
    """True when more than half a year went by since the stage was judged, or since the handover where it never was."""
    visited = day(answers, "visited_on")
    since = _judged_on(context) or read_day(context.facts.get("handover_on"))
    known = "stage_judged" in context.facts
    return known and visited is not None and since is not None and (visited - since).days > LONGEST_DAYS


def _judged_on(context: Context) -> date | None:
    return read_day(fact(context, "stage_judged").get("judged_on"))


def _propose_assessing(answers: Answers, context: Context) -> Proposed | None:
    return Proposed(True, _due_words(context)) if stage_is_due(answers, context) else None


def _due_words(context: Context) -> str:
    on = _judged_on(context)
    if on is None:
        return _("Tahap KUBE belum pernah dinilai.")
    return _("Tahap KUBE terakhir dinilai {day}; nilai paling lama 6 bulan sekali.").format(day=show_date(on))


def stage_rule(answers: Answers, context: Context) -> Iterator[Finding]:
    """A stage that nobody judged for half a year is warned about."""
    if answers.get("assess_stage") is not True and stage_is_due(answers, context):
        yield peringatan("STAGE_DUE", "assess_stage", _due_words(context))


def _proposal(code: str) -> Propose:
    def propose(answers: Answers, context: Context) -> Proposed | None:
        known = _data_with_visits(answers, context)
        value = proposals(known).get(code) if known is not None else None
        return Proposed(value, _("menurut data")) if value is not None else None

    return propose


def _data_with_visits(answers: Answers, context: Context) -> GroupData | None:
    """What the data say of the group, this visit the newest of its scored ones."""
    known, behind = context.facts.get("group_data"), context.facts.get("background")
    if not isinstance(known, GroupData) or not isinstance(behind, Background):
        return None
    found = judged(answers, behind)
    visits = [one.figures for one in behind.earlier] + ([found.figures] if found else [])
    scores = [one.score for one in behind.earlier] + ([found.score] if found else [])
    return replace(
        known,
        business_status=text(answers, "business_status"),
        channels=picked(answers, "channels"),
        visits=visits,
        scores=scores,
    )


judges_stage = every(answered("assess_stage", True), is_group)

STAGE = Section(
    code="T",
    title="Tahap KUBE",
    help="Nilai sedikitnya 6 bulan sekali. Kosong berarti belum dinilai dan dihitung belum terpenuhi."
    " Aplikasi mengusulkan, petugas yang memutuskan.",
    applies_if=every(somebody, on_the_spot, is_group),
    sentences=True,
    questions=(
        Question(
            code="assess_stage",
            label="Menilai tahap KUBE pada kunjungan ini?",
            kind=Kind.YES_NO,
            propose=_propose_assessing,
        ),
        *(
            Question(
                code=code_of(stage, LETTERS[at]),
                label=words,
                kind=Kind.YES_NO,
                applies_if=judges_stage,
                shows_previous=True,
                propose=_proposal(code_of(stage, LETTERS[at])),
            )
            for stage, texts in CRITERIA.items()
            for at, words in enumerate(texts)
        ),
        Question(code="stage", label="Tahap KUBE", kind=Kind.COMPUTED, compute=stage_on_screen),
    ),
)
