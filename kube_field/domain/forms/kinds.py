"""What each kind of question asks of its answer: shape, bounds, choices, counts; rules of handbook section 3."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from gettext import gettext as _
from typing import Any, TypeAlias

from kube_field.domain.forms.answered import ISO_DAY, read_day, rows
from kube_field.domain.forms.codes import NONE
from kube_field.domain.forms.declaration import Context, Kind, Question, Severity
from kube_field.domain.identifiers import check_kk, check_nik
from kube_field.domain.names import check_name
from kube_field.domain.phones import check_phone

Said: TypeAlias = tuple[str, Severity, str]

TEXT_LENGTH = 200
LONG_TEXT_LENGTH = 2000
MAX_AMOUNT_IDR = 99_999_999_999
MAX_WHOLE = 2**53 - 1
"""The largest integer that every JSON reader keeps exact."""
MAX_PHOTO_BYTES = 400 * 1024
MAX_SIGNATURE_BYTES = 8 * 1024
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
"""Signs that no text holds: control characters but tab and line end."""
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?", re.ASCII)
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_VILLAGE = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
NORTH, SOUTH, WEST, EAST = 2.7, -2.6, 113.6, 119.2
"""Where East Kalimantan lies, degrees (handbook 3.7); outside is a warning."""


def check_value(question: Question, value: Any, context: Context) -> Iterable[Said]:
    """Judge one answer by its kind; whatever JSON it is, the result is findings and never an exception."""
    return list(_CHECKS[question.kind](question, value, context))


def _shape() -> Said:
    return ("SHAPE", Severity.GALAT, _("Bentuk isian ini tidak dapat dibaca. Isi ulang."))


def _galat(code: str, message: str) -> Said:
    return (code, Severity.GALAT, message)


def text_limit(question: Question) -> int:
    """So many letters a text may have."""
    return question.max_length or (LONG_TEXT_LENGTH if question.kind == Kind.LONG_TEXT else TEXT_LENGTH)


def _text(question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, str) or CONTROL.search(value):
        yield _shape()
        return
    limit = text_limit(question)
    if len(value) > limit:
        yield _galat("TEXT_TOO_LONG", _("Paling banyak {n} huruf.").format(n=limit))
    if question.at_least and len(value.strip()) < question.at_least:
        yield _galat("TEXT_TOO_SHORT", _("Tulis sedikitnya {n} huruf.").format(n=question.at_least))
    elif not value.strip():
        yield _galat("REQUIRED", _("Isi dengan tulisan, bukan spasi saja."))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _bounds(question: Question, value: float) -> Iterator[Said]:
    if question.at_least is not None and value < question.at_least:
        yield _galat("TOO_SMALL", _("Paling sedikit {n}.").format(n=question.at_least))
    if question.at_most is not None and value > question.at_most:
        yield _galat("TOO_LARGE", _("Paling banyak {n}.").format(n=question.at_most))


def _integer(question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not _is_whole(value) or abs(value) > MAX_WHOLE:
        yield _shape()
        return
    yield from _bounds(question, value)


def _decimal(question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        yield _galat("DECIMAL_FORMAT", _("Tulis angka, misalnya 1,5."))
        return
    yield from _bounds(question, float(value))


def _rupiah(question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not _is_whole(value):
        yield _galat("AMT_FORMAT", _("Tulis jumlah rupiah, misalnya 1.250.000."))
    elif value < 0:
        yield _galat("AMT_NEGATIVE", _("Jumlah tidak boleh kurang dari nol; rugi dihitung sendiri."))
    elif value > MAX_AMOUNT_IDR:
        yield _galat("AMT_TOO_LARGE", _("Jumlah lebih dari Rp99.999.999.999."))
    else:
        yield from _bounds(question, value)
        if question.soft_limit is not None and value > question.soft_limit:
            yield ("AMT_UNUSUAL", Severity.PERINGATAN, _("Nilai sangat besar, periksa jumlah nol."))


def _date(_question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if read_day(value) is not None:
        return
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        yield _galat("DATE_NOT_EXIST", _("Tanggal ini tidak ada dalam kalender."))
    else:
        yield _galat("DATE_FORMAT", _("Tulis tanggal, misalnya 23/11/2026."))


def _time(_question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        yield _galat("TIME_FORMAT", _("Tulis jam, misalnya 10.30."))


def _yes_no(_question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, bool):
        yield _shape()


def _choice_known(question: Question, code: str) -> bool:
    return any(choice.code == code for choice in question.choices)


def _one_of(question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, str):
        yield _shape()
    elif not _choice_known(question, value):
        yield _galat("CHOICE_UNKNOWN", _("Pilih salah satu jawaban yang tersedia."))


def _many_of(question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        yield _shape()
        return
    if question.choices and not all(_choice_known(question, code) for code in value):
        yield _galat("CHOICE_UNKNOWN", _("Pilih dari jawaban yang tersedia."))
    if len(set(value)) < len(value):
        yield _galat("CHOICE_TWICE", _("Satu jawaban dipilih dua kali."))
    if NONE in value and len(value) > 1:
        label = question.choice_label(NONE)
        yield _galat(
            "CHOICE_NONE_AND_OTHERS", _("“{label}” tidak dapat dipilih bersama yang lain.").format(label=label)
        )
    yield from _counts(question, len(value))


def _level(question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not _is_whole(value):
        yield _shape()
    elif not _choice_known(question, str(value)):
        yield _galat("CHOICE_UNKNOWN", _("Pilih salah satu tingkat yang tersedia."))


def _counts(question: Question, count: int) -> Iterator[Said]:
    if question.at_least is not None and count < question.at_least:
        message = _("Isi sedikitnya {n}; sekarang baru {count}.").format(n=question.at_least, count=count)
        yield _galat("TOO_FEW", message)
    if question.at_most is not None and count > question.at_most:
        message = _("Paling banyak {n}; sekarang {count}.").format(n=question.at_most, count=count)
        yield _galat("TOO_MANY", message)


def _nik(_question: Question, value: Any, context: Context) -> Iterator[Said]:
    """Errors of the number alone; what family, birth date or sex say about it is asked by the form's own rule."""
    if not isinstance(value, str):
        yield _shape()
        return
    checked = check_nik(value, today=context.today)
    yield from _errors_or_not_normal(checked.findings, checked.value, value)


