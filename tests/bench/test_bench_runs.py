"""Every benchmark runs and fills its rows; how long things take is never asserted."""

import json
from dataclasses import replace

import pytest

from kube_field.reports.preview import page_images
from tests.bench import __main__ as command
from tests.bench import exporting, import_lists, many_papers, papers, saving, searching, starting, ui
from tests.bench.measure import Pairs, Row, Sizes, table
from tests.support.make_big_list import ERRORS, WARNINGS

SPREAD = ("median", "p95", "worst")


@pytest.fixture
def sizes(tmp_path):
    return Sizes(
        saves=2, people=520, visits=16, lists=1, starts=1, papers=1, windows=1, window_visits=64, cache=tmp_path
    )


def assert_rows(rows, names):
    assert [row.name for row in rows] == names
    for row in rows:
        assert row.ours > 0
        assert row.bare > 0
        assert row.rounds > 0


def test_saving_is_measured(sizes):
    assert_rows(
        saving.measure(sizes),
        [
            "save: autosave of a visit's draft",
            "save: finalise a visit, rules and all",
            "save: finalise a visit, its one commit",
        ],
    )


def test_exporting_is_measured_each_side_in_a_process_of_its_own(sizes):
    names = ["time", "peak memory", "peak above the start"]
    assert_rows(exporting.measure(sizes), [f"export: 520 people, {name}" for name in names])


def test_searching_is_measured_and_a_second_run_finds_the_province_again(sizes):
    rows = searching.measure(sizes)
    assert_rows(
        rows,
        [
            *(
                f"{what}, {which}"
                for what in ("search while typing", "list of people while typing")
                for which in SPREAD
            ),
            "list: start page",
            "list: visits that are due",
            "list: first page of people and their number",
            "list: groups",
            "list: newest documents",
            "list: people like a new one",
        ],
    )
    written = [path.stat().st_ino for path in sizes.cache.glob("*/data.db")]
    assert len(searching.measure(sizes)) == len(rows)
    assert [path.stat().st_ino for path in sizes.cache.glob("*/data.db")] == written


def test_the_start_is_measured_in_processes_of_their_own(sizes):
    assert_rows(
        starting.measure(sizes), ["start: process to the painted unlock page", "start: memory at the unlock page"]
    )


def test_the_paper_is_measured(sizes):
    assert_rows(papers.measure(sizes), ["paper: a visit's report"])


def test_many_papers_in_one_file_are_measured_in_processes_of_their_own(sizes, tmp_path):
    assert_rows(
        many_papers.measure(replace(sizes, many=2)),
        ["paper: one of 2 reports in one file", "paper: peak memory of 2 in one file"],
    )
    ours, bare = (
        page_images(make(2, tmp_path).read_bytes(), 60) for make in (many_papers.make_ours, many_papers.make_bare)
    )
    assert len(ours) == len(bare) > 2


def test_the_bare_paper_has_as_many_pages_as_ours(sizes):
    ours, bare = papers.both_papers()
    assert ours.startswith(b"%PDF")
    assert bare.startswith(b"%PDF")
    assert ours.count(b"/Type /Page\n") == bare.count(b"/Type /Page\n") > 0


def test_forty_queries_are_typed_letter_by_letter():
    assert searching.prefixes("Ulin B") == ["Ul", "Uli", "Ulin", "Ulin B"]


def test_spread_and_table_say_what_was_measured():
    pairs = Pairs([1.0, 2.0, 9.0], [1.0, 1.0, 3.0])
    assert [(row.ours, row.bare) for row in pairs.rows_of_spread("x")] == [(2.0, 1.0), (8.3, 2.8), (9.0, 3.0)]
    last = table([Row("x", 4.0, 2.0, 3)]).splitlines()[-1]
    assert [cell.strip() for cell in last.strip("|").split("|")] == ["x", "4.00 ms", "2.00 ms", "2.0", "3"]


def test_the_command_prints_json_or_refuses_an_unknown_name(capsys, monkeypatch):
    monkeypatch.setattr(command, "BENCHMARKS", {"one": lambda sizes: [Row("x", 4.0, 2.0, 3)]})
    assert command.main(["one", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["ratio"] == 2.0
    with pytest.raises(SystemExit):
        command.main(["two"])


def test_a_list_is_imported_mended_and_imported_again(sizes):
    rows = import_lists.measure(replace(sizes, listed=200))
    assert [row.name.split(",")[-1].strip() for row in rows[1:-1]] == list(import_lists.STEPS)
    assert all(row.ours > 0 and row.bare > 0 for row in rows[:-1])


def test_what_the_list_of_the_import_says_wrong_is_found_and_the_mended_one_is_whole(tmp_path):
    told = import_lists.ours(300, tmp_path, wrong_every=2)
    assert told["missed"] == []
    assert told["first"]["errors"] >= len(ERRORS)
    assert told["first"]["warnings"] >= len(WARNINGS)
    assert told["second"]["errors"] == 0
    assert told["third"]["same"] == told["second"]["new"]


@pytest.mark.slow
def test_the_window_is_measured_step_by_step(sizes):
    rows = ui.measure(sizes)
    names = [row.name for row in rows]
    for words in ("unlock", "list of people, typed", "visits, follow up", "recap, one month on paper"):
        assert f"window, longest stall, own work: {words}" in names
    assert all(row.ours >= 0 and row.bare > 0 for row in rows)
    assert names[-1] == "window: memory, after the whole day"
