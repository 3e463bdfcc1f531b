"""`kube-field export`: a workbook or CSV files from the command line, with the rights of whoever asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from kube_field.domain.records import Role
from kube_field.errors import Failure
from kube_field.storage.vault.argon import FALLBACK
from tests.support.command_line import kube, kube_process, officer_of, set_up
from tests.support.laptop import START
from tests.support.make_records import make_unit, nik_of, record_visit
from tests.support.read_sheets import csv_table, sheets_of, table_of

PURPOSE = "Laporan triwulan"


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed laptop of a supervisor with a family, a business and a visit."""
    folder = tmp_path_factory.mktemp("penyelia") / "laptop"
    officer = officer_of("Sari", role=Role.PENYELIA_KAB)
    with set_up(folder, officer=officer, now=START, cost=FALLBACK) as made:
        record_visit(made.session, make_unit(made.session).uid)
    return folder


def test_everything_of_the_area_goes_into_one_workbook(laptop: Path, tmp_path: Path) -> None:
    out = tmp_path / "semua.xlsx"
    ran = kube_process(laptop, "export", "--out", str(out), "--purpose", PURPOSE, "--with-nik")
    assert ran.code == 0, ran.err
    (line,) = ran.lines
    assert (line["ok"], line["out"], line["rows"]["Kunjungan"], line["left_out"]) == (True, str(out), 1, 0)
    assert "tidak terenkripsi" in ran.err
    assert {"Keterangan", "Warga", "Keluarga", "Kunjungan", "Kamus"} <= set(sheets_of(out))
    assert nik_of(1) in {row["NIK"] for row in table_of(out, "Warga")}


def test_one_kind_goes_into_a_folder_of_csv_with_the_numbers_masked(laptop: Path, tmp_path: Path) -> None:
    ran = kube(laptop, "export", "--out", str(tmp_path / "warga"), "--purpose", PURPOSE, "--type", "person")
    assert ran.code == 0, ran.err
    names = sorted(one.name for one in (tmp_path / "warga").iterdir())
    assert names == ["Kamus.csv", "Keterangan.csv", "Warga.csv"]
    assert all("********" in row["NIK"] for row in csv_table(tmp_path / "warga" / "Warga.csv"))


def test_without_a_purpose_or_a_place_nothing_is_written(laptop: Path, tmp_path: Path) -> None:
    assert kube(laptop, "export", "--out", str(tmp_path / "x.xlsx")).code == Failure.USAGE
    assert kube(laptop, "export", "--out", str(tmp_path / "x.xlsx"), "--purpose", " ").code == Failure.VALIDATION
    nowhere = kube(laptop, "export", "--out", str(tmp_path / "tidak ada" / "x.xlsx"), "--purpose", PURPOSE)
    assert nowhere.code == Failure.FILE_REFUSED
    assert "tidak dapat ditulis" in nowhere.err
    assert list(tmp_path.iterdir()) == []


def test_a_field_officer_gets_no_full_nik(tmp_path: Path) -> None:
    set_up(tmp_path / "laptop", cost=FALLBACK).close()
    ran = kube(tmp_path / "laptop", "export", "--out", str(tmp_path / "x.xlsx"), "--purpose", PURPOSE, "--with-nik")
    assert ran.code == Failure.NOT_ALLOWED
    assert not (tmp_path / "x.xlsx").exists()
