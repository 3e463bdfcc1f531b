"""Sending from the window: every run ends in a result of its own, also one that could not start or broke."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.sync.transports.line_check import LineCheck
from kube_field.sync_link import ServerLink
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.sync_page import DeviceView, SyncPage
from kube_field.ui.pill_words import pill_text
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.sync_presenter import SyncPresenter
from kube_field.ui.tasks import SYNC, ImmediateTaskRunner
from kube_field.ui.theme import Tone
from kube_field.usecases.stick import CourierTally
from kube_field.usecases.views import PillState, SyncRun
from tests.support import sync_samples
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_conflicts import put_conflict
from tests.support.make_records import register_person
from tests.support.read_papers import paper_text


class Office:
    """A way to the server that answers as told; the network itself is tested with the real one."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop
        self.outcome = ""
        self.acknowledges = False
        self.runs = 0
        self.consents: list[bool] = []
        self.stick_consents: list[bool] = []

    def device(self) -> DeviceView:
        return DeviceView("L07", "https://kube.contoh.go.id", "", "Rina", True)

    def send(self, on_progress, cancelled, *, allow_removal: bool = False) -> SyncRun:
        self.runs += 1
        self.consents.append(allow_removal)
        on_progress("push", 1, 2)
        now = self.laptop.session.instant()
        if self.acknowledges:
            self.laptop.store.db.execute_sql(
                "UPDATE outbox SET state = 'acked', receipt_id = 'r-' || n, receipt_sha256 = sha256, receipt_at = ?",
                (now,),
            )
        run = SyncRun(now, now, 0, 0, 0, 0, 0, 0, outcome=self.outcome)
        LocalSyncStore(self.laptop.store).add_run(run)
        return run

    def check(self) -> LineCheck:
        return sync_samples.good_line()

    def visit_stick(self, folder: Path, on_progress, cancelled, *, allow_removal: bool = False) -> CourierTally:
        on_progress("forward", 1, 3)
        self.stick_consents.append(allow_removal)
        asking = [] if allow_removal or self.outcome != "MASS_REMOVAL" else ["64.02.12"]
        now = self.laptop.session.instant()
        run = SyncRun(now, now, 0, 0, 0, 0, 0, 0, outcome="MASS_REMOVAL" if asking else "COURIER", via="usb")
        LocalSyncStore(self.laptop.store).add_run(run)
        tally = CourierTally(written=[folder / "a"], given_changes=2, asking=asking, behind=list(asking))
        tally.cancelled = cancelled()
        return tally

    def enrol(self, server: str, code: str) -> None:
        return None


class HeldTasks:
    """Does database work at once and keeps the work of the network until `let_go`."""

    def __init__(self) -> None:
        self.held: list[tuple] = []
        self.at_once = ImmediateTaskRunner()

    def run(self, work, done=None, failed=None, *, lane="database"):
        if lane == SYNC:
            self.held.append((work, done, failed))
            return None
        return self.at_once.run(work, done, failed)

    def let_go(self) -> None:
        work, done, failed = self.held.pop(0)
        self.at_once.run(work, done, failed)


@pytest.fixture
def laptop(tmp_path):
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def office(laptop) -> Office:
    return Office(laptop)


def make(qtbot, laptop, office, tasks=None, **more):
    page = SyncPage(laptop.session.wiring.now)
    qtbot.addWidget(page)
    presenter = SyncPresenter(page, laptop.session, tasks or ImmediateTaskRunner(), Navigator(), office, **more)
    return page, presenter


def test_a_good_run_ends_in_a_result_with_the_names_of_what_the_server_took(qtbot, laptop, office) -> None:
    register_person(laptop.session)
    office.acknowledges = True
    page, presenter = make(qtbot, laptop, office)
    page.send_requested.emit()
    assert not presenter.is_sending
    assert "Melati Contoh Satu" in page._result_names.text()
    assert page.queue.content.currentWidget() is page.queue.content.empty


def test_what_still_waits_after_a_run_is_named_beside_its_result(qtbot, laptop, office) -> None:
    register_person(laptop.session)
    page, _presenter = make(qtbot, laptop, office)
    page.send_requested.emit()
    assert "Masih menunggu: " in page._result_names.text()


def test_sending_while_a_run_is_under_way_starts_another_one_after_it(qtbot, laptop, office) -> None:
    tasks = HeldTasks()
    _page, presenter = make(qtbot, laptop, office, tasks)
    presenter.send()
    register_person(laptop.session)
    presenter.send()
    assert len(tasks.held) == 1
    tasks.let_go()
    assert len(tasks.held) == 1
    assert presenter.is_sending
    tasks.let_go()
    assert (office.runs, presenter.is_sending) == (2, False)


