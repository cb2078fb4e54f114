"""Calls between two installations as a test makes them: real tokens, real sealed packages, a line that can be cut."""

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.db import Database, Session
from core.exchange import tokens
from core.exchange.deliveries import Numbering
from core.exchange.encoding import digest
from core.exchange.kinds import Kind
from core.exchange.manifests import (
    Approval,
    Basis,
    Handling,
    Letter,
    PartRole,
    Purpose,
    Redaction,
)
from core.exchange.manifests import Message as Says
from core.exchange.packages import PlainPart, Route, Sealed, seal_package
from core.exchange.shelves import BOX, FolderShelf, part_name
from core.ids import new_id
from tests.builders.exchange import NAMIBIA, ZAMBIA, opening_key_of, signing_key_of
from tests.conftest import NOON

BASE = "/exchange/v1"
JSON = "application/json"


def a_call(
    method: str,
    path: str,
    body: bytes = b"",
    *,
    issuer: str = ZAMBIA,
    audience: str = NAMIBIA,
    now: datetime = NOON,
    **changes: Any,
) -> str:
    """A request token for one call."""
    second = int(now.timestamp())
    claims = {
        "aud": audience, "iat": second, "exp": second + 60, "jti": new_id(), "htm": method,
        "htp": path, "bdh": digest(body), **changes,
    }  # fmt: skip
    return tokens.make(Kind.REQUEST, issuer, claims, signing_key_of(issuer))


class Wire:
    """One installation calling another, call by call."""

    def __init__(self, client: Any, issuer: str = ZAMBIA, audience: str = NAMIBIA) -> None:
        self.client, self.issuer, self.audience = client, issuer, audience
        self.now = NOON

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
    ) -> Any:
        token = token or a_call(
            method, BASE + path, body, issuer=self.issuer, audience=self.audience, now=self.now
        )
        known = {"authorization": f"BIDX {token}", **(headers or {})}
        return self.client.request(method, BASE + path, content=body, headers=known)

    def post(self, path: str, **members: Any) -> Any:
        return self.send("POST", path, json.dumps(members).encode())

    def get(self, path: str) -> Any:
        return self.send("GET", path)

    def offer(self, sealed: "OnShelf") -> Any:
        return self.post("/deliveries", delivery=sealed.text, keys=sealed.box)

    def put(
        self, delivery: str, number: int | str, data: bytes, at: int = 0, total: int | None = None
    ) -> Any:
        total = at + len(data) if total is None else total
        span = f"bytes {at}-{at + len(data) - 1}/{total}"
        return self.send(
            "PUT", f"/deliveries/{delivery}/parts/{number}", data, headers={"content-range": span}
        )

    def bring(self, sealed: "OnShelf") -> Any:
        """Offer, upload everything, complete."""
        assert self.offer(sealed).status_code in {200, 201}
        for number, data in enumerate(sealed.parts, start=1):
            assert self.put(sealed.id, number, data).status_code == 200
        return self.post(f"/deliveries/{sealed.id}/complete")


class OnShelf:
    """A sealed package and its bytes."""

    def __init__(self, shelf: FolderShelf, sealed: Sealed) -> None:
        self.sealed, self.shelf = sealed, shelf
        self.id, self.package = sealed.delivery.id, sealed.delivery.package
        self.text = sealed.delivery.token.text
        self.box = self._read(BOX).decode()
        numbers = range(1, len(sealed.delivery.parts) + 1)
        self.parts = [self._read(part_name(number)) for number in numbers]

    def _read(self, name: str) -> bytes:
        with self.shelf.open(name) as file:
            return file.read()


def a_letter(**changes: Any) -> Letter:
    values: dict[str, Any] = {
        "ref": "KQ7M-3RTX-9A", "message": Says.ENQUIRY, "purpose": Purpose.CROSS_BORDER_SUMMARY,
        "basis": Basis.CONSENT, "redaction": Redaction.CODED,
        "handling": Handling(True, (NOON + timedelta(days=100)).date()),
        "approvals": (Approval("writer", "p1", NOON), Approval("signer", "p2", NOON)),
        **changes,
    }  # fmt: skip
    return Letter(**values)


def a_package(
    folder: Path,
    contents: Sequence[bytes] = (b'{"a":1}',),
    *,
    sender: str = ZAMBIA,
    receiver: str = NAMIBIA,
    place: Numbering | None = None,
    now: datetime = NOON,
    delivery: str | None = None,
    package: str | None = None,
    lasts: timedelta = timedelta(days=30),
    parts: Sequence[PlainPart] | None = None,
    **letter: Any,
) -> OnShelf:
    """A sealed package of whatever, from one country to the other."""
    delivery = delivery or new_id()
    shelf = FolderShelf(folder / delivery)
    plain = parts or [
        PlainPart(f"{number}.json", JSON, PartRole.OTHER, io.BytesIO(content))
        for number, content in enumerate(contents)
    ]
    sealed = seal_package(
        shelf, a_letter(**letter), plain,
        route=Route(sender, signing_key_of(sender), receiver, opening_key_of(receiver).public),
        package=package or new_id(), delivery=delivery,
        numbering=place or Numbering(new_id(), 1, None), now=now, lasts=lasts,
    )  # fmt: skip
    return OnShelf(shelf, sealed)


def following(before: OnShelf) -> Numbering:
    """The place after a delivery in its chain."""
    place = before.sealed.delivery.numbering
    return Numbering(place.chain, place.seq + 1, before.sealed.delivery.digest)


def rows(database: Database, row: Any) -> list[Any]:
    """Everything in one table, as it is committed."""
    from sqlmodel import select

    with Session(database.engine) as session:
        return list(session.exec(select(row)).all())


def address_of(name: str) -> str:
    """Where an installation says it is reached; a test's dial knows what is behind it."""
    return f"https://{name.lower().replace('.', '-')}.example.org"


def trust_each(office: Any, other: str, *, ours: bool = True, theirs: bool = True) -> None:
    """Set an installation up and trust another, with addresses or without."""
    from core.actors import Role
    from core.exchange.statements import make_statement
    from tests.builders import partners as build
    from tests.builders.exchange import anchor_of
    from transfers.rules.partnership import Channel
    from transfers.service import installation, keys, partners
    from transfers.service.installation import FreshKeys

    session = office.session
    operator = build.an_officer(Role.ADMINISTRATOR, office.country)
    anchor = anchor_of(office.name)
    installation.set_up(
        session, operator, name=office.name, anchor=anchor.public, now=NOON - timedelta(days=1),
        fresh=FreshKeys(signing_key_of(office.name), opening_key_of(office.name)),
        base_url=address_of(office.name) if ours else None,
    )  # fmt: skip
    keys.issue(session, operator, anchor, now=NOON - timedelta(days=1))
    issued = int((NOON - timedelta(days=1)).timestamp())
    statement = make_statement(
        anchor_of(other), issuer=other, seq=1, issued_at=issued, expires_at=issued + 300 * 86_400,
        keys=build.listed(signing_key_of(other), opening_key_of(other), begins=issued),
        base_url=address_of(other) if theirs else None,
    )  # fmt: skip
    first, second = (
        build.an_officer(country=office.country),
        build.an_officer(country=office.country),
    )
    partner_id = partners.propose(session, first, build.as_file(statement), now=NOON)
    heard = build.last_groups(anchor_of(other))
    for officer, channel in ((first, Channel.LETTER), (second, Channel.VIDEO)):
        partners.confirm(session, officer, partner_id, channel=channel, groups=heard, now=NOON)
