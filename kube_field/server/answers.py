"""What the commands of the server's command line take and give."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kube_field.server.endpoint import House


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: for a program and for a person."""

    facts: dict[str, Any]
    text: str


Command = Callable[[House, argparse.Namespace], Answer | None]
Alone = Callable[[argparse.Namespace], Answer | None]
"""A command that works on a data folder whose database is not open."""
