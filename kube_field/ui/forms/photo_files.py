"""Choosing pictures on disk or a memory card."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def choose_photos(parent: QWidget, *, several: bool = True) -> list[Path]:
    """Ask for picture files; empty when the officer changed his mind."""
    kinds = _("Foto (*.jpg *.jpeg *.png *.webp *.heic)")
    if several:
        names, _kind = QFileDialog.getOpenFileNames(parent, _("Pilih foto"), "", kinds)
        return [Path(name) for name in names]
    name, _kind = QFileDialog.getOpenFileName(parent, _("Pilih foto"), "", kinds)
    return [Path(name)] if name else []
