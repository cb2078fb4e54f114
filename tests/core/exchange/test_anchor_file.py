"""The anchor in its safe opens with its passphrase and with nothing else."""

import json

import pytest

from core.exchange.anchor_file import Effort, open_anchor, seal_anchor
from core.exchange.errors import CannotOpen
from tests.builders.exchange import NAMIBIA, ZAMBIA, anchor_of

QUICK = Effort(passes=1, memory=64, lanes=1)
PASSPHRASE = "six lanterns on the bridge"
ANCHOR = anchor_of(ZAMBIA)
FILE = seal_anchor(ANCHOR, PASSPHRASE, installation=ZAMBIA, effort=QUICK).encode()


def opens(data: bytes, passphrase: str = PASSPHRASE, installation: str = ZAMBIA) -> bool:
    try:
        return open_anchor(data, passphrase, installation=installation).kid == ANCHOR.kid
    except CannotOpen:
        return False


def changed(**members: object) -> bytes:
    return json.dumps({**json.loads(FILE), **members}).encode()


def test_an_anchor_comes_back_from_its_file() -> None:
    assert opens(FILE)


@pytest.mark.threat("TT66")
def test_neither_the_key_nor_the_passphrase_is_readable_in_the_file() -> None:
    text = FILE.decode()

    assert PASSPHRASE not in text
    assert ANCHOR.private_bytes().hex() not in text
    assert set(json.loads(text)) == {
        "format", "installation", "kid", "kdf", "salt", "nonce", "sealed",
    }  # fmt: skip


def test_a_passphrase_typed_on_another_keyboard_is_the_same() -> None:
    written = seal_anchor(ANCHOR, "caf\u00e9 lanterns bridge", installation=ZAMBIA, effort=QUICK)

    assert opens(written.encode(), "cafe\u0301 lanterns bridge ")


def test_every_change_and_every_other_passphrase_or_installation_is_refused() -> None:
    said = json.loads(FILE)
    kdf = said["kdf"]

    assert not opens(FILE, "six lanterns on the bridg")
    assert not opens(FILE, installation=NAMIBIA)
    assert not opens(changed(installation=NAMIBIA), installation=NAMIBIA)
    assert not opens(changed(kid=anchor_of(NAMIBIA).kid))
    assert not opens(changed(more=1))
    assert not opens(changed(format="bid-anchor/2"))
    assert not opens(changed(sealed=said["salt"]))
    assert not opens(changed(kdf={**kdf, "passes": 2}))
    for junk in (b"", b"{}", b"[]", b"\xff", FILE[:-20]):
        assert not opens(junk)


def test_a_file_cannot_make_the_machine_give_away_all_its_memory() -> None:
    kdf = json.loads(FILE)["kdf"]

    for asked in ({"memory": 2**40}, {"passes": 10**9}, {"lanes": 10**6}, {"memory": True}):
        assert not opens(changed(kdf={**kdf, **asked}))
