"""Graduasi: that a unit stands on its own or leaves the programme; an officer proposes, a penyelia decides (5.13, 7.4).

Facts of the context for the rules: `graduation` (a Proposal), `open_proposal` (number of one that nobody decided),
`decided` (number of the one that holds). What is missing keeps its rule silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.forms.answered import answered, galat, peringatan
from kube_field.domain.forms.checks import not_future
from kube_field.domain.forms.codes import OWNER_KINDS, VERSION
from kube_field.domain.forms.declaration import Context, Finding, Form, Kind, Question, Required, Section, choices
from kube_field.domain.records import Answers, RecordKind
from kube_field.domain.rules.graduation import Proposal

FINAL, DRAFT = Required.FINAL, Required.DRAFT
INDEPENDENT = "lulus_mandiri"
AFTER_CARE_MONTHS = 6
GRADUATED, LEFT = "lulus", "berhenti"
"""Status of a unit that graduated, and of one that left the programme otherwise."""
is_independent = answered("kind", INDEPENDENT)


def proposal_in(context: Context) -> Proposal | None:
    """The criteria as the laptop judges them; None where it does not know the unit."""
    found = context.facts.get("graduation")
    return found if isinstance(found, Proposal) else None


def criteria_words(_answers: Answers, context: Context) -> list[str] | None:
    """Every criterion with its verdict, and the sum of them."""
    proposal = proposal_in(context)
    if proposal is None:
        return None
    marks = {True: _("terpenuhi"), False: _("belum")}
    return [proposal.words, *(f"{one.code} {one.words}: {marks[one.is_met]}" for one in proposal.criteria)]


PROPOSAL = Section(
    code="1",
    title="Usulan graduasi",
    help="Petugas mengusulkan; penyelia kabupaten/kota memutuskan dengan alasan.",
    questions=(
        Question(
            code="owner_kind", label="Penerima", kind=Kind.ONE_OF, required=DRAFT, choices=OWNER_KINDS, fixed=True
        ),
        Question(
            code="unit_id",
            label="Unit usaha",
            kind=Kind.REFERENCE,
            required=DRAFT,
            refers_to=RecordKind.BUSINESS_UNIT,
            fixed=True,
        ),
        Question(
            code="kind",
            label="Jenis graduasi",
            kind=Kind.ONE_OF,
            required=DRAFT,
            choices=choices(
                (INDEPENDENT, "Lulus mandiri"),
                ("keluar_tidak_berhasil", "Keluar: usaha tidak berhasil"),
                ("keluar_pindah", "Keluar: pindah"),
                ("keluar_meninggal", "Keluar: meninggal"),
                ("keluar_sukarela", "Keluar: mengundurkan diri"),
                ("keluar_pelanggaran", "Keluar: pelanggaran"),
            ),
        ),
        Question(code="proposed_on", label="Tanggal usulan", kind=Kind.DATE, required=DRAFT, checks=(not_future,)),
        Question(
            code="criteria",
            label="Syarat graduasi",
            kind=Kind.COMPUTED,
            applies_if=is_independent,
            compute=criteria_words,
        ),
        Question(
            code="reason",
            label="Alasan usulan",
            kind=Kind.LONG_TEXT,
            required=FINAL,
            at_least=10,
            help="Sedikitnya 10 huruf",
        ),
        Question(
            code="after_care_months",
            label="Pembinaan lanjutan",
            kind=Kind.INTEGER,
            required=FINAL,
            applies_if=is_independent,
            at_least=0,
            at_most=24,
            unit="bulan",
            help="Satu kunjungan setiap tiga bulan; biasanya 6 bulan",
        ),
    ),
)


def _criteria(answers: Answers, context: Context) -> Iterator[Finding]:
    proposal = proposal_in(context)
    if proposal is not None and not proposal.is_ready and is_independent(answers, context):
        yield peringatan("CRITERIA_NOT_MET", "kind", proposal.words)


def _once(_answers: Answers, context: Context) -> Iterator[Finding]:
    if number := context.facts.get("decided"):
        message = _("Graduasi unit ini sudah diputuskan dengan {number}.").format(number=number)
        yield galat("GRADUATED_ALREADY", "kind", message)
    elif number := context.facts.get("open_proposal"):
        message = _("Usulan {number} masih menunggu keputusan penyelia.").format(number=number)
        yield galat("PROPOSED_ALREADY", "kind", message)


GRADUATION_FORM = Form(
    kind=RecordKind.GRADUATION,
    version=VERSION,
    title="Usulan graduasi",
    sections=(PROPOSAL,),
    rules=(_criteria, _once),
)
