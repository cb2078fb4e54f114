"""Two makes of the exchange understand each other: ours, and one in another language with another library."""

import base64
import io
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core.exchange import deliveries, files, receipts, tokens
from core.exchange.encoding import digest
from core.exchange.keys import PinnedKeys, read_sealing_key, read_verifying_key
from core.exchange.kinds import CHUNK, Kind
from core.exchange.manifests import Message, PartRole, Redaction
from core.exchange.packages import PlainPart, Route
from core.exchange.receipts import Event, Standing, Subject
from kit.npm import node
from tests.builders.exchange import (
    CONGO,
    NAMIBIA,
    NOW,
    ZAMBIA,
    T,
    opening_key_of,
    pinned_keys_of,
    signing_key_of,
)
from tests.builders.packages import (
    CHAIN,
    MemoryShelf,
    a_part,
    a_png,
    a_summary,
    a_summary_part,
    opened_from,
    sealed_on,
)

FOLDER = Path(__file__).resolve().parents[2] / "partner"
NODE = node()
IS_SET_UP = NODE is not None and (FOLDER / "node_modules" / "jose").is_dir()

pytestmark = pytest.mark.skipif(
    not IS_SET_UP and not os.environ.get("CI"),  # there it has to be, and the tests fail without it
    reason="the partner of another make is not set up: run make partner",
)


