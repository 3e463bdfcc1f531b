"""What a guess of a password costs, and how a password becomes the key of a slot."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kube_field.storage.vault.key_file import decode, encode

ALGORITHM = "argon2id"
VERSION = 19
KEY_BYTES, SALT_BYTES = 32, 16


@dataclass(frozen=True, slots=True)
class ArgonCost:
    """Memory in KiB, passes, lanes."""

    memory: int
    passes: int
    lanes: int = 1


FLOOR = ArgonCost(64 * 1024, 3)
"""0.17 s for a guess on the measured machine; OWASP's minimum is far lower."""
FALLBACK = ArgonCost(46 * 1024, 1)
"""For a laptop that has no 64 MiB to spare; `db info` says so."""
MORE_MEMORY = 128 * 1024
MOST_PASSES = 12
GOAL_SECONDS, MOST_SECONDS = 0.5, 1.0


def calibrated_cost(seconds: Callable[[], float]) -> ArgonCost:
    """The cost that takes 0.5 to 1.0 s on this machine: passes rise first, then memory; never below the floor.

    `seconds` is a monotonic clock. Falls back to 46 MiB when 64 MiB are not to be had.
    """
    try:
        taken = _measured(FLOOR, seconds)
    except MemoryError:
        return FALLBACK
    cost = FLOOR
    while taken < GOAL_SECONDS and cost.passes < MOST_PASSES:
        step = taken / cost.passes
        cost = replace(cost, passes=cost.passes + 1)
        taken += step
    if taken < GOAL_SECONDS and taken * 2 <= MOST_SECONDS:
        cost = replace(cost, memory=MORE_MEMORY)
    return cost


def new_parameters(cost: ArgonCost) -> dict[str, Any]:
    """Parameters of a new slot, with a fresh salt."""
    salt = encode(os.urandom(SALT_BYTES))
    return {"alg": ALGORITHM, "v": VERSION, "m": cost.memory, "t": cost.passes, "p": cost.lanes, "salt": salt}


def slot_key(password: str, parameters: Mapping[str, Any]) -> bytes:
    """The key that a password and a slot's parameters give. Raises: ValueError for parameters that make no sense."""
    if parameters.get("alg") != ALGORITHM or parameters.get("v") != VERSION:
        raise ValueError("unknown key derivation")
    derivation = Argon2id(
        salt=decode(parameters["salt"]),
        length=KEY_BYTES,
        iterations=parameters["t"],
        lanes=parameters["p"],
        memory_cost=parameters["m"],
    )
    return derivation.derive(unicodedata.normalize("NFKC", password).encode())


def _measured(cost: ArgonCost, seconds: Callable[[], float]) -> float:
    began = seconds()
    slot_key("calibration", new_parameters(cost))
    return seconds() - began
