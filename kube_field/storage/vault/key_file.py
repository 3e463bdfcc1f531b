"""The format of `kunci.json`: slots that wrap the data key, a check value, and a seal over the list of slots."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from gettext import gettext as _
from pathlib import Path
from typing import Any

from kube_field.errors import Failure, KubeFieldError
from kube_field.sqlite.durable import write_durably
from kube_field.wire.canonical import canonical_json

FORMAT = "kube-field-key-1"
KCV_BYTES = 16
PASSWORD = "password"


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to the data key: `kdf` {alg, v, m (KiB), t, p, salt}; `salt`, `nonce`, `ct` are base64."""

    slot_id: str
    kind: str
    user_id: str
    kdf: Mapping[str, Any]
    nonce: str
    ct: str


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What the file says. `kcv` and `seal` are base64; `generation` rises with every change of the slots."""

    device_id: str
    db_uuid: str
    generation: int
    kcv: str
    seal: str
    slots: tuple[Slot, ...]

    def slot_of(self, user: str) -> Slot | None:
        """The newest password slot of a user."""
        return next((s for s in reversed(self.slots) if s.kind == PASSWORD and s.user_id == user), None)

    def users(self) -> list[str]:
        """Users with a password slot, in the order in which they were added."""
        return list(dict.fromkeys(slot.user_id for slot in self.slots if slot.kind == PASSWORD))

    def with_slots(self, slots: tuple[Slot, ...], key: bytes) -> KeyFile:
        """The next generation with these slots, sealed under the data key."""
        changed = replace(self, slots=slots, generation=self.generation + 1)
        return replace(changed, seal=seal_of(changed, key))


def check_value(key: bytes) -> str:
    """Proves a data key without the database, so that a typing mistake is told apart from a damaged disk."""
    return encode(hmac.digest(key, b"kcv", "sha256")[:KCV_BYTES])


def seal_of(file: KeyFile, key: bytes) -> str:
    """MAC of the whole list under the data key: a slot added, removed or put back from an old file breaks it."""
    return encode(hmac.digest(key, b"slots" + canonical_json({**_as_json(file), "seal": ""}), "sha256"))


def slot_context(slot: Slot, device_id: str, db_uuid: str) -> bytes:
    """What a slot's ciphertext is bound to: everything else in the slot, and the laptop that it belongs to."""
    content = {name: value for name, value in asdict(slot).items() if name != "ct"}
    return canonical_json({**content, "device_id": device_id, "db_uuid": db_uuid, "format": FORMAT})


def second_copy(path: Path) -> Path:
    """Where the same content is kept once more."""
    return path.with_name(path.name + ".1")


def previous_copy(path: Path) -> Path:
    """Where the generation before stays until the next good login."""
    return path.with_name(path.name + ".prev")


def read_key_file(path: Path) -> KeyFile:
    """The newest readable copy.

    Raises: KubeFieldError with INTEGRITY when no copy is there (KEY_FILE_MISSING) or none is readable
    (KEY_FILE_DAMAGED).
    """
    return newest_copies(path)[0]


def newest_copies(path: Path) -> list[KeyFile]:
    """The copies of the newest generation: one, or two when they differ because one was damaged or changed.

    An older copy is never used while a newer one is readable, so that a password taken away stays away.
    Raises: KubeFieldError with INTEGRITY as `read_key_file`.
    """
    present = [copy for copy in (path, second_copy(path)) if copy.is_file()]
    readable = [file for file in map(read_copy, present) if file is not None]
    if not readable:
        raise damaged_key_file() if present else missing_key_file()
    newest = max(file.generation for file in readable)
    chosen = [file for file in readable if file.generation == newest]
    return chosen if chosen[0] != chosen[-1] else chosen[:1]


def write_key_file(path: Path, file: KeyFile) -> None:
    """Write the first copy durably; `write_second_copy` follows when it was proved. Raises: OSError."""
    write_durably(path, _text(file))


def write_second_copy(path: Path, file: KeyFile) -> None:
    """Write the second copy durably. Raises: OSError."""
    write_durably(second_copy(path), _text(file))


def missing_key_file() -> KubeFieldError:
    """There is no key file in this folder."""
    return KubeFieldError(
        Failure.INTEGRITY,
        _("Berkas kunci tidak ditemukan di folder data ini."),
        _("Data tidak dapat dibuka tanpa berkas kunci. Jangan hapus apa pun dan hubungi penyelia."),
        code="KEY_FILE_MISSING",
    )


def damaged_key_file() -> KubeFieldError:
    """The key file is there, but not as it was written."""
    return KubeFieldError(
        Failure.INTEGRITY,
        _("Berkas kunci rusak atau telah diubah."),
        _("Kata sandi Anda tidak salah. Jangan hapus apa pun dan hubungi penyelia."),
        code="KEY_FILE_DAMAGED",
    )


def encode(raw: bytes) -> str:
    """Bytes as base64 text."""
    return base64.b64encode(raw).decode("ascii")


def decode(text: str) -> bytes:
    """Base64 text as bytes. Raises: ValueError."""
    return base64.b64decode(text, validate=True)


def _as_json(file: KeyFile) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "device_id": file.device_id,
        "db_uuid": file.db_uuid,
        "generation": file.generation,
        "kcv": file.kcv,
        "seal": file.seal,
        "slots": [asdict(slot) for slot in file.slots],
    }


def _text(file: KeyFile) -> bytes:
    return (json.dumps(_as_json(file), indent=2, sort_keys=True) + "\n").encode()


def read_copy(path: Path) -> KeyFile | None:
    """One copy by itself; None when it is missing or its content is not a key file."""
    try:
        content = json.loads(path.read_bytes())
        if content.pop("format") != FORMAT:
            return None
        slots = tuple(Slot(**slot) for slot in content.pop("slots"))
        file = KeyFile(slots=slots, **content)
        for text in (file.kcv, file.seal, *(value for slot in slots for value in (slot.nonce, slot.ct))):
            decode(text)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return file if isinstance(file.generation, int) else None
