"""The decision letter: what was decided about a child and why, who to turn to, for guardian, family and offices.

Members' names, votes and dissents are not in it: they are for those who sat. Nothing in it depends on who prints it.

Source: DOM-4.6, DOM-R9, DOM-R19, DOM-R22, DOM-R50.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from cases.rules.reports import FactorGroup
from cases.service.files import open_file
from core.accounts.directory import names_of
from core.actors import Actor
from core.errors import NotThere, WrongState
from core.papers.issuing import Desk, Issued, issue
from core.papers.paper import Block, Paper, facts, heading, listing, quiet, section, table, text
from core.papers.words import Words
from panels.rules.decision_record import draft_of
from panels.rules.determination import Draft
from panels.service import decision_rows
from panels.service.child import Child, child_of
from panels.service.printing.common import (
    LETTER,
    helplines,
    not_in_force,
    panel_name,
    short,
    version_line,
    words_for,
    zone_of,
)
from panels.store import determination as store
from panels.store import sitting as sittings
from panels.tables.determination import DeterminationRow


def decision_letter(
    session: Session,
    actor: Actor,
    determination_id: str,
    *,
    language: str,
    desk: Desk,
    now: datetime,
) -> Issued:
    """Print the letter of one version of a decision, also of one that counts no more: it says so then.

    Raises:
        NotThere: no such decision, or not yours.
        WrongState: not everybody has signed; until then nothing is decided.
        NotPrintable, PressFailed: as ``issue`` says.
    """
    decision_rows.seen(session, actor, determination_id, now=now)
    row = store.find(session, determination_id)
    if row is None:
        raise NotThere(decision_rows.KIND)
    if row.sealed_at is None:
        raise WrongState("decision", "not signed", "print_letter")
    child = child_of(session, row.case_id, now=now)
    words = words_for(language, child.pack)
    paper = Paper(
        kind=LETTER,
        language=words.code,
        title=words("letter.title"),
        issuer=panel_name(session, sittings.find(session, row.sitting_id or ""), child.pack),
        about=words("decision.about", id=short(row.id), number=row.number),
        at=row.sealed_at,
        zone=zone_of(child.calendar),
        blocks=tuple(_blocks(session, actor, row, child, words, now=now)),
        series=row.id,
        is_replaced=row.current_case is None,
    )
    return issue(session, actor, paper, desk, thing_id=row.id, case_id=row.case_id, now=now)


def _blocks(
    session: Session,
    actor: Actor,
    row: DeterminationRow,
    child: Child,
    words: Words,
    *,
    now: datetime,
) -> Iterator[Block]:
    record = decision_rows.record_sealed_in(session, row)
    draft = draft_of(record["decision"])
    yield from not_in_force(words, row)
    yield from version_line(words, row, record["correction_reason"])
    yield heading(words("letter.decided"))
    yield facts(_outcome(session, actor, row, draft, words, now=now))
    yield heading(words("letter.why"))
    for group in FactorGroup:
        yield heading(words(f"factor.{group.value}"), 2)
        yield text(draft.reasons.get(group, "") or "–")
    yield from _views(draft, words)
    yield from section(words("letter.siblings"), draft.sibling_reason)
    if draft.conditions:
        yield heading(words("letter.conditions"))
        yield listing(draft.conditions)
    yield from _actions(session, actor, draft, words, now=now)
    yield from section(words("letter.until_then"), draft.interim_care)
    yield heading(words("letter.disagree"))
    yield text(words("letter.appeal", body=child.pack.appeal.body))
    yield text(words("letter.complain"))
    yield from helplines(words, child.pack)
    yield heading(words("signed"))
    count = len(store.signatures(session, row.id))
    yield text(
        words("letter.signed", count=count, at=words.moment(row.sealed_at, zone_of(child.calendar)))
    )
    yield quiet(words("seal", seal=row.content_hash))
    yield quiet(words("as_written"))


def _outcome(
    session: Session,
    actor: Actor,
    row: DeterminationRow,
    draft: Draft,
    words: Words,
    *,
    now: datetime,
) -> Iterator[tuple[str, str]]:
    opened = open_file(session, actor, row.case_id, now=now, fields=("names",))
    names = opened.facts.get("names") or {}
    care = draft.destination.care_type
    yield (
        words("child"),
        " ".join(part for part in (names.get("given"), names.get("family")) if part),
    )
    yield words("child.code"), opened.row.child_code
    yield words("decided_on"), words.day(row.decided_on)
    yield words("outcome"), words.code_of(draft.destination.outcome.value)
    yield words("country"), words.country(draft.destination.country)
    yield words("care"), words.code_of(care.value) if care else ""
    yield words("outcome.second"), words.code_of(draft.secondary.value) if draft.secondary else ""
    yield words("valid_until"), words.day(draft.valid_until)
    yield words("review_on"), words.day(row.review_on)
    yield words("legal_authority"), draft.support.legal_authority
    yield words("court_reference"), draft.support.court_reference


def _views(draft: Draft, words: Words) -> Iterator[Block]:
    yield heading(words("letter.views"), 2)
    yield text(words(f"weight.{draft.weight.weight.value}"))
    if draft.weight.explanation.strip():
        yield text(draft.weight.explanation)
    if draft.weight.why_different.strip():
        yield text(draft.weight.why_different)


def _actions(
    session: Session, actor: Actor, draft: Draft, words: Words, *, now: datetime
) -> Iterator[Block]:
    if not draft.actions:
        return
    known = names_of(session, actor, {one.who for one in draft.actions}, now=now)
    heads = (words("action"), words("who"), words("by_when"))
    rows = [(one.what, known.get(one.who, "–"), words.day(one.by_when)) for one in draft.actions]
    yield heading(words("letter.actions"))
    yield table(heads, rows, (4, 3, 2))
