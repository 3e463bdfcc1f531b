"""Sinkronisasi: every outcome has one sentence, one action and says that the data are safe; a failure stays."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel

from kube_field.domain.records import RecordKind
from kube_field.sync import troubles
from kube_field.ui.pages.sync_page import DeviceView, SyncPage
from kube_field.ui.pages.sync_words import age_words, outcome_words, queue_chip, trouble_of_run
from kube_field.ui.pages.trouble_table import BROKEN, MASS_REMOVAL
from kube_field.ui.theme import apply_theme
from kube_field.usecases.stick import CourierTally
from kube_field.usecases.views import QueueRow
from tests.support import page_samples as samples
from tests.support import sync_samples
from tests.support.sync_samples import FAILURES, NOW, failed_run, make_run


@pytest.fixture
def page(qtbot) -> SyncPage:
    page = SyncPage(lambda: NOW)
    qtbot.addWidget(page)
    return page


def at(**before) -> str:
    return (NOW - timedelta(**before)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ({"seconds": 20}, "baru saja"),
        ({"minutes": 2}, "2 menit"),
        ({"hours": 3}, "3 jam"),
        ({"hours": 11}, "11 jam"),  # yesterday 23.00 WITA: hours say more than the day
        ({"hours": 20}, "kemarin"),
        ({"days": 2}, "2 hari"),
        ({"days": 21}, "21 hari"),
    ],
)
def test_waiting_is_told_in_minutes_hours_and_days_of_the_local_calendar(before, words) -> None:
    assert age_words(at(**before), NOW) == words


def test_two_minutes_around_midnight_utc_are_two_minutes() -> None:
    midnight = NOW.replace(hour=0, minute=1)
    assert age_words((midnight - timedelta(minutes=2)).isoformat(), midnight) == "2 menit"


@pytest.mark.parametrize("code", FAILURES)
def test_every_failure_has_a_sentence_of_its_own_one_action_and_says_that_the_data_are_safe(page, code: str) -> None:
    page.show_unsolved(failed_run(code))
    card = page.trouble
    assert not card.isHidden()
    told = card.sentence.text()
    assert told not in [trouble_of_run(failed_run(other)).sentence for other in FAILURES if other != code]
    assert any(word in card.safe.text() for word in ("aman", "terkirim", "tersimpan"))
    assert card.button.text()
    assert "23 Nov 2026" in card.when.text()


def test_no_cause_of_a_failed_run_is_missing_among_those_that_are_shown_here() -> None:
    causes = [made for name, made in inspect.getmembers(troubles, inspect.isfunction) if name != "trouble_of"]
    own = [made for made in causes if made.__module__ == troubles.__name__]
    needed = [[one for one in inspect.signature(made).parameters.values() if one.default is one.empty] for made in own]
    codes = {made(*("x" for _one in them)).code for made, them in zip(own, needed, strict=True)}
    assert len(codes) > 10
    assert codes <= set(FAILURES)


def test_a_failure_stays_until_a_run_succeeds(page) -> None:
    page.show_unsolved(make_run("S04"))
    page.show_queue(samples.queue_rows())
    page.show_runs([make_run("CANCELLED", id=10), make_run("S04")])
    page.show_unsolved(make_run("S04"))
    assert not page.trouble.isHidden()
    page.show_unsolved(None)
    assert page.trouble.isHidden()


def test_a_failure_is_there_again_when_what_hid_it_is_over(page) -> None:
    page.show_unsolved(make_run("S05"))
    page.show_progress("Memeriksa sambungan…", may_cancel=False)
    assert page.trouble.isHidden()
    page.show_check(sync_samples.good_line())
    assert not page.trouble.isHidden()


def test_nothing_offers_to_stop_what_cannot_be_stopped(page) -> None:
    page.show_progress("Memeriksa sambungan…", may_cancel=False)
    assert page._cancel.isHidden()
    page.show_progress("Mengirim data… 3 dari 7", 3, 7)
    assert not page._cancel.isHidden()


def test_a_clock_found_wrong_by_a_good_run_is_told_with_one_action_until_it_is_right(qtbot, page) -> None:
    run = make_run(message="Jam laptop tampaknya salah.", sent=2)
    page.show_runs([run])
    page.show_unsolved(run)
    page.show_result(run, ["Kunjungan ke-4"], [])
    assert "jam laptop" in page.trouble.sentence.text()
    assert "terkirim" in page.trouble.safe.text()
    assert not page._result.isHidden()
    assert "jam laptop salah" in page._result.title_label.text()
    with qtbot.waitSignal(page.send_requested):
        page.trouble.button.click()


def test_a_run_that_fails_otherwise_than_what_stands_says_so_beside_it(page) -> None:
    stands, run = make_run("S05", started_at="2026-11-22T01:58:00.000Z"), make_run("S01", id=10)
    page.show_unsolved(stands)
    page.show_result(run, [], [])
    assert "menolak" in page.trouble.sentence.text()
    assert page._result_words.text() == "Tidak ada jaringan."
    assert "aman" in page._result_names.text()
    assert not page._result.isHidden()


def test_what_the_server_said_of_this_laptop_is_told_with_the_result_and_in_the_history(page) -> None:
    run = make_run(notice="Laptop ini ternyata salinan: kode barunya KT09.")
    page.show_runs([run])
    page.show_result(run, [], [])
    assert "kode barunya KT09" in page._result_names.text()
    page.runs.content.table.selectRow(0)
    page.runs.show_names(run, [])
    assert page.runs.names.text().startswith("Laptop ini ternyata salinan: kode barunya KT09 · ")


def test_older_runs_are_offered_where_there_are_any(qtbot, page) -> None:
    page.show_runs([make_run()])
    assert page.runs.more_button.isHidden()
    page.show_runs([make_run()], more=True)
    assert not page.runs.more_button.isHidden()
    with qtbot.waitSignal(page.runs.more_requested):
        page.runs.more_button.click()


def test_a_cause_without_words_of_its_own_brings_those_of_the_run(page) -> None:
    page.show_unsolved(
        make_run("BUSY", message="Penyimpanan server penuh. Akan dicoba lagi. Data Anda aman di laptop.")
    )
    assert page.trouble.sentence.text() == "Penyimpanan server penuh."
    assert page.trouble.advice.text() == "Akan dicoba lagi."
    assert page.trouble.safe.text().endswith("Data Anda aman di laptop.")
    assert outcome_words("BUSY").startswith("Sinkronisasi belum berhasil.")


@pytest.mark.parametrize(
    ("code", "signal"), [("S01", "send_requested"), ("S09", "check_requested"), (MASS_REMOVAL, "removal_allowed")]
)
def test_the_one_button_does_what_helps(qtbot, page, code: str, signal: str) -> None:
    page.show_unsolved(make_run(code))
    with qtbot.waitSignal(getattr(page, signal)):
        page.trouble.button.click()


def test_a_revoked_laptop_leads_to_the_device(page) -> None:
    page.show_unsolved(make_run("REVOKED"))
    page.trouble.button.click()
    assert page.tabs.tabText(page.tabs.currentIndex()) == "Perangkat"


def test_a_mass_removal_can_be_declined_and_is_asked_again_by_the_next_run(qtbot, page) -> None:
    run = make_run(MASS_REMOVAL)
    page.show_unsolved(run)
    assert not page.trouble.decline.isHidden()
    page.trouble.decline.click()
    page.show_unsolved(run)
    assert page.trouble.isHidden()
    page.show_unsolved(make_run(MASS_REMOVAL, started_at="2026-11-23T02:30:00.000Z", id=11))
    assert not page.trouble.isHidden()


def test_other_failures_cannot_be_declined(page) -> None:
    page.show_unsolved(make_run("S04"))
    assert page.trouble.decline.isHidden()


def test_a_result_has_its_time_and_names(page) -> None:
    page.show_progress("Mengirim data… 3 dari 7", 3, 7)
    assert not page._send.isEnabled()
    run = make_run(sent=1, refused=1)
    page.show_result(run, ["Kunjungan ke-4"], [("Anggrek Contoh", "NIK ganda")], ["Kunjungan ke-5"])
    assert page._send.isEnabled()
    assert page._result_names.text() == (
        "Terkirim: Kunjungan ke-4\nDitolak: Anggrek Contoh · NIK ganda\nMasih menunggu: Kunjungan ke-5"
    )
    assert "23 Nov 2026 09.59" in page._result.title_label.text()
    assert not page._result.isHidden()


def test_a_failed_run_that_did_nothing_has_no_second_card(page) -> None:
    page.show_unsolved(make_run(BROKEN))
    page.show_result(make_run(BROKEN), [], [])
    assert page._result.isHidden()


def test_nothing_can_be_sent_twice_at_once_whatever_is_read_meanwhile(page) -> None:
    page.show_progress("Mengirim data…")
    page.show_device(sync_device(), samples.pill())
    assert not page._send.isEnabled()


def test_the_queue_tells_state_reason_and_photos(qtbot, page) -> None:
    sent = QueueRow("q9", "v9", RecordKind.VISIT, "Kunjungan", at(minutes=2), 900, "photos", "", "Sri", 2, 5)
    page.show_queue([*samples.queue_rows(), sent])
    assert queue_chip(sent)[0] == "Terkirim · foto 2/5"
    assert page.tabs.tabText(0) == "Antrean (4)"
    page.queue.table.selectRow(1)
    assert "NIK" in page.queue.reason.text()
    with qtbot.waitSignal(page.retry_requested) as told:
        page.queue.retry.click()
    assert told.args == [["q2"]]
    with qtbot.waitSignal(page.retry_requested) as told:
        page.queue.retry_all.click()
    assert told.args == [["q1", "q2", "q3", "q9"]]


def test_the_chosen_row_stays_chosen_when_the_queue_is_read_again(page) -> None:
    page.show_queue(samples.queue_rows())
    page.queue.table.selectRow(1)
    page.show_queue(samples.queue_rows()[1:])
    assert page.queue.table.current_item().change_id == "q2"
    assert "NIK" in page.queue.reason.text()


def test_a_run_shows_its_names_and_offers_its_paper(qtbot, page) -> None:
    run = make_run(sent=2)
    page.show_runs([run])
    with qtbot.waitSignal(page.runs.run_chosen):
        page.runs.content.table.selectRow(0)
    page.runs.show_names(run, ["Melati Contoh", "Kunjungan ke-5"])
    assert page.runs.names.text() == "Diterima server: Melati Contoh, Kunjungan ke-5"
    with qtbot.waitSignal(page.runs.print_requested) as told:
        page.runs.print_button.click()
    assert told.args == [run]


def test_a_run_that_was_not_written_down_has_no_paper(page) -> None:
    page.show_runs([make_run("S08", id=0)])
    page.runs.content.table.selectRow(0)
    assert not page.runs.print_button.isEnabled()


def test_the_check_shows_each_step_one_cause_and_one_action(page) -> None:
    page.show_check(sync_samples.bad_line())
    assert "Jam laptop" in page.line.words.text()
    assert "Perbaiki tanggal" in page.line.advice.text()
    page.show_check(sync_samples.good_line())
    assert "Sri Wahyuni" in page.line.words.text()
    assert page.line.advice.isHidden()


def test_what_was_given_to_a_stick_is_never_called_sent(page, tmp_path) -> None:
    tally = CourierTally(written=[tmp_path / "a.kubebundle"], given_changes=5, given_photos=2)
    page.show_stick(tally, at())
    assert page._result_words.text() == "Dititipkan: 5 perubahan dan 2 foto dalam 1 berkas."
    assert "tetap menunggu" in page._result_names.text()


def sync_device() -> DeviceView:
    return DeviceView("KT03", "https://kube.contoh.go.id", "2026-11-23T01:10:42.000Z", "Sri Wahyuni", True)


def told_of_device(page) -> str:
    return "\n".join(label.text() for label in page.device.findChildren(QLabel))


def test_what_this_program_cannot_show_is_told_quietly_beside_the_laptop(page) -> None:
    page.show_device(sync_device(), samples.pill())
    assert "Belum dapat ditampilkan" not in told_of_device(page)
    page.show_device(sync_device(), replace(samples.pill(), unread=2))
    assert "2 data dari server tersimpan apa adanya." in told_of_device(page)


ENROLLED = DeviceView("L07", "https://kube.contoh.go.id", "", "Sri Wahyuni", True)


def test_a_laptop_that_the_server_refuses_can_be_enrolled_anew(qtbot, page) -> None:
    page.show_device(ENROLLED, samples.pill())
    assert page.enrol.isHidden()
    page.show_unsolved(make_run("S05"))
    page.show_device(ENROLLED, samples.pill())
    page.trouble.button.click()
    assert page.tabs.tabText(page.tabs.currentIndex()) == "Perangkat"
    assert not page.enrol.isHidden()
    assert page.enrol._server.text() == ENROLLED.server
    page.enrol._code.setText("ABCD-EFGH-JKLM")
    with qtbot.waitSignal(page.enrol_requested) as told:
        page.enrol._enrol.click()
    assert told.args == [ENROLLED.server, "ABCD-EFGH-JKLM"]
    page.show_unsolved(None)
    page.show_device(ENROLLED, samples.pill())
    assert page.enrol.isHidden()


def test_a_choice_that_the_server_refused_says_so_in_the_list_and_at_its_field(page) -> None:
    page.show_conflicts(sync_samples.refused_choice())
    table = page.conflicts.list.table
    states = [table.items_model.columns[-1].text(record) for record in table.items_model.items()]
    assert states == ["Pilihan ditolak", "Belum dipilih"]
    page.open_conflicts("p1")
    first, second, _third = page.conflicts.blocks
    assert first.refused.text() == "Pilihan Anda sebelumnya ditolak server: Nama tidak boleh berisi angka."
    assert second.refused.isHidden()


def test_all_versions_of_mine_are_those_that_i_wrote_wherever_they_stand(page) -> None:
    page.show_conflicts(sync_samples.turned_conflicts())
    page.open_conflicts("p1")
    panel = page.conflicts
    assert not panel.all_mine.isHidden()
    panel.all_mine.click()
    assert panel.choices() == {"full_name": "Melati Contoh Satu", "phone": "+6281255550000"}
    assert [card.radio.text() for card in panel.blocks[0].cards[:2]] == [
        "Versi Budi Contoh",
        "Versi server (tulisan Anda)",
    ]


def test_who_wrote_none_of_the_values_is_offered_none_as_his(page) -> None:
    page.show_conflicts(sync_samples.conflicts_of_others())
    page.open_conflicts("p1")
    panel = page.conflicts
    assert panel.all_mine.isHidden()
    assert not panel.all_server.isHidden()
    headings = [card.radio.text() for block in panel.blocks for card in block.cards]
    assert not any("saya" in heading or "Anda" in heading for heading in headings)
    assert panel.blocks[0].cards[0].radio.text() == "Versi lain"


def test_both_notes_are_offered_in_one_and_what_others_choose_is_shown_and_closed(page) -> None:
    page.show_conflicts(sync_samples.conflict_of_notes())
    page.open_conflicts("t1")
    note, title = page.conflicts.blocks
    assert [card.radio.text() for card in note.cards] == [
        "Versi saya", "Versi server", "Simpan keduanya", "Tulis nilai lain",
    ]  # fmt: skip
    note.cards[2].radio.setChecked(True)
    assert page.conflicts.choices() == {"summary": note.conflict.both}
    assert page.conflicts._count.text() == "1 dari 1 isian dipilih"
    assert not any(card.isEnabled() for card in title.cards)
    assert page.conflicts.all_mine.isHidden()
    title.choose_mine()
    title.choose_server()
    assert page.conflicts.choices() == {"summary": note.conflict.both}
    note.cards[3].radio.setChecked(True)
    assert page.conflicts.choices() == {}, "another value is typed first"


def test_a_value_that_another_answer_keeps_out_says_which_rule_does(page) -> None:
    page.show_conflicts(sync_samples.conflict_of_counts())
    page.open_conflicts("h1")
    (block,) = page.conflicts.blocks
    assert not block.apart.isHidden()
    assert "Tidak boleh lebih dari jumlah anggota keluarga (3)." in block.apart.text()
    page.show_conflicts(sync_samples.conflicted_records())
    page.open_conflicts("g1")
    assert page.conflicts.blocks[0].apart.isHidden()


def test_a_record_of_which_others_choose_says_so_in_the_list(page) -> None:
    (about,) = sync_samples.conflict_of_notes()
    page.show_conflicts([replace(about, fields=about.fields[1:])])
    table = page.conflicts.list.table
    assert table.items_model.columns[-1].text(table.items_model.items()[0]) == "Menunggu penulisnya"
    page.open_conflicts("t1")
    assert page.conflicts.save.isHidden()


def test_a_decision_about_doubles_that_the_server_refused_is_told_in_that_tab(page) -> None:
    page.show_queue([*samples.queue_rows(), sync_samples.refused_decision()])
    assert page.refusal.isHidden()
    page.open_double()
    assert "Penulis tidak berwenang atas kedua data ini." in page.refusal.label.text()
    page.refusal.button.click()
    assert page.tabs.currentWidget() is page.queue
    page.open_double()
    page.show_queue(samples.queue_rows())
    assert page.refusal.isHidden()


def test_a_refused_change_says_what_to_do_and_that_it_is_safe(page) -> None:
    page.show_queue(samples.queue_rows())
    assert page.queue.table.current_item().state == "rejected"
    assert "perbaiki" in page.queue.reason.text()
    assert "aman di laptop" in page.queue.reason.text()


def test_why_a_choice_is_refused_is_scrolled_to_in_a_low_window(qtbot, qapp) -> None:
    apply_theme(qapp, 1.5)
    try:
        page = SyncPage(lambda: NOW)
        qtbot.addWidget(page)
        page.resize(1366 - 96, 560)
        page.show()
        page.show_conflicts(sync_samples.conflict_of_counts())
        page.open_conflicts("h1")
        first = page.conflicts.blocks[0]
        page.conflicts.show_errors([(first.conflict.field, "Tidak boleh lebih dari jumlah anggota keluarga (3).")])
        qtbot.waitUntil(lambda: first.error.visibleRegion().boundingRect() == first.error.rect())
    finally:
        apply_theme(qapp, 1.0)