class Partner:
    """Namibia, of another make."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = self.asks("keys", iss=NAMIBIA, now=T)

    def asks(self, command: str, **facts: Any) -> dict[str, Any]:
        question = json.dumps({"folder": str(self.folder), **facts})
        done = subprocess.run(
            [str(NODE), str(FOLDER / "partner.mjs"), command], input=question, capture_output=True, text=True, check=False
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    @property
    def keys(self) -> PinnedKeys:
        anchor, signing = (read_verifying_key(self.told[name]) for name in ("anchor", "signing"))
        return PinnedKeys(NAMIBIA, anchor, (signing,))


@pytest.fixture(scope="module")
def partner(tmp_path_factory: pytest.TempPathFactory) -> Partner:
    return Partner(tmp_path_factory.mktemp("partner"))


def asked_to_seal(
    partner: Partner, out: Path, contents: Mapping[str, bytes], **changes: Any
) -> dict[str, Any]:
    parts = [
        {
            "name": name,
            "media": "text/plain",
            "role": "report",
            "content": base64.b64encode(data).decode(),
        }
        for name, data in contents.items()
    ]
    summary = {"name": "Résumé.json", "media": "application/json", "role": "summary"}
    first = {**summary, "content": base64.b64encode(json.dumps(a_summary()).encode()).decode()}
    manifest = {
        "ref": a_summary()["ref"], "msg": "REQUEST", "purpose": "cross_border_summary", "basis": "consent", "redaction": "R2",
        "handling": {"view_only": True, "onward": False, "retain_until": "2027-03-02", "on_expiry": "delete"},
        "approvals": [{"role": "author", "by": "p1", "at": T}, {"role": "checker", "by": "p2", "at": T}], **changes,
    }  # fmt: skip
    return partner.asks(
        "seal", aud=ZAMBIA, sealTo=opening_key_of(ZAMBIA).public.public_jwk(), manifest=manifest, parts=[first, *parts],
        numbering={"chain": CHAIN, "seq": 1, "prev": None}, now=T, out=str(out),
    )  # fmt: skip


def test_we_read_the_key_statement_of_a_partner(partner: Partner) -> None:
    statement = tokens.read(
        partner.told["statement"], Kind.KEYS, partner.keys, audience=None, now=NOW
    )

    assert statement.issuer == NAMIBIA
    assert [key["use"] for key in statement.claims["keys"]] == ["sig", "enc"]


def test_we_take_the_request_of_a_partner(partner: Partner) -> None:
    body, target = '{"receipts":["é"]}', "/exchange/v1/mailbox?after=7"
    token = partner.asks("request", aud=ZAMBIA, method="POST", target=target, body=body, now=T)[
        "token"
    ]

    request = tokens.read(token, Kind.REQUEST, partner.keys, audience=ZAMBIA, now=NOW)
    tokens.require_call(request, method="POST", target=target)
    tokens.require_body(request, digest(body.encode()))

    assert request.issuer == NAMIBIA


def test_we_open_the_package_of_a_partner(partner: Partner, tmp_path: Path) -> None:
    contents = {"a": b"", "b": b"b" * CHUNK, "c": b"c" * (CHUNK + 1)}
    told = asked_to_seal(partner, tmp_path / "x.bidx", contents)

    with (tmp_path / "x.bidx").open("rb") as file:
        sealed = files.read_file(file)
        delivery = deliveries.read(sealed.delivery, partner.keys, us=ZAMBIA, now=NOW)
        sealed.require(delivery)
        assert deliveries.wrong_parts(delivery, sealed) == ()
        facts = {"us": ZAMBIA, "ours": [opening_key_of(ZAMBIA)], "partner": partner.keys}
        with opened_from(sealed, delivery, **facts) as opened:
            assert [part.content.read() for part in opened.parts[1:]] == list(contents.values())
            assert opened.summary == a_summary()
            assert (delivery.digest, opened.manifest.token.digest) == (
                told["delivery"],
                told["manifest"],
            )


def test_a_partner_opens_our_package_and_its_receipt_proves_it(
    partner: Partner, tmp_path: Path
) -> None:
    shelf, path = MemoryShelf(), tmp_path / "x.bidx"
    contents = [b"", b"b" * CHUNK, b"c" * (CHUNK + 1)]
    route = Route(
        ZAMBIA, signing_key_of(ZAMBIA), NAMIBIA, read_sealing_key(partner.told["opening"])
    )
    listed = [a_part(data, name=f"{at} – é.txt") for at, data in enumerate(contents)]
    photo = PlainPart("p.png", "image/png", PartRole.LEGAL, io.BytesIO(a_png()))
    sealed = sealed_on(shelf, [a_summary_part(), *listed, photo], route=route)
    with path.open("wb") as out:
        files.write_file(out, sealed.delivery, shelf)

    opened = partner.asks(
        "open", file=str(path), sender=signing_key_of(ZAMBIA).public.public_jwk(), now=T
    )

    assert [base64.b64decode(part) for part in opened["parts"]][1:4] == contents
    assert opened["manifest"] == dict(sealed.manifest.token.claims)
    assert opened["manifest"]["msg"] == Message.REQUEST
    receipt = receipts.read(opened["receipt"], partner.keys, us=ZAMBIA, now=NOW)
    receipts.require_about(
        receipt, Subject.of(sealed.delivery.token, manifest=sealed.manifest.token.digest)
    )
    assert receipts.proven([receipt]).standing is Standing.ADMITTED
    assert receipt.event is Event.ADMITTED


def test_a_partner_refuses_what_was_changed_on_the_way(partner: Partner, tmp_path: Path) -> None:
    shelf, path = MemoryShelf(), tmp_path / "x.bidx"
    route = Route(
        ZAMBIA, signing_key_of(ZAMBIA), NAMIBIA, read_sealing_key(partner.told["opening"])
    )
    sealed = sealed_on(shelf, route=route)
    data = bytearray(shelf.files["parts/0002"])
    data[0] ^= 1
    with path.open("wb") as out:
        files.write_file(out, sealed.delivery, shelf.changed(part2=bytes(data)))

    with pytest.raises(AssertionError, match="refused: sealed bytes"):
        partner.asks(
            "open", file=str(path), sender=signing_key_of(ZAMBIA).public.public_jwk(), now=T
        )
    with pytest.raises(AssertionError, match=r"signature|refused"):
        partner.asks(
            "open", file=str(path), sender=signing_key_of(CONGO).public.public_jwk(), now=T
        )


def test_what_a_partner_may_not_send_is_refused_though_it_is_genuine(
    partner: Partner, tmp_path: Path
) -> None:
    from core.exchange.errors import PackageRefused

    asked_to_seal(partner, tmp_path / "x.bidx", {"a": b"x"}, redaction=Redaction.CODED)

    with (tmp_path / "x.bidx").open("rb") as file:
        sealed = files.read_file(file)
        delivery = deliveries.read(sealed.delivery, partner.keys, us=ZAMBIA, now=NOW)
        with pytest.raises(PackageRefused) as caught:
            opened_from(
                sealed, delivery, us=ZAMBIA, ours=[opening_key_of(ZAMBIA)], partner=partner.keys
            )
    assert caught.value.detail == "redaction_coded"
    assert pinned_keys_of(ZAMBIA).find(delivery.token.kid) is None
