"""Issuing papers and saying of a code whether its paper is genuine.

The same record gives the same paper with the same code, whoever prints it and how often. Source: decision 0020.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Final

from sqlmodel import Session, col, select

from core import audit
from core.actors import Actor
from core.exchange import qr
from core.exchange.encoding import digest
from core.papers.codes import code_for, grouped, read_code
from core.papers.paper import Paper, local_day
from core.papers.press import TEMPLATES, Typesetter
from core.papers.proof import ended, with_proof
from core.papers.tables import IssuedPaperRow
from core.papers.words import spoken
from core.upsert import insert_once
from core.vault import keyed_hash, vault_of

CHECK_PATH: Final = "/check"
_ATTEMPTS: Final = 8
_NONE_STANDING: Final = "papers_none_standing"
"""Records of which this unit of work knows that no paper stands: four thousand children on one agenda ask once."""


@dataclass(frozen=True)
class ToSign:
    """What an installation says of a paper with its own key."""

    code: str
    kind: str
    sha256: str


@dataclass(frozen=True)
class Signed:
    """The token about a paper, and the key statement it can be verified with."""

    token: str
    statement: str


Signer = Callable[[Session, ToSign, datetime], Signed | None]
"""Signs for the installation; None before it has keys. Given by whoever stands above ``core``."""


@dataclass(frozen=True)
class Desk:
    """What printing needs besides the paper.

    Args:
        address: where people check papers, without a slash at its end; empty where nobody can from outside.
        sign: the installation's own word.
        press: sets type.
    """

    address: str
    sign: Signer
    press: Typesetter


@dataclass(frozen=True)
class Issued:
    """A printed paper. ``file_name`` names the kind and the code, nobody else."""

    content: bytes
    code: str
    kind: str
    language: str
    file_name: str


class Standing(StrEnum):
    """What is said of a code."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Checked:
    """The answer about a code. Kind and day are those of the paper, to be held against the one in hand."""

    standing: Standing
    kind: str = ""
    dated_on: date | None = None
    superseded_at: datetime | None = None


def desk(*, address: str | None, sign: Signer, press: Typesetter) -> Desk:
    """Return a desk of this installation."""
    return Desk((address or "").rstrip("/"), sign, press)


def issue(
    session: Session,
    actor: Actor,
    paper: Paper,
    desk: Desk,
    *,
    thing_id: str,
    case_id: str | None,
    now: datetime,
) -> Issued:
    """Print a paper and keep its code; printing is on record with who printed it.

    Args:
        session: the unit of work.
        actor: who prints; may see the record (the caller has asked).
        paper: what it says.
        desk: press and signature.
        thing_id: id of the record it prints, for the audit log.
        case_id: the child's case, where the record belongs to one; for the audit log only.
        now: when it is printed; nothing on the paper depends on it.

    Raises:
        NotPrintable: it holds signs no font here has.
        PressFailed: it took too long or too much.

    Source: DOM-R50.
    """
    session.info.pop(_NONE_STANDING, None)
    key = vault_of(session).index_key(session, now=now)
    about = f"{paper.kind}|{paper.words or paper.language}|{paper.only_for}|{paper.series}"
    hashes = {
        "record": _record_of(key, paper.kind, paper.series),
        "series": keyed_hash(key, "paper-series", about),
        "content": keyed_hash(key, "paper-content", _text_of(paper)),
    }
    row, printed = _kept(session, paper, desk, key, hashes, now=now)
    _settle(session, paper, row, now=now)
    audit.record(
        session, actor, "paper.printed", thing=paper.kind, thing_id=thing_id, case_id=case_id, now=now,
        codes={"code": row.code, "language": paper.language, "copy_for": paper.only_for or None},
    )  # fmt: skip
    signed = desk.sign(session, ToSign(row.code, row.kind, row.sha256), now)
    whole = printed if signed is None else with_proof(printed, signed.token, signed.statement)
    name = f"{paper.kind.replace('_', '-')}-{grouped(row.code)}.pdf"
    return Issued(whole, row.code, paper.kind, paper.language, name)


def check(session: Session, text: str) -> Checked:
    """Say of a code somebody typed whether its paper is genuine. Nothing about a child is known here."""
    code = read_code(text[:60])
    row = session.get(IssuedPaperRow, code or "")
    if row is None:
        return Checked(Standing.UNKNOWN)
    if row.superseded_at is None:
        return Checked(Standing.GENUINE, row.kind, row.dated_on)
    return Checked(Standing.SUPERSEDED, row.kind, row.dated_on, row.superseded_at)


