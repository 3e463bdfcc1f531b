"""The recap as tables of plain cells, the same for paper and spreadsheet (handbook 9.5)."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from gettext import gettext as _
from typing import TypeAlias

from kube_field.domain.recap import Activity, Recap
from kube_field.domain.rules.score import status_words

Cell: TypeAlias = int | str | None


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its head, its share of a page's width, and whether it holds words."""

    title: str
    share: float
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `has_sum` when its last row adds up the others, `empty` is said when it has no rows."""

    code: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_sum: bool = False
    empty: str = ""


def recap_tables(recap: Recap) -> tuple[Table, ...]:
    """Tables I to IV."""
    return _activities(recap), _standings(recap), _economy(recap), _follow_ups(recap)


def definitions() -> tuple[str, ...]:
    """What the words mean, printed below the tables."""
    return (
        _(
            "Rencana kunjungan = kunjungan yang jatuh tempo pada bulan ini menurut jadwal. Terlaksana = jadwal yang "
            "terpenuhi oleh kunjungan final. Persentase tidak dihitung bila rencana 0 (ditulis “–”)."
        ),
        _("Nilai tengah (median), bukan rata-rata. Unit yang berhenti atau lulus tidak dihitung sebagai unit aktif."),
    )


def _activities(recap: Recap) -> Table:
    titles = (
        (_("No"), 4, True),
        (_("Kecamatan"), 13, True),
        (_("KUBE aktif"), 5.5, False),
        (_("Perorangan aktif"), 9.5, False),
        (_("L"), 3.5, False),
        (_("P"), 3.5, False),
        (_("Asesmen"), 7.5, False),
        (_("BAST"), 5, False),
        (_("Nilai BAST (Rp)"), 10, False),
        (_("Pelatihan"), 8, False),
        (_("Peserta"), 7, False),
        (_("Rencana kunjungan"), 8.5, False),
        (_("Terlaksana"), 8.5, False),
        (_("%"), 4.5, False),
        (_("Rujukan dikirim"), 7.5, False),
        (_("Rujukan selesai"), 7.5, False),
    )
    rows: list[tuple[Cell, ...]] = [
        (str(at), name, *_activity_cells(row)) for at, (name, row) in enumerate(recap.activities, start=1)
    ]
    rows.append(("", _("Jumlah"), *_activity_cells(recap.all_activities)))
    return Table(
        "kegiatan",
        _("Tabel I. Kegiatan"),
        tuple(TableColumn(*one) for one in titles),
        tuple(rows) if recap.activities else (),
        has_sum=True,
        empty=_("Tidak ada kegiatan pada bulan ini."),
    )


def _activity_cells(row: Activity) -> tuple[Cell, ...]:
    before_percent = astuple(row)[:-2]
    return (*before_percent, row.percent, row.referrals_sent, row.referrals_done)


def _standings(recap: Recap) -> Table:
    titles = (
        _("Sehat"),
        _("Perlu perhatian"),
        _("Rawan"),
        _("Kritis"),
        _("Data belum cukup"),
        _("Tidak terpantau"),
        _("Berhenti"),
        _("Lulus"),
    )
    rows: list[tuple[Cell, ...]] = [(name, *astuple(row)) for name, row in recap.standings]
    rows.append((_("Jumlah"), *astuple(recap.all_standings)))
    return Table(
        "keadaan",
        _("Tabel II. Keadaan usaha pada hari terakhir bulan"),
        (TableColumn(_("Kecamatan"), 24, is_text=True), *(TableColumn(title, 9.5) for title in titles)),
        tuple(rows) if recap.standings else (),
        has_sum=True,
        empty=_("Belum ada unit usaha."),
    )


def _economy(recap: Recap) -> Table:
    one = recap.economy
    titles = (
        _("Jumlah unit"),
        _("Median omzet 30 hari (Rp)"),
        _("Median laba 30 hari (Rp)"),
        _("% unit untung"),
        _("Median penghasilan per kapita terhadap garis kemiskinan (%)"),
        _("% dengan buku kas tingkat 3 atau 4"),
    )
    cells = (
        one.units,
        one.median_revenue,
        one.median_profit,
        one.profitable_percent,
        one.median_income_percent,
        one.books_percent,
    )
    return Table(
        "ekonomi",
        _("Tabel III. Ekonomi (unit dengan kunjungan bernilai pada bulan ini)"),
        tuple(TableColumn(title, 16) for title in titles),
        (cells,) if one.units else (),
        empty=_("Tidak ada kunjungan bernilai pada bulan ini."),
    )


def _follow_ups(recap: Recap) -> Table:
    titles = (
        (_("No"), 4),
        (_("Unit"), 18),
        (_("Desa"), 12),
        (_("Status"), 8),
        (_("Tanda peringatan"), 30),
        (_("Tindak lanjut"), 18),
        (_("Penanggung jawab"), 10),
    )
    rows = tuple(
        (
            str(at),
            one.unit,
            one.village,
            status_words(one.status),
            " ".join(one.flags) or None,
            one.action or None,
            one.who or None,
        )
        for at, one in enumerate(recap.follow_ups, start=1)
    )
    return Table(
        "tindak_lanjut",
        _("Tabel IV. Unit yang memerlukan tindak lanjut"),
        tuple(TableColumn(title, share, is_text=True) for title, share in titles),
        rows,
        empty=_("Tidak ada unit kritis atau rawan."),
    )
