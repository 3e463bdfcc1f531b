"""Photos: small, without metadata, unreadable on the disk, refused when they are none."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from kube_field.errors import Failure, KubeFieldError
from kube_field.media.images import LONG_SIDE, MAX_BYTES, TARGET_BYTES, check_kept_photo, photo_jpeg
from kube_field.storage.photos import PhotoStore
from tests.support.make_picture import make_picture

KEY = bytes(32)
ORIENTATION, GPS, SERIAL = 0x0112, 0x8825, 0xA431


def make_phone_photo() -> bytes:
    """Lies on its side, says where it was taken and by which camera; the left part is blue."""
    image = Image.new("RGB", (400, 200), "red")
    image.paste("blue", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS).update({1: "S", 2: (0.0, 7.0, 24.0)})
    exif.get_ifd(0x8769)[SERIAL] = "SERIAL-4711"
    stream = io.BytesIO()
    image.save(stream, "JPEG", exif=exif, comment=b"Ibu Sari")
    return stream.getvalue()


@pytest.fixture
def photos(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "foto", KEY, free_bytes=lambda: 1 << 40)


def test_a_large_noisy_photo_becomes_small_enough() -> None:
    jpeg = photo_jpeg(make_picture(2600, 1800, noise=True))
    with Image.open(io.BytesIO(jpeg)) as image:
        assert max(image.size) <= LONG_SIDE
        assert image.format == "JPEG"
    assert len(jpeg) <= TARGET_BYTES


def test_place_and_camera_are_stripped_and_the_photo_stands_upright() -> None:
    raw = make_phone_photo()
    assert b"SERIAL-4711" in raw
    jpeg = photo_jpeg(raw)
    with Image.open(io.BytesIO(jpeg)) as image:
        assert image.size == (200, 400)
        assert not image.getexif()
        assert not {"exif", "comment", "icc_profile", "xmp"} & image.info.keys()
        top = image.getpixel((100, 50))
    assert isinstance(top, tuple)
    assert top[2] > 200
    assert b"SERIAL-4711" not in jpeg
    assert b"Ibu Sari" not in jpeg


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGB"), ("BMP", "RGB")]
)
def test_other_kinds_of_picture_become_jpeg(form: str, mode: str) -> None:
    with Image.open(io.BytesIO(photo_jpeg(make_picture(300, 200, form, mode=mode)))) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (300, 200))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "PHOTO_DAMAGED"),
        (b"%PDF-1.7 not a photo", "PHOTO_DAMAGED"),
        (make_picture(300, 300)[:900], "PHOTO_DAMAGED"),
        (make_picture(1200, 900, noise=True)[:50_000], "PHOTO_DAMAGED"),
        (b"\0" * (8 * 1024 * 1024 + 1), "PHOTO_TOO_LARGE"),
        (make_picture(8000, 5001, "PNG"), "PHOTO_TOO_MANY_PIXELS"),
        (make_picture(20, 20, "GIF"), "PHOTO_DAMAGED"),
    ],
)
def test_what_is_no_safe_photo_is_refused(photos: PhotoStore, raw: bytes, code: str) -> None:
    with pytest.raises(KubeFieldError) as refused:
        photos.add(raw)
    assert (refused.value.failure, refused.value.code) == (Failure.FILE_REFUSED, code)


def test_a_photo_is_named_by_its_content_and_encrypted(photos: PhotoStore, tmp_path: Path) -> None:
    sha256, size, mime = photos.add(make_picture(300, 200))
    plain = photos.read(sha256)
    assert plain is not None
    assert (hashlib.sha256(plain).hexdigest(), len(plain), "image/jpeg") == (sha256, size, mime)
    [file] = [path for path in (tmp_path / "foto").rglob("*") if path.is_file()]
    assert b"JFIF" not in file.read_bytes()
    assert photos.add(make_picture(300, 200))[0] == sha256


def test_a_damaged_or_swapped_photo_file_is_not_shown(photos: PhotoStore, tmp_path: Path) -> None:
    one, two = photos.add(make_picture(300, 200))[0], photos.add(make_picture(200, 300))[0]
    files = {path.stem: path for path in (tmp_path / "foto").rglob("*.kfp")}
    files[one].write_bytes(files[two].read_bytes())
    assert photos.read(one) is None
    assert photos.read("ab" * 32) is None
    assert photos.read("../../etc/passwd") is None
    assert photos.add(make_picture(300, 200))[0] == one
    assert photos.read(one) is not None


def test_no_photo_is_taken_in_when_the_disk_is_nearly_full(tmp_path: Path) -> None:
    photos = PhotoStore(tmp_path / "foto", KEY, free_bytes=lambda: 99 * 1024 * 1024)
    with pytest.raises(KubeFieldError) as refused:
        photos.add(make_picture(30, 20))
    assert refused.value.failure == Failure.DISK_FULL


def test_a_photo_in_the_kept_form_passes_the_check() -> None:
    check_kept_photo(photo_jpeg(make_phone_photo()))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "PHOTO_DAMAGED"),
        (b"<svg onload=alert(1)>", "PHOTO_DAMAGED"),
        (make_picture(64, 64, "PNG"), "PHOTO_DAMAGED"),
        (make_picture(640, 480)[:-400], "PHOTO_DAMAGED"),
        (make_picture(9000, 5000), "PHOTO_TOO_MANY_PIXELS"),
        (bytes(MAX_BYTES + 1), "PHOTO_TOO_LARGE"),
    ],
)
def test_what_another_machine_calls_a_photo_is_checked(raw: bytes, code: str) -> None:
    with pytest.raises(KubeFieldError) as caught:
        check_kept_photo(raw)
    assert (caught.value.failure, caught.value.code) == (Failure.FILE_REFUSED, code)


def test_a_damaged_part_of_a_download_counts_as_not_here(photos: PhotoStore, tmp_path: Path) -> None:
    jpeg = photo_jpeg(make_picture(300, 200))
    name = hashlib.sha256(jpeg).hexdigest()
    photos.add_part(name, 0, jpeg[:300])
    photos.add_part(name, 300, jpeg[300:])
    part = next((tmp_path / "foto").rglob(f"{name}.300.*"))
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    assert photos.part_size(name) == 300
    photos.add_part(name, 300, jpeg[300:])
    assert photos.finish(name)
    assert photos.read(name) == jpeg


def test_no_room_takes_no_part_of_a_photo(tmp_path: Path) -> None:
    photos = PhotoStore(tmp_path / "foto", KEY, free_bytes=lambda: 1000)
    with pytest.raises(KubeFieldError) as caught:
        photos.add_part("ab" * 32, 0, b"piece")
    assert caught.value.failure == Failure.DISK_FULL


def test_a_run_and_a_button_may_bring_the_same_photo_at_the_same_time(photos: PhotoStore, tmp_path: Path) -> None:
    pieces = 6
    for turn in range(20):
        jpeg = photo_jpeg(make_picture(200 + turn, 100))
        name, step = hashlib.sha256(jpeg).hexdigest(), len(jpeg) // pieces + 1

        def bring(jpeg: bytes = jpeg, name: str = name, step: int = step) -> None:
            while photos.read(name) is None:
                at = photos.part_size(name)
                if at < len(jpeg):
                    photos.add_part(name, at, jpeg[at : at + step])
                else:
                    photos.finish(name)

        with ThreadPoolExecutor(3) as helpers:
            for one in [helpers.submit(bring) for _n in range(3)]:
                one.result()
        assert photos.read(name) == jpeg
    left = [path.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".kfp"]
    assert left == []
