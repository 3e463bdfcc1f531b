"""BUKU SERAH TERIMA DATA: counts, every record with its receipt, the same bytes at every reprint."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kube_field.domain.records import Role
from kube_field.domain.sync_views import SyncRun
from kube_field.errors import KubeFieldError
from kube_field.officers import KeptOfficer, keep_officer
from kube_field.reports.handover import HandedRow, HandoverBook, render_handover
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.usecases.handover import handover_number, handover_paper
from tests.support.laptop import make_laptop
from tests.support.make_records import register_household, register_person
from tests.support.read_papers import metadata, page_sizes, page_texts, paper_text

AT = "2026-11-23T02:42:07.000Z"


def make_rows(count: int) -> list[HandedRow]:
    return [
        HandedRow(
            f"Kunjungan ke-{n} · KUBE Melati Contoh binti Sangat Panjang Namanya",
            "Kunjungan" if n % 2 else "Data warga",
            "Sri Wahyuni",
            f"019aaf00-0000-7000-8000-0000{n:08d}",
            f"{n:08x}" * 8,
            AT,
        )
        for n in range(1, count + 1)
    ]


def make_book(count: int = 3) -> HandoverBook:
    return HandoverBook(
        number="KT03/BST/2026/0012",
        device_code="KT03",
        officers=["Sri Wahyuni"],
        office="Dinas Sosial Kabupaten Kutai Timur",
        server="https://kube.dinsos.example",
        started_at="2026-11-23T02:41:00.000Z",
        ended_at=AT,
        way="Internet",
        result="selesai",
        sent=count,
        received=12,
        refused=1,
        photos=5,
        digest="ab12" * 16,
        rows=make_rows(count),
        kop={"government": "Pemerintah Kabupaten Kutai Timur", "office": "Dinas Sosial"},
    )


def test_the_paper_names_laptop_officer_server_and_times() -> None:
    text = paper_text(render_handover(make_book()))
    for words in ("BUKU SERAH TERIMA DATA", "KT03/BST/2026/0012", "Sri Wahyuni", "23 Nov 2026 10.42", "Internet"):
        assert words in text


def test_every_record_stands_there_with_receipt_and_hash() -> None:
    text = paper_text(render_handover(make_book(3)))
    assert all(f"{n:08d}" in text and f"{n:08x}" in text for n in (1, 2, 3))
    assert "Diterima server (terkirim) 3" in text
    assert "Ditolak server 1" in text
    assert "Foto terkirim 5" in text


def test_a_long_list_runs_over_pages_with_its_head_and_the_footer_counts_them() -> None:
    texts = page_texts(render_handover(make_book(90)))
    assert len(texts) > 2
    assert all(f"Halaman {n} dari {len(texts)}" in text for n, text in enumerate(texts, start=1))
    assert all("Tanda terima" in text for text in texts)


def test_the_paper_holds_the_audit_log_to_where_it_stood() -> None:
    text = paper_text(render_handover(replace(make_book(), audit_length=1234, audit_head="cd34" * 16)))
    assert "1.234 baris, sidik baris terakhir cd34 cd34" in text
    assert "audit" not in paper_text(render_handover(make_book())), "a run of before knows nothing of it"


def test_a_run_without_new_data_says_so() -> None:
    text = paper_text(render_handover(replace(make_book(), rows=(), digest="")))
    assert "tidak ada data baru" in text


def test_a_reprint_is_the_same_to_the_byte_on_upright_a4() -> None:
    first = render_handover(make_book())
    assert first == render_handover(make_book())
    assert set(page_sizes(first)) == {(595, 842)}
    assert metadata(first) == {"Title": "Buku Serah Terima Data KT03/BST/2026/0012"}


def test_everybody_whose_work_it_was_is_named_and_signs() -> None:
    text = paper_text(render_handover(replace(make_book(), officers=["Sri Wahyuni", "Budi Contoh"])))
    assert "Sri Wahyuni, Budi Contoh" in text
    assert text.count("Yang menyerahkan,") == 2
    many = ["Sri Wahyuni", "Budi Contoh", "Rina Contoh", "Dewi Contoh"]
    text = paper_text(render_handover(replace(make_book(), officers=many)))
    assert text.count("Yang menyerahkan,") == 1
    assert "dan 3 petugas lain" in text


def test_the_paper_names_the_authors_and_not_whoever_prints_it(tmp_path) -> None:
    with make_laptop(tmp_path) as laptop:
        rina = replace(laptop.session.officer, uid="user-rina")
        keep_officer(laptop.store, "rina", KeptOfficer(rina, enrolled=True, former=(laptop.session.officer.uid,)))
        budi = laptop.as_role(Role.PENDAMPING, "Budi Contoh")
        keep_officer(laptop.store, "budi", KeptOfficer(replace(budi.officer, office="Dinas Sosial Kutai Timur")))
        register_household(laptop.session)
        register_household(budi, 2)
        laptop.store.db.execute_sql(
            "UPDATE outbox SET state = 'acked', receipt_id = 'r-' || n, receipt_sha256 = sha256, receipt_at = ?", (AT,)
        )
        LocalSyncStore(laptop.store).add_run(SyncRun(AT, AT, 2, 0, 0, 0, 10, 10))
        (run,) = laptop.store.queue.runs()
        dewi = laptop.as_role(Role.PENYELIA_KAB, "Dewi Penyelia")
        papers = {handover_paper(one, run_id=run.id, printed=False) for one in (laptop.session, budi, dewi)}
        (paper,) = papers
        text = paper_text(paper)
        assert "Rina, Budi Contoh" in text
        assert "Dewi" not in text
        assert "Dinas Sosial Kutai Timur" in text


def test_the_paper_of_a_run_lists_what_got_its_receipt_in_it(tmp_path) -> None:
    with make_laptop(tmp_path) as laptop:
        register_person(laptop.session)
        laptop.store.db.execute_sql(
            "UPDATE outbox SET state = 'acked', receipt_id = 'r-' || n, receipt_sha256 = sha256, receipt_at = ?", (AT,)
        )
        LocalSyncStore(laptop.store).add_run(SyncRun(AT, AT, 2, 0, 0, 0, 10, 10))
        (run,) = laptop.store.queue.runs()
        text = paper_text(handover_paper(laptop.session, run_id=run.id))
        assert handover_number(run) in text
        assert "Melati Contoh Satu" in text
        assert laptop.store.db.value("SELECT object_type FROM audit ORDER BY seq DESC LIMIT 1") == "sync_run"
        with pytest.raises(KubeFieldError, match="tidak ada dalam riwayat"):
            handover_paper(laptop.session, run_id=99)
