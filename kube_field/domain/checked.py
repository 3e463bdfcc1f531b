"""What reading a typed text gives: its normalised value and every finding about it (handbook section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kube_field.domain.forms.declaration import Severity

CodedFinding: TypeAlias = tuple[str, Severity, str]
"""(code, severity, message for the officer)."""

_WORDS = {Severity.GALAT: "error", Severity.PERINGATAN: "warning", Severity.KETERANGAN: "ok"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A text as it was understood. `value` is None when nothing was typed or it cannot be read at all."""

    value: str | int | None
    findings: tuple[CodedFinding, ...] = ()

    @property
    def severity(self) -> Severity:
        """The heaviest severity found."""
        return max((severity for _code, severity, _message in self.findings), default=Severity.KETERANGAN)

    @property
    def verdict(self) -> str:
        """One of "ok", "warning", "error"."""
        return _WORDS[self.severity]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the verdict's severity in rule order; for "ok" the silent ones."""
        return tuple(code for code, severity, _message in self.findings if severity == self.severity)


def error(code: str, message: str) -> CodedFinding:
    """A finding that blocks finalising."""
    return code, Severity.GALAT, message


def warning(code: str, message: str) -> CodedFinding:
    """A finding that the officer confirms with a reason."""
    return code, Severity.PERINGATAN, message


def info(code: str, message: str) -> CodedFinding:
    """A silent finding."""
    return code, Severity.KETERANGAN, message
