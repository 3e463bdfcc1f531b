"""Pictures of the page Sinkronisasi in each of its states: runs and failures, Bentrok, Mungkin ganda, Karantina."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from gettext import gettext as _

from PySide6.QtWidgets import QWidget

from kube_field.sync import troubles
from kube_field.ui.pages.home_page import HomePage
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.pages.trouble_table import MASS_REMOVAL, REFUSED
from kube_field.ui.pill_words import pill_text
from kube_field.ui.presenters.progress_words import turn_words
from kube_field.ui.presenters.quarantine_presenter import unsettled_words
from kube_field.ui.workplace import Workplace
from tests.support import aside_samples, sync_samples
from tests.support import page_samples as samples

Pictures = Iterator[tuple[str, QWidget]]


def sync_pictures(work: Workplace) -> Pictures:
    """Every state of the page Sinkronisasi, with made-up rows."""
    work.open_page("sync")
    page = work.window.page("sync")
    assert isinstance(page, SyncPage)
    yield from _runs(work, page)
    yield from _conflicts(work, page)
    yield from _doubles(work, page)
    yield from _quarantine(work, page)
    page.tabs.setCurrentIndex(0)
    work.sync.refresh()
    work.open_page("home")
    home = work.window.page("home")
    assert isinstance(home, HomePage)
    first, second, *others = samples.work_items()
    summary = samples.home_summary((first, second, samples.set_aside_item(), *others))
    home.show_home(summary, "Selamat pagi, Sri", "Senin, 23 November 2026")
    yield "12-beranda-karantina", work.window


def _runs(work: Workplace, page: SyncPage) -> Pictures:
    page.tabs.setCurrentWidget(page.queue)
    page.show_queue([])
    page.show_runs([])
    yield "09-sinkron-antrean-kosong", work.window
    page.show_queue(samples.queue_rows())
    page.show_progress(_("Mengirim data… 3 dari 7"), 3, 7)
    yield "09-sinkron-mengirim", work.window
    page.show_progress(turn_words(700), 233, 933, may_go_on=True)
    yield "09-sinkron-giliran", work.window
    page.show_runs(samples.sync_runs())
    page.show_result(sync_samples.make_run(sent=2, received=14, refused=1), *sync_samples.result_names())
    yield "09-sinkron-hasil", work.window
    page._result.hide()
    for outcome in sync_samples.FAILURES:
        failed = sync_samples.failed_run(outcome)
        page.show_runs([failed, *samples.sync_runs()])
        page.show_unsolved(failed)
        yield f"09-sinkron-gagal-{outcome.lower()}", work.window
    yield from _good_with_remarks(work, page)
    page.show_unsolved(None)
    page.show_runs([sync_samples.make_run(REFUSED, refused=1), *samples.sync_runs()])
    page.queue.table.selectRow(1)
    yield "09-sinkron-gagal-s07", work.window
    page.tabs.setCurrentWidget(page.runs)
    page.runs.content.table.selectRow(1)
    yield "09-sinkron-riwayat", work.window
    page.show_runs(samples.sync_runs(), more=True)
    yield "09-sinkron-riwayat-lebih-lama", work.window
    page.show_check(sync_samples.bad_line())
    yield "09-sinkron-periksa", work.window
    page.line.hide()
    yield from _queue_and_sticks(work, page)


def _good_with_remarks(work: Workplace, page: SyncPage) -> Pictures:
    """What went well and still has something to tell, and a failure that stands behind another one."""
    clock = sync_samples.make_run(message=str(troubles.clock_is_wrong()), sent=2)
    page.show_runs([clock, *samples.sync_runs()])
    page.show_unsolved(clock)
    page.show_result(clock, *sync_samples.result_names())
    yield "09-sinkron-jam-salah", work.window
    copied = sync_samples.make_run(sent=2, notice=sync_samples.copied_laptop())
    page.show_unsolved(None)
    page.show_result(copied, *sync_samples.result_names())
    yield "09-sinkron-laptop-salinan", work.window
    offline = sync_samples.make_run("S01", id=10, started_at="2026-11-23T01:59:30.000Z")
    page.show_runs([offline, sync_samples.make_run("S05"), *samples.sync_runs()])
    page.show_unsolved(sync_samples.make_run("S05"))
    page.show_result(offline, [], [])
    yield "09-sinkron-ditolak-lalu-luring", work.window
    page._result.hide()


def _queue_and_sticks(work: Workplace, page: SyncPage) -> Pictures:
    page.tabs.setCurrentWidget(page.queue)
    page.show_queue(sync_samples.every_state())
    yield "09-sinkron-antrean-semua-keadaan", work.window
    page.queue.table.selectRow(6)
    yield "09-sinkron-antrean-dihapus", work.window
    for name, tally in sync_samples.stick_visits().items():
        asks = [sync_samples.make_run(MASS_REMOVAL, via="usb")] if tally.asking else []
        page.show_runs([*asks, *samples.sync_runs()[2:]])
        page.show_stick(tally, sync_samples.OTHER_AT)
        page.show_unsolved(asks[0] if asks else None)
        yield f"09-sinkron-usb-{name}", work.window
    page._result.hide()
    page.show_runs(samples.sync_runs()[2:])
    page.tabs.setCurrentWidget(page._device_area)
    yield "09-sinkron-perangkat", work.window
    page.show_device(work.sync._link.device(), replace(samples.pill(), unread=2))
    yield "09-sinkron-perangkat-belum-tampil", work.window
    page.tabs.setCurrentWidget(page.queue)
    for n, (state, sending) in enumerate(sync_samples.pills()):
        work.window.show_pill(*pill_text(state, sending))
        yield f"12-pil-{n:02d}", work.window.top_bar
    work.refresh_pill()


def _conflicts(work: Workplace, page: SyncPage) -> Pictures:
    page.open_conflicts()
    page.show_conflicts([])
    yield "09-bentrok-kosong", work.window
    page.show_conflicts(sync_samples.refused_choice())
    yield "09-bentrok-daftar", work.window
    page.open_conflicts("p1")
    yield "09-bentrok-isian", work.window
    page.conflicts.blocks[0].choose_mine()
    page.conflicts.blocks[1].cards[-1].radio.setChecked(True)
    yield "09-bentrok-dipilih", work.window
    page.conflicts.show_list()
    page.show_conflicts(sync_samples.conflict_of_counts())
    page.open_conflicts("h1")
    page.conflicts.blocks[0].choose_mine()
    page.conflicts.show_errors([("n_school", page.conflicts.blocks[0].conflict.apart)])
    yield "09-bentrok-antarisian", work.window
    page.conflicts.show_list()


def _doubles(work: Workplace, page: SyncPage) -> Pictures:
    page.open_double()
    page.show_doubles([], [])
    yield "10-ganda-kosong", work.window
    page.show_doubles(aside_samples.possible_doubles(), aside_samples.done_merges())
    yield "10-ganda-daftar", work.window
    page.show_queue([*samples.queue_rows(), sync_samples.refused_decision()])
    yield "10-ganda-keputusan-ditolak", work.window
    page.show_queue(samples.queue_rows())
    page.open_double("d1")
    page.doubles.show_comparison(aside_samples.comparison())
    page.hide_notice()
    yield "10-ganda-berdampingan", work.window
    page.doubles.different.click()
    yield "10-ganda-alasan", work.window
    page.doubles.reason.cancel()
    page.doubles.sides.cards[0].radio.setChecked(True)
    yield "10-ganda-dipilih", work.window
    page.doubles.merge.click()
    yield "10-ganda-gabungkan", work.window
    page.doubles.show_list()
    page.doubles.done_choice.setChecked(True)
    yield "10-ganda-sudah-digabung", work.window
    page.doubles.open_button.click()
    page.doubles.show_comparison(aside_samples.comparison())
    page.hide_notice()
    yield "10-ganda-sudah-digabung-berdampingan", work.window
    page.doubles.undo.click()
    yield "10-ganda-urungkan", work.window
    page.doubles.show_list()
    page.doubles.open_choice.setChecked(True)


def _quarantine(work: Workplace, page: SyncPage) -> Pictures:
    page.offer_quarantine(True)
    panel = page.quarantine
    page.tabs.setCurrentWidget(panel)
    yield "11-karantina-luring", work.window
    panel.show_unasked()
    panel.show_busy(_("Mengambil daftar dari server…"), may_cancel=True)
    yield "11-karantina-mengambil", work.window
    panel.show_busy("")
    panel.show_records([], aside_samples.ASKED_AT, more=False)
    yield "11-karantina-kosong", work.window
    records = aside_samples.aside_records()
    panel.show_records(records, aside_samples.ASKED_AT, more=False)
    page.name_quarantine(len(records), more=False)
    yield "11-karantina-daftar", work.window
    many = [replace(records[0], change=f"m{n}") for n in range(40)]
    panel.show_records([*records, *many], aside_samples.ASKED_AT, more=True)
    page.name_quarantine(44, more=True)
    yield "11-karantina-daftar-panjang", work.window
    yield from _several(work, page)
    yield from _opened(work, page)


def _several(work: Workplace, page: SyncPage) -> Pictures:
    panel = page.quarantine
    panel.list.table.selectAll()
    yield "11-karantina-beberapa-dipilih", work.window
    panel.bulk.accept.click()
    yield "11-karantina-beberapa-terima", work.window
    panel.bulk.refuse.click()
    panel.bulk.reason._edit.setText(_("Keluarga ini sudah terdaftar di desa lain"))
    yield "11-karantina-beberapa-tolak", work.window
    panel.show_results(aside_samples.aside_results())
    yield "11-karantina-beberapa-hasil", work.window
    panel.show_list()
    panel.show_records(aside_samples.aside_records(), aside_samples.ASKED_AT, more=False)


def _opened(work: Workplace, page: SyncPage) -> Pictures:
    panel, records = page.quarantine, aside_samples.aside_records()
    for name, record in zip(("baru", "perubahan", "gagal", "menunggu"), records, strict=True):
        panel._open(record)
        yield f"11-karantina-buka-{name}", work.window
    panel._open(records[0])
    panel.view.refuse.click()
    panel.view.reason._edit.setText(_("Keluarga ini sudah terdaftar di desa lain"))
    yield "11-karantina-tolak", work.window
    panel.view.reason.cancel()
    panel.show_busy(_("Mengirim keputusan ke server…"))
    yield "11-karantina-mengirim", work.window
    panel.show_busy("")
    panel.view.show_problem(unsettled_words(troubles.no_answer()))
    yield "11-karantina-tak-sampai", work.window
    words = "Kenanga Contoh: Diterima; tampil di laptop setelah sinkronisasi berikutnya."
    words = f"{words} Tanda terima server 23 Nov 2026 10.02."
    panel.show_settled(records[1], words)
    yield "11-karantina-diterima", work.window
