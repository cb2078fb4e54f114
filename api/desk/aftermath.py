"""A sitting after it was held, and a decision as it is read and signed, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from api.desk.children import ChildLine, child_line
from api.desk.room import option_words
from api.desk.visit import Visit
from api.problems.catalogue import gap_sentence
from cases.rules.reports import FactorGroup
from cases.service import files
from core.actors import Role
from core.papers.paper import Block
from panels.rules.determination import Draft
from panels.rules.minutes import MinutesState
from panels.rules.sittings import SittingState
from panels.service import after_sitting, decision_rows, decision_views
from panels.service.after_sitting import Aftermath, Outcome
from panels.service.decision_views import DecisionLine, DecisionView
from panels.service.minutes import MinutesView
from panels.service.printing.minutes import minutes_told

CORRECTORS: Final = (Role.CHAIR, Role.MEMBER, Role.SECRETARY, Role.COORDINATOR)
STANDS: Final = frozenset({decision_rows.RECORDED, decision_rows.SEALED})


@dataclass(frozen=True)
class OutcomeLine:
    """What became of one item: the decision in words, who signed it and who has still to."""

    number: int
    code: str
    state: str
    decision_id: str
    outcome: str
    stands: str
    signed: tuple[str, ...]
    unsigned: tuple[str, ...]
    is_mine: bool
    has_letter: bool


@dataclass(frozen=True)
class Version:
    """One version of the minutes: where it stands, and what it says as its paper does."""

    id: str
    number: int
    said: str
    blocks: tuple[Block, ...]
    reason: str
    content_hash: str
    signed: tuple[str, ...]
    is_signed: bool


@dataclass(frozen=True)
class Page:
    """Everything the page of a sitting after it was held shows.

    Args:
        waits_for: whose signatures the minutes wait for, in words.
        i_sign: the newest version waits for the reader.
        missing: what stands against the reader's signature.
        may_draft: the minutes can be drawn up, or drawn up again.
    """

    id: str
    version: int
    title: str
    when: str
    state: str
    outcomes: tuple[OutcomeLine, ...]
    minutes: tuple[Version, ...]
    waits_for: str
    i_sign: bool
    missing: tuple[str, ...]
    may_draft: bool
    may_correct: bool
    may_archive: bool


def after(visit: Visit, sitting_id: str) -> Page:
    """Return the page of a sitting after it was held.

    Raises:
        NotThere: as ``after_sitting.show_aftermath``.
    """
    words = visit.words
    found = after_sitting.show_aftermath(visit.session, visit.actor, sitting_id, now=visit.now)
    row, state = found.sitting, SittingState(found.sitting.state)
    visit.names([*_people(found), *(p for one in found.minutes for _, p in one.signatures)])
    newest = found.minutes[0] if found.minutes else None
    is_signed = newest is not None and newest.state == MinutesState.SIGNED
    return Page(
        id=row.id,
        version=row.version,
        title=words.of("sitting_type", row.type),
        when=words.weekday(row.starts_at, row.timezone),
        state=words.of("sitting", row.state),
        outcomes=tuple(_outcome(visit, one) for one in found.outcomes),
        minutes=tuple(_version(visit, one) for one in found.minutes),
        waits_for=", ".join(_waiting_role(visit, found, role) for role in found.waits_for),
        i_sign=found.role in found.waits_for,
        missing=tuple(dict.fromkeys(gap_sentence(gap) for gap in found.missing)),
        may_draft=found.is_clerk
        and state is SittingState.ENDED
        and (newest is None or not (newest.signatures or is_signed)),
        may_correct=found.is_clerk and is_signed,
        may_archive=found.is_clerk and state is SittingState.MINUTES_SIGNED,
    )


def _people(found: Aftermath) -> list[str | None]:
    return [found.presiding, *(p for one in found.outcomes for p in (*one.signed, *one.unsigned))]


def _waiting_role(visit: Visit, found: Aftermath, role: str) -> str:
    if role == "chair":
        return visit.words("record.chair", name=visit.name(found.presiding))
    return visit.words("record.secretary")


def _outcome(visit: Visit, one: Outcome) -> OutcomeLine:
    decision = one.decision
    return OutcomeLine(
        number=one.item.position,
        code=one.code,
        state=visit.words.of("item", one.item.state),
        decision_id=decision.id if decision else "",
        outcome=option_words(visit, decision.outcome, decision.destination) if decision else "",
        stands=visit.words.of("decision", decision.state) if decision else "",
        signed=tuple(visit.name(person) for person in one.signed),
        unsigned=tuple(visit.name(person) for person in one.unsigned),
        is_mine=visit.actor.person_id in one.unsigned,
        has_letter=decision is not None and decision.sealed_at is not None,
    )


def _version(visit: Visit, one: MinutesView) -> Version:
    words = visit.words
    when = words.at(one.signed_at or one.drafted_at, visit.zone)
    return Version(
        id=one.id,
        number=one.number,
        said=words(f"minutes.{one.state}", when=when),
        blocks=minutes_told(visit.session, visit.actor, one.id, language=words.code, now=visit.now),
        reason=one.correction_reason,
        content_hash=one.content_hash,
        signed=tuple(
            words("minutes.signed_by", name=visit.name(person), role=words(f"record.as_{role}"))
            for role, person in one.signatures
        ),
        is_signed=one.state == MinutesState.SIGNED,
    )


@dataclass(frozen=True)
class DecisionPage:
    """Everything the page of one version of a decision shows.

    Args:
        texts: label and words, in the order in which a decision is read.
        votes: how the members voted, for those who may know.
        unsigned: who may still sign.
        i_sign: it waits for the reader's signature.
        fields: what a correction starts from, by the name of its field.
    """

    line: DecisionLine
    child: ChildLine | None
    outcome: str
    stands: str
    texts: tuple[tuple[str, str], ...]
    actions: tuple[str, ...]
    votes: str
    dissents: tuple[tuple[str, str], ...]
    reason: str
    signed: tuple[str, ...]
    count: str
    unsigned: tuple[str, ...]
    i_sign: bool
    may_correct: bool
    may_take_back: bool
    fields: Mapping[str, str]
    versions: tuple[tuple[str, str], ...]


def decision(visit: Visit, determination_id: str) -> DecisionPage:
    """Return the page of one version of a decision, as far as the reader may see it.

    Raises:
        NotThere: no such decision, or not yours.
    """
    session, actor, now = visit.session, visit.actor, visit.now
    found = decision_views.read_determination(session, actor, determination_id, now=now)
    line, made = found.line, found.made
    rows = files.rows_of(session, actor, [line.case_id], now=now)
    voters = made.voters if made else ()
    visit.names([*voters, *found.signers, *(one.who for one in found.draft.actions)])
    waits = line.state == decision_rows.RECORDED
    unsigned = [one for one in voters if one not in found.signers] if waits else []
    may_write = made is not None and actor.has(*CORRECTORS)
    return DecisionPage(
        line=line,
        child=child_line(visit, rows[line.case_id]) if line.case_id in rows else None,
        outcome=option_words(visit, line.outcome, line.destination),
        stands=visit.words.of("decision", line.state),
        texts=tuple(_texts(visit, found.draft)),
        actions=tuple(_actions(visit, found.draft)),
        votes=_votes(visit, found),
        dissents=tuple(
            (visit.name(one.person_id), one.words) for one in (made.dissents if made else ())
        ),
        reason=found.correction_reason,
        signed=tuple(visit.name(one) for one in found.signers),
        count=visit.words.count("decision.signatures", found.signatures),
        unsigned=tuple(visit.name(one) for one in unsigned),
        i_sign=actor.person_id in unsigned,
        may_correct=may_write and line.state in STANDS,
        may_take_back=may_write and waits,
        fields=fields_of(found.draft),
        versions=tuple(_versions(visit, line)),
    )


def _versions(visit: Visit, line: DecisionLine) -> Iterable[tuple[str, str]]:
    """Return the other versions and decisions about the child, newest first."""
    found = decision_views.determinations_of(
        visit.session, visit.actor, line.case_id, now=visit.now
    )
    for one in found:
        if one.id != line.id:
            yield one.id, _versions_line(visit, one)


def _versions_line(visit: Visit, one: DecisionLine) -> str:
    return visit.words(
        "decision.version",
        number=one.number,
        day=visit.words.at(one.decided_at, visit.zone),
        stands=visit.words.of("decision", one.state),
    )


def of_case(visit: Visit, case_id: str) -> tuple[tuple[str, str], ...]:
    """Return the decisions about a child for the page of the case: id and a line of words, newest first."""
    found = decision_views.determinations_of(visit.session, visit.actor, case_id, now=visit.now)
    return tuple(
        (
            one.id,
            f"{option_words(visit, one.outcome, one.destination)}. {_versions_line(visit, one)}",
        )
        for one in found
    )


def fields_of(draft: Draft) -> dict[str, str]:
    """Return what a decision says as the fields of the form that corrects it."""
    found = {f"reason-{group}": draft.reasons.get(group, "") for group in FactorGroup}
    found |= {
        "views_explanation": draft.weight.explanation,
        "why_different": draft.weight.why_different,
        "child_version": draft.child_version,
        "interim": draft.interim_care,
        "sibling_reason": draft.sibling_reason,
        "legal_authority": draft.support.legal_authority,
        "court_reference": draft.support.court_reference,
        "family_care_not_possible": draft.support.family_care_not_possible,
    }
    return found


def _texts(visit: Visit, draft: Draft) -> Iterable[tuple[str, str]]:
    words = visit.words
    care = draft.destination.care_type
    said = [(words.of("factor", group), draft.reasons.get(group, "")) for group in FactorGroup]
    said += [
        (words("decide.weight"), words.of("weight", draft.weight.weight)),
        (words("decide.explanation"), draft.weight.explanation),
        (words("decide.why_different"), draft.weight.why_different),
        (words("decision.care"), words.of("care", care) if care else ""),
        (words("decide.interim"), draft.interim_care),
        (words("decision.conditions"), "\n".join(draft.conditions)),
        (words("decide.child_version"), draft.child_version),
        (words("decide.child_language"), words.said("languages", draft.child_version_language)),
        (words("decide.valid"), words.day(draft.valid_until)),
        (words("decide.review"), words.day(draft.support.review_on) if draft.support.review_on else ""),
        (words("decide.legal_authority"), draft.support.legal_authority),
        (words("decide.court_reference"), draft.support.court_reference),
        (words("decide.family_care"), draft.support.family_care_not_possible),
        (words("decide.sibling"), draft.sibling_reason),
    ]  # fmt: skip
    return [(label, text) for label, text in said if text]


def _actions(visit: Visit, draft: Draft) -> Iterable[str]:
    words = visit.words
    for one in draft.actions:
        yield words(
            "decision.action", what=one.what, who=visit.name(one.who), day=words.day(one.by_when),
            kind=words.of("action", one.kind),
        )  # fmt: skip


def _votes(visit: Visit, found: DecisionView) -> str:
    made = found.made
    if made is None:
        return ""
    return visit.words(
        "decision.votes", votes=made.votes_for, other=made.votes_other, abstained=made.abstained
    )
