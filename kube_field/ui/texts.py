"""Words of states on screen, with their tone (screen design, "States on screen")."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import NamedTuple

from kube_field.domain.document_state import STATE_WORDS, Chip, ChipState
from kube_field.domain.forms.declaration import Severity
from kube_field.domain.forms.evaluation import SectionState
from kube_field.domain.records import REFUSED, UNKNOWN, RecordKind
from kube_field.domain.rules.score import Status, status_words
from kube_field.ui.formats import short_instant
from kube_field.ui.theme import Tone

TONES = {
    ChipState.DRAFT: Tone.NEUTRAL,
    ChipState.WAITING: Tone.INFO,
    ChipState.SENDING: Tone.INFO,
    ChipState.SENT_PHOTOS_PENDING: Tone.GOOD_OPEN,
    ChipState.SENT: Tone.GOOD,
    ChipState.HELD: Tone.INFO,
    ChipState.NEEDS_REPAIR: Tone.RISK,
    ChipState.QUARANTINED: Tone.RISK,
    ChipState.FAILED: Tone.WATCH,
    ChipState.RETURNED: Tone.CRITICAL,
    ChipState.ACCEPTED: Tone.GOOD_LOCKED,
    ChipState.VOID: Tone.NEUTRAL,
    ChipState.CONFLICT: Tone.CONFLICT,
}


class ToneText(NamedTuple):
    """Words and their tone."""

    text: str
    tone: Tone


def status_word(status: Status) -> ToneText:
    """How a business stands, as a chip (handbook 7.1)."""
    tones = {
        Status.HEALTHY: Tone.GOOD,
        Status.WATCH: Tone.WATCH,
        Status.AT_RISK: Tone.RISK,
        Status.CRITICAL: Tone.CRITICAL,
    }
    return ToneText(status_words(status), tones.get(status, Tone.NEUTRAL))


def health_text(code: str) -> str:
    """The status of a business in a list; "" while nobody scored it."""
    return status_words(Status(code)) if code in set(Status) else ""


def health_tone(code: str) -> Tone | None:
    """Its tone; None shows plain text."""
    return status_word(Status(code)).tone if code in set(Status) else None


def chip_text(chip: Chip) -> ToneText:
    """Words and tone of a record's chip."""
    return ToneText(_chip_words(chip), TONES[chip.state])


def _chip_words(chip: Chip) -> str:
    if chip.state == ChipState.DRAFT:
        return _("Draf · {n} perlu diisi").format(n=chip.missing) if chip.missing else _("Draf · lengkap")
    if chip.state == ChipState.SENT_PHOTOS_PENDING:
        return _("Terkirim · foto {there}/{all}").format(there=chip.photos_there, all=chip.photos_expected)
    if chip.state == ChipState.SENT:
        return _("Terkirim {at}").format(at=short_instant(chip.at)) if chip.at else STATE_WORDS[chip.state]()
    return STATE_WORDS[chip.state]()


def kind_words() -> Mapping[RecordKind, str]:
    """What each kind of record is called on screen."""
    return {
        RecordKind.PERSON: _("Penerima"),
        RecordKind.HOUSEHOLD: _("Keluarga"),
        RecordKind.KUBE_GROUP: _("Kelompok"),
        RecordKind.MEMBERSHIP: _("Keanggotaan"),
        RecordKind.BUSINESS_UNIT: _("Unit usaha"),
        RecordKind.PROGRAM_BATCH: _("Paket program"),
        RecordKind.STAFF: _("Petugas"),
        RecordKind.TRAINING_EVENT: _("Pelatihan"),
        RecordKind.ASSESSMENT: _("Asesmen"),
        RecordKind.VISIT: _("Kunjungan"),
        RecordKind.ATTENDANCE: _("Daftar hadir"),
        RecordKind.AID: _("Berita acara serah terima"),
        RecordKind.GRADUATION: _("Usulan graduasi"),
        RecordKind.REFERRAL: _("Rujukan"),
        RecordKind.REFERRAL_STATUS: _("Perkembangan rujukan"),
        RecordKind.CONSENT: _("Persetujuan"),
        RecordKind.DESIL_CHECK: _("Pengecekan desil"),
        RecordKind.VALUE_HISTORY: _("Riwayat data"),
        RecordKind.REVIEW: _("Tinjauan penyelia"),
        RecordKind.TEST_RESULT: _("Nilai prates/pascates"),
        RecordKind.MERGE_DECISION: _("Keputusan data ganda"),
    }


def special_words() -> Mapping[str, str]:
    """Words of the answers that are neither value nor blank."""
    return {UNKNOWN: _("Tidak tahu"), REFUSED: _("Menolak menjawab")}


def severity_word(severity: Severity, count: int) -> ToneText:
    """A count of findings of one severity, as a chip."""
    if severity == Severity.GALAT:
        return ToneText(_("{n} galat").format(n=count), Tone.CRITICAL)
    if severity == Severity.PERINGATAN:
        return ToneText(_("{n} peringatan").format(n=count), Tone.WATCH)
    return ToneText(_("{n} keterangan").format(n=count), Tone.NEUTRAL)


def missing_words(count: int) -> str:
    """How many required answers are still missing."""
    return _("{n} isian wajib belum diisi").format(n=count)


def section_state_word(state: SectionState) -> str:
    """What a screen reader and the tool tip say about a section."""
    words = {
        SectionState.EMPTY: _("belum diisi"),
        SectionState.PARTIAL: _("terisi sebagian"),
        SectionState.WRONG: _("ada galat"),
        SectionState.COMPLETE: _("lengkap"),
    }
    return words[state]
