"""What is sealed opens only where it belongs, with the key it belongs to."""

import json
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st
from sqlmodel import Session

from core.db import Database
from core.vault import (
    DataKeyRow,
    Erased,
    KeyMissing,
    MasterKeys,
    NameKeys,
    Place,
    Unreadable,
    Vault,
    name_keys,
    normalise_name,
    vault_of,
)

PLACE = Place("case_file", "restricted", "row-1")
KEY = bytes(32)


@pytest.fixture
def vault(session: Session, now: datetime) -> Vault:
    vault = vault_of(session)
    vault.make_key(session, "case-1", now=now)
    return vault


def test_a_sealed_value_opens_as_it_was(session: Session, vault: Vault) -> None:
    sealed = vault.seal(session, owner="case-1", place=PLACE, value={"given": "Chanda"})

    assert vault.unseal(session, owner="case-1", place=PLACE, sealed=sealed) == {"given": "Chanda"}


def test_a_sealed_value_does_not_contain_its_words(session: Session, vault: Vault) -> None:
    sealed = vault.seal(session, owner="case-1", place=PLACE, value={"given": "Chanda"})

    assert b"Chanda" not in sealed


@pytest.mark.parametrize(
    "place",
    [
        Place("other", "restricted", "row-1"),
        Place("case_file", "sensitive", "row-1"),
        Place("case_file", "restricted", "row-2"),
    ],
)
def test_a_sealed_value_copied_to_another_place_does_not_open(
    session: Session, vault: Vault, place: Place
) -> None:
    sealed = vault.seal(session, owner="case-1", place=PLACE, value={"given": "Chanda"})

    with pytest.raises(Unreadable):
        vault.unseal(session, owner="case-1", place=place, sealed=sealed)


def test_one_childs_key_does_not_open_another_childs_file(
    session: Session, vault: Vault, now: datetime
) -> None:
    vault.make_key(session, "case-2", now=now)
    sealed = vault.seal(session, owner="case-1", place=PLACE, value=1)

    with pytest.raises(Unreadable):
        vault.unseal(session, owner="case-2", place=PLACE, sealed=sealed)


def test_a_flipped_bit_anywhere_is_noticed(session: Session, vault: Vault) -> None:
    sealed = vault.seal(session, owner="case-1", place=PLACE, value="x")

    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(Unreadable):
            vault.unseal(session, owner="case-1", place=PLACE, sealed=bytes(changed))


@pytest.mark.rule("R54")
def test_destroying_the_key_of_a_case_makes_its_file_unreadable(
    session: Session, vault: Vault, now: datetime
) -> None:
    sealed = vault.seal(session, owner="case-1", place=PLACE, value="x")

    vault.erase(session, "case-1", now=now)

    with pytest.raises(Erased):
        vault.unseal(session, owner="case-1", place=PLACE, sealed=sealed)
    assert vault.is_erased(session, "case-1")


def test_after_rotation_everything_opens_and_the_old_key_is_needed_no_more(
    session: Session, now: datetime
) -> None:
    masters = MasterKeys.fresh()
    old = Vault(masters)
    old.make_key(session, "case-9", now=now)
    sealed = old.seal(session, owner="case-9", place=PLACE, value="x")

    name = masters.rotate()
    assert old.rewrap(session) == 1
    alone = Vault(MasterKeys(name, {name: masters.keys[name]}))

    assert alone.unseal(session, owner="case-9", place=PLACE, sealed=sealed) == "x"


def test_a_key_file_of_another_installation_is_refused(
    database: Database, vault: Vault, session: Session
) -> None:
    session.commit()

    with pytest.raises(KeyMissing):
        Vault(MasterKeys.fresh("test")).check(session)
    with pytest.raises(KeyMissing):
        Vault(MasterKeys.fresh("other")).check(session)


def test_the_database_holds_no_key_in_clear(session: Session, vault: Vault) -> None:
    wrapped = session.exec(sa.select(DataKeyRow.__table__.c.wrapped)).scalar_one()

    assert len(wrapped) == 1 + 12 + 32 + 16


def test_key_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.json"

    MasterKeys.fresh().save(path)

    assert path.stat().st_mode & 0o077 == 0
    assert MasterKeys.load(path).current == json.loads(path.read_text())["current"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José", "jose"),
        ("N'gombe", "Ngombe"),
        ("Phiri", "Firi"),
        ("Youssouf", "Yusuf"),
        ("Chikondi", "Tchikondi"),
    ],
)
def test_usual_spellings_of_a_name_meet_by_sound(one: str, other: str) -> None:
    assert name_keys(KEY, [one]).sound & name_keys(KEY, [other]).sound


def test_different_names_do_not_meet_exactly() -> None:
    assert not name_keys(KEY, ["Mwila"]).exact & name_keys(KEY, ["Bwalya"]).exact


@given(st.text(max_size=40))
@example("\U0001d756")  # a bold capital theta
def test_any_name_has_the_same_keys_whatever_its_case_and_order(name: str) -> None:
    words = " ".join(reversed(normalise_name(name)))

    assert name_keys(KEY, [name]).exact == name_keys(KEY, [words]).exact


def test_keys_mean_nothing_without_the_index_key() -> None:
    assert name_keys(KEY, ["Mwila"]) != name_keys(b"\x01" * 32, ["Mwila"])
    assert name_keys(KEY, []) == NameKeys(frozenset(), frozenset())


def test_a_key_taken_back_with_its_savepoint_seals_nothing(
    session: Session, vault: Vault, now: datetime
) -> None:
    session.info["vault"] = vault
    inner = session.begin_nested()
    vault.make_key(session, "case-9", now=now)
    inner.rollback()

    with pytest.raises(Unreadable):
        vault.seal(session, owner="case-9", place=Place("t", "c", "r"), value={})
