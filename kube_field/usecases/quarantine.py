"""Karantina: what the server set aside, told in words, and a supervisor's decision about it.

It lies on the server alone and is asked for over a connection: it may be work about people whom this laptop does not
hold, so nothing of it is stored here, and a decision counts only with the server's receipt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any, Protocol

from kube_field.domain.forms.aid_rules import NEEDS_VISIT
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Form, Kind, Question
from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH, is_blank
from kube_field.domain.merge import DELETED
from kube_field.domain.records import PROVINCE_SCOPE, RecordKind, Role
from kube_field.domain.regions import short_kabupaten
from kube_field.errors import Failure, KubeFieldError
from kube_field.storage.aside_counts import AsideCount, aside_count, keep_count
from kube_field.sync.troubles import trouble_of
from kube_field.usecases.answer_text import SECTION_ROWS, answer_in_words
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.drafts import subject_name
from kube_field.usecases.parents import display_name
from kube_field.usecases.session import Session
from kube_field.wire.messages import DONE, HELD
from kube_field.wire.quarantine import ACCEPT, REFUSE, AsideAnswer, AskAside, Decide, Decided, SetAside
from kube_field.wire.refusals import Refusal, RefusalCode

REVIEWERS = frozenset({Role.PENYELIA_KAB, Role.ADMIN_PROV})


class ReviewDesk(Protocol):
    """Where a supervisor asks; `HttpTransport` is one. Raises: KubeFieldError, Refusal."""

    def list_aside(self, body: AskAside) -> AsideAnswer:
        """What waits for him."""
        ...

    def decide(self, body: Decide) -> Decided:
        """His word, and the server's receipt for it."""
        ...


@dataclass(frozen=True, slots=True)
class AsideRecord:
    """One change that waits. `kind` is None for what nobody can read. Instants are UTC.

    `cause` says why it waits (`short_cause` in two words), `advice` what the supervisor may do. `stuck`: the server
    could not work it (failed). `waits`: there is nothing to decide, it waits for another record. `sections` hold what
    its officer wrote.
    """

    change: str
    uid: str
    kind: RecordKind | None
    title: str
    place: str
    author: str
    sender: str
    since: str
    written_at: str
    number: str
    short_cause: str
    cause: str
    advice: str
    sections: tuple[SECTION_ROWS, ...]
    is_edit: bool = False
    reason: str = ""
    stuck: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class AsidePage:
    """Part of the list, oldest first; with `after` there is more. `at` is the server's time.

    `total` is how many wait in all, None from a server that does not count.
    """

    records: tuple[AsideRecord, ...]
    at: str
    after: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's word about a decision: in the records now (`taken`), how it ended in words, when (UTC).

    `open`: it waits still. `late`: it had been decided before, this decision did nothing.
    """

    change: str
    words: str
    at: str
    taken: bool
    open: bool = False
    late: bool = False


def may_review(session: Session) -> bool:
    """True for whoever decides about what was set aside; the server judges again."""
    return session.officer.role in REVIEWERS


def aside_known(session: Session) -> AsideCount | None:
    """How many wait for this officer as far as the server said so last; None for who does not decide."""
    return aside_count(session.store, session.officer.uid) if may_review(session) else None


def ask_aside(session: Session, desk: ReviewDesk, *, after: str = "") -> AsidePage:
    """What waits for this officer's decision. Raises: KubeFieldError when the server is not reached or refuses."""
    _require_reviewer(session)
    try:
        answer = desk.list_aside(AskAside(by=session.officer.uid, after=after))
    except Refusal as refusal:
        raise _trouble(refusal) from refusal
    if answer.total is not None:
        keep_count(session.store, session.officer.uid, answer.total, answer.at)
    names = {item.uid: display_name(_new_values(item)) for item in answer.items}
    records = tuple(_record(session, item, names) for item in answer.items)
    return AsidePage(records, answer.at, answer.after if answer.more else "", answer.total)


def accept_aside(session: Session, desk: ReviewDesk, record: AsideRecord) -> Receipt:
    """Let it in. Raises: KubeFieldError when no receipt came; then nothing is known to be decided."""
    return _decide(session, desk, record, ACCEPT, "")