def _kk(_question: Question, value: Any, context: Context) -> Iterator[Said]:
    if not isinstance(value, str):
        yield _shape()
        return
    checked = check_kk(value, today=context.today)
    yield from _errors_or_not_normal(checked.findings, checked.value, value)


def _phone(_question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, str):
        yield _shape()
        return
    checked = check_phone(value)
    yield from _findings_and_normal(checked.findings, checked.value, value)


def _name(_question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, str):
        yield _shape()
        return
    checked = check_name(value)
    yield from _findings_and_normal(checked.findings, checked.value, value)


def _errors_or_not_normal(findings: Iterable[Said], normal: Any, value: str) -> Iterator[Said]:
    yield from _findings_and_normal([said for said in findings if said[1] == Severity.GALAT], normal, value)


def _findings_and_normal(findings: Iterable[Said], normal: Any, value: str) -> Iterator[Said]:
    """The findings; a good value in another spelling than the stored one is refused, so that searching finds it."""
    listed = list(findings)
    yield from listed
    if all(severity != Severity.GALAT for _code, severity, _message in listed) and normal != value:
        yield _galat("NOT_NORMAL", _("Tulis ulang tanpa spasi atau tanda tambahan: {value}").format(value=normal))


def _region(_question: Question, value: Any, context: Context) -> Iterator[Said]:
    if not isinstance(value, str) or not _VILLAGE.fullmatch(value):
        yield _galat("REGION_FORMAT", _("Pilih desa, kelurahan, atau kampung dari daftar."))
    elif context.reference is not None and context.reference.regions.village(value) is None:
        yield _galat("REGION_UNKNOWN", _("Desa, kelurahan, atau kampung ini tidak ada dalam daftar."))


def _reference(_question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, Mapping) or not all(isinstance(value.get(key), str) for key in ("uid", "name")):
        yield _shape()
    elif not value["uid"]:
        yield _galat("REQUIRED", _("Pilih dari daftar."))


def _rows(question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, list) or not all(_is_row(row) for row in value):
        yield _shape()
        return
    ids = [row["id"] for row in value]
    if len(set(ids)) < len(ids):
        yield _galat("ROW_TWICE", _("Satu baris tercatat dua kali. Hapus salah satu."))
    yield from _counts(question, len(rows({"": value}, "")))


