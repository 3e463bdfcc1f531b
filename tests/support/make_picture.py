"""Pictures for tests."""

from __future__ import annotations

import io

from PIL import Image


def make_picture(width: int, height: int, form: str = "JPEG", *, noise: bool = False, mode: str = "RGB") -> bytes:
    """A red picture, or one of noise that compresses badly."""
    image = Image.effect_noise((width, height), 90).convert(mode) if noise else Image.new(mode, (width, height), "red")
    stream = io.BytesIO()
    image.save(stream, form, quality=95)
    return stream.getvalue()
