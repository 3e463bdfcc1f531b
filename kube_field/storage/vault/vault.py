"""Making, opening and changing the key file (security design 2.2)."""

from __future__ import annotations

import hmac
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from gettext import gettext as _
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.storage.vault.argon import FLOOR, KEY_BYTES, ArgonCost, new_parameters, slot_key
from kube_field.storage.vault.back_off import BackOff
from kube_field.storage.vault.key_file import (
    PASSWORD,
    KeyFile,
    Slot,
    check_value,
    damaged_key_file,
    decode,
    encode,
    newest_copies,
    previous_copy,
    read_copy,
    read_key_file,
    seal_of,
    second_copy,
    slot_context,
    write_key_file,
    write_second_copy,
)
from kube_field.storage.vault.passwords import require_good_password

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The opened vault: the data key and what is derived from it by label. Never printed, never logged."""

    root: bytes
    device_id: str
    db_uuid: str
    generation: int

    @property
    def db(self) -> bytes:
        """Raw key of the database."""
        return self._derived("db")

    @property
    def photo(self) -> bytes:
        """Key of the photo files."""
        return self._derived("blob")

    @property
    def backup(self) -> bytes:
        """Key of backups."""
        return self._derived("backup")

    @property
    def journal(self) -> bytes:
        """Key of the second copy of unsent work."""
        return self._derived("outbox-journal")

    @property
    def audit(self) -> bytes:
        """Key of audit checkpoints."""
        return self._derived("audit-mac")

    def _derived(self, label: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=label.encode()).derive(self.root)


def create_key_file(
    path: Path, *, user: str, password: str, new_id: Callable[[], str], cost: ArgonCost = FLOOR
) -> Keys:
    """Make a random data key and the file that opens it with this user's password.

    Raises: KubeFieldError with VALIDATION for a weak password; BugError when there is a key file already.
    """
    if path.exists() or second_copy(path).exists():
        raise BugError("a key file is never overwritten")
    require_good_password(password, user)
    keys = Keys(os.urandom(KEY_BYTES), new_id(), new_id(), 0)
    empty = KeyFile(keys.device_id, keys.db_uuid, 0, check_value(keys.root), "", ())
    file = empty.with_slots((_new_slot(empty, keys.root, user, password, new_id(), cost),), keys.root)
    _write_both(path, file)
    return replace(keys, generation=file.generation)


def unlock(path: Path, user: str, password: str, *, back_off: BackOff | None = None) -> Keys:
    """Open the vault for a user.

    Raises: KubeFieldError with WRONG_PASSWORD (unknown user, wrong password, or still waiting after wrong ones), or
    INTEGRITY when the key file is missing, damaged or was tampered with.
    """
    copies = newest_copies(path)
    if back_off is not None:
        back_off.require_turn()
    opened = [(file, root) for file in copies if (root := _root_of(file, user, password)) is not None]
    if not opened:
        if back_off is not None:
            back_off.note_failure()
        raise _wrong_password()
    if back_off is not None:
        back_off.note_success()
    whole = [(file, root) for file, root in opened if hmac.compare_digest(seal_of(file, root), file.seal)]
    if not whole:
        raise damaged_key_file()
    file, root = whole[0]
    _heal(path, file)
    return Keys(root, file.device_id, file.db_uuid, file.generation)


def users(path: Path) -> list[str]:
    """Users who can open this laptop's data. Raises: KubeFieldError with INTEGRITY."""
    return read_key_file(path).users()


def add_password_slot(
    path: Path, keys: Keys, user: str, password: str, *, new_id: Callable[[], str], cost: ArgonCost = FLOOR
) -> None:
    """Let another user open this laptop's data.

    Raises: KubeFieldError with VALIDATION for a weak password or a user who is there already.
    """
    file = read_key_file(path)
    if file.slot_of(user) is not None:
        raise KubeFieldError(Failure.VALIDATION, _("Pengguna ini sudah terdaftar di laptop ini."), code="USER_EXISTS")
    require_good_password(password, user)
    slot = _new_slot(file, keys.root, user, password, new_id(), cost)
    _write_both(path, file.with_slots((*file.slots, slot), keys.root))


def change_password(
    path: Path, user: str, old: str, new: str, *, new_id: Callable[[], str], cost: ArgonCost = FLOOR
) -> Keys:
    """Replace a user's password; whatever happens on the way, the old or the new one opens the vault.

    First both slots are written and the new one is tried from the file, then the old one goes, then the second copy.
    Raises: KubeFieldError with WRONG_PASSWORD, VALIDATION or INTEGRITY.
    """
    keys = unlock(path, user, old)
    require_good_password(new, user)
    file = read_key_file(path)
    slot = _new_slot(file, keys.root, user, new, new_id(), cost)
    _keep_previous(path)
    write_key_file(path, file.with_slots((*file.slots, slot), keys.root))
    written = read_key_file(path)
    if _root_of(written, user, new) != keys.root:
        raise damaged_key_file()
    kept = tuple(item for item in written.slots if item.user_id != user or item.slot_id == slot.slot_id)
    final = written.with_slots(kept, keys.root)
    write_key_file(path, final)
    write_second_copy(path, final)
    return replace(keys, generation=final.generation)


def _new_slot(file: KeyFile, root: bytes, user: str, password: str, slot_id: str, cost: ArgonCost) -> Slot:
    slot = Slot(slot_id, PASSWORD, user, new_parameters(cost), encode(os.urandom(NONCE_BYTES)), "")
    context = slot_context(slot, file.device_id, file.db_uuid)
    sealed = AESGCM(slot_key(password, slot.kdf)).encrypt(decode(slot.nonce), root, context)
    return replace(slot, ct=encode(sealed))


def _root_of(file: KeyFile, user: str, password: str) -> bytes | None:
    """The data key, or None when no slot of the user opens with this password.

    Raises: KubeFieldError with INTEGRITY when a slot opens to a key that the check value denies.
    """
    for slot in reversed(file.slots):
        if slot.kind != PASSWORD or slot.user_id != user:
            continue
        try:
            wrapping = AESGCM(slot_key(password, slot.kdf))
            root = wrapping.decrypt(
                decode(slot.nonce), decode(slot.ct), slot_context(slot, file.device_id, file.db_uuid)
            )
        except InvalidTag:
            continue
        except (ValueError, KeyError, TypeError):
            raise damaged_key_file() from None
        if not hmac.compare_digest(check_value(root), file.kcv):
            raise damaged_key_file()
        return root
    return None


def _write_both(path: Path, file: KeyFile) -> None:
    _keep_previous(path)
    write_key_file(path, file)
    write_second_copy(path, file)


def _keep_previous(path: Path) -> None:
    if path.is_file():
        shutil.copyfile(path, previous_copy(path))
        previous_copy(path).chmod(0o600)


def _heal(path: Path, file: KeyFile) -> None:
    """After a good login: both copies the same, the generation before gone. A disk that refuses is left for later."""
    try:
        if read_copy(path) != file:
            write_key_file(path, file)
        if read_copy(second_copy(path)) != file:
            write_second_copy(path, file)
        previous_copy(path).unlink(missing_ok=True)
    except OSError:
        return


def _wrong_password() -> KubeFieldError:
    return KubeFieldError(
        Failure.WRONG_PASSWORD,
        _("Nama pengguna atau kata sandi salah."),
        _("Periksa huruf besar dan kecil, lalu coba lagi. Data Anda aman."),
    )