def refuse_aside(session: Session, desk: ReviewDesk, record: AsideRecord, reason: str) -> Receipt:
    """Refuse it; the reason goes to its sender. Raises: KubeFieldError, also VALIDATION without a reason."""
    said = reason.strip()
    if len(said) < MIN_REASON_LENGTH:
        raise KubeFieldError(
            Failure.VALIDATION, _("Tulis alasan penolakan."), _("Alasan itu dikirim kepada petugas yang menulisnya.")
        )
    return _decide(session, desk, record, REFUSE, said)


def _decide(session: Session, desk: ReviewDesk, record: AsideRecord, decision: str, reason: str) -> Receipt:
    _require_reviewer(session)
    body = Decide(by=session.officer.uid, change=record.change, decision=decision, reason=reason)
    try:
        told = desk.decide(body)
    except Refusal as refusal:
        raise _trouble(refusal) from refusal
    if told.change != record.change:
        raise trouble_of(Refusal(RefusalCode.SERVER_FAULT, ""))
    receipt = _receipt(told)
    known = aside_count(session.store, session.officer.uid)
    if known is not None and not receipt.open:
        keep_count(session.store, session.officer.uid, max(known.count - 1, 0), told.at)
    if not receipt.late:
        line = audit_line(session, f"quarantine.{decision}", record.kind or "", record.uid, reason)
        session.store.audit(line)
    return receipt


def _receipt(told: Decided) -> Receipt:
    waits = told.status in ("quarantined", "failed", HELD)
    late = not told.yours
    return Receipt(told.change, _outcome(told), told.at, told.status in DONE, open=waits, late=late)


def _outcome(told: Decided) -> str:
    why = next((error.message for error in told.errors if error.message), "")
    if not told.yours:
        return _late(told, why)
    if told.status == "conflict":
        words = _("Diterima. {n} isian berbeda dengan data sekarang dan masuk ke Bentrok.")
        return words.format(n=max(told.conflicts, 1))
    if told.status == "rejected" and why and any(error.code == "REFUSED" for error in told.errors):
        return _("Ditolak; petugasnya membaca alasan Anda di Antreannya.")
    words_of = {
        "rejected": _("Tidak dapat diterima: {why} Petugasnya diberi tahu untuk memperbaikinya.").format(why=why),
        "failed": _("Server masih belum dapat memprosesnya; data tetap tersimpan di server."),
        HELD: _("Diterima; data ini masuk setelah data yang dirujuknya sampai di server."),
    }
    return words_of.get(told.status, _("Diterima; tampil di laptop setelah sinkronisasi berikutnya."))


def _late(told: Decided, why: str) -> str:
    who = told.by or _("server sendiri")
    if told.status in DONE:
        return _("Sudah diterima lebih dahulu oleh {name}.").format(name=who)
    if told.status == "rejected":
        return _("Sudah ditolak lebih dahulu oleh {name}: {why}").format(name=who, why=why or "–")
    return _("Data ini masih menunggu data lain; belum ada yang perlu diputuskan.")


# what was set aside, in words


def _new_values(item: SetAside) -> dict[str, Any]:
    return {name: new for name, (_old, new) in item.fields.items()}


def _record(session: Session, item: SetAside, names: Mapping[str, str]) -> AsideRecord:
    """`names` are those of the records of this page, by uid: what hangs on one is called after it."""
    kind = RecordKind(item.kind) if item.kind in set(RecordKind) else None
    new = _new_values(item)
    cause, advice = _why(item)
    return AsideRecord(
        change=item.change,
        uid=item.uid,
        kind=kind,
        title=display_name(new) or subject_name(new) or _known_name(session, (item.uid, item.parent), names),
        place=_place(session, item.scope, new.get("village_code")),
        author=item.author,
        sender=item.sender,
        since=item.since,
        written_at=item.at,
        number=item.number,
        short_cause=_short(item),
        cause=cause,
        advice=advice,
        sections=_sections(session, kind, item),
        is_edit=bool(kind) and not item.create,
        reason=item.reason,
        stuck=item.status == "failed",
        waits=item.status == HELD,
    )


