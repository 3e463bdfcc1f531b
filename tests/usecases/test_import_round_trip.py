"""What was exported comes back, and whatever a sheet holds, judging it never breaks and is what writing then does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kube_field.domain.records import RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.exchange.incoming import Book, Sheet
from kube_field.exchange.incoming_columns import ImportType, targets_of
from kube_field.usecases.export_parts import parts_of_area
from kube_field.usecases.exports import ExportOrder, run_export
from kube_field.usecases.import_columns import list_in
from kube_field.usecases.import_papers import import_report
from kube_field.usecases.import_results import Decisions, DoubleChoice, RowState
from kube_field.usecases.import_writing import tally, undo_import, write_import
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_lists import GROUP, HOUSEHOLD, PERSON_WITH_FAMILY, REASON, confirmed, judge, judge_file
from tests.support.make_records import make_batch, make_group, register_person

TAKEN = Decisions(REASON, all_doubles=DoubleChoice.AS_NEW, double_reason=REASON)
ORDER = (ImportType.HOUSEHOLDS, ImportType.PEOPLE, ImportType.GROUPS)


def answers_of(laptop: Laptop, kind: RecordKind) -> list[dict[str, Any]]:
    """What records say, references by name: another laptop gives other ids."""
    told = [
        {code: value["name"] if isinstance(value, dict) and "name" in value else value for code, value in one.items()}
        for one in (record.answers for record in laptop.store.records.where(kind))
    ]
    return sorted(told, key=lambda one: str(sorted(one.items(), key=str)))


def exported(laptop: Laptop, name: str) -> Path:
    session = laptop.as_role(Role.PENYELIA_KAB)
    order = ExportOrder(
        title="Semua", parts=parts_of_area(session), purpose="Uji", path=laptop.folder / name, with_nik=True
    )
    assert run_export(session, order=order) is not None
    return laptop.folder / name


@pytest.fixture
def full(tmp_path: Path) -> Laptop:
    laptop = make_laptop(tmp_path, "Sari", code="L01")
    for n in range(1, 8):
        register_person(laptop.session, n)
    make_group(laptop.session, members=0)
    return laptop


def test_an_exported_workbook_comes_back_on_the_same_laptop_without_a_change(full: Laptop):
    path = exported(full, "semua.xlsx")
    for kind in ORDER:
        importer = judge_file(full.session, path, kind)
        assert {row.state for row in importer.rows} == {RowState.SAME}, [row.findings for row in importer.rows]
        assert write_import(full.session, importer, Decisions()).changes == frozenset()
    full.close()


def test_an_exported_workbook_comes_back_on_an_empty_laptop_with_every_digit(full: Laptop, tmp_path: Path):
    path = exported(full, "semua.xlsx")
    with make_laptop(tmp_path, "Budi", code="L02") as other:
        make_batch(other.session)
        sari = full.session.officer
        for kind in ORDER:
            importer = judge_file(other.session, path, kind)
            left = [
                finding
                for row in importer.rows
                for finding in row.errors
                # The officer of the other laptop is known where the province sent him along.
                if not (finding.field == "assigned_staff_id" and finding.shown in (sari.name, sari.uid))
            ]
            assert left == []
            if kind != ImportType.GROUPS:
                write_import(other.session, importer, TAKEN)
        for kind in (RecordKind.PERSON, RecordKind.HOUSEHOLD):
            assert answers_of(other, kind) == answers_of(full, kind)
        niks = sorted(str(one["nik"]) for one in answers_of(other, RecordKind.PERSON))
        assert niks == sorted(str(one["nik"]) for one in answers_of(full, RecordKind.PERSON))
        assert {len(nik) for nik in niks} == {16}
        for uid in (record.uid for record in other.store.records.where(RecordKind.PERSON)):
            given = {f.answers["item"] for f in other.store.facts.of_subject(uid, RecordKind.CONSENT)}
            assert "data_program" in given
    full.close()


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.sampled_from(["-", "ya", "Tidak", "L", "P", "64.02.12.2002", "6402124806689901", "12/03/1980"]),
)
GOOD = {ImportType.PEOPLE: PERSON_WITH_FAMILY, ImportType.HOUSEHOLDS: HOUSEHOLD, ImportType.GROUPS: GROUP}


def sheets(kind: ImportType) -> st.SearchStrategy[Sheet]:
    """Rows of anything under known and unknown headings, and good rows with a few cells changed."""
    labels = [*(target.label for target in targets_of(kind)), "Golongan darah"]
    good = list(GOOD[kind].values())

    @st.composite
    def made(draw: st.DrawFn) -> Sheet:
        if draw(st.booleans()):
            headings = draw(st.lists(st.sampled_from(labels), min_size=2, max_size=12, unique=True))
            rows = draw(st.lists(st.lists(CELLS, max_size=14), min_size=1, max_size=4))
        else:
            headings, rows = list(GOOD[kind]), [list(good) for _row in range(draw(st.integers(1, 3)))]
            for row in rows:
                for at in draw(st.lists(st.integers(0, len(good) - 1), max_size=4)):
                    row[at] = draw(CELLS)
        return Sheet("Data", [tuple(headings), *(tuple(row) for row in rows)])

    return made()


@pytest.mark.parametrize("kind", list(ImportType))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_a_sheet_holds_it_is_judged_and_writing_does_what_was_said(
    kind: ImportType, laptop: Laptop, data: st.DataObject
):
    sheet = data.draw(sheets(kind))
    before = laptop.store.queue.pill().unsent
    refusals: set[Failure] = set()
    try:
        incoming = list_in(laptop.session, book=Book((sheet,)), kind=kind, name="a", sha256="")
        importer, again = judge(laptop.session, incoming), judge(laptop.session, incoming)
        assert [row.state for row in importer.rows] == [row.state for row in again.rows]
        assert [row.findings for row in importer.rows] == [row.findings for row in again.rows]
        assert import_report(importer, TAKEN)
        told = tally(importer, TAKEN)
        done = write_import(laptop.session, importer, TAKEN)
        assert done.tally == told
        records = [laptop.store.records.get(uid) for uid, _kind in done.created]
        assert len([one for one in records if one is not None and one.kind == kind.kind]) == told.new
        undo_import(laptop.session, done)
    except KubeFieldError as failure:
        refusals.add(failure.failure)
    assert refusals <= {Failure.FILE_REFUSED, Failure.VALIDATION}
    assert laptop.store.queue.pill().unsent == before
    assert laptop.store.records.where(kind.kind) == []


def test_the_good_rows_of_the_property_are_good(laptop: Laptop):
    make_batch(laptop.session)
    for kind, row in GOOD.items():
        sheet = Sheet("Data", [tuple(row), tuple(row.values())])
        incoming = list_in(laptop.session, book=Book((sheet,)), kind=kind, name="a", sha256="")
        assert judge(laptop.session, incoming).rows[0].errors == []
    assert confirmed().reason
