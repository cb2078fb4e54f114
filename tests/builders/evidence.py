"""A log in which something happened, its export, and what a forger makes of it."""

import json
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from core.exchange import tokens
from core.exchange.kinds import Kind
from core.exchange.tokens import Token, read_kept
from tests.builders.exchange import (
    NAMIBIA,
    NOW,
    ZAMBIA,
    a_token,
    pinned_keys_of,
)
from tests.builders.partners import (
    OPERATOR,
    Pair,
    set_up,
    trusted,
)
from transfers.rules.evidence_chain import BEGINNING, NAMES, Entry, hash_of
from transfers.service import evidence
from transfers.service.evidence import Direction
from transfers.service.evidence_export import export_lines

Lines = list[str]


def an_export(session: Session) -> Lines:
    return list(export_lines(session, OPERATOR, now=NOW))


def a_busy_log(session: Session) -> Pair:
    """Set-up, a partner, a delivery of ours with its receipt, a checkpoint."""
    set_up(session, NOW)
    pair = trusted(session, NOW)
    delivery = taken(session, a_token(Kind.DELIVERY, ZAMBIA), Direction.SENT, ZAMBIA)
    receipt = a_token(Kind.RECEIPT, NAMIBIA, aud=ZAMBIA, obj=delivery.digest)
    taken(session, receipt, Direction.RECEIVED, NAMIBIA)
    assert evidence.sign_checkpoint(session, now=NOW) is not None
    return pair


def taken(session: Session, text: str, direction: Direction, issuer: str) -> Token:
    kind = tokens.kind_of(text)
    assert kind is not None
    token = read_kept(text, kind, pinned_keys_of(issuer))
    assert evidence.keep(
        session, token, direction, subject="a delivery", actor="procedure", now=NOW
    )
    return token


def edited(lines: Lines, at: int, kind: str, /, **changes: Any) -> Lines:
    said = json.loads(lines[at])
    said[kind] = {**said[kind], **changes}
    return [*lines[:at], json.dumps(said), *lines[at + 1 :]]


def position(lines: Lines, kind: str, number: int) -> int:
    return next(
        at for at, line in enumerate(lines) if json.loads(line).get(kind, {}).get("n") == number
    )


def rechained(lines: Lines, change: Callable[[dict[str, Any]], None]) -> Lines:
    """What somebody writes who owns the database: everything consistent again, except what was signed."""
    prev, n, out = BEGINNING, 0, []
    for line in lines:
        said = json.loads(line)
        if "row" in said:
            change(said["row"])
            entry = Entry(**{name: said["row"][name] for name in NAMES})
            said["row"]["prev"] = prev
            prev = said["row"]["hash"] = hash_of(prev, entry)
            n = entry.n
        if "end" in said:
            said["end"] = {"n": n, "head": prev}
        out.append(json.dumps(said))
    return out