def _place(session: Session, scope: str, village: object) -> str:
    """Where it would go: its village, else the kecamatan."""
    regions = session.reference.regions
    if isinstance(village, str) and regions.village(village) is not None:
        return regions.full_name(village)
    kecamatan, kabupaten = regions.kecamatan(scope), regions.kabupaten(scope)
    if kecamatan is None or kabupaten is None:
        return _("Provinsi Kalimantan Timur") if scope == PROVINCE_SCOPE else ""
    return f"Kec. {kecamatan.name}, {short_kabupaten(kabupaten.name)}"


def _known_name(session: Session, uids: Sequence[str], names: Mapping[str, str]) -> str:
    """The name of the first of these records that is known, from the same page or from this laptop."""
    for uid in uids:
        record = session.store.records.get(uid) if uid else None
        if name := names.get(uid, "") or (display_name(record.answers) if record is not None else ""):
            return name
    return ""


def _short(item: SetAside) -> str:
    """Why it waits, short enough for a list."""
    if item.status == HELD:
        return _("Menunggu data lain")
    told = {
        "AUTHOR_UNKNOWN": _("Petugas belum dikenal"),
        "FORMER_AREA": _("Bukan wilayahnya lagi"),
        "MOVED_AWAY": _("Di luar wilayahnya"),
        "ACCEPTED_BEFORE": _("Pernah diterima server"),
        "DECIDED_BEFORE": _("Keputusan lain berlaku"),
        "UNKNOWN_FORM": _("Formulir terlalu baru"),
        NEEDS_VISIT: _("Kunjungan belum disetujui"),
    }
    return told.get(item.code, _("Gagal diproses") if item.status == "failed" else _("Perlu diperiksa"))


def _told_by_code(item: SetAside) -> dict[str, tuple[str, str]]:
    """Cause and advice of what was set aside, by the code of the server's word."""
    return {
        "AUTHOR_UNKNOWN": (
            _("Petugas yang menulisnya belum terdaftar di server."),
            _("Terima bila Anda mengenal petugas dan warganya. Setelah petugas itu terdaftar, data masuk sendiri."),
        ),
        "FORMER_AREA": (
            _("Wilayah ini bukan lagi wilayah tugas petugas yang menulisnya."),
            _("Terima bila isinya benar, misalnya ditulis sebelum tugasnya berpindah."),
        ),
        "MOVED_AWAY": (
            _("Data ini sekarang di luar wilayah tugas petugas yang menulisnya."),
            _("Terima bila isinya masih benar, misalnya ditulis sebelum datanya pindah."),
        ),
        "ACCEPTED_BEFORE": (
            _("Data ini pernah diterima, tetapi server yang dipulihkan tidak mengenal lagi wewenang petugasnya."),
            _("Terima bila petugas itu memang bertugas di sini, dan periksa wilayah tugasnya."),
        ),
        "DECIDED_BEFORE": (
            item.message,
            _("Terima setelah penghalangnya hilang, atau tolak bila keputusan yang berlaku sekarang sudah benar."),
        ),
        "UNKNOWN_FORM": (
            _("Formulirnya lebih baru daripada program server."),
            _("Tidak perlu ditolak: diproses sendiri setelah server diperbarui."),
        ),
        NEEDS_VISIT: (
            item.message,
            _("Periksa kunjungan unit ini; setelah Anda menyetujuinya, berita acara masuk sendiri."),
        ),
    }


def _why(item: SetAside) -> tuple[str, str]:
    """Cause and advice of what waits, one sentence each."""
    told = _told_by_code(item)
    if item.status == HELD:
        cause = _("Data yang dirujuknya belum sampai di server, sudah lebih dari lima hari.")
        return cause, _("Mintalah petugasnya mengirim data yang belum terkirim; setelah itu data ini masuk sendiri.")
    if item.status == "failed" and item.code not in told:
        cause = _("Server gagal memprosesnya.")
        return cause, _("Tekan Coba proses lagi; bila tetap gagal, sampaikan kepada admin provinsi.")
    fallback = (item.message or _("Server meminta data ini diperiksa dahulu."), _("Terima bila isinya benar."))
    if item.kind == RecordKind.MERGE_DECISION and item.code == "MOVED_AWAY":
        return item.message, _("Diterima oleh yang berwenang di kedua wilayah, biasanya admin provinsi.")
    return told.get(item.code, fallback)


