"""Commands that ask the rules without a store: score, suggest, schedule; JSON lines in, JSON lines out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from gettext import gettext as _
from typing import Any, TextIO

from kube_field.domain.forms.answered import day, read_day, text, whole
from kube_field.domain.rules import RULES_VERSION
from kube_field.domain.rules.flags import flags_of
from kube_field.domain.rules.reading import family_of, is_scored, situation, visit_figures
from kube_field.domain.rules.recommendation import advise
from kube_field.domain.rules.score import VisitFigures
from kube_field.domain.rules.telling import told_advice, told_score
from kube_field.domain.schedule import PLANS, STANDARD_PLAN, next_due, planned_visits
from kube_field.errors import Failure, KubeFieldError
from kube_field.jsonlines import json_lines
from kube_field.reference import Reference, load_reference
from kube_field.usecases.session import WITA

Say = Callable[[dict[str, Any]], None]
YEARS = range(1945, 2201)


def run_rule(command: str, lines: TextIO, say: Say) -> int:
    """Answer each line; a line that cannot be understood leaves the others alone and makes the exit code 3."""
    rule = {"score": scored, "suggest": suggested, "schedule": scheduled}[command]
    reference = load_reference()
    worst = 0
    numbered = ((number, *one) for number, line in enumerate(lines, start=1) for one in json_lines([line]))
    for number, request, trouble in numbered:
        try:
            if trouble:
                raise _unreadable(trouble, "JSON")
            if not isinstance(request, Mapping):
                raise _unreadable(_("Baris harus berupa objek JSON."), "LINE")
            say({"ok": True, **rule(request, reference)})
        except KubeFieldError as error:
            told = {"field": "line", "code": error.code, "message": error.sentence}
            say({"ok": False, "line": number, "errors": [told]})
            worst = int(Failure.VALIDATION)
    return worst


def scored(request: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
    """`visit`: answers; `earlier`: those of the visits before it, oldest first; `unit`: village, capital base, BAST."""
    visit, unit = _object(request, "visit"), _object(request, "unit", needed=False)
    before: list[VisitFigures] = []
    for answers in _objects(request, "earlier"):
        if is_scored(answers):
            before.append(_figures(answers, unit, reference, before))
    if not is_scored(visit):
        return {"rules_version": RULES_VERSION, "scored": False}
    figures = _figures(visit, unit, reference, before)
    now = situation(visit, figures, earlier=before, handover_on=day(unit, "handover_on"))
    return {"scored": True, **told_score(now.score, flags_of(now))}


def _figures(
    answers: Mapping[str, Any], unit: Mapping[str, Any], reference: Reference, earlier: Sequence[VisitFigures]
) -> VisitFigures:
    line = reference.poverty.at(text(unit, "village_code") or "64", text(answers, "visited_on"))
    return visit_figures(
        answers,
        capital_base_idr=whole(unit, "working_capital_base_idr"),
        poverty_line_idr=line.amount_idr if line else None,
        earlier=earlier,
    )


def suggested(request: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
    """`assessment` and `household`: answers; `aid_idr`, `age`, `assisted` {idea: units in the village}."""
    assisted = {str(idea): count for idea, count in _object(request, "assisted", needed=False).items()}
    if not all(isinstance(count, int) for count in assisted.values()):
        raise _unreadable(_("assisted berisi jumlah per jenis usaha."), "FIELD")
    family = family_of(
        _object(request, "assessment"),
        _object(request, "household"),
        aid_idr=whole(request, "aid_idr") or 0,
        age=whole(request, "age"),
        assisted=assisted,
    )
    if family.scheme not in ("person", "group"):
        raise _unreadable(_("assessment.subject_kind harus person atau group."), "FIELD")
    found = advise(family, reference.ideas)
    return told_advice(found.suggestions, found.excluded)


def scheduled(request: Mapping[str, Any], _reference: Reference) -> dict[str, Any]:
    """`handover_on`, `visit_plan_code`, `visits` (days), `next_visit_on`, `status`, `today`."""
    handover, plan = request.get("handover_on"), text(request, "visit_plan_code") or STANDARD_PLAN
    visits = request.get("visits") or []
    if plan not in PLANS:
        raise _unreadable(_("visit_plan_code harus standar atau singkat."), "FIELD")
    days = [handover, *visits] if isinstance(visits, list) else [None]
    if not all(_is_of_our_time(one) for one in days):
        raise _unreadable(_("handover_on dan visits berisi tanggal TTTT-BB-HH antara 1945 dan 2200."), "FIELD")
    today = read_day(request.get("today")) or datetime.now(WITA).date()
    own = request.get("next_visit_on")
    due = next_due(
        str(handover),
        plan,
        [str(one) for one in visits],
        today=today,
        next_visit_on=str(own) if read_day(own) else "",
        status=text(request, "status"),
    )
    return {
        "rules_version": RULES_VERSION,
        "plan": [
            {"no": row.no, "on": row.on, "fulfilled_by": row.fulfilled_by}
            for row in planned_visits(str(handover), plan, [str(one) for one in visits])
        ],
        "next": {
            "visit_no": due.visit_no,
            "on": due.on,
            "state": due.state,
            "days": due.days,
            "planned_on": due.planned_on,
            "own_on": due.own_on,
        },
    }


def _is_of_our_time(value: Any) -> bool:
    """True for a day with a plan ahead of it: at the ends of the calendar no other day can be counted from one."""
    found = read_day(value)
    return found is not None and found.year in YEARS


def _object(request: Mapping[str, Any], name: str, *, needed: bool = True) -> Mapping[str, Any]:
    value = request.get(name)
    if value is None and not needed:
        return {}
    if not isinstance(value, Mapping):
        raise _unreadable(_("{name} harus berupa objek.").format(name=name), "FIELD")
    return value


def _objects(request: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = request.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise _unreadable(_("{name} harus berupa daftar objek.").format(name=name), "FIELD")
    return value


def _unreadable(sentence: str, code: str) -> KubeFieldError:
    return KubeFieldError(Failure.VALIDATION, sentence, _("Baris lain tetap dijawab."), code=code)
