"""Lists of people, families and groups: judged as typed ones, written all or not at all, taken back while unsent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.exchange.entries import Columns
from kube_field.exchange.incoming_columns import ImportType, recognise
from kube_field.usecases.import_columns import needed_targets, read_list, remember_columns
from kube_field.usecases.import_papers import import_report
from kube_field.usecases.import_results import Decisions, DoubleChoice, ImportRequest, RowState
from kube_field.usecases.import_writing import require_ready, tally, undo_import, write_import
from kube_field.usecases.importing import Importer
from tests.support.laptop import Laptop
from tests.support.make_lists import (
    GROUP,
    HOUSEHOLD,
    PERSON,
    PERSON_WITH_FAMILY,
    REASON,
    SECOND,
    codes,
    confirmed,
    judge,
    judge_file,
    list_of,
    write_list,
)
from tests.support.make_records import make_batch, make_group, register_household, register_person

PEOPLE, HOUSEHOLDS, GROUPS = ImportType.PEOPLE, ImportType.HOUSEHOLDS, ImportType.GROUPS


def judged(laptop: Laptop, *rows: dict[str, Any], kind: ImportType = PEOPLE, suffix: str = ".csv") -> Importer:
    return judge_file(laptop.session, write_list(laptop.folder / f"list{suffix}", rows), kind)


def person(**changes: Any) -> dict[str, Any]:
    return {**PERSON_WITH_FAMILY, **changes}


def stored(laptop: Laptop, kind: RecordKind = RecordKind.PERSON) -> list[dict[str, Any]]:
    return [dict(record.answers) for record in laptop.store.records.where(kind)]


def unsent(laptop: Laptop) -> int:
    return laptop.store.queue.pill().unsent


# what the columns mean


def test_every_heading_of_a_village_list_is_recognised():
    meant = recognise(list(PERSON_WITH_FAMILY), PEOPLE)
    assert "" not in meant.values()
    assert meant["No KK"] == "household.kk_number"
    assert meant["Tempat/Tgl Lahir"] == "birth"
    assert meant["SHDK"] == "relation_to_head"


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("NIK", "nik"),
        ("N I K", ""),
        ("nik (16 digit)", "nik"),
        ("No. KTP", "nik"),
        ("No KK", "household.kk_number"),
        ("NOMOR KARTU KELUARGA", "household.kk_number"),
        ("Nama Lengkap", "full_name"),
        ("Nama lengkap sesuai KTP", "full_name"),
        ("full_name", "full_name"),
        ("Tgl Lahir", "birth_date"),
        ("JK", "sex"),
        ("L/P", "sex"),
        ("Desa/Kelurahan", "household.village_code"),
        ("RT/RW", "rt_rw"),
        ("Desil", "household.dtsen_rows.desil"),
        ("Pekerjaan", "occupation"),
        ("Pekerjan", "occupation"),
        ("No KKS", ""),
        ("No. HP", "phone"),
        ("Saya bersedia data saya dicatat dan diproses untuk program ini", "consents.data_program"),
        ("No", ""),
        ("Keterangan", ""),
        ("Golongan darah", ""),
    ],
)
def test_headings_are_recognised_by_label_code_and_usual_words(heading: str, code: str):
    assert recognise([heading], PEOPLE) == {heading: code}


def test_two_columns_never_mean_the_same():
    assert recognise(["NIK", "No. KTP"], PEOPLE) == {"NIK": "nik", "No. KTP": ""}


def test_the_labels_of_the_forms_themselves_are_recognised_in_every_list():
    from kube_field.exchange.incoming_columns import targets_of

    for kind in ImportType:
        # The family's number of disabled people is called as the person's own answer, which a list of people means.
        listed = [one for one in targets_of(kind) if (kind, one.code) != (PEOPLE, "household.n_disabled")]
        for target in listed:
            assert recognise([target.label], kind)[target.label] == target.code, target.label


def test_what_the_officer_chose_is_remembered_for_the_same_headings_only(laptop: Laptop):
    path = write_list(laptop.folder / "a.csv", [{"Nama": "Melati", "NIK": "1", "Kolom X": "Tabang"}])
    first = list_of(laptop.session, path)
    assert not first.remembered
    chosen = Columns({**first.columns.by_heading, "Kolom X": "birth_place"}, {"status": "Calon"})
    remember_columns(laptop.session, kind=PEOPLE, table=first.table, columns=chosen)
    again = list_of(laptop.session, path)
    assert (again.remembered, again.columns) == (True, chosen)
    other = write_list(laptop.folder / "b.csv", [{"Nama": "Melati", "NIK": "1", "Kolom Y": "Tabang"}])
    assert not list_of(laptop.session, other).remembered


def test_the_list_is_found_below_its_title_and_on_whichever_sheet(laptop: Laptop):
    import xlsxwriter

    path = laptop.folder / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Kamus").write_string(0, 0, "Arti kode")
        sheet = book.add_worksheet("Warga")
        sheet.write_string(0, 0, "DAFTAR WARGA")
        for at, (heading, cell) in enumerate(PERSON.items()):
            sheet.write_string(4, at, heading)
            sheet.write_number(5, at, at + 1)
            sheet.write_string(6, at, cell)
        sheet.write_string(8, 0, "Jumlah")
    found = list_of(laptop.session, path).table
    assert (found.sheet, [number for number, _row in found.rows]) == ("Warga", [7])
    with pytest.raises(KubeFieldError) as caught:
        list_of(laptop.session, path, PEOPLE, "Tidak ada")
    assert caught.value.code == "NO_LIST"


def test_needed_answers_without_a_column_are_named_and_can_be_given_for_all_rows(laptop: Laptop):
    row = {heading: cell for heading, cell in PERSON_WITH_FAMILY.items() if heading not in ("ASN", "Kategori PPKS")}
    incoming = list_of(laptop.session, write_list(laptop.folder / "a.csv", [row]))
    assert [one.code for one in needed_targets(PEOPLE, incoming.columns)] == ["is_public_servant", "category"]
    wrong = judge(laptop.session, incoming)
    assert codes(wrong.rows[0]) == {("is_public_servant", "REQUIRED"), ("category", "REQUIRED")}
    assert all("Tambahkan kolom" in one.action for one in wrong.rows[0].errors)
    columns = Columns(incoming.columns.by_heading, {"is_public_servant": "tidak", "category": "Fakir miskin"})
    good = Importer(laptop.session, ImportRequest(PEOPLE, incoming.table, columns))
    list(good.steps())
    assert good.rows[0].state == RowState.NEW
    assert good.rows[0].findings == []


# people


def test_a_good_row_becomes_a_person_and_a_family_that_wait_to_be_sent(laptop: Laptop):
    importer = judged(laptop, person())
    assert [(row.number, row.state, row.findings) for row in importer.rows] == [(2, RowState.NEW, [])]
    assert unsent(laptop) == 0
    done = write_import(laptop.session, importer, Decisions())
    ((answers,), (family,)) = stored(laptop), stored(laptop, RecordKind.HOUSEHOLD)
    assert answers["nik"] == "6402124806689901"
    assert answers["birth_date"] == "1968-06-08"
    assert answers["occupation"] == "ibu_rumah_tangga"
    assert answers["phone"] == "+6281200000001"
    assert (family["rt"], family["rw"], family["village_code"]) == (5, 2, "64.02.12.2002")
    assert family["village_name_snapshot"] == "Long Lalang, Kec. Tabang, Kab. Kutai Kartanegara"
    kinds = [row.kind for row in laptop.store.queue.rows()]
    assert kinds == [RecordKind.HOUSEHOLD, RecordKind.DESIL_CHECK, RecordKind.PERSON, RecordKind.CONSENT]
    assert (done.tally.new, done.tally.families) == (1, 1)
    told = laptop.store.db.rows("SELECT action, object_id, reason FROM audit ORDER BY seq DESC LIMIT 1")[0]
    assert told[:2] == ("import.people", done.id)
    assert "1 baru" in told[2]
    assert laptop.store.audit_log.first_break() is None


def test_what_was_imported_can_be_edited_and_found_like_what_was_typed(laptop: Laptop):
    write_import(laptop.session, judged(laptop, person()), Decisions())
    assert [hit.title for hit in laptop.store.listings.search("melati")] == ["Melati Contoh"]
    uid = laptop.store.records.where(RecordKind.PERSON)[0].uid
    (change,) = laptop.store.queue.pending_sets(uid)
    family = laptop.store.records.where(RecordKind.HOUSEHOLD)[0]
    assert change.create
    assert change.deps == (family.uid,)
    assert change.scope == family.scope == "64.02.12"


def test_people_of_one_card_share_one_family(laptop: Laptop):
    importer = judged(laptop, person(), person(**SECOND, **{"SHDK": "Anak", "Status Kawin": "Belum kawin"}))
    write_import(laptop.session, importer, Decisions())
    assert len(stored(laptop)) == 2
    assert len(stored(laptop, RecordKind.HOUSEHOLD)) == 1


def test_the_head_of_a_family_is_read_from_the_rows_where_no_column_tells(laptop: Laptop):
    child = person(**SECOND, SHDK="Anak")
    rows = [{h: c for h, c in row.items() if h != "Nama Kepala Keluarga"} for row in (child, person())]
    importer = judged(laptop, *rows)
    write_import(laptop.session, importer, Decisions())
    assert stored(laptop, RecordKind.HOUSEHOLD)[0]["head_name"] == "Melati Contoh"


def test_members_of_one_card_who_say_different_things_about_it_are_a_warning_and_the_first_counts(laptop: Laptop):
    importer = judged(laptop, person(), person(**SECOND, Alamat="Jalan lain"))
    assert codes(importer.rows[1]) == {("household.address", "FAMILY_DIFFERS")}
    write_import(laptop.session, importer, confirmed())
    assert stored(laptop, RecordKind.HOUSEHOLD)[0]["address"] == "Jalan Meranti 4"


def test_a_wrong_family_is_said_once_and_its_members_point_there(laptop: Laptop):
    importer = judged(laptop, person(Alamat=""), person(**SECOND, Alamat=""))
    assert codes(importer.rows[0]) == {("household.address", "REQUIRED")}
    assert codes(importer.rows[1]) == {("household.kk_number", "FAMILY_WRONG")}
    assert "baris 2" in importer.rows[1].errors[0].message


def test_a_family_that_is_here_needs_nothing_but_its_card(laptop: Laptop):
    family = register_household(laptop.session)
    importer = judged(laptop, {**PERSON, "No KK": family.answers["kk_number"]})
    write_import(laptop.session, importer, Decisions())
    assert stored(laptop)[0]["household_id"]["uid"] == family.uid
    assert len(stored(laptop, RecordKind.HOUSEHOLD)) == 1


def test_a_row_without_a_card_is_told_to_give_one(laptop: Laptop):
    (row,) = judged(laptop, person(**{"No KK": ""})).rows
    assert codes(row) == {("household.kk_number", "KK_REQUIRED")}


@pytest.mark.parametrize("column", ["NIK", "No KK"])
def test_a_number_cell_is_refused_because_its_last_digits_cannot_be_trusted(laptop: Laptop, column: str):
    cells = person(**{column: 6402124806689901})
    (row,) = judged(laptop, cells, suffix=".xlsx").rows
    (finding,) = row.errors[:1]
    assert finding.code == "NUMBER_CELL"
    assert finding.heading == column
    assert "Teks" in finding.action
    assert row.state == RowState.WRONG


def test_a_number_that_excel_wrote_into_a_csv_is_refused_the_same_way(laptop: Laptop):
    (row,) = judged(laptop, person(NIK="6,40212E+15")).rows
    assert codes(row) == {("nik", "NUMBER_CELL")}


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("08/06/1968", "1968-06-08"),
        ("08-06-1968", "1968-06-08"),
        ("1968-06-08", "1968-06-08"),
        ("8 Juni 1968", "1968-06-08"),
        ("1968-06-08 00:00:00", "1968-06-08"),
        (date(1968, 6, 8), "1968-06-08"),
    ],
)
def test_dates_are_read_as_people_and_spreadsheets_write_them(laptop: Laptop, cell: Any, iso: str):
    row = {**person(), "Tgl Lahir": cell}
    del row["Tempat/Tgl Lahir"]
    importer = judged(laptop, row, suffix=".xlsx")
    assert importer.rows[0].findings == []
    write_import(laptop.session, importer, Decisions())
    assert stored(laptop)[0]["birth_date"] == iso


@pytest.mark.parametrize(
    ("cell", "code"),
    [("8/6/68", "DATE_TWO_DIGIT_YEAR"), ("31/02/1968", "DATE_NOT_EXIST"), (24997, "DATE_NUMBER"), ("x", "DATE_FORMAT")],
)
def test_a_date_that_cannot_be_read_is_an_error(laptop: Laptop, cell: Any, code: str):
    row = {**person(), "Tgl Lahir": cell}
    del row["Tempat/Tgl Lahir"]
    assert ("birth_date", code) in codes(judged(laptop, row, suffix=".xlsx").rows[0])


def test_a_year_alone_is_the_first_of_july_and_says_so(laptop: Laptop):
    row = {**person(), "Tgl Lahir": 1968}
    del row["Tempat/Tgl Lahir"]
    importer = judged(laptop, row, suffix=".xlsx")
    write_import(laptop.session, importer, confirmed())
    assert (stored(laptop)[0]["birth_date"], stored(laptop)[0]["birth_date_precision"]) == ("1968-07-01", "year_only")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"NIK": "64021248066899"}, ("nik", "NIK_LENGTH")),
        ({"NIK": "640212480668990O"}, ("nik", "NIK_CHARS")),
        ({"NIK": "1111111111111111"}, ("nik", "NIK_PLACEHOLDER")),
        ({"NIK": ""}, ("nik", "NIK_REQUIRED")),
        ({"NIK": "6402121204139801"}, ("nik", "NIK_IS_KK")),
        ({"Nama Lengkap": "美"}, ("full_name", "NAME_CHARS")),
        ({"No. HP": "0812-1 / 0813-2"}, ("phone", "PHONE_MULTIPLE")),
        ({"No. HP": "0812x"}, ("phone", "PHONE_CHARS")),
        ({"JK": "?"}, ("sex", "CHOICE_UNKNOWN")),
        ({"Desa/Kelurahan": "Long Tidak Ada"}, ("household.village_code", "REGION_UNKNOWN")),
        ({"RT/RW": "lima"}, ("rt_rw", "RT_RW_FORMAT")),
        ({"Jml Jiwa": "banyak"}, ("household.size", "NUMBER_FORMAT")),
        ({"Persetujuan": "Tidak"}, ("consents.data_program", "CONSENT_REQUIRED")),
        ({"Tgl dicek": "01/01/2027"}, ("household.dtsen_rows.checked_on", "DATE_FUTURE")),
    ],
)
def test_what_cannot_be_the_thing_at_all_is_an_error_at_its_column(
    laptop: Laptop, change: dict[str, str], expected: tuple[str, str]
):
    (row,) = judged(laptop, person(**change)).rows
    assert expected in codes(row)
    assert row.state == RowState.WRONG
    assert all(one.message and one.action for one in row.findings)
    with pytest.raises(KubeFieldError) as caught:
        write_import(laptop.session, judged(laptop, person(**change)), confirmed())
    assert caught.value.failure == Failure.VALIDATION
    assert (stored(laptop), unsent(laptop)) == ([], 0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"NIK": "9902124806689901"}, ("nik", "NIK_REGION_UNKNOWN")),
        ({"NIK": "6402128806689901"}, ("nik", "NIK_DATE_INVALID")),
        ({"Tempat/Tgl Lahir": "Tabang, 09-06-1968"}, ("nik", "NIK_DOB_MISMATCH")),
        ({"JK": "L"}, ("nik", "NIK_SEX_MISMATCH")),
        ({"NIK": "6402124806680000"}, ("nik", "NIK_SERIAL_ZERO")),
        ({"No KK": "6402124204139801"}, ("household.kk_number", "KK_LOOKS_LIKE_NIK")),
        ({"Nama Lengkap": "Melati2"}, ("full_name", "NAME_DIGITS")),
        ({"No. HP": "81200000001"}, ("phone", "PHONE_NO_LEADING_ZERO")),
        ({"ASN": "Ya"}, ("is_public_servant", "PUBLIC_SERVANT")),
    ],
)
def test_what_real_documents_break_is_a_warning_that_one_reason_confirms(
    laptop: Laptop, change: dict[str, str], expected: tuple[str, str]
):
    importer = judged(laptop, person(**change))
    (row,) = importer.rows
    assert expected in codes(row)
    assert (row.state, row.errors) == (RowState.NEW, [])
    for silent in ("", "  ", "ok"):
        with pytest.raises(KubeFieldError) as caught:
            write_import(laptop.session, importer, Decisions(reason=silent))
        assert caught.value.code == "WARNINGS_OPEN"
    assert unsent(laptop) == 0
    write_import(laptop.session, importer, confirmed())
    uid = laptop.store.records.where(RecordKind.PERSON)[0].uid
    told = [change.reason for change in laptop.store.queue.pending_sets(uid)]
    family = laptop.store.records.where(RecordKind.HOUSEHOLD)[0].uid
    told += [change.reason for change in laptop.store.queue.pending_sets(family)]
    assert REASON in told


def test_one_wrong_row_among_good_ones_writes_nothing(laptop: Laptop):
    importer = judged(laptop, person(), person(**SECOND, JK="?"))
    with pytest.raises(KubeFieldError):
        write_import(laptop.session, importer, confirmed())
    assert (stored(laptop), stored(laptop, RecordKind.HOUSEHOLD), unsent(laptop)) == ([], [], 0)
    assert laptop.store.db.value("SELECT count(*) FROM audit") == 0


def test_villages_of_one_name_ask_for_the_kecamatan_unless_one_is_the_officers(laptop: Laptop):
    (row,) = judged(laptop, person(**{"Desa/Kelurahan": "Sumber Sari", "Kecamatan": ""})).rows
    assert ("household.village_code", "REGION_AMBIGUOUS") in codes(row)
    (row,) = judged(laptop, person(**{"Desa/Kelurahan": "Gunung Sari", "Kecamatan": ""})).rows
    assert row.findings == []


@pytest.mark.parametrize(
    ("village", "kecamatan"),
    [
        ("64.02.12.2002", ""),
        ("6402122002", ""),
        ("DESA LONG LALANG", "Kec. Tabang"),
        ("Long Lalang, Kec. Tabang, Kab. Kutai Kartanegara", ""),
        ("longlalang", "TABANG"),
    ],
)
def test_a_village_is_found_by_code_and_by_name(laptop: Laptop, village: str, kecamatan: str):
    importer = judged(laptop, person(**{"Desa/Kelurahan": village, "Kecamatan": kecamatan}))
    write_import(laptop.session, importer, Decisions())
    assert stored(laptop, RecordKind.HOUSEHOLD)[0]["village_code"] == "64.02.12.2002"


def test_areas_that_are_not_the_officers_are_refused_row_by_row(laptop: Laptop):
    elsewhere = person(**SECOND, **{"No KK": "6402121204139802", "Desa/Kelurahan": "64.08.01.2001"})
    importer = judged(laptop, person(), elsewhere)
    assert [row.state for row in importer.rows] == [RowState.NEW, RowState.WRONG]
    assert codes(importer.rows[1]) == {("household.village_code", "AREA_NOT_ALLOWED")}


def test_roles_that_only_look_cannot_import(laptop: Laptop):
    path = write_list(laptop.folder / "a.csv", [person()])
    with pytest.raises(KubeFieldError) as caught:
        judge_file(laptop.as_role(Role.PIMPINAN), path)
    assert caught.value.failure == Failure.NOT_ALLOWED


# again


def test_the_same_list_again_writes_nothing(laptop: Laptop):
    rows = (person(), person(**SECOND))
    write_import(laptop.session, judged(laptop, *rows), Decisions())
    before = unsent(laptop)
    importer = judged(laptop, *rows)
    assert [row.state for row in importer.rows] == [RowState.SAME, RowState.SAME]
    done = write_import(laptop.session, importer, Decisions())
    assert (done.tally.same, done.changes, unsent(laptop)) == (2, frozenset(), before)


def test_a_changed_list_updates_by_nik_and_shows_what_changes(laptop: Laptop):
    write_import(laptop.session, judged(laptop, person()), Decisions())
    importer = judged(laptop, person(**{"No. HP": "0813-1111-2222", "Alamat": "Jalan Baru 1"}))
    (row,) = importer.rows
    told = [(one.label, one.old, one.new) for one in row.changes]
    assert row.state == RowState.CHANGED
    assert told == [
        ("No. HP", "0812-0000-0001", "0813-1111-2222"),
        ("Alamat", "Jalan Meranti 4", "Jalan Baru 1"),
    ]
    write_import(laptop.session, importer, Decisions())
    uid = laptop.store.records.where(RecordKind.PERSON)[0].uid
    assert laptop.store.queue.pending_sets(uid)[-1].sets == {"phone": ("+6281200000001", "+6281311112222")}
    history = laptop.store.facts.of_subject(uid, RecordKind.VALUE_HISTORY)
    assert [fact.answers["old_value"] for fact in history] == ["+6281200000001"]


def test_an_empty_cell_never_empties_an_answer(laptop: Laptop):
    write_import(laptop.session, judged(laptop, person()), Decisions())
    importer = judged(laptop, person(**{"No. HP": "", "Pendidikan": "-", "Alamat": None}))
    assert importer.rows[0].state == RowState.SAME
    assert write_import(laptop.session, importer, Decisions()).changes == frozenset()
    assert stored(laptop)[0]["phone"] == "+6281200000001"


def test_a_new_desil_is_one_more_check_and_the_old_ones_stay(laptop: Laptop):
    write_import(laptop.session, judged(laptop, person()), Decisions())
    importer = judged(laptop, person(**{"Desil": "3", "Tgl dicek": "01/11/2026"}))
    assert [one.label for one in importer.rows[0].changes] == ["Desil DTSEN"]
    write_import(laptop.session, importer, Decisions())
    family = laptop.store.records.where(RecordKind.HOUSEHOLD)[0].uid
    checks = laptop.store.facts.of_subject(family, RecordKind.DESIL_CHECK)
    assert [(fact.answers["desil"], fact.answers["checked_on"]) for fact in checks] == [
        ("2", "2026-10-01"),
        ("3", "2026-11-01"),
    ]


def test_a_person_who_was_typed_is_updated_by_the_list(laptop: Laptop):
    typed = register_person(laptop.session)
    importer = judged(laptop, {**PERSON, "No KK": "", "No. HP": "0813-1111-2222"})
    assert importer.rows[0].state == RowState.CHANGED
    write_import(laptop.session, importer, confirmed())
    assert len(stored(laptop)) == 1
    record = laptop.store.records.get(typed.uid)
    assert record is not None
    assert record.answers["household_id"] == typed.answers["household_id"]


@pytest.mark.parametrize(
    ("name", "warned"), [("Melati Contoh Satu", False), ("Hj. Melati", False), ("Bambu Rimba", True)]
)
def test_a_nik_of_somebody_who_is_called_quite_otherwise_is_asked(laptop: Laptop, name: str, warned: bool):
    write_import(laptop.session, judged(laptop, person()), Decisions())
    (row,) = judged(laptop, person(**{"Nama Lengkap": name})).rows
    assert (("full_name", "NAME_DIFFERS") in codes(row)) == warned
    assert row.state == RowState.CHANGED


# doubles


def test_the_same_nik_twice_in_a_list_can_only_be_left_out(laptop: Laptop):
    importer = judged(laptop, person(), person(**{"Nama Lengkap": "Melati C."}))
    double = importer.rows[1]
    assert (double.state, double.only_leave_out, double.twins[0].row) == (RowState.DOUBLE, True, 2)
    with pytest.raises(KubeFieldError) as caught:
        require_ready(importer, confirmed())
    assert caught.value.code == "DOUBLES_UNDECIDED"
    decided = Decisions(all_doubles=DoubleChoice.AS_NEW, double_reason="Orang lain")
    assert decided.of(double) == DoubleChoice.LEAVE_OUT
    write_import(laptop.session, importer, Decisions(all_doubles=DoubleChoice.LEAVE_OUT))
    assert [one["full_name"] for one in stored(laptop)] == ["Melati Contoh"]


@pytest.mark.parametrize("column", ["NIK", "No KK"])
def test_a_number_that_is_none_is_an_error_in_every_row_and_makes_no_doubles(laptop: Laptop, column: str):
    wrong = {column: "1111111111111111"}
    importer = judged(laptop, person(**wrong), person(**SECOND, SHDK="Anak", Alamat="Jalan lain") | wrong)
    assert [row.state for row in importer.rows] == [RowState.WRONG, RowState.WRONG]
    codes_found = [{finding.code for finding in row.errors} for row in importer.rows]
    assert codes_found == [{"NIK_PLACEHOLDER" if column == "NIK" else "KK_PLACEHOLDER"}] * 2


TWIN = {"NIK": "6402124806689902", "No KK": "6402121204139802", "Nama Lengkap": "Melati Conto"}
"""A like name, born the same day."""


@pytest.mark.parametrize("choice", list(DoubleChoice))
def test_a_like_name_born_the_same_day_is_shown_before_it_is_made(laptop: Laptop, choice: DoubleChoice):
    write_import(laptop.session, judged(laptop, person()), Decisions())
    importer = judged(laptop, person(**TWIN))
    (row,) = importer.rows
    assert (row.state, row.only_leave_out) == (RowState.DOUBLE, False)
    assert row.twins[0].name == "Melati Contoh"
    assert "8 Juni 1968" in row.twins[0].detail
    with pytest.raises(KubeFieldError):
        write_import(laptop.session, importer, confirmed())
    if choice == DoubleChoice.AS_NEW:
        with pytest.raises(KubeFieldError) as caught:
            write_import(laptop.session, importer, Decisions(doubles={2: choice}))
        assert caught.value.code == "DOUBLE_REASON"
    decided = Decisions(doubles={2: choice}, double_reason="Saudara kembar")
    assert tally(importer, decided).undecided == 0
    write_import(laptop.session, importer, decided)
    assert len(stored(laptop)) == (2 if choice == DoubleChoice.AS_NEW else 1)
    told = laptop.store.db.rows("SELECT reason FROM audit WHERE action = 'import.double'")
    assert told == ([("Saudara kembar",)] if choice == DoubleChoice.AS_NEW else [])


def test_a_like_name_is_no_double_when_born_another_day_or_living_elsewhere(laptop: Laptop):
    write_import(laptop.session, judged(laptop, person()), Decisions())
    other_day = person(**{**TWIN, "NIK": "6402124906689902", "Tempat/Tgl Lahir": "Tabang, 09-06-1968"})
    assert judged(laptop, other_day).rows[0].state == RowState.NEW


def test_doubles_inside_one_list_are_seen_too(laptop: Laptop):
    importer = judged(laptop, person(), person(**TWIN))
    assert [row.state for row in importer.rows] == [RowState.NEW, RowState.DOUBLE]
    assert importer.rows[1].twins[0].row == 2


# families and groups


def test_a_list_of_families_makes_and_updates_them_by_card(laptop: Laptop):
    write_import(laptop.session, judged(laptop, HOUSEHOLD, kind=HOUSEHOLDS), Decisions())
    assert [one["kk_number"] for one in stored(laptop, RecordKind.HOUSEHOLD)] == [PERSON["No KK"]]
    importer = judged(laptop, {**HOUSEHOLD, "Alamat": "Jalan Baru"}, HOUSEHOLD, kind=HOUSEHOLDS)
    assert [row.state for row in importer.rows] == [RowState.CHANGED, RowState.DOUBLE]
    write_import(laptop.session, importer, Decisions(all_doubles=DoubleChoice.LEAVE_OUT))
    assert stored(laptop, RecordKind.HOUSEHOLD)[0]["address"] == "Jalan Baru"


def test_a_family_of_a_like_head_in_the_same_rt_is_a_possible_double(laptop: Laptop):
    write_import(laptop.session, judged(laptop, HOUSEHOLD, kind=HOUSEHOLDS), Decisions())
    again = {**HOUSEHOLD, "No KK": "6402121204139802"}
    assert judged(laptop, again, kind=HOUSEHOLDS).rows[0].state == RowState.DOUBLE
    assert judged(laptop, {**again, "RT/RW": "006"}, kind=HOUSEHOLDS).rows[0].state == RowState.NEW


def test_a_list_of_groups_finds_batch_and_officer_by_name(laptop: Laptop):
    make_batch(laptop.session)
    importer = judged(laptop, GROUP, kind=GROUPS)
    assert importer.rows[0].errors == []
    write_import(laptop.session, importer, confirmed())
    (group,) = stored(laptop, RecordKind.KUBE_GROUP)
    assert group["batch_id"]["name"] == "KUBE APBD Prov 2026"
    assert group["assigned_staff_id"]["uid"] == laptop.session.officer.uid
    assert (group["formed_on"], group["books"], group["idea_code"]) == ("2026-03-12", ["tamu", "kas"], "KERIPIK")
    again = judged(laptop, {**GROUP, "Stempel": "Tidak"}, kind=GROUPS)
    assert [(one.label, one.old, one.new) for one in again.rows[0].changes] == [("Stempel", "Ya", "Tidak")]


def test_a_batch_that_is_not_here_is_named(laptop: Laptop):
    make_batch(laptop.session)
    (row,) = judged(laptop, {**GROUP, "Paket Program": "Paket lain"}, kind=GROUPS).rows
    assert ("batch_id", "NAME_UNKNOWN") in codes(row)
    assert "KUBE APBD Prov 2026" in row.errors[0].action


def test_a_group_is_found_by_its_decree_when_its_name_changed(laptop: Laptop):
    group = make_group(laptop.session, sk_number="141/7", sk_date="2026-03-01", sk_by="kepala_desa")
    row = {**GROUP, "Nama KUBE": "KUBE Mawar Merah", "No SK": "141/7"}
    importer = judged(laptop, row, kind=GROUPS)
    assert ("Nama KUBE", group.answers["name"], "KUBE Mawar Merah") in [
        (one.label, one.old, one.new) for one in importer.rows[0].changes
    ]


# the way back, and what happens beside


def test_an_import_can_be_taken_back_while_nothing_of_it_was_sent(laptop: Laptop):
    write_import(laptop.session, judged(laptop, person()), Decisions())
    before = (stored(laptop), stored(laptop, RecordKind.HOUSEHOLD), unsent(laptop))
    done = write_import(laptop.session, judged(laptop, person(Alamat="Jalan Baru"), person(**SECOND)), confirmed())
    assert len(stored(laptop)) == 2
    undo_import(laptop.session, done)
    assert (stored(laptop), stored(laptop, RecordKind.HOUSEHOLD), unsent(laptop)) == before
    assert laptop.store.listings.search("kenanga") == []
    last = laptop.store.db.rows("SELECT action, object_id FROM audit ORDER BY seq DESC LIMIT 1")
    assert last == [("import.undo", done.id)]
    again = judged(laptop, person(Alamat="Jalan Baru"), person(**SECOND))
    assert [row.state for row in again.rows] == [RowState.CHANGED, RowState.NEW]


def test_an_import_of_which_something_was_sent_or_used_stays(laptop: Laptop):
    done = write_import(laptop.session, judged(laptop, person()), Decisions())
    laptop.store.db.execute_sql("UPDATE outbox SET ever_sent = 1 WHERE kind = 'consent'")
    for _again in range(2):
        with pytest.raises(KubeFieldError) as caught:
            undo_import(laptop.session, done)
        assert caught.value.failure == Failure.NOT_ALLOWED
        assert len(stored(laptop)) == 1
        laptop.store.db.execute_sql("UPDATE outbox SET ever_sent = 0")
        if _again == 0:
            from kube_field.usecases.groups import add_member

            group = make_group(laptop.session)
            uid = laptop.store.records.where(RecordKind.PERSON)[0].uid
            add_member(laptop.session, group_uid=group.uid, person_uid=uid)


def test_what_changed_since_the_list_was_judged_is_noticed(laptop: Laptop):
    importer = judged(laptop, person())
    register_person(laptop.session)
    with pytest.raises(KubeFieldError) as caught:
        write_import(laptop.session, importer, Decisions())
    assert caught.value.code == "DATA_CHANGED"
    changing = judged(laptop, person(**{"No KK": "", "No. HP": "0813-1111-2222"}))
    write_import(laptop.session, judged(laptop, person(**{"No KK": "", "No. HP": "0813-3333-2222"})), confirmed())
    with pytest.raises(KubeFieldError):
        write_import(laptop.session, changing, confirmed())


# the report


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_the_report_is_mended_in_place_and_imported_again(laptop: Laptop, suffix: str):
    importer = judged(laptop, person(NIK=6402124806689901, JK="?"), person(**SECOND), suffix=".xlsx")
    path = laptop.folder / f"laporan{suffix}"
    path.write_bytes(import_report(importer, Decisions(), as_csv=suffix == ".csv"))
    incoming = list_of(laptop.session, path)
    headings = list(incoming.table.headings)
    assert [heading for heading in headings if heading in PERSON_WITH_FAMILY] == list(PERSON_WITH_FAMILY)
    told = dict(zip(headings, incoming.table.rows[0][1], strict=False))
    assert (told["Baris di berkas asal"], told["Hasil"]) == ("2", "Galat")
    assert "NIK: Sel berisi angka" in str(told["Galat"])
    assert "Jenis kelamin" not in str(told["Galat"])
    assert "JK: Jawaban ini tidak dikenal." in str(told["Galat"])
    assert judge(laptop.session, incoming).rows[0].state == RowState.WRONG
    mended = [{**dict(zip(headings, row, strict=False))} for _number, row in incoming.table.rows]
    mended[0] |= {"NIK": "6402124806689901", "JK": "P"}
    again = judge_file(laptop.session, write_list(laptop.folder / f"mended{suffix}", mended))
    assert [(row.state, row.errors) for row in again.rows] == [(RowState.NEW, []), (RowState.NEW, [])]
    write_import(laptop.session, again, confirmed())
    assert {one["nik"] for one in stored(laptop)} == {"6402124806689901", SECOND["NIK"]}
    # The report of a report has its own columns once.
    second = import_report(again, Decisions(), as_csv=True).decode("utf-8-sig").splitlines()[0]
    assert second.count("Baris di berkas asal") == 1


def test_nothing_in_a_report_becomes_a_formula(laptop: Laptop):
    importer = judged(laptop, person(**{"Alamat": "=1+1", "Nama Lengkap": "@Melati"}))
    text = import_report(importer, Decisions(), as_csv=True).decode("utf-8-sig")
    assert "'=1+1" in text
    assert ";=1" not in text
    assert ";@M" not in text


def test_lists_without_rows_or_headings_are_refused(laptop: Laptop):
    for content in ("NIK;Nama\n", "", "x\n"):
        path = laptop.folder / "a.csv"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(KubeFieldError) as caught:
            list_of(laptop.session, path)
        assert caught.value.code == "NO_LIST"


def test_the_file_is_read_in_a_process_of_its_own(laptop: Laptop):
    path = write_list(laptop.folder / "a.csv", [person()])
    apart, here = read_list(laptop.session, path=path, kind=PEOPLE), list_of(laptop.session, path)
    assert (apart.table, apart.columns, len(apart.sha256)) == (here.table, here.columns, 64)