def test_stopping_also_forgets_the_run_that_was_to_follow(qtbot, laptop, office) -> None:
    tasks = HeldTasks()
    _page, presenter = make(qtbot, laptop, office, tasks)
    presenter.send()
    presenter.send()
    presenter.cancel()
    tasks.let_go()
    assert tasks.held == []


def test_a_failure_stays_when_the_page_is_read_again_and_goes_with_the_next_good_run(qtbot, laptop, office) -> None:
    office.outcome = "S04"
    page, presenter = make(qtbot, laptop, office)
    presenter.send()
    presenter.refresh()
    assert "tidak menjawab" in page.trouble.sentence.text()
    office.outcome = ""
    page.trouble.button.click()
    assert page.trouble.isHidden()


@pytest.mark.parametrize("after", ["CANCELLED", "S01"])
def test_a_refused_laptop_is_told_until_a_run_goes_well(qtbot, laptop, office, tmp_path, after: str) -> None:
    office.outcome = "S05"
    laptop.store.db.put_row("sync_meta", {"k": "device_id", "v": "d1"}, key="k")
    page, presenter = make(qtbot, laptop, office, choose_folder=lambda _parent: tmp_path)
    pills: list[PillState] = []
    presenter.state_changed.connect(pills.append)
    presenter.send()
    office.outcome = after
    presenter.send()
    page._usb.click()
    page._check.click()
    assert "menolak" in page.trouble.sentence.text()
    assert not page.trouble.isHidden()
    assert not page.enrol.isHidden()
    assert pill_text(pills[-1]) == ("Server menolak laptop ini · lihat", Tone.RISK)
    office.outcome = ""
    presenter.send()
    assert page.trouble.isHidden()
    assert pill_text(pills[-1]).tone == Tone.GOOD


def test_older_runs_are_read_when_they_are_asked_for(qtbot, laptop, office) -> None:
    now = laptop.session.instant()
    with laptop.store.transaction():
        for _ in range(60):
            LocalSyncStore(laptop.store).add_run(SyncRun(now, now, 1, 0, 0, 0, 0, 0))
    page, presenter = make(qtbot, laptop, office)
    presenter.refresh()
    table = page.runs.content.table
    assert (len(table.items_model.items()), page.runs.more_button.isHidden()) == (50, False)
    page.runs.more_button.click()
    assert (len(table.items_model.items()), page.runs.more_button.isHidden()) == (60, True)


@pytest.mark.parametrize("fails", [True, False])
def test_a_run_that_was_asked_for_during_a_check_goes_on_after_it(qtbot, laptop, office, monkeypatch, fails) -> None:
    def no_line() -> LineCheck:
        raise KubeFieldError(Failure.NO_NETWORK, "Tidak ada jaringan.", "Sambungkan.")

    if fails:
        monkeypatch.setattr(office, "check", no_line)
    tasks = HeldTasks()
    page, presenter = make(qtbot, laptop, office, tasks)
    page._check.click()
    presenter.send()
    tasks.let_go()
    assert presenter.is_sending
    assert not page._progress.isHidden()
    assert not page._send.isEnabled()
    assert page.line.isHidden() == fails, "what the check found stays to be read"
    tasks.let_go()
    assert (office.runs, presenter.is_sending, page._progress.isHidden()) == (1, False, True)


def test_what_cannot_be_stopped_offers_no_stop(qtbot, laptop, office) -> None:
    tasks = HeldTasks()
    page, presenter = make(qtbot, laptop, office, tasks)
    page._check.click()
    assert page._cancel.isHidden()
    tasks.let_go()
    presenter.send()
    assert not page._cancel.isHidden()


def test_the_officers_consent_to_a_mass_removal_goes_with_the_next_run_only(qtbot, laptop, office) -> None:
    office.outcome = "MASS_REMOVAL"
    page, presenter = make(qtbot, laptop, office)
    presenter.send()
    office.outcome = ""
    page.trouble.button.click()
    presenter.send()
    assert office.consents == [False, True, False]


def test_refused_changes_are_sent_once_more(qtbot, laptop, office) -> None:
    register_person(laptop.session)
    laptop.store.db.execute_sql("UPDATE outbox SET state = 'attention', status = 'failed'")
    page, presenter = make(qtbot, laptop, office)
    presenter.refresh()
    office.acknowledges = True
    page.queue.retry_all.click()
    assert office.runs == 1
    assert laptop.store.queue.rows() == []


