"""Lines that fail in every way a line can: each wraps a real transport and does one wrong thing at chosen calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kube_field.sync.ports import Traffic, Transport
from kube_field.sync.troubles import no_answer

CALLS = (
    "hello",
    "again",
    "have",
    "push",
    "pull",
    "digest",
    "snapshot",
    "use_token",
    "start_photo",
    "put_piece",
    "get_photo",
)


class Line:
    """Passes every call on; a subclass decides in `carry` what happens to it. `calls` remembers what was asked."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner
        self.traffic = Traffic()
        self.calls: list[str] = []

    def pack_for(self, readable: str) -> None:
        """Nothing travels for this."""
        self.inner.pack_for(readable)

    def carry(self, _name: str, call: Callable[[], Any]) -> Any:
        return call()

    def __getattr__(self, name: str) -> Any:
        if name not in CALLS:
            raise AttributeError(name)
        target = getattr(self.inner, name)

        def made(*arguments: Any) -> Any:
            self.calls.append(name)
            return self.carry(name, lambda: target(*arguments))

        return made


class LosesReply(Line):
    """The server did it, but the answer to the first `times` calls of this name never arrives."""

    def __init__(self, inner: Transport, name: str, times: int = 1) -> None:
        super().__init__(inner)
        self._name, self._left = name, times

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        answer = call()
        if name == self._name and self._left > 0:
            self._left -= 1
            raise no_answer()
        return answer


class DropsRequest(Line):
    """The first `times` calls of this name never reach the server."""

    def __init__(self, inner: Transport, name: str, times: int = 1) -> None:
        super().__init__(inner)
        self._name, self._left = name, times

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        if name == self._name and self._left > 0:
            self._left -= 1
            raise no_answer()
        return call()


class Repeats(Line):
    """Every request arrives twice; the second answer counts."""

    def carry(self, _name: str, call: Callable[[], Any]) -> Any:
        call()
        return call()


class Follows(Line):
    """Does what a plan says, call by call: "ok", "drop", "lose" or "twice"; "ok" when the plan is over."""

    def __init__(self, inner: Transport, plan: list[str]) -> None:
        super().__init__(inner)
        self._plan = list(plan)

    def carry(self, _name: str, call: Callable[[], Any]) -> Any:
        todo = self._plan.pop(0) if self._plan else "ok"
        if todo == "drop":
            raise no_answer()
        if todo == "twice":
            call()
        answer = call()
        if todo == "lose":
            raise no_answer()
        return answer
