"""The minutes of a sitting, from the record both signatures stand under; children by code alone.

Whoever an item is closed to gets a copy of their own without it. A draft is marked as one.

Source: DOM-4.5, DOM-R14, DOM-R22, DOM-R49, DOM-R50.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases.service import steps
from core.accounts.directory import names_of
from core.actors import Actor
from core.packs.lookup import pack_of
from core.papers.issuing import Desk, Issued, issue
from core.papers.paper import (
    Block,
    Paper,
    facts,
    heading,
    listing,
    quiet,
    signatures,
    strong,
    table,
    text,
)
from core.papers.words import Words
from panels.rules.minutes import SIGNERS, MinutesState
from panels.service.minutes import MinutesView, open_record
from panels.service.printing.common import MINUTES, panel_name, short, words_for
from panels.store import member as members


@dataclass(frozen=True)
class _Told:
    """What every part of the minutes needs."""

    words: Words
    record: Mapping[str, Any]
    names: Mapping[str, str]
    codes: Mapping[str, str]

    def at(self, stamped: str) -> str:
        """Write a stamp of the record by the clock of the sitting."""
        moment = datetime.fromisoformat(stamped) if stamped else None
        return self.words.moment(moment, self.record["sitting"]["timezone"])

    def name(self, one: str) -> str:
        """Return who is behind an id of a person or member."""
        return self.names.get(one, "–")


def printed_minutes(
    session: Session, actor: Actor, minutes_id: str, *, language: str, desk: Desk, now: datetime
) -> Issued:
    """Print one version of the minutes.

    Raises:
        NotThere: no such minutes, or not yours.
        NotPrintable, PressFailed: as ``issue`` says.
    """
    sitting, view, record, is_whole = open_record(session, actor, minutes_id, now=now)
    pack = pack_of(actor.country, on=sitting.starts_at.date())
    words = words_for(language, pack)
    told = _told(session, actor, words, view, record, now=now)
    paper = Paper(
        kind=MINUTES,
        language=words.code,
        title=words("minutes.title", number=view.number),
        issuer=panel_name(session, sitting, pack),
        about=words("sitting.about", id=short(sitting.id)),
        at=view.signed_at or view.drafted_at,
        zone=sitting.timezone,
        blocks=(
            *_blocks(told, view, pack_name=panel_name(session, sitting, pack)),
            quiet(words("seal", seal=view.content_hash)),
        ),
        series=view.id,
        edition=2 if view.state != MinutesState.DRAFT else 1,
        is_replaced=view.state == MinutesState.REPLACED,
        only_for="" if is_whole else actor.person_id,
    )
    return issue(session, actor, paper, desk, thing_id=view.id, case_id=None, now=now)


def minutes_told(
    session: Session, actor: Actor, minutes_id: str, *, language: str, now: datetime
) -> tuple[Block, ...]:
    """Return what one version of the minutes says, as its paper does, for whoever reads it on a page.

    Raises:
        NotThere: no such minutes, or not yours.
    """
    sitting, view, record, _ = open_record(session, actor, minutes_id, now=now)
    pack = pack_of(actor.country, on=sitting.starts_at.date())
    told = _told(session, actor, words_for(language, pack), view, record, now=now)
    return tuple(_blocks(told, view, pack_name=panel_name(session, sitting, pack)))


def _told(
    session: Session,
    actor: Actor,
    words: Words,
    view: MinutesView,
    record: Mapping[str, Any],
    *,
    now: datetime,
) -> _Told:
    people = {one.member_id: one.person_id for one in members.holders(session, record["roster"])}
    persons = {one["person"] for one in record["events"]} | set(people.values())
    persons |= {person for _, person in view.signatures}
    known = names_of(session, actor, persons, now=now)
    names = known | {member: known.get(person, "–") for member, person in people.items()}
    codes = {one["id"]: steps.lock(session, one["case"]).child_code for one in record["items"]}
    return _Told(words, record, names, codes)


def _blocks(told: _Told, view: MinutesView, *, pack_name: str) -> Iterator[Block]:
    words, sitting = told.words, told.record["sitting"]
    if view.state == MinutesState.DRAFT:
        yield strong(words("minutes.draft"))
    if view.state == MinutesState.REPLACED:
        yield strong(words("minutes.replaced"))
    if view.correction_reason:
        yield quiet(
            words(
                "version.replaces",
                number=view.number,
                before=view.number - 1,
                reason=view.correction_reason,
            )
        )
    yield facts((
        (words("panel"), pack_name),
        (words("agenda.type"), words.code_of(sitting["type"])),
        (words("agenda.mode"), words.code_of(sitting["mode"])),
        (words("minutes.opened"), told.at(sitting["opened_at"])),
        (words("minutes.ended"), told.at(sitting["ended_at"])),
        (words("zone"), sitting["timezone"]),
        (words("minutes.presided"), told.name(sitting["presiding"])),
    ))  # fmt: skip
    yield from _attendance(told)
    yield heading(words("agenda.items"))
    for number, item in enumerate(told.record["items"], start=1):
        yield from _item(told, number, item)
    if not told.record["items"]:
        yield text(words("minutes.no_items"))
    yield from _course(told)
    yield heading(words("signatures"))
    yield signatures(_signed(told, view))


def _attendance(told: _Told) -> Iterator[Block]:
    words = told.words
    yield heading(words("minutes.attendance"))
    rows = [
        (told.at(one["at"]), told.name(one["member"]), _passage(words, one))
        for one in told.record["attendance"]
    ]
    if rows:
        yield table((words("when"), words("who"), words("what")), rows, (3, 4, 3))
    else:
        yield text(words("minutes.nobody"))


def _passage(words: Words, one: Mapping[str, Any]) -> str:
    said = words.code_of(one["kind"])
    return f"{said} ({words('correction')})" if one["corrects"] else said


def _item(told: _Told, number: int, item: Mapping[str, Any]) -> Iterator[Block]:
    words = told.words
    yield heading(words("minutes.item", number=number, code=told.codes[item["id"]]), 2)
    ended = words.code_of(item["state"])
    if item["finish_reason"]:
        ended += f" ({words.code_of(item['finish_reason'])})"
    yield facts((
        (words("agenda.item_type"), words.code_of(item["type"])),
        (words("state"), ended),
        (words("minutes.votes"), str(sum(len(one["votes"]) for one in item["rounds"]))),
    ))  # fmt: skip
    lines = [*_conflicts(told, item), *_quorum(told, item), *_deferrals(told, item)]
    if lines:
        yield listing(lines)
    for one in item["decisions"]:
        yield from _decision(told, one)


def _conflicts(told: _Told, item: Mapping[str, Any]) -> Iterator[str]:
    for one in item["conflicts"]:
        yield told.words(
            "minutes.conflict", name=told.name(one["person"]), at=told.at(one["at"]),
            ground=told.words.code_of(one["ground"]),
        )  # fmt: skip


def _quorum(told: _Told, item: Mapping[str, Any]) -> Iterator[str]:
    mine = [one for one in told.record["quorum"] if one["item"] == item["id"]]
    for one in sorted(mine, key=lambda each: str(each["at"])):
        yield told.words(
            "minutes.quorum_met" if one["met"] else "minutes.quorum_not_met", at=told.at(one["at"]),
            moment=told.words.code_of(one["moment"]), count=len(one["eligible"]),
        )  # fmt: skip


def _deferrals(told: _Told, item: Mapping[str, Any]) -> Iterator[str]:
    for one in item["deferrals"]:
        yield told.words(
            "minutes.deferred", number=one["number"], count=one["questions"],
            due=told.at(one["due_at"]),
        )  # fmt: skip


def _decision(told: _Told, one: Mapping[str, Any]) -> Iterator[Block]:
    words = told.words
    where = f", {words.country(one['destination'])}" if one["destination"] else ""
    yield facts((
        (words("minutes.decision"), words("decision.about", id=short(one["id"]), number=one["number"])),
        (words("outcome"), words.code_of(one["outcome"]) + where),
        (words("minutes.rule"), words.code_of(one["rule"])),
        (words("minutes.count"), _counted(words, one)),
        (words("signed"), told.at(one["sealed_at"])),
        (words("seal.short"), one["hash"][:16]),
    ))  # fmt: skip


def _counted(words: Words, one: Mapping[str, Any]) -> str:
    named = ("votes_for", "votes_other", "abstained", "dissents")
    return words("minutes.counted", **{name: one[name] for name in named})


def _course(told: _Told) -> Iterator[Block]:
    words = told.words
    yield heading(words("minutes.course"))
    rows = [
        (told.at(one["at"]), words.code_of(one["kind"]), told.codes.get(one["item"], "–"), told.name(one["person"]))
        for one in told.record["events"]
    ]  # fmt: skip
    yield table(
        (words("when"), words("what"), words("child.code"), words("who")), rows, (4, 4, 3, 4)
    )


def _signed(told: _Told, view: MinutesView) -> Iterator[tuple[str, str, str]]:
    by_role = dict(view.signatures)
    for role in SIGNERS:
        person = by_role.get(role, "")
        when = told.at(view.signed_at.isoformat()) if view.signed_at and person else ""
        signed = when or (told.words("signed") if person else "")
        yield told.name(person) if person else "", told.words.code_of(role), signed