def test_a_stick_is_visited_only_where_a_folder_was_chosen(qtbot, laptop, office, tmp_path) -> None:
    chosen: list[Path | None] = [None, tmp_path]
    page, _presenter = make(qtbot, laptop, office, choose_folder=lambda _parent: chosen.pop(0))
    page._usb.click()
    assert page._result.isHidden()
    page._usb.click()
    assert "2 perubahan" in page._result_words.text()


def test_a_visit_of_a_stick_is_told_step_by_step_and_can_be_stopped(qtbot, laptop, office, tmp_path) -> None:
    tasks = HeldTasks()
    page, presenter = make(qtbot, laptop, office, tasks, choose_folder=lambda _parent: tmp_path)
    told: list[str] = []
    presenter.progressed.connect(lambda phase, _done, _total: told.append(phase))
    page._usb.click()
    presenter._stick_reported.emit("forward", 1, 3)
    qtbot.waitUntil(lambda: page._doing.text() == "Meneruskan titipan ke server… 2 dari 3")
    assert (page._bar.value(), page._bar.maximum()) == (1, 3)
    page._cancel.click()
    assert page._doing.text() == "Menghentikan setelah langkah ini…"
    tasks.let_go()
    assert page._result_words.text().startswith("Dihentikan")
    assert (told, page._progress.isHidden(), tasks.held) == ([], True, [])


def test_a_run_that_was_asked_for_during_a_visit_follows_it(qtbot, laptop, office, tmp_path) -> None:
    tasks = HeldTasks()
    page, presenter = make(qtbot, laptop, office, tasks, choose_folder=lambda _parent: tmp_path)
    page._usb.click()
    presenter.send()
    page._cancel.click()
    tasks.let_go()
    assert page._result_words.text().startswith("Dihentikan"), "the visit was stopped, not the run"
    assert (page._result.isHidden(), page._progress.isHidden()) == (False, False)
    tasks.let_go()
    assert (office.runs, presenter.is_sending, page._progress.isHidden()) == (1, False, True)


def test_the_officers_consent_to_a_braked_stick_goes_to_the_stick(qtbot, laptop, office, tmp_path) -> None:
    office.outcome = "MASS_REMOVAL"
    page, _presenter = make(qtbot, laptop, office, choose_folder=lambda _parent: tmp_path)
    page._usb.click()
    assert "menunggu jawaban Anda" in page._result_names.text()
    assert "sambungan internet" not in page._result_names.text()
    assert "menghapus banyak" in page.trouble.sentence.text()
    page.trouble.button.click()
    assert (office.stick_consents, office.consents) == ([False, True], [])
    assert page.trouble.isHidden()


def test_the_paper_of_a_run_is_saved_from_the_history(qtbot, laptop, office, tmp_path) -> None:
    register_person(laptop.session)
    office.acknowledges = True
    output = PaperOutput(choose_file=lambda _parent, name: tmp_path / name)
    page, presenter = make(qtbot, laptop, office, output=output)
    presenter.send()
    page.runs.content.table.selectRow(0)
    assert "Melati Contoh Satu" in page.runs.names.text()
    page.runs.save_button.click()
    (saved,) = tmp_path.glob("Serah terima*.pdf")
    assert "Melati Contoh Satu" in paper_text(saved.read_bytes())


def test_a_conflict_is_settled_in_the_window_and_leaves_the_list(qtbot, laptop, office) -> None:
    person = register_person(laptop.session)
    put_conflict(laptop.store, person, "full_name", "Melati Contoh Dua")
    page, presenter = make(qtbot, laptop, office)
    presenter.open_conflicts(person.uid)
    presenter.refresh()
    panel = page.conflicts
    assert panel.currentIndex() == 1
    panel.blocks[0].choose_mine()
    assert not panel.save.isEnabled()
    panel.reason.setText("Sesuai KTP")
    panel.save.click()
    assert panel.currentIndex() == 0
    assert laptop.store.records.get(person.uid).answers["full_name"] == "Melati Contoh Dua"
    assert laptop.store.queue.conflicts(only_open=True) == []
    assert page.tabs.tabText(2) == "Bentrok"


def test_another_value_against_the_rules_is_told_at_its_field(qtbot, laptop, office) -> None:
    person = register_person(laptop.session)
    put_conflict(laptop.store, person, "phone", "+6281255550000")
    page, presenter = make(qtbot, laptop, office)
    presenter.refresh()
    presenter.open_conflicts(person.uid)
    (block,) = page.conflicts.blocks
    block.cards[-1].radio.setChecked(True)
    assert not page.conflicts.save.isEnabled()
    qtbot.keyClicks(block.editor.focus_widget(), "12")
    page.conflicts.save.click()
    assert not block.error.isHidden()
    assert len(laptop.store.queue.conflicts(only_open=True)) == 1


