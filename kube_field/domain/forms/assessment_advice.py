"""Suggested businesses inside the second version of the assessment (handbook 6.3, 6.4), live from its answers.

Facts of the context: `household` (answers of a person's family), `subject` (answers of who is assessed), `assisted`
{idea: units of the programme in the village}. What is missing keeps the suggestions away.
"""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.dates import age_on
from kube_field.domain.forms.answered import day, fact, is_group, keterangan, peringatan, text, whole
from kube_field.domain.forms.declaration import Context, Finding, Kind, Proposed, Question, Section
from kube_field.domain.forms.household import ELECTRICITY_CHOICES, WATER_CHOICES
from kube_field.domain.records import Answers
from kube_field.domain.rules.reading import family_of
from kube_field.domain.rules.recommendation import Advice, Family, Suggestion, advise

TOLD_ELSEWHERE = ("E4", "E5")
"""Refusal and scheme have findings of their own in both versions."""


def family(answers: Answers, context: Context) -> Family | None:
    """What the rules look at; None while aid, place or skills are not answered or the family is not known."""
    of_group = text(answers, "subject_kind") == "group"
    home = answers if of_group else fact(context, "household")
    asked = ("planned_aid_idr", "spaces", "skills", "hours_available")
    if not home or any(answers.get(code) in (None, "", []) for code in asked):
        return None
    assisted = {idea: count for idea, count in fact(context, "assisted").items() if isinstance(count, int)}
    return family_of(
        answers,
        home,
        aid_idr=whole(answers, "planned_aid_idr") or 0,
        age=None if of_group else _age(answers, context),
        assisted=assisted,
    )


def _age(answers: Answers, context: Context) -> int | None:
    born, on = day(fact(context, "subject"), "birth_date"), day(answers, "assessed_on")
    return age_on(born, on) if born is not None and on is not None and born <= on else None


def advice(answers: Answers, context: Context) -> Advice | None:
    """All ideas of the catalogue, judged; None while too little is answered."""
    found = family(answers, context)
    if found is None or context.reference is None:
        return None
    return advise(found, context.reference.ideas)


def propose_idea(answers: Answers, context: Context) -> Proposed | None:
    """The best suggestion."""
    found = advice(answers, context)
    if found is None or not found.best:
        return None
    best = found.best[0]
    return Proposed(best.idea.code, _("nilai {points}, {grade}").format(points=best.points, grade=best.grade.lower()))


def chosen_among(found: Advice, code: str) -> Suggestion | None:
    """The suggestion for an idea; None for one that was excluded."""
    return next((one for one in found.suggestions if one.idea.code == code), None)


def chosen_rule(answers: Answers, context: Context) -> Iterator[Finding]:
    """An idea outside the five is allowed: the reason is asked anyway, and what speaks against it is told."""
    chosen, found = text(answers, "chosen_idea"), advice(answers, context)
    if found is None and "assisted" in context.facts:
        message = _("Belum ada saran usaha: isi rencana bantuan, waktu, keterampilan, dan tempat.")
        yield keterangan("NO_SUGGESTIONS", "suggestions", message)
    if not chosen or found is None or chosen in {one.idea.code for one in found.best}:
        return
    suggestion = chosen_among(found, chosen)
    if suggestion is not None:
        message = _("Di luar lima saran teratas (nilai {points}). Alasannya dicetak pada formulir.")
        yield keterangan("CHOSEN_OUTSIDE", "chosen_idea", message.format(points=suggestion.points))
        return
    against = next((one.reasons for one in found.excluded if one.idea.code == chosen), ())
    words = " ".join(words for code, words in against if code not in TOLD_ELSEWHERE)
    if words:
        yield peringatan("CHOSEN_EXCLUDED", "chosen_idea", _("Tidak disarankan: {why}").format(why=words))


PLANNED_AID = Question(
    code="planned_aid_idr",
    label="Rencana bantuan",
    kind=Kind.RUPIAH,
    soft_limit=50_000_000,
    help="Nilai bantuan program untuk penerima ini; bersama modal sendiri menentukan usaha yang disarankan",
)
GROUP_PLACE = (
    Question(
        code="electricity",
        label="Listrik di tempat usaha",
        kind=Kind.ONE_OF,
        applies_if=is_group,
        choices=ELECTRICITY_CHOICES,
    ),
    Question(
        code="water",
        label="Air di tempat usaha",
        kind=Kind.ONE_OF,
        applies_if=is_group,
        choices=WATER_CHOICES,
    ),
    Question(
        code="flood_prone",
        label="Tempat usaha sering banjir",
        kind=Kind.YES_NO,
        applies_if=is_group,
    ),
)
"""A person's family tells these; a group has a place of its own. Like the planned aid they are for the suggestions."""
ADVICE = Section(
    code="S",
    title="Saran usaha",
    help="Bahan pembicaraan dengan penerima, bukan keputusan. Isi dahulu waktu, keterampilan, modal, tempat, pasar,"
    " dan minat.",
    questions=(
        Question(code="suggestions", label="Lima saran teratas", kind=Kind.COMPUTED, compute=advice, wide=True),
    ),
)