def _is_row(row: Any) -> bool:
    return isinstance(row, Mapping) and isinstance(row.get("id"), str) and row["id"] != ""


def _photos(question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, list) or not all(_is_photo(item) for item in value):
        yield _shape()
        return
    if any(item["size"] > MAX_PHOTO_BYTES for item in value):
        yield _galat("PHOTO_TOO_LARGE", _("Foto lebih besar dari 400 KB. Tambahkan ulang agar diperkecil."))
    kinds = [item.get("photo_kind", "") for item in value]
    if question.choices and not all(isinstance(kind, str) and _choice_known(question, kind) for kind in kinds):
        yield _galat("PHOTO_KIND", _("Pilih jenis setiap foto."))
    yield from _counts(question, len(value))


def _is_photo(item: Any) -> bool:
    return (
        isinstance(item, Mapping)
        and isinstance(item.get("id"), str)
        and isinstance(item.get("sha256"), str)
        and bool(_SHA256.fullmatch(item["sha256"]))
        and _is_whole(item.get("size"))
        and item["size"] > 0
        and isinstance(item.get("mime"), str)
    )


def _signature(_question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        yield _shape()
        return
    if not value["name"].strip():
        yield _galat("SIGNATURE_NAME", _("Tulis nama yang bertanda tangan."))
    if "thumbprint" in value:
        if not _is_photo(value["thumbprint"]):
            yield _shape()
    elif not _are_strokes(value.get("strokes")):
        yield _shape()
    elif len(json.dumps(value["strokes"], separators=(",", ":"))) > MAX_SIGNATURE_BYTES:
        yield _galat("SIGNATURE_TOO_LARGE", _("Tanda tangan terlalu panjang. Hapus dan ulangi."))


def _are_strokes(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_stroke(stroke) for stroke in value)


def _is_stroke(stroke: Any) -> bool:
    return (
        isinstance(stroke, list)
        and bool(stroke)
        and all(isinstance(point, list) and len(point) == 2 and all(map(_is_whole, point)) for point in stroke)
    )


def _location(_question: Question, value: Any, _context: Context) -> Iterator[Said]:
    if not isinstance(value, Mapping):
        yield _shape()
        return
    if "latitude" not in value and "longitude" not in value:
        if not isinstance(value.get("note"), str) or not value["note"].strip():
            yield _shape()
        return
    place = [value.get("latitude"), value.get("longitude")]
    if not all(isinstance(number, str) and DECIMAL.fullmatch(number) for number in place):
        yield _galat("GPS_FORMAT", _("Tulis lintang dan bujur dalam derajat, misalnya -0,502106 dan 117,153709."))
        return
    accuracy = value.get("accuracy_m")
    if accuracy is not None and (not _is_whole(accuracy) or not 0 <= accuracy <= 100_000):
        yield _galat("GPS_ACCURACY", _("Ketelitian lokasi ditulis dalam meter."))
    yield from _judge_place(float(value["latitude"]), float(value["longitude"]))


def _judge_place(latitude: float, longitude: float) -> Iterator[Said]:
    if abs(latitude) > 90 or abs(longitude) > 180:
        yield _galat("GPS_NOT_EXIST", _("Titik ini tidak ada di bumi. Periksa lintang dan bujur."))
    elif not (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST):
        message = _("Titik lokasi berada di luar Kalimantan Timur. Periksa lintang dan bujur.")
        yield ("GPS_OUTSIDE", Severity.PERINGATAN, message)


def _computed(_question: Question, _value: Any, _context: Context) -> Iterator[Said]:
    return iter(())


_CHECKS: Mapping[Kind, Callable[[Question, Any, Context], Iterator[Said]]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.RUPIAH: _rupiah,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.YES_NO: _yes_no,
    Kind.ONE_OF: _one_of,
    Kind.MANY_OF: _many_of,
    Kind.NIK: _nik,
    Kind.KK: _kk,
    Kind.PHONE: _phone,
    Kind.NAME: _name,
    Kind.REGION: _region,
    Kind.PERSON: _reference,
    Kind.REFERENCE: _reference,
    Kind.ROWS: _rows,
    Kind.COMPUTED: _computed,
    Kind.PHOTO: _photos,
    Kind.SIGNATURE: _signature,
    Kind.LOCATION: _location,
    Kind.LEVEL: _level,
}
