"""Exports: the list as it is filtered, within the officer's rights and area, written down, whole or not at all."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.document_state import ChipState
from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import Record, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.exchange.tables import LONGEST_SHEET_NAME, NOT_IN_SHEET_NAMES, tables_of
from kube_field.storage.rows import dump
from kube_field.ui.presenters.paper_output import file_name
from kube_field.usecases.drafts import save_draft
from kube_field.usecases.export_parts import (
    Part,
    parts_of_area,
    parts_of_documents,
    parts_of_groups,
    parts_of_people,
    parts_of_trainings,
)
from kube_field.usecases.exports import Exported, ExportOrder, RunningExport, run_export
from kube_field.usecases.finalise import correct_document
from kube_field.usecases.session import Session
from kube_field.usecases.views import DocumentFilter, GroupFilter, PersonFilter
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import (
    commit_saved,
    hold_session,
    make_group,
    make_training,
    make_unit,
    nik_of,
    record_visit,
    refer,
    register_household,
    register_person,
)
from tests.support.make_reviews import reviewed, sent
from tests.support.read_sheets import csv_table, day_of, sheets_of, table_of

PURPOSE = "Laporan triwulan ke provinsi"
PROTECTED = {"partner_kind": "uptd_ppa", "partner_name": "UPTD PPA Kukar", "need": "pendampingan"}


def exported(session: Session, parts: tuple[Part, ...], path: Path, **more: Any) -> Exported:
    done = run_export(session, order=ExportOrder("Uji", parts, PURPOSE, path, **more))
    assert done is not None
    return done


def as_supervisor(laptop: Laptop) -> Session:
    return laptop.as_role(Role.PENYELIA_KAB)


def actions(laptop: Laptop) -> list[tuple[str, str]]:
    sql = "SELECT action, reason FROM audit WHERE object_type = 'export' ORDER BY seq"
    return [(action, reason) for action, reason in laptop.store.db.rows(sql)]


def test_sheets_and_headings_are_told_apart_and_come_from_the_forms():
    names: Counter[str] = Counter()
    for kind in RecordKind:
        for table in tables_of(kind):
            names[table.name.casefold()] += 1
            headings = [column.heading for column in table.columns]
            assert len(set(headings)) == len(headings), table.name
            assert 0 < len(table.name) <= LONGEST_SHEET_NAME
            assert not NOT_IN_SHEET_NAMES.search(table.name)
            assert file_name(table.name, ".csv").lower() == f"{table.name}.csv".replace(",", "-").lower()
            assert not any(
                "; " in choice.label for one in table.columns if one.question for choice in one.question.choices
            )
        asked = {one.label for one in form(kind).questions() if one.kind not in ("computed", "rows", "location")}
        assert asked <= {column.heading for column in tables_of(kind)[0].columns}, kind
    assert set(names.values()) == {1}


def test_a_supervisor_exports_people_with_every_digit(laptop: Laptop, tmp_path: Path):
    family = register_household(laptop.session)
    for n in (1, 2):
        register_person(laptop.session, n, household=family)
    out = tmp_path / "warga.xlsx"
    session = as_supervisor(laptop)
    exported(session, parts_of_people(session, PersonFilter()), out, with_nik=True)
    rows = table_of(out, "Warga")
    assert [row["NIK"] for row in rows] == [row_nik for row_nik in sorted(map(nik_of, (1, 2)), key=_name_order(laptop))]
    assert {row["Nomor KK"] for row in rows} == {family.answers["kk_number"]}
    assert {row["Desa/Kelurahan/Kampung"] for row in rows} == {
        laptop.session.reference.regions.village(family.answers["village_code"]).name
    }
    first = laptop.store.records.get(rows[0]["ID"])
    assert first is not None
    assert rows[0]["Nama lengkap sesuai KTP"] == first.answers["full_name"]
    assert day_of(rows[0]["Tanggal lahir"]) == date.fromisoformat(first.answers["birth_date"])
    assert rows[0]["Keluarga (ID)"] == family.uid
    assert [row["ID"] for row in table_of(out, "Keluarga")] == [family.uid]
    assert actions(laptop) == [("export.nik", PURPOSE), ("export.done", "3")]


def _name_order(laptop: Laptop) -> Any:
    names = {one.answers["nik"]: one.answers["full_name"] for one in laptop.store.records.where(RecordKind.PERSON)}
    return names.__getitem__


def test_field_officers_get_the_numbers_masked_everywhere(laptop: Laptop, tmp_path: Path):
    make_group(laptop.session, members=10)
    person = laptop.store.records.where(RecordKind.PERSON)[0]
    session, out = laptop.session, tmp_path / "semua"
    done = exported(session, parts_of_area(session), out.with_suffix(".csv"))
    assert done.path == out
    nik = str(person.answers["nik"])
    texts = {one.name: one.read_text(encoding="utf-8-sig") for one in out.iterdir()}
    assert not [name for name, text in texts.items() if nik in text]
    assert any(f"{nik[:4]}********{nik[-4:]}" in text for text in texts.values())
    assert actions(laptop)[0] == ("export.masked", PURPOSE)
    with pytest.raises(KubeFieldError) as refused:
        exported(session, parts_of_area(session), tmp_path / "nik.xlsx", with_nik=True)
    assert refused.value.failure == Failure.NOT_ALLOWED
    assert not (tmp_path / "nik.xlsx").exists()


def test_leaders_see_counts_only(laptop: Laptop, tmp_path: Path):
    session = laptop.as_role(Role.PIMPINAN)
    with pytest.raises(KubeFieldError) as refused:
        exported(session, parts_of_area(session), tmp_path / "x.xlsx")
    assert refused.value.failure == Failure.NOT_ALLOWED
    assert list(tmp_path.glob("x*")) == []


def test_an_export_says_what_it_is_for(laptop: Laptop, tmp_path: Path):
    order = ExportOrder("Uji", parts_of_area(laptop.session), "  ", tmp_path / "x.xlsx")
    with pytest.raises(KubeFieldError) as refused:
        run_export(laptop.session, order=order)
    assert refused.value.code == "PURPOSE"
    assert list(tmp_path.glob("x*")) == []
    assert actions(laptop) == []


def test_the_file_says_who_made_it_what_for_and_that_it_is_not_encrypted(laptop: Laptop, tmp_path: Path):
    out = tmp_path / "x.xlsx"
    exported(laptop.session, parts_of_area(laptop.session), out)
    told = sheets_of(out)["Keterangan"]
    lines = {row[0]: row[1] for row in told if len(row) > 1}
    assert lines["Keperluan"] == PURPOSE
    assert lines["Diekspor oleh"] == "Rina"
    assert any("tidak terenkripsi" in row[1] for row in told if len(row) > 1 and row[1])
    (export_id,) = {row[0] for row in laptop.store.db.rows("SELECT object_id FROM audit WHERE object_type = 'export'")}
    assert lines["Tanda ekspor"] == export_id


def test_a_list_is_exported_as_it_is_filtered_and_whole(laptop: Laptop, tmp_path: Path):
    family = register_household(laptop.session)
    for n in range(1, 4):
        register_person(laptop.session, n, household=family, status="aktif" if n < 3 else "calon")
    wanted = PersonFilter(status="aktif", limit=1)
    exported(laptop.session, parts_of_people(laptop.session, wanted), tmp_path / "x.xlsx")
    assert {row["Status"] for row in table_of(tmp_path / "x.xlsx", "Warga")} == {"Aktif"}
    assert len(table_of(tmp_path / "x.xlsx", "Warga")) == 2


def test_members_are_exported_with_their_groups(laptop: Laptop, tmp_path: Path):
    group = make_group(laptop.session, members=10)
    make_unit(laptop.session, group)
    session = as_supervisor(laptop)
    exported(session, parts_of_groups(session, GroupFilter()), tmp_path / "x.xlsx", with_nik=True)
    members = table_of(tmp_path / "x.xlsx", "Anggota KUBE")
    people = {one.uid: one for one in laptop.store.records.where(RecordKind.PERSON)}
    assert len(members) == 10
    for row in members:
        assert row["Anggota (NIK)"] == people[row["Anggota (ID)"]].answers["nik"]
    assert len(table_of(tmp_path / "x.xlsx", "Unit usaha")) == 1


def test_a_visit_comes_with_number_state_figures_and_its_tables(laptop: Laptop, tmp_path: Path):
    visit = record_visit(laptop.session, make_unit(laptop.session).uid)
    parts = parts_of_documents(laptop.session, DocumentFilter(), (RecordKind.VISIT,))
    exported(laptop.session, parts, tmp_path / "x.xlsx")
    (row,) = table_of(tmp_path / "x.xlsx", "Kunjungan")
    assert row["Nomor dokumen"] == visit.number
    assert row["Keadaan dokumen"] == "Final · menunggu dikirim"
    assert row["Petugas pencatat"] == visit.author_name
    assert day_of(row["Tanggal catatan"]) == date.fromisoformat(visit.occurred_on)
    assert row["Omzet"] == float(visit.answers["revenue_idr"])
    assert row["Laba/rugi"] == row["Omzet"] - row["Jumlah biaya"]
    assert row["ID"] == visit.uid
    families = table_of(tmp_path / "x.xlsx", "Kunjungan - Penghasilan rumah")
    assert len(families) == len(visit.answers["hh_income_sample"]) == row["Penghasilan rumah tangga"]
    assert {(one["ID induk"], one["Nomor dokumen"]) for one in families} == {(visit.uid, visit.number)}


def test_unknown_refused_left_out_and_blank_are_four_things(laptop: Laptop, tmp_path: Path):
    visit = record_visit(laptop.session, make_unit(laptop.session).uid)
    answers = dict(visit.answers)
    answers |= {"cash_idr": "tidak_tahu", "stock_idr": "menolak", "receivable_idr": {"waived": "buku hilang"}}
    answers.pop("payable_idr")
    sql = "UPDATE fact SET answers = ? WHERE uid = ?"
    laptop.store.db.execute_sql(sql, (dump(answers), visit.uid))
    parts = parts_of_documents(laptop.session, DocumentFilter(), (RecordKind.VISIT,))
    exported(laptop.session, parts, tmp_path / "x.xlsx")
    (row,) = table_of(tmp_path / "x.xlsx", "Kunjungan")
    assert row["Kas"] == "tidak tahu"
    assert row["Nilai stok"] == "tidak bersedia menjawab"
    assert row["Piutang tertagih"] == "tidak diisi: buku hilang"
    assert row["Utang usaha"] is None
    assert row["Modal kerja sekarang"] is None


def test_only_the_newest_revision_is_exported_and_rows_taken_back_are_not(laptop: Laptop, tmp_path: Path):
    visit = record_visit(laptop.session, make_unit(laptop.session).uid)
    sent(laptop)
    draft = correct_document(laptop.session, uid=visit.uid, reason="salah tulis")
    first, *others = visit.answers["support_needed"]
    rows = [{**first, "struck": "salah tulis"}, {**first, "id": "lain"}, *others]
    changed = save_draft(laptop.session, draft=draft, answers={**draft.answers, "support_needed": rows})
    again = commit_saved(laptop.session, changed)
    parts = parts_of_documents(laptop.session, DocumentFilter(), (RecordKind.VISIT,))
    exported(laptop.session, parts, tmp_path / "x.xlsx")
    (row,) = table_of(tmp_path / "x.xlsx", "Kunjungan")
    assert (row["ID"], row["Revisi"]) == (again.uid, 2.0)
    plans = table_of(tmp_path / "x.xlsx", "Kunjungan - Rencana tindak")
    assert [one["Baris ke"] for one in plans] == [float(at) for at in range(1, len(rows))]


def test_documents_are_exported_by_their_state(laptop: Laptop, tmp_path: Path):
    unit = make_unit(laptop.session)
    accepted, waiting = (record_visit(laptop.session, unit.uid, day) for day in ("2026-10-20", "2026-11-20"))
    reviewed(laptop, accepted.uid)
    laptop.store.db.execute_sql("UPDATE outbox SET state = 'queued', receipt_sha256 = '' WHERE uid = ?", (waiting.uid,))
    kinds = (RecordKind.VISIT, RecordKind.ASSESSMENT)
    for state, wanted in ((ChipState.ACCEPTED, accepted), (ChipState.WAITING, waiting)):
        out = tmp_path / f"{state}.xlsx"
        exported(laptop.session, parts_of_documents(laptop.session, DocumentFilter(), kinds, state), out)
        assert [row["ID"] for row in table_of(out, "Kunjungan")] == [wanted.uid]
        assert table_of(out, "Asesmen") == []


def test_a_referral_because_of_violence_stays_with_its_author_and_the_supervisors(laptop: Laptop, tmp_path: Path):
    person = register_person(laptop.session)
    refer(laptop.session, person.uid)
    secret = refer(laptop.session, person.uid, **PROTECTED)
    colleague = laptop.as_role(Role.PENDAMPING, "Budi")

    def seen_by(session: Session, name: str) -> set[str]:
        for what, parts in (
            ("area", parts_of_area(session)),
            ("list", parts_of_documents(session, DocumentFilter(), (RecordKind.REFERRAL,))),
        ):
            exported(session, parts, tmp_path / f"{name}-{what}.xlsx")
        area, listed = (
            {row["ID"] for row in table_of(tmp_path / f"{name}-{what}.xlsx", "Rujukan")} for what in ("area", "list")
        )
        assert area == listed
        return area

    assert secret.uid in seen_by(laptop.session, "penulis")
    assert secret.uid in seen_by(as_supervisor(laptop), "penyelia")
    others = seen_by(colleague, "rekan")
    assert len(others) == 1
    assert secret.uid not in others


def test_nothing_leaves_that_lies_outside_the_own_area(laptop: Laptop, tmp_path: Path):
    person = register_person(laptop.session)
    officer = replace(laptop.session.officer, areas=("64.08",))
    session = replace(laptop.session, officer=officer)
    done = exported(session, parts_of_people(session, PersonFilter()), tmp_path / "x.xlsx")
    assert done.left_out == 2
    assert table_of(tmp_path / "x.xlsx", "Warga") == []
    assert person.answers["full_name"] not in str(sheets_of(tmp_path / "x.xlsx"))
    assert "2 data di luar wilayah tugas" in str(sheets_of(tmp_path / "x.xlsx")["Keterangan"])


def test_a_training_is_exported_with_its_attendance(laptop: Laptop, tmp_path: Path):
    people: list[Record] = [register_person(laptop.session, n) for n in (1, 2)]
    event = make_training(laptop.session, people)
    hold_session(laptop.session, event)
    parts = parts_of_trainings(laptop.session, [event.uid])
    exported(as_supervisor(laptop), parts, tmp_path / "x.xlsx", with_nik=True)
    assert [row["ID"] for row in table_of(tmp_path / "x.xlsx", "Pelatihan")] == [event.uid]
    attendance = table_of(tmp_path / "x.xlsx", "Daftar hadir")
    assert len(attendance) == 2
    assert {value for row in attendance for head, value in row.items() if head.endswith("(NIK)") and value} == {
        nik_of(1),
        nik_of(2),
    }
    invited = table_of(tmp_path / "x.xlsx", "Pelatihan - Peserta yang")
    assert {row["ID induk"] for row in invited} == {event.uid}


def test_small_facts_say_whom_they_are_about(laptop: Laptop, tmp_path: Path):
    person = register_person(laptop.session)
    exported(laptop.session, parts_of_area(laptop.session, (RecordKind.CONSENT,)), tmp_path / "x.xlsx")
    rows = table_of(tmp_path / "x.xlsx", "Persetujuan")
    assert {(row["Tentang"], row["Tentang (ID)"]) for row in rows} == {(person.answers["full_name"], person.uid)}


def test_a_cancelled_export_leaves_nothing_but_its_trace(tmp_path: Path):
    out = tmp_path / "keluar"
    out.mkdir()
    with make_laptop(tmp_path) as laptop:
        family = register_household(laptop.session)
        for n in range(1, 8):
            register_person(laptop.session, n, household=family)
        asked: list[int] = []

        def enough() -> bool:
            asked.append(1)
            return len(asked) > 1

        order = ExportOrder("Uji", parts_of_area(laptop.session), PURPOSE, out / "x.xlsx")
        assert run_export(laptop.session, order=order, cancelled=enough) is None
        assert list(out.iterdir()) == []
        assert [action for action, _reason in actions(laptop)] == ["export.masked", "export.stopped"]


def test_no_room_is_told_and_leaves_nothing(laptop: Laptop, tmp_path: Path):
    out = tmp_path / "keluar"
    out.mkdir()
    order = ExportOrder("Uji", parts_of_area(laptop.session), PURPOSE, out / "x.xlsx")
    with pytest.raises(KubeFieldError) as refused:
        run_export(laptop.session, order=order, free_bytes=lambda _folder: 0)
    assert refused.value.failure == Failure.DISK_FULL
    assert list(out.iterdir()) == []


def test_what_is_deleted_between_two_steps_is_left_out(laptop: Laptop, tmp_path: Path):
    family = register_household(laptop.session)
    register_person(laptop.session, 1, household=family)
    order = ExportOrder("Uji", parts_of_area(laptop.session, (RecordKind.PERSON,)), PURPOSE, tmp_path / "x.xlsx")
    running = RunningExport(laptop.session, order)
    laptop.store.db.execute_sql("UPDATE person SET deleted = 1")
    while running.step():
        pass
    running.finish()
    running.drop()
    assert table_of(tmp_path / "x.xlsx", "Warga") == []


def test_a_list_in_csv_holds_the_same_rows(laptop: Laptop, tmp_path: Path):
    register_person(laptop.session, 1)
    session = as_supervisor(laptop)
    exported(session, parts_of_people(session, PersonFilter()), tmp_path / "Warga 2026.csv", with_nik=True)
    (row,) = csv_table(tmp_path / "Warga 2026" / "Warga.csv")
    assert row["NIK"] == f"'{nik_of(1)}"
    assert row["Tanggal lahir"] == "1968-06-08"


def test_only_its_owner_may_read_the_file(laptop: Laptop, tmp_path: Path):
    parts = parts_of_area(laptop.session)
    exported(laptop.session, parts, tmp_path / "x.xlsx")
    exported(laptop.session, parts, tmp_path / "y.csv")
    made = [tmp_path / "x.xlsx", tmp_path / "y", *(tmp_path / "y").iterdir()]
    if os.name != "nt":
        assert {one.stat().st_mode & 0o077 for one in made} == {0}
