"""Encryption at rest: one data key for each owner (a case, a person), wrapped by a master key.

AES-256-GCM throughout. Associated data binds a sealed value to its table, column, row and key, so that
a value copied to another place does not open. The master keys live in a file that is not in the
database nor in its backup. Destroying an owner's data key is erasure: nothing sealed for that owner can
be read again, also not from an older backup of the files.

Source: EXP-10.1, DOM-R49, DOM-R54.
"""

import base64
import hmac
import json
import os
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import jellyfish
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import event
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Field, Session, SQLModel, col, select

from core.db import UtcDateTime
from core.errors import DomainError
from core.ids import new_id
from core.upsert import insert_once

NONCE: Final = 12
FORMAT: Final = b"\x01"
OVERHEAD: Final = 1 + NONCE + 16
"""How many bytes longer sealed bytes are: format, nonce, tag."""
SYSTEM_OWNER: Final = "system"
INDEX_OWNER: Final = "index"
# Spellings that differ between English, French, Portuguese and Spanish registers, in this order.
_HEARD_ALIKE: Final = (
    ("ou", "u"), ("oo", "u"), ("ph", "f"), ("ck", "k"), ("qu", "k"), ("y", "i"), ("dj", "j"),
    ("tch", "ch"), ("ll", "l"), ("ss", "s"), ("z", "s"),
)  # fmt: skip
_OPENED: Final = "opened data keys"
_encode: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class KeyMissing(DomainError):
    """The master key that wraps a data key is not in the key file; the service must not start."""


class Erased(DomainError):
    """The data key of this owner was destroyed; what it sealed cannot be read any more."""


class Unreadable(DomainError):
    """A sealed value does not open: changed, moved to another place, or under another key."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value lives; part of its associated data."""

    table: str
    column: str
    row_id: str


