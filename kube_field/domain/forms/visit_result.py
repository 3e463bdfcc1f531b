"""Part 9 of the second version of the visit: result, the officer's own word on it, changes, the next visit.

Facts of the context besides those of `visit_rules.py`: `background` (what the visit is judged against).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from gettext import gettext as _

from kube_field.domain.dates import show_date
from kube_field.domain.forms.answered import answered, day, galat, keterangan, peringatan, read_day, text
from kube_field.domain.forms.codes import NONE
from kube_field.domain.forms.declaration import Context, Finding, Kind, Proposed, Question, Required, Section, choices
from kube_field.domain.forms.visit_changes import drafted_changes, strange_amounts
from kube_field.domain.forms.visit_closing import not_graduated
from kube_field.domain.forms.visit_sections import somebody
from kube_field.domain.forms.visit_stage import stage_found
from kube_field.domain.records import Answers
from kube_field.domain.rules.graduation import Proposal
from kube_field.domain.rules.result import Background, VisitScore, graduation_of, judged
from kube_field.domain.rules.score import Status, indicator_name, percent, status_words
from kube_field.domain.rules.stage import Stage
from kube_field.domain.schedule import STATUS_DAYS

FINAL = Required.FINAL
WITHOUT_PLAN_DAYS = 30
STATUSES = choices(("healthy", "Sehat"), ("watch", "Perlu perhatian"), ("at_risk", "Rawan"), ("critical", "Kritis"))
OWN_FLAGS = choices((NONE, "Tidak ada"), ("watch", "Perlu perhatian"), ("at_risk", "Rawan"), ("critical", "Kritis"))
differs = answered("officer_status", "healthy", "watch", "at_risk", "critical")
is_flagged = answered("own_flag", "watch", "at_risk", "critical")


def result_of(answers: Answers, context: Context) -> VisitScore | None:
    """The result by these answers; None where nobody was met or the unit is not known."""
    behind = context.facts.get("background")
    return judged(answers, behind) if isinstance(behind, Background) else None


def _result_lines(answers: Answers, context: Context) -> list[str] | None:
    found = result_of(answers, context)
    if found is None:
        return None
    score = found.score
    if score.status == Status.INSUFFICIENT:
        first = _("Data belum cukup: baru {share} terjawab.").format(share=percent(score.coverage))
    else:
        first = _("{total} dari 100 (kelengkapan data {share}).").format(
            total=score.total, share=percent(score.coverage)
        )
    lines = [first, _("Status: {status}.").format(status=status_words(found.final))]
    lines += [f"{flag.sentence} {flag.action}" for flag in found.flags]
    if found.lowest:
        names = ", ".join(indicator_name(one.code) for one in found.lowest)
        lines.append(_("Terendah: {names}.").format(names=names))
    return lines


def graduation_proposal(answers: Answers, context: Context) -> Proposal | None:
    """How far the unit is from graduation by this visit; None where nobody was met or the unit is not known."""
    found, behind = result_of(answers, context), context.facts.get("background")
    if found is None or not isinstance(behind, Background):
        return None
    stage = stage_found(answers, context)
    return graduation_of(answers, found, behind, stage.stage if stage else Stage.PERSIAPAN)


def _graduation_words(answers: Answers, context: Context) -> str | None:
    proposal = graduation_proposal(answers, context)
    return proposal.words if proposal is not None else None


def due_next(answers: Answers, context: Context) -> Proposed | None:
    """The latest day of the next visit by plan and status (handbook 5.14), and why; None where neither asks one."""
    visited, wanted = day(answers, "visited_on"), []
    if (planned := read_day(context.facts.get("due_on"))) is not None:
        wanted.append((planned, _("menurut jadwal")))
    found = result_of(answers, context)
    if visited is not None and found is not None and found.final in STATUS_DAYS:
        days = STATUS_DAYS[found.final]
        words = _("{status}: paling lambat {n} hari").format(status=status_words(found.final), n=days)
        wanted.append((visited + timedelta(days=days), words))
    if not wanted:
        return None
    on, words = min(wanted, key=lambda one: one[0])
    return Proposed(on.isoformat(), words)


def _propose_next(answers: Answers, context: Context) -> Proposed | None:
    """The day that is due, else thirty days later; none of its own once after-care is over."""
    visited, due = day(answers, "visited_on"), due_next(answers, context)
    if due is not None or visited is None or "background" not in context.facts or context.facts.get("graduated"):
        return due
    on = visited + timedelta(days=WITHOUT_PLAN_DAYS)
    return Proposed(on.isoformat(), _("30 hari sesudah kunjungan ini"))


def next_visit_rule(answers: Answers, context: Context) -> Iterator[Finding]:
    """The next visit lies after this one, and a later one than is due is told with both dates."""
    following, visited = day(answers, "next_visit_on"), day(answers, "visited_on")
    if following is not None and visited is not None and following <= visited:
        yield galat("NEXT_BEFORE_VISIT", "next_visit_on", _("Kunjungan berikut harus sesudah kunjungan ini."))
        return
    due = due_next(answers, context)
    if following is not None and due is not None and following > date.fromisoformat(due.value):
        message = _("Lebih lambat dari {day} ({why}).").format(day=show_date(due.value), why=due.words)
        yield peringatan("NEXT_AFTER_DUE", "next_visit_on", message)


def own_word_rule(answers: Answers, context: Context) -> Iterator[Finding]:
    """What the officer says against the computed status is told beside it."""
    found = result_of(answers, context)
    if found is not None and text(answers, "officer_status") == found.final:
        message = _("Sama dengan hasil penilaian; boleh dikosongkan.")
        yield keterangan("STATUS_AGREES", "officer_status", message)


def changes_rule(answers: Answers, context: Context) -> Iterator[Finding]:
    """Amounts in the paragraph that stand nowhere in the answers are told."""
    for amount in strange_amounts(answers, context):
        message = _("{amount} tidak ada pada isian kunjungan ini atau kunjungan lalu.").format(amount=amount)
        yield keterangan("AMOUNT_NOT_ANSWERED", "changes_text", message)


RESULT_2 = Section(
    code="9",
    title="Hasil dan kunjungan berikut",
    questions=(
        Question(
            code="result_lines",
            label="Hasil penilaian",
            kind=Kind.COMPUTED,
            applies_if=somebody,
            compute=_result_lines,
        ),
        Question(
            code="changes_text",
            label="Perubahan sejak kunjungan lalu",
            kind=Kind.LONG_TEXT,
            applies_if=somebody,
            max_length=2000,
            help="Pakai usulan kalimat, lalu sesuaikan",
            propose=drafted_changes,
        ),
        Question(
            code="officer_opinion",
            label="Pendapat petugas",
            kind=Kind.LONG_TEXT,
            required=FINAL,
            applies_if=somebody,
        ),
        Question(
            code="next_visit_on",
            label="Rencana kunjungan berikut",
            kind=Kind.DATE,
            required=FINAL,
            required_if=not_graduated,
            header=True,
            propose=_propose_next,
        ),
        Question(
            code="own_flag",
            label="Tanda peringatan dari petugas",
            kind=Kind.ONE_OF,
            applies_if=somebody,
            choices=OWN_FLAGS,
            help="Bila ada hal penting yang tidak terbaca dari angka; status usaha ikut turun",
        ),
        Question(
            code="own_flag_reason",
            label="Alasan tanda peringatan",
            kind=Kind.LONG_TEXT,
            required=FINAL,
            required_if=is_flagged,
            applies_if=is_flagged,
            at_least=10,
            max_length=500,
        ),
        Question(
            code="officer_status",
            label="Status menurut petugas",
            kind=Kind.ONE_OF,
            applies_if=somebody,
            choices=STATUSES,
            help="Isi hanya bila tidak sependapat dengan hasil penilaian",
        ),
        Question(
            code="officer_status_reason",
            label="Alasan tidak sependapat",
            kind=Kind.LONG_TEXT,
            required=FINAL,
            required_if=differs,
            applies_if=differs,
            at_least=10,
            max_length=500,
        ),
        Question(
            code="graduation_words",
            label="Syarat graduasi",
            kind=Kind.COMPUTED,
            applies_if=somebody,
            compute=_graduation_words,
        ),
    ),
)
