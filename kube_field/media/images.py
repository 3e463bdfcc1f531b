"""Turns whatever a camera or telephone gives into a small JPEG without metadata, and refuses what is no safe photo."""

from __future__ import annotations

import io
import warnings
from gettext import gettext as _

from PIL import Image, ImageOps, UnidentifiedImageError

from kube_field.errors import Failure, KubeFieldError

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONG_SIDE = 1600
TARGET_BYTES = 400 * 1024
QUALITIES = (85, 78, 70, 62, 54, 46, 38, 30)
SMALLER = 0.75
"""By how much the sides shrink when even the lowest quality is too large."""
FORMATS = ("JPEG", "PNG", "WEBP", "BMP")
KEPT_FORMATS = ("JPEG",)
GLANCE = 200
"""Pixels of the long side at which a photo from elsewhere is decoded to see that it is whole."""
MIME = "image/jpeg"


def photo_jpeg(raw: bytes) -> bytes:
    """The photo as it is kept: upright, at most 1600 px and 400 KB, JPEG, no metadata.

    Raises: KubeFieldError with FILE_REFUSED when the file is too large, damaged or no photo.
    """
    if len(raw) > MAX_BYTES:
        raise _refused("PHOTO_TOO_LARGE", _("Foto lebih besar dari 8 MB."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is checked below, before a pixel is decoded
            _verify(raw)
            with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
                return _encoded(_upright(opened))
    except (OSError, ValueError, SyntaxError, EOFError, UnidentifiedImageError, Image.DecompressionBombError):
        raise _refused("PHOTO_DAMAGED", _("Berkas ini rusak atau bukan foto.")) from None


def check_kept_photo(raw: bytes) -> None:
    """Check a photo that another machine says is in the kept form: a whole JPEG of modest size, whatever its name.

    Its pixels are decoded once, small, so that a file that ends too early is noticed here and not on paper.
    Raises: KubeFieldError with FILE_REFUSED.
    """
    if len(raw) > MAX_BYTES:
        raise _refused("PHOTO_TOO_LARGE", _("Foto lebih besar dari 8 MB."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is checked below, before a pixel is decoded
            with Image.open(io.BytesIO(raw), formats=KEPT_FORMATS) as opened:
                _check_size(opened)
                opened.draft("L", (GLANCE, GLANCE))
                opened.load()
    except (OSError, ValueError, SyntaxError, EOFError, UnidentifiedImageError, Image.DecompressionBombError):
        raise _refused("PHOTO_DAMAGED", _("Berkas ini rusak atau bukan foto.")) from None


def _check_size(opened: Image.Image) -> None:
    width, height = opened.size
    if width * height > MAX_PIXELS:
        raise _refused("PHOTO_TOO_MANY_PIXELS", _("Foto lebih besar dari 40 megapiksel."))


def _verify(raw: bytes) -> None:
    """Read the header and the checksums only, so that a bomb is refused before it is unpacked."""
    with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
        _check_size(opened)
        opened.verify()


def _upright(opened: Image.Image) -> Image.Image:
    opened.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG is decoded at a smaller size at once
    image = ImageOps.exif_transpose(opened)
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    if image.mode in ("RGBA", "LA", "P", "PA"):
        layered = image.convert("RGBA")
        image = Image.new("RGB", layered.size, "white")
        image.paste(layered, mask=layered.getchannel("A"))
    plain = Image.new("RGB", image.size)
    plain.paste(image.convert("RGB"))  # a fresh image: nothing of the old one's info comes along
    return plain


def _encoded(image: Image.Image) -> bytes:
    while True:
        for quality in QUALITIES:
            stream = io.BytesIO()
            image.save(stream, "JPEG", quality=quality, optimize=True, progressive=False)
            if stream.tell() <= TARGET_BYTES:
                return stream.getvalue()
        width, height = (max(1, int(side * SMALLER)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.LANCZOS)


def _refused(code: str, sentence: str) -> KubeFieldError:
    return KubeFieldError(Failure.FILE_REFUSED, sentence, _("Pilih foto lain. Isian Anda tidak berubah."), code=code)