def retire(session: Session, *, kinds: Iterable[str], series: str, now: datetime) -> None:
    """Mark every paper about a record as replaced: the record itself counts no more, printed anew or not."""
    none: set[tuple[str, str]] = session.info.setdefault(_NONE_STANDING, set())
    asked = [kind for kind in kinds if (kind, series) not in none]
    if not asked:
        return
    key = vault_of(session).index_key(session, now=now)
    for kind in asked:
        found = _standing(session, _record_of(key, kind, series))
        for row in found:
            _replace(session, row, "", now)
        if not found:
            none.add((kind, series))


def _record_of(key: bytes, kind: str, series: str) -> str:
    return keyed_hash(key, "paper-record", f"{kind}|{series}")


def _kept(
    session: Session,
    paper: Paper,
    desk: Desk,
    key: bytes,
    hashes: Mapping[str, str],
    *,
    now: datetime,
) -> tuple[IssuedPaperRow, bytes]:
    """Return the row of this very paper, made at its first printing, and its bytes."""
    for attempt in range(_ATTEMPTS):
        code = code_for(key, f"{hashes['content']}|{_form()}|{desk.address}", attempt)
        printed = desk.press.typeset(paper.template, _plain(paper, code, desk.address), at=paper.at)
        values = {
            **hashes, "code": code, "kind": paper.kind, "edition": paper.edition,
            "sha256": digest(ended(printed)), "issued_at": now, "dated_on": local_day(paper),
        }  # fmt: skip
        insert_once(session, IssuedPaperRow.__table__, values, unique=["code"])  # type: ignore[attr-defined]
        row = session.get(IssuedPaperRow, code)
        if row is not None and row.content == hashes["content"]:
            return row, printed
    raise RuntimeError  # eight codes of fifty-five bits taken by other papers


def _settle(session: Session, paper: Paper, row: IssuedPaperRow, *, now: datetime) -> None:
    """Let a paper replace what it follows, unless a later edition is there.

    An earlier edition is replaced in every language and for every reader; the same edition only where it says
    something else in the same language to the same reader. The same words in another form (after an upgrade of the
    product) replace nothing.
    """
    others = _standing(session, row.record)
    later = next((one for one in others if one.edition > paper.edition), None)
    if paper.is_replaced or later is not None:
        if row.superseded_at is None:
            _replace(session, row, "" if later is None else later.code, now)
        return
    row.superseded_at = row.superseded_by = None
    session.add(row)
    for one in others:
        says_else = one.series == row.series and one.content != row.content
        if one.edition < paper.edition or says_else:
            _replace(session, one, row.code, now)
    session.flush()


def _standing(session: Session, record: str) -> list[IssuedPaperRow]:
    query = select(IssuedPaperRow).where(IssuedPaperRow.record == record)
    return list(session.exec(query.where(col(IssuedPaperRow.superseded_at).is_(None))))


def _replace(session: Session, row: IssuedPaperRow, by: str, now: datetime) -> None:
    row.superseded_at, row.superseded_by = now, by or None
    session.add(row)
    session.flush()


def _plain(paper: Paper, code: str, address: str) -> dict[str, Any]:
    """Return everything a template shows."""
    words = spoken()[paper.words or paper.language]
    shown = grouped(code)
    where = f"{address}{CHECK_PATH}"
    return {
        "title": paper.title, "language": paper.language, "words_language": words.code,
        "issuer": paper.issuer, "about": paper.about, "kind_words": words(f"kind.{paper.kind}"),
        "confidential": words("confidential"), "dated": words.day(local_day(paper)), "code": shown,
        "blocks": list(paper.blocks),
        "qr": qr.as_svg(f"{where}/{code}" if address else shown).decode("utf-8"),
        "check_sentence": words("check.at" if address else "check.office"),
        "check_address": where if address else "",
        "w": {"code": words("check.code"), "qr": words("check.qr"), "page": words("page")},
    }  # fmt: skip


def _text_of(paper: Paper) -> str:
    """Return everything a paper says, as one text."""
    parts = {**asdict(paper), "at": paper.at.isoformat(), "is_replaced": False}
    return json.dumps(parts, sort_keys=True, ensure_ascii=False)


@cache
def _form() -> str:
    """Return a hash of templates, words and press: another form gives another code, and replaces nothing."""
    found = sha256(version("typst").encode())
    for path in sorted(one for one in TEMPLATES.rglob("*") if one.suffix in {".typ", ".json"}):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()
