"""Pictures for tests."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from kube_field.storage.photos import PhotoStore


def make_picture(width: int, height: int, form: str = "JPEG", *, noise: bool = False, mode: str = "RGB") -> bytes:
    """A red picture, or one of noise that compresses badly."""
    image = Image.effect_noise((width, height), 90).convert(mode) if noise else Image.new(mode, (width, height), "red")
    stream = io.BytesIO()
    image.save(stream, form, quality=95)
    return stream.getvalue()


def photo_item(photos: PhotoStore, kind: str) -> dict[str, Any]:
    """A new picture in a laptop's photo store, as an answer names it."""
    name, size, mime = photos.add(make_picture(420, 320, noise=True))
    return {"id": kind, "sha256": name, "size": size, "mime": mime, "photo_kind": kind}
