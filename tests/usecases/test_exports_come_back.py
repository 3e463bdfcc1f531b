"""What was exported as CSV comes back through the import with every digit; what was masked is refused."""

from __future__ import annotations

from pathlib import Path

from kube_field.domain.records import Role
from kube_field.exchange.incoming_columns import ImportType
from kube_field.usecases.export_parts import parts_of_people
from kube_field.usecases.exports import ExportOrder, run_export
from kube_field.usecases.import_results import RowState
from kube_field.usecases.session import Session
from kube_field.usecases.views import PersonFilter
from tests.support.laptop import Laptop
from tests.support.make_lists import judge_file
from tests.support.make_records import nik_of, register_person


def exported(session: Session, path: Path, *, with_nik: bool) -> None:
    order = ExportOrder("Uji", parts_of_people(session, PersonFilter()), "Uji", path, with_nik)
    assert run_export(session, order=order) is not None


def test_csv_comes_back_on_the_same_laptop_without_a_change(laptop: Laptop, tmp_path: Path):
    for n in (1, 2, 3):
        register_person(laptop.session, n)
    exported(laptop.as_role(Role.PENYELIA_KAB), tmp_path / "warga.csv", with_nik=True)
    for name, kind in (("Keluarga.csv", ImportType.HOUSEHOLDS), ("Warga.csv", ImportType.PEOPLE)):
        importer = judge_file(laptop.session, tmp_path / "warga" / name, kind)
        assert {row.state for row in importer.rows} == {RowState.SAME}, [row.findings for row in importer.rows]


def test_masked_numbers_are_refused_and_change_nobody(laptop: Laptop, tmp_path: Path):
    person = register_person(laptop.session)
    exported(laptop.session, tmp_path / "warga.xlsx", with_nik=False)
    importer = judge_file(laptop.session, tmp_path / "warga.xlsx", ImportType.PEOPLE)
    assert "nik" in {finding.field for row in importer.rows for finding in row.errors}
    stored = laptop.store.records.get(person.uid)
    assert stored is not None
    assert stored.answers["nik"] == nik_of(1)