def _sections(session: Session, kind: RecordKind | None, item: SetAside) -> tuple[SECTION_ROWS, ...]:
    declared = _form(kind, item.form) if kind is not None else None
    if declared is None:
        return ()
    told: list[SECTION_ROWS] = []
    for section in declared.sections:
        lines = tuple(
            (_(question.label), _said(session, question, item.fields[question.code], is_new=item.create))
            for question in section.questions
            if question.code in item.fields and _is_told(question, item.fields[question.code])
        )
        if lines:
            told.append((_(section.title), lines))
    return (*told, *_beyond(declared, item.fields))


def _is_told(question: Question, pair: tuple[Any, Any]) -> bool:
    return question.kind != Kind.COMPUTED and not all(is_blank(value) for value in pair)


def _beyond(declared: Form, fields: Mapping[str, Any]) -> tuple[SECTION_ROWS, ...]:
    """What no question of this program asks: a deletion, and fields whose content is not shown unread."""
    known = {question.code for question in declared.questions()}
    lines = [(_("Penghapusan data"), _("ya"))] if fields.get(DELETED, (None, None))[1] else []
    others = [name for name in fields if name not in known and name != DELETED]
    if others:
        lines.append((_("Isian lain"), _("{n} isian yang belum dikenal aplikasi ini").format(n=len(others))))
    return ((_("Lainnya"), tuple(lines)),) if lines else ()


def _form(kind: RecordKind, version: str) -> Form | None:
    """The form that was filled in; the newest known one for a version of another program."""
    for wanted in (version, ""):
        try:
            return form(kind, wanted) if wanted else form(kind)
        except LookupError:
            continue
    return None


def _said(session: Session, question: Question, pair: tuple[Any, Any], *, is_new: bool) -> str:
    old, new = (_in_words(session, question, value) for value in pair)
    return new if is_new else _("{old} → {new}").format(old=old, new=new)


def _in_words(session: Session, question: Question, value: Any) -> str:
    """An answer as it is shown elsewhere; one that no form of this program writes is named, never shown raw."""
    if is_blank(value):
        return _("(kosong)")
    if question.kind == Kind.PHOTO:
        return _("{n} foto").format(n=len(value) if isinstance(value, list) else 1)
    if question.kind == Kind.SIGNATURE:
        return _("ada")
    unread = _("(tidak terbaca)")
    if question.kind in (Kind.NIK, Kind.KK) and not isinstance(value, str | dict):
        return unread
    try:
        return answer_in_words(question, value, session.reference)
    except (ValueError, TypeError, KeyError, AttributeError, LookupError):
        return unread


# failures


def _require_reviewer(session: Session) -> None:
    if not may_review(session):
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Karantina diputuskan oleh penyelia kabupaten/kota atau admin provinsi."),
            _("Beri tahu penyelia Anda."),
        )


def _trouble(refusal: Refusal) -> KubeFieldError:
    """What a refusal means here: the server's own sentence where it is about this officer or this record."""
    advice = {
        RefusalCode.NOT_ALLOWED: _("Hubungi admin provinsi. Data tetap tersimpan di server."),
        RefusalCode.NOT_SET_ASIDE: _("Muat ulang daftarnya."),
        RefusalCode.NO_SUCH_ADDRESS: _("Hubungi admin provinsi: program server perlu diperbarui."),
    }
    if refusal.code not in advice:
        return trouble_of(refusal)
    sentence = refusal.message
    if refusal.code == RefusalCode.NO_SUCH_ADDRESS:
        sentence = _("Server ini belum dapat menampilkan karantina di aplikasi.")
    return KubeFieldError(Failure.NOT_ALLOWED, sentence, advice[refusal.code], code=refusal.code.name)