class DataKeyRow(SQLModel, table=True):
    """A wrapped data key. ``wrapped`` is emptied when the owner's data is erased."""

    __tablename__ = "data_key"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    owner: str = Field(max_length=64, unique=True)
    master_key: str = Field(max_length=32, index=True)
    wrapped: bytes | None = Field(default=None)
    created_at: datetime = Field(sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MasterKeys:
    """The master keys of an installation: one current, older ones kept until re-wrapping is done."""

    def __init__(self, current: str, keys: Mapping[str, bytes]) -> None:
        self.current = current
        self.keys = dict(keys)

    @classmethod
    def fresh(cls, name: str = "m1") -> "MasterKeys":
        """Make a first master key."""
        return cls(name, {name: secrets.token_bytes(32)})

    @classmethod
    def load(cls, path: Path) -> "MasterKeys":
        """Read the key file.

        Raises:
            FileNotFoundError: there is none; `bid init` writes one for a new installation.
        """
        raw = json.loads(path.read_text(encoding="utf-8"))
        return cls(raw["current"], {k: base64.b64decode(v) for k, v in raw["keys"].items()})

    def save(self, path: Path) -> None:
        """Write the key file, readable by the service account only, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = json.dumps(
            {
                "current": self.current,
                "keys": {k: base64.b64encode(v).decode() for k, v in self.keys.items()},
            },
            indent=1,
        )
        partial = path.with_suffix(".partial")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)

    def rotate(self) -> str:
        """Add a new current key and return its name; data keys are re-wrapped afterwards."""
        name = f"m{len(self.keys) + 1}"
        self.keys[name] = secrets.token_bytes(32)
        self.current = name
        return name


class Vault:
    """Seals and opens values under the data key of their owner."""

    def __init__(self, masters: MasterKeys) -> None:
        self._masters = masters

    def check(self, session: Session) -> None:
        """Refuse to work with a key file that cannot open this database.

        Raises:
            KeyMissing: naming nothing but the fact; the operator compares key names.
        """
        used = session.exec(
            select(DataKeyRow.master_key).where(col(DataKeyRow.wrapped).is_not(None)).distinct()
        ).all()
        missing = [name for name in used if name not in self._masters.keys]
        if missing:
            raise KeyMissing
        probe = session.exec(
            select(DataKeyRow).where(col(DataKeyRow.wrapped).is_not(None)).limit(1)
        ).first()
        if probe is not None:
            self._unwrap(probe)

    def make_key(self, session: Session, owner: str, *, now: datetime) -> None:
        """Create the data key of an owner; once per owner."""
        key = secrets.token_bytes(32)
        row = DataKeyRow(id=new_id(), owner=owner, master_key=self._masters.current, created_at=now)
        row.wrapped = self._wrap(row, key, self._masters.current)
        session.add(row)
        session.flush()
        _opened(session)[owner] = row, key

    def ensure_key(self, session: Session, owner: str, *, now: datetime) -> None:
        """Create the data key of an owner unless there is one; safe with two first uses at once."""
        if _key_row(session, owner) is not None:
            return
        row = DataKeyRow(owner=owner, master_key=self._masters.current, created_at=now)
        row.wrapped = self._wrap(row, secrets.token_bytes(32), self._masters.current)
        table = DataKeyRow.__table__  # type: ignore[attr-defined]
        insert_once(session, table, row.model_dump(), unique=["owner"])

    def seal(self, session: Session, *, owner: str, place: Place, value: Any) -> bytes:
        """Seal a JSON value.

        Raises:
            Erased: the owner's key was destroyed.
        """
        return self.seal_bytes(session, owner=owner, place=place, data=_encode(value).encode())

    def seal_bytes(self, session: Session, *, owner: str, place: Place, data: bytes) -> bytes:
        """Seal bytes: format byte, nonce, ciphertext with tag."""
        row, key = self._key(session, owner)
        nonce = os.urandom(NONCE)
        return FORMAT + nonce + AESGCM(key).encrypt(nonce, data, _associated(place, row.id))

    def unseal(self, session: Session, *, owner: str, place: Place, sealed: bytes) -> Any:
        """Open a sealed JSON value.

        Raises:
            Erased: the owner's key was destroyed.
            Unreadable: changed, moved, or sealed under another key.
        """
        return json.loads(self.unseal_bytes(session, owner=owner, place=place, sealed=sealed))

    def unseal_bytes(self, session: Session, *, owner: str, place: Place, sealed: bytes) -> bytes:
        """Open sealed bytes; see ``unseal``."""
        row, key = self._key(session, owner)
        if len(sealed) < OVERHEAD or sealed[:1] != FORMAT:
            raise Unreadable
        nonce, body = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        try:
            return AESGCM(key).decrypt(nonce, body, _associated(place, row.id))
        except InvalidTag as error:
            raise Unreadable from error

    def erase(self, session: Session, owner: str, *, now: datetime) -> None:
        """Destroy the data key of an owner; what it sealed is gone for good. Running twice is harmless."""
        row = _key_row(session, owner, lock=True)
        if row is not None and row.wrapped is not None:
            row.wrapped = None
            row.erased_at = now
            session.add(row)

    def is_erased(self, session: Session, owner: str) -> bool:
        """Whether the owner once had a key and it was destroyed."""
        row = _key_row(session, owner)
        return row is not None and row.wrapped is None

    def rewrap(self, session: Session, *, limit: int = 500) -> int:
        """Wrap up to ``limit`` data keys again under the current master key; return how many.

        Call until it returns 0. Both versions stay readable meanwhile. Sealed values are not touched.
        """
        rows = session.exec(
            select(DataKeyRow)
            .where(DataKeyRow.master_key != self._masters.current)
            .where(col(DataKeyRow.wrapped).is_not(None))
            .order_by(DataKeyRow.id)
            .limit(limit)
            .with_for_update()
        ).all()
        for row in rows:
            row.wrapped = self._wrap(row, self._unwrap(row), self._masters.current)
            row.master_key = self._masters.current
            session.add(row)
        return len(rows)

    def index_key(self, session: Session, *, now: datetime) -> bytes:
        """Return the key of the blind indexes; made at first use, not changed by rotation."""
        if INDEX_OWNER not in _opened(session):
            self.ensure_key(session, INDEX_OWNER, now=now)
        return self._key(session, INDEX_OWNER)[1]

    def open_keys(self, session: Session, owners: Collection[str]) -> None:
        """Open the data keys of several owners with one question; erased and missing ones are left."""
        wanted = [owner for owner in owners if owner not in _opened(session)]
        if not wanted:
            return
        query = select(DataKeyRow).where(col(DataKeyRow.owner).in_(wanted))
        for row in session.exec(query.where(col(DataKeyRow.wrapped).is_not(None))):
            _opened(session)[row.owner] = row, self._unwrap(row)

    def _key(self, session: Session, owner: str) -> tuple[DataKeyRow, bytes]:
        row, key = _opened(session).get(owner) or self._open(session, owner)
        if row.wrapped is None:
            raise Erased
        return row, key

    def _open(self, session: Session, owner: str) -> tuple[DataKeyRow, bytes]:
        row = _key_row(session, owner)
        if row is None:
            raise Unreadable
        if row.wrapped is None:
            raise Erased
        _opened(session)[owner] = row, self._unwrap(row)
        return _opened(session)[owner]

    def _wrap(self, row: DataKeyRow, key: bytes, master: str) -> bytes:
        nonce = os.urandom(NONCE)
        data = f"data_key|{row.id}|{row.owner}|{master}".encode()
        return FORMAT + nonce + AESGCM(self._masters.keys[master]).encrypt(nonce, key, data)

    def _unwrap(self, row: DataKeyRow) -> bytes:
        if row.master_key not in self._masters.keys:
            raise KeyMissing
        if row.wrapped is None:
            raise Erased
        data = f"data_key|{row.id}|{row.owner}|{row.master_key}".encode()
        nonce, body = row.wrapped[1 : 1 + NONCE], row.wrapped[1 + NONCE :]
        try:
            return AESGCM(self._masters.keys[row.master_key]).decrypt(nonce, body, data)
        except InvalidTag as error:
            raise KeyMissing from error


def vault_of(session: Session) -> Vault:
    """Return the vault of the unit of work this session belongs to."""
    vault = session.info.get("vault")
    if not isinstance(vault, Vault):
        msg = "this session was opened without a vault"
        raise TypeError(msg)
    return vault


def seal(session: Session, *, owner: str, place: Place, value: Any) -> bytes:
    """Seal a JSON value for an owner (usually a case id)."""
    return vault_of(session).seal(session, owner=owner, place=place, value=value)


def unseal(session: Session, *, owner: str, place: Place, sealed: bytes) -> Any:
    """Open a sealed JSON value of an owner."""
    return vault_of(session).unseal(session, owner=owner, place=place, sealed=sealed)


@dataclass(frozen=True)
class NameKeys:
    """Keyed hashes under which a name is found: exact after normalisation, and by sound."""

    exact: frozenset[str]
    sound: frozenset[str]


def normalise_name(name: str) -> tuple[str, ...]:
    """Split a name into words without case, accents or punctuation, in order.

    Apostrophes and hyphens inside a word vanish, so ``N'gombe`` and ``Ngombe`` are one word.
    """
    text = unicodedata.normalize("NFKD", name.casefold())
    text = unicodedata.normalize(
        "NFKD", text.casefold()
    )  # letters of a styled alphabet have case too
    kept = "".join(c for c in text if not unicodedata.combining(c) and c not in "'’`-")
    return tuple("".join(c if c.isalnum() else " " for c in kept).split())


def sound_of(word: str) -> str:
    """Return a phonetic key so that usual spellings of one name meet; the word itself if it has none."""
    latin = word.encode("ascii", "ignore").decode()
    for written, heard in _HEARD_ALIKE:
        latin = latin.replace(written, heard)
    return jellyfish.metaphone(latin) or word


def name_keys(key: bytes, names: Iterable[str]) -> NameKeys:
    """Return the keyed hashes of every word of these names; ``key`` is ``Vault.index_key``."""
    words = {word for name in names for word in normalise_name(name)}
    return NameKeys(
        exact=frozenset(keyed_hash(key, "exact", word) for word in words),
        sound=frozenset(keyed_hash(key, "sound", sound_of(word)) for word in words),
    )


def keyed_hash(key: bytes, kind: str, value: str) -> str:
    """Return a keyed hash (HMAC-SHA-256, 32 hexadecimal digits) that means nothing without the key."""
    return hmac.new(key, f"{kind}|{value}".encode(), sha256).hexdigest()[:32]


def _key_row(session: Session, owner: str, *, lock: bool = False) -> DataKeyRow | None:
    query = select(DataKeyRow).where(DataKeyRow.owner == owner)
    return session.exec(query.with_for_update() if lock else query).first()


def _opened(session: OrmSession) -> dict[str, tuple[DataKeyRow, bytes]]:
    """Data keys this unit of work has opened: a child's file is many sealed values under one key."""
    found: dict[str, tuple[DataKeyRow, bytes]] = session.info.setdefault(_OPENED, {})
    return found


@event.listens_for(OrmSession, "after_commit")
def _close(session: OrmSession) -> None:
    """Forget opened keys with the unit of work; a savepoint that is kept is not its end."""
    if not session.in_nested_transaction():
        session.info.pop(_OPENED, None)


@event.listens_for(OrmSession, "after_soft_rollback")
def _close_undone(session: OrmSession, _rolled_back: SessionTransaction) -> None:
    """Forget them also when a savepoint is taken back: it may have taken a new key with it."""
    session.info.pop(_OPENED, None)


def _associated(place: Place, key_id: str) -> bytes:
    return f"{place.table}|{place.column}|{place.row_id}|{key_id}".encode()