class Opened:
    """What the link needs of an open laptop."""

    def __init__(self, laptop: Laptop) -> None:
        self.session, self.store, self.user = laptop.session, laptop.store, "rina"


def test_a_run_that_could_not_start_says_so_and_stands_in_the_history(laptop) -> None:
    run = ServerLink(Opened(laptop)).send(lambda *_progress: None, lambda: False)
    assert run.outcome == "NOT_ENROLLED"
    assert [one.outcome for one in laptop.store.queue.runs()] == ["NOT_ENROLLED"]


@pytest.mark.parametrize("error", [BugError("impossible"), ValueError("a bug"), OSError("gone")])
def test_a_run_that_breaks_says_so_and_stands_in_the_history(laptop, monkeypatch, error) -> None:
    def broken(_session):
        raise error

    monkeypatch.setattr("kube_field.sync_link.transport_of", broken)
    run = ServerLink(Opened(laptop)).send(lambda *_progress: None, lambda: False)
    assert (run.outcome, run.exit_code) == ("BROKEN", 70)
    assert [one.outcome for one in laptop.store.queue.runs()] == ["BROKEN"]


def test_a_run_that_cannot_be_written_down_is_still_shown(qtbot, laptop, monkeypatch) -> None:
    def full(_store, _run):
        raise KubeFieldError(Failure.DISK_FULL, "Ruang penuh.", "Kosongkan.")

    monkeypatch.setattr(LocalSyncStore, "add_run", full)
    page, presenter = make(qtbot, laptop, _real_link(laptop))
    presenter.send()
    presenter.refresh()
    assert not page.trouble.isHidden()


def _real_link(laptop: Laptop) -> ServerLink:
    return ServerLink(Opened(replace(laptop)))


class Waiting(Office):
    """A way to the server that was just put back: the first run waits for its turn."""

    def __init__(self, laptop: Laptop) -> None:
        super().__init__(laptop)
        self.stopped: list[bool] = []

    def send(self, on_progress, cancelled, *, allow_removal: bool = False) -> SyncRun:
        self.stopped.append(cancelled())
        return super().send(on_progress, cancelled, allow_removal=allow_removal)


@pytest.fixture
def waiting(qtbot, laptop):
    """Page, presenter, tasks and office while a run waits for a turn that is 12 minutes away at most."""
    office, tasks = Waiting(laptop), HeldTasks()
    page, presenter = make(qtbot, laptop, office, tasks)
    presenter.send()
    with qtbot.waitSignal(presenter._reported):
        presenter._reported.emit("turn", 233, 933)
    qtbot.waitUntil(lambda: "giliran" in page._doing.text())
    return page, presenter, tasks, office


def test_a_wait_for_the_turn_is_told_with_its_length_and_a_way_on(waiting) -> None:
    page, presenter, _tasks, _office = waiting
    assert "12 menit" in page._doing.text()
    assert "aman di laptop" in page._doing.text()
    assert "Kirim sekarang" in page._doing.text()
    assert page._send.isEnabled()
    assert not page._cancel.isHidden()
    assert presenter.is_sending


def test_who_sends_while_a_run_waits_for_its_turn_goes_on_at_once(waiting) -> None:
    page, presenter, tasks, office = waiting
    page._send.click()
    assert len(tasks.held) == 1
    tasks.let_go()
    assert len(tasks.held) == 1, "the next run begins"
    tasks.let_go()
    assert office.stopped == [True, False]
    assert not presenter.is_sending


def test_the_clock_does_not_cut_a_wait_short(waiting) -> None:
    _page, presenter, tasks, office = waiting
    presenter.send()
    tasks.let_go()
    assert office.stopped == [False]


def test_a_run_that_works_again_after_its_wait_is_not_stopped_by_who_sends(qtbot, waiting) -> None:
    page, presenter, tasks, office = waiting
    presenter._reported.emit("push", 1, 2)
    qtbot.waitUntil(lambda: "Mengirim data" in page._doing.text())
    assert not page._send.isEnabled()
    presenter.send_now()
    tasks.let_go()
    assert office.stopped == [False]


def test_the_pill_says_nothing_of_sending_while_a_run_waits_for_its_turn(qtbot, waiting) -> None:
    page, presenter, _tasks, _office = waiting
    with qtbot.assertNotEmitted(presenter.progressed):
        presenter._reported.emit("turn", 900, 933)
        qtbot.waitUntil(lambda: "1 menit" in page._doing.text())
