"""The measurement of synchronisation runs, and what it compares is the same work."""

import socket
import threading
import time
from datetime import date

import pytest

from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.evaluation import evaluate
from tests.bench import sync
from tests.bench.measure import Sizes
from tests.bench.peers.visit_form import MEASURED_VISIT_FORM, answers_of, visit_of
from tests.bench.peers.visits import digest, visits
from tests.bench.slow_line import slow_line


def test_the_visits_are_those_that_the_other_systems_were_measured_with():
    assert digest(visits(1000)) == "429f5231da48f75ba7374f477be115f3"


def test_every_measured_visit_passes_its_form_and_comes_back_as_it_was():
    beside_the_equator = {**next(visits(1)), "lat": 1e-05}
    for visit in [*visits(50), beside_the_equator]:
        answers = answers_of(visit)
        assert evaluate(MEASURED_VISIT_FORM, answers, Context(today=date(2026, 11, 23))).findings == ()
        assert visit_of(visit["id"], visit["kube_id"], visit["tanggal"], answers) == visit


def test_a_slow_line_takes_the_time_of_its_bytes_and_of_its_round_trips():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        echo = threading.Thread(target=_echo_once, args=(listener,))
        echo.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with slow_line(url, bits_a_second=80_000, round_trip_s=0.1) as line:
            begun = time.monotonic()
            address = ("127.0.0.1", int(line.url.rpartition(":")[2]))
            with socket.create_connection(address) as laptop:
                laptop.sendall(b"POST / HTTP/1.1\r\n" + b"x" * 983)
                received = b""
                while len(received) < 1000:
                    received += laptop.recv(1000)
            took = time.monotonic() - begun
        echo.join()
    assert (line.up, line.down, line.requests, line.connections) == (1000, 1000, 1, 1)
    assert line.seconds_of_bytes == pytest.approx(0.2)
    assert 0.35 <= took < 2.0  # connecting and asking cost a round trip each, the bytes 0.1 s each way


def _echo_once(listener):
    client, _address = listener.accept()
    with client:
        content = b""
        while len(content) < 1000:
            content += client.recv(1000)
        client.sendall(content)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(600)
def test_synchronisation_is_measured_side_by_side():
    rows = sync.measure(Sizes(synced=(20,), syncs=1, stored=2000))
    names = [row.name for row in rows]
    assert "sync 20: push" in names
    assert "sync 20: pull" in names
    assert "slow line, 1 visit: requests" in names
    assert all(row.ours > 0 and row.bare > 0 for row in rows)
