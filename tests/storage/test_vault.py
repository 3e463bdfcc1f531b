"""The key file: who opens it, who does not, and what is said about a damaged one."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kube_field
from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.sqlite import durable
from kube_field.storage.vault.argon import FLOOR, ArgonCost, calibrated_cost
from kube_field.storage.vault.back_off import DELAYS, BackOff
from kube_field.storage.vault.key_file import previous_copy, second_copy
from kube_field.storage.vault.passwords import check_password
from kube_field.storage.vault.vault import (
    Keys,
    add_password_slot,
    change_password,
    create_key_file,
    unlock,
    users,
)

CHEAP = ArgonCost(8, 1)
PASSWORD = "sungai jernih pagi hari"
OTHER = "perahu kayu di tepi danau"


@pytest.fixture
def new_id() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"id-{next(numbers)}"


@pytest.fixture
def path(tmp_path: Path, new_id: Callable[[], str]) -> Path:
    file = tmp_path / "kunci.json"
    create_key_file(file, user="rina", password=PASSWORD, new_id=new_id, cost=CHEAP)
    return file


def refusal(action: Callable[[], object]) -> KubeFieldError:
    with pytest.raises(KubeFieldError) as refused:
        action()
    return refused.value


def alter(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    for copy in (path, second_copy(path)):
        content = json.loads(copy.read_text(encoding="utf-8"))
        change(content)
        copy.write_text(json.dumps(content), encoding="utf-8")


def test_the_password_opens_the_same_keys_again(path: Path) -> None:
    first, second = unlock(path, "rina", PASSWORD), unlock(path, "rina", PASSWORD)
    assert first == second
    assert len({first.db, first.photo, first.backup, first.audit, first.root}) == 5
    assert {len(key) for key in (first.db, first.photo, first.backup, first.audit)} == {32}


def test_a_password_typed_in_another_unicode_form_opens_too(tmp_path: Path, new_id: Callable[[], str]) -> None:
    file = tmp_path / "k.json"
    create_key_file(file, user="rina", password="café di tepi sungai", new_id=new_id, cost=CHEAP)
    assert unlock(file, "rina", "cafe\u0301 di tepi sungai")


def test_wrong_password_missing_file_and_damaged_file_are_three_answers(path: Path, tmp_path: Path) -> None:
    wrong = refusal(lambda: unlock(path, "rina", PASSWORD + "x"))
    missing = refusal(lambda: unlock(tmp_path / "elsewhere.json", "rina", PASSWORD))
    path.write_bytes(b"{}")
    second_copy(path).write_bytes(b"\0" * 10)
    damaged = refusal(lambda: unlock(path, "rina", PASSWORD))
    assert [e.failure for e in (wrong, missing, damaged)] == [
        Failure.WRONG_PASSWORD,
        Failure.INTEGRITY,
        Failure.INTEGRITY,
    ]
    assert len({e.sentence for e in (wrong, missing, damaged)}) == 3


def test_an_unknown_user_hears_the_same_as_one_with_a_wrong_password(path: Path) -> None:
    assert refusal(lambda: unlock(path, "budi", PASSWORD)).sentence == (
        refusal(lambda: unlock(path, "rina", OTHER)).sentence
    )


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b'{"format": "kube-field-key-1"}'])
def test_one_destroyed_copy_is_healed_from_the_other(path: Path, content: bytes | None) -> None:
    for copy in (path, second_copy(path)):
        whole = copy.read_bytes()
        if content is None:
            copy.unlink()
        else:
            copy.write_bytes(content)
        assert unlock(path, "rina", PASSWORD)
        assert copy.read_bytes() == whole


def test_a_flipped_byte_of_a_slot_in_one_copy_does_not_lock_out(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    ct = content["slots"][0]["ct"]
    content["slots"][0]["ct"] = ("A" if ct[0] != "A" else "B") + ct[1:]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert unlock(path, "rina", PASSWORD)
    assert path.read_bytes() == second_copy(path).read_bytes()


def test_a_weakened_slot_does_not_open(path: Path) -> None:
    alter(path, lambda content: content["slots"][0]["kdf"].update(t=2))
    assert refusal(lambda: unlock(path, "rina", PASSWORD)).failure == Failure.WRONG_PASSWORD


def test_a_slot_taken_out_or_put_in_is_noticed(path: Path, new_id: Callable[[], str]) -> None:
    keys = unlock(path, "rina", PASSWORD)
    add_password_slot(path, keys, "budi", OTHER, new_id=new_id, cost=CHEAP)
    alter(path, lambda content: content["slots"].pop())
    assert refusal(lambda: unlock(path, "rina", PASSWORD)).code == "KEY_FILE_DAMAGED"


def test_a_generation_set_back_is_noticed(path: Path) -> None:
    alter(path, lambda content: content.update(generation=9))
    assert refusal(lambda: unlock(path, "rina", PASSWORD)).failure == Failure.INTEGRITY


def test_two_officers_share_the_laptop_with_their_own_passwords(path: Path, new_id: Callable[[], str]) -> None:
    keys = unlock(path, "rina", PASSWORD)
    add_password_slot(path, keys, "budi", OTHER, new_id=new_id, cost=CHEAP)
    assert users(path) == ["rina", "budi"]
    assert unlock(path, "budi", OTHER).db == keys.db
    assert refusal(lambda: unlock(path, "budi", PASSWORD)).failure == Failure.WRONG_PASSWORD
    again = refusal(lambda: add_password_slot(path, keys, "budi", OTHER, new_id=new_id, cost=CHEAP))
    assert again.code == "USER_EXISTS"


def test_a_changed_password_opens_and_the_old_one_does_not(path: Path, new_id: Callable[[], str]) -> None:
    before = unlock(path, "rina", PASSWORD)
    after = change_password(path, "rina", PASSWORD, OTHER, new_id=new_id, cost=CHEAP)
    assert (after.db, after.generation) == (before.db, before.generation + 2)
    assert refusal(lambda: unlock(path, "rina", PASSWORD)).failure == Failure.WRONG_PASSWORD
    assert unlock(path, "rina", OTHER).db == before.db
    assert not previous_copy(path).exists()
    assert path.read_bytes() == second_copy(path).read_bytes()


class PowerCutError(Exception):
    """Stands for the machine stopping."""


def test_a_cut_at_any_moment_of_a_password_change_leaves_old_or_new_opening(
    tmp_path: Path, new_id: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace
    for last in range(4):
        file = tmp_path / str(last) / "kunci.json"
        file.parent.mkdir()
        keys = create_key_file(file, user="rina", password=PASSWORD, new_id=new_id, cost=CHEAP)
        done = itertools.count()

        def cut(source: Path, target: Path, last: int = last, done: itertools.count[int] = done) -> None:
            if next(done) == last:
                raise PowerCutError
            real(source, target)

        monkeypatch.setattr(durable.os, "replace", cut)
        with contextlib.suppress(PowerCutError):
            change_password(file, "rina", PASSWORD, OTHER, new_id=new_id, cost=CHEAP)
        monkeypatch.setattr(durable.os, "replace", real)
        assert keys.db in {key.db for key in opened_by(file, PASSWORD, OTHER)}
        assert not list(file.parent.glob("*.tmp"))


def opened_by(path: Path, *passwords: str) -> list[Keys]:
    found = []
    for password in passwords:
        with contextlib.suppress(KubeFieldError):
            found.append(unlock(path, "rina", password))
    return found


def test_a_file_held_by_another_program_for_a_moment_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = os.replace, itertools.count()

    def held(source: Path, target: Path) -> None:
        if next(tries) < 5:
            raise PermissionError(13, "held")
        real(source, target)

    monkeypatch.setattr(durable.os, "replace", held)
    durable.write_durably(tmp_path / "f", b"content")
    assert (tmp_path / "f").read_bytes() == b"content"


def test_a_key_file_is_never_overwritten(path: Path, new_id: Callable[[], str]) -> None:
    with pytest.raises(BugError):
        create_key_file(path, user="budi", password=OTHER, new_id=new_id, cost=CHEAP)


def test_the_default_cost_is_the_floor_and_nothing_in_the_program_goes_below(
    tmp_path: Path, new_id: Callable[[], str]
) -> None:
    create_key_file(tmp_path / "k.json", user="rina", password=PASSWORD, new_id=new_id)
    kdf = json.loads((tmp_path / "k.json").read_text(encoding="utf-8"))["slots"][0]["kdf"]
    assert (kdf["m"], kdf["t"]) == (64 * 1024, 3)
    sources = Path(kube_field.__file__).parent.rglob("*.py")
    naming = {source.name for source in sources if "ArgonCost(" in source.read_text(encoding="utf-8")}
    assert naming == {"argon.py"}


def test_a_fast_machine_gets_more_passes_and_a_slow_one_the_floor() -> None:
    def clock(seconds_of_a_measurement: float) -> Callable[[], float]:
        ticks = itertools.count()
        return lambda: next(ticks) * seconds_of_a_measurement

    assert calibrated_cost(clock(2.0)) == FLOOR
    assert calibrated_cost(clock(0.17)) == ArgonCost(64 * 1024, 9)


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_the_key_files_are_readable_by_their_owner_only(path: Path, new_id: Callable[[], str]) -> None:
    keys = unlock(path, "rina", PASSWORD)
    add_password_slot(path, keys, "budi", OTHER, new_id=new_id, cost=CHEAP)
    for copy in (path, second_copy(path), previous_copy(path)):
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        (PASSWORD, True),
        ("Xk4#kd92!mmQz7pw", True),
        ("empat belas hrf", True),
        ("empat belas hr", False),
        ("x" * 129, False),
        ("kata " * 25 + "abc", True),
        ("aaaaaaaaaaaaaaaaaaaa", False),
        ("123456789012345678", False),
        ("passwordpassword123", False),
        ("KubeKaltim2026Dinsos", False),
        ("rinasusanti1985rina", False),
        ("samarinda samarinda", False),
        ("abababababababababab", False),
    ],
)
def test_passwords_are_judged_by_length_and_by_what_is_obvious(password: str, accepted: bool) -> None:
    assert (check_password(password, "rina.susanti") == []) == accepted


def test_a_weak_password_is_refused_at_creation(tmp_path: Path, new_id: Callable[[], str]) -> None:
    weak = refusal(lambda: create_key_file(tmp_path / "k", user="rina", password="pendek", new_id=new_id))
    assert weak.failure == Failure.VALIDATION
    assert not (tmp_path / "k").exists()


class Running:
    """Seconds that the program has run, moved by the test."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_wrong_passwords_wait_longer_and_longer_over_restarts(path: Path, tmp_path: Path) -> None:
    running = Running()
    state = tmp_path / "tunggu.json"
    waits = []
    for _number in range(9):
        back_off = BackOff(state, running)
        running.seconds += back_off.remaining()
        refused = refusal(lambda back_off=back_off: unlock(path, "rina", OTHER, back_off=back_off))  # type: ignore[misc]
        assert refused.code == "WRONG_PASSWORD"
        waits.append(BackOff(state, running).remaining())
    assert waits == [0, 0, *DELAYS, DELAYS[-1], DELAYS[-1]]
    restarted = BackOff(state, running)
    assert refusal(lambda: unlock(path, "rina", PASSWORD, back_off=restarted)).code == "WAIT"
    running.seconds += 1000
    restarted.keep_progress()
    again = BackOff(state, running)
    assert again.remaining() == DELAYS[-1] - 1000
    running.seconds += again.remaining()
    assert unlock(path, "rina", PASSWORD, back_off=again)
    assert BackOff(state, running).failures == 0


def test_a_destroyed_waiting_file_does_not_give_free_tries(tmp_path: Path) -> None:
    state = tmp_path / "tunggu.json"
    state.write_bytes(b"nonsense")
    assert BackOff(state, Running()).remaining() == DELAYS[0]
