"""The anchor on paper or a stick in a safe: a file that opens with a passphrase and with nothing else.

The key is encrypted with AES-256-GCM under a key that Argon2id derives from the passphrase. What the file says in
clear (whose anchor it is, how it is encrypted) is bound to the sealed part. Source: EXP-3.1.
"""

import json
import os
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import normalize

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.exchange.encoding import b64, canonical, read_object, un_b64
from core.exchange.errors import CannotOpen
from core.exchange.keys import SigningKey

FORMAT: Final = "bid-anchor/1"
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_MEMBERS: Final = frozenset({"format", "installation", "kid", "kdf", "salt", "nonce", "sealed"})


@dataclass(frozen=True)
class Effort:
    """What one guess of the passphrase costs: passes, KiB of memory, lanes."""

    passes: int
    memory: int
    lanes: int


STRONG: Final = Effort(passes=4, memory=256 * 1024, lanes=4)
_MOST: Final = Effort(passes=16, memory=2 * 1024 * 1024, lanes=16)


def seal_anchor(
    anchor: SigningKey, passphrase: str, *, installation: str, effort: Effort = STRONG
) -> str:
    """Return the text of a file that holds an anchor.

    Args:
        anchor: the key.
        passphrase: said to nobody, kept apart from the file.
        installation: whose anchor it is.
        effort: what opening it costs.
    """
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    clear: dict[str, Any] = {
        "format": FORMAT,
        "installation": installation,
        "kid": anchor.kid,
        "kdf": {
            "name": "argon2id",
            "passes": effort.passes,
            "memory": effort.memory,
            "lanes": effort.lanes,
        },
        "salt": b64(salt),
        "nonce": b64(nonce),
    }
    cipher = AESGCM(_derived(passphrase, salt, effort))
    sealed = cipher.encrypt(nonce, anchor.private_bytes(), canonical(clear))
    return json.dumps({**clear, "sealed": b64(sealed)}, indent=1) + "\n"


def open_anchor(data: bytes, passphrase: str, *, installation: str) -> SigningKey:
    """Read an anchor from its file.

    Raises:
        CannotOpen: for every cause: another file, another installation, changed, or another passphrase.
    """
    try:
        said = read_object(data)
        clear = {name: value for name, value in said.items() if name != "sealed"}
        effort = _effort(said, installation)
        cipher = AESGCM(_derived(passphrase, un_b64(said["salt"]), effort))
        private = cipher.decrypt(un_b64(said["nonce"]), un_b64(said["sealed"]), canonical(clear))
        anchor = SigningKey.load(private)
    except Exception as error:  # every class becomes one refusal
        raise CannotOpen from error
    if anchor.kid != said["kid"]:
        raise CannotOpen
    return anchor


def _effort(said: dict[str, Any], installation: str) -> Effort:
    """Read what opening costs; a file that asks for all memory of the machine is none of ours."""
    kdf = said["kdf"]
    effort = Effort(kdf["passes"], kdf["memory"], kdf["lanes"])
    is_ours = said.keys() == _MEMBERS and said["format"] == FORMAT and kdf["name"] == "argon2id"
    asked = (effort.passes, effort.memory, effort.lanes)
    most = (_MOST.passes, _MOST.memory, _MOST.lanes)
    small = all(type(a) is int and 1 <= a <= b for a, b in zip(asked, most, strict=True))
    if not is_ours or said["installation"] != installation or not small:
        raise CannotOpen
    return effort


def _derived(passphrase: str, salt: bytes, effort: Effort) -> bytes:
    return hash_secret_raw(
        normalize("NFKC", passphrase).strip().encode(),
        salt,
        time_cost=effort.passes,
        memory_cost=effort.memory,
        parallelism=effort.lanes,
        hash_len=_KEY_BYTES,
        type=Type.ID,
    )
