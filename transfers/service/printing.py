"""Papers of a transfer: the request, the cover of a package, travel plan with escort sheet, receipt, follow-up report.

Each prints one message as it was said, in the language of whoever it is for, and counts until a later message of its
kind. What its sender took back is not printed. Reading what came from abroad tells its sender, as on the screen.

Source: DOM-5.2, DOM-5.10, DOM-R38, DOM-R39, DOM-R50.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from core.actors import Actor
from core.errors import NotThere
from core.packs.errors import NoPack
from core.packs.lookup import pack_of
from core.packs.models import Pack
from core.papers.issuing import Desk, Issued, issue
from core.papers.paper import (
    Block,
    Paper,
    facts,
    heading,
    listing,
    quiet,
    quote,
    signatures,
    strong,
    table,
    text,
)
from core.papers.words import Words, words_in
from transfers.rules.codes import MessageType
from transfers.service import documents, messages, record, summary_views
from transfers.service.bodies import (
    Body,
    FollowUpReport,
    Receipt,
    Request,
    TravelPlan,
)
from transfers.service.bodies import Package as PackageBody
from transfers.service.messages import MessageView
from transfers.service.paper_series import (
    FOLLOW_UP,
    KINDS,
    PACKAGE_COVER,
    RECEIPT,
    TRANSFER_REQUEST,
    TRAVEL,
    is_stopped,
    series_of,
)
from transfers.service.saying import SAID, is_taken_back
from transfers.store import transfers as store
from transfers.tables.transfer import TransferRow

_SECTIONS: Final = ("child", "care", "matter", "flags", "withheld")
_FIRST: Final = ("child_code", "age_band", "age_basis", "sex", "nationality", "languages")
_ONLY_MACHINES: Final = frozenset({"decision_sha256"})


@dataclass(frozen=True)
class Told:
    """One message as it is printed."""

    words: Words
    row: TransferRow
    message: MessageView
    zone: str
    other_zone: str
    summary: Mapping[str, Any]
    documents: tuple[tuple[str, str], ...]

    def at(self, moment: datetime | None) -> str:
        """Write a moment by this country's clock."""
        return self.words.moment(moment, self.zone)

    @property
    def sender(self) -> str:
        """The country that said it."""
        return self.row.country if self.message.is_ours else record.other_country(self.row)

    def at_both(self, moment: datetime) -> str:
        """Write a moment by the clocks of both countries, for people who meet at a border."""
        here = f"{self.at(moment)} ({self.zone})"
        if not self.other_zone or self.other_zone == self.zone:
            return here
        return f"{here}\n{self.words.moment(moment, self.other_zone)} ({self.other_zone})"


def printed_message(
    session: Session,
    actor: Actor,
    transfer_id: str,
    kind: str,
    *,
    language: str,
    desk: Desk,
    now: datetime,
) -> Issued:
    """Print the newest message of a kind on a transfer, ours or theirs.

    Args:
        session: the unit of work.
        actor: whoever may read the transfer.
        transfer_id: the transfer.
        kind: one of ``KINDS``.
        language: of the fixed words; that of whoever the paper is for when empty.
        desk: press and signature.
        now: when.

    Raises:
        NotThere: no such transfer, not yours, or nothing of the kind was said and stands.
        NotPrintable, PressFailed: as ``issue`` says.
    """
    row = record.seen(session, actor, transfer_id, now=now)
    said = [
        one
        for one in messages.list_messages(session, actor, transfer_id, now=now)
        if one.type == KINDS[kind] and one.standing in SAID
    ]
    if not said:
        raise NotThere("message")
    last = said[-1]
    kept = store.find_message(session, last.id)
    if kept is None or is_taken_back(session, kept):
        raise NotThere("message")  # whoever took it back has not gone back to what was said before
    words = words_in(language, language_of(_reader(row, last), now.date()), "en")
    told = Told(
        words=words,
        row=row,
        message=last,
        zone=zone_of(row.country, now.date()),
        other_zone=zone_of(record.other_country(row), now.date()),
        summary=_summary(session, actor, row, last, now=now),
        documents=_documents(session, actor, last, kind, words, now=now),
    )
    paper = Paper(
        kind=kind,
        language=words.code,
        title=words(f"kind.{kind}"),
        issuer=words.country(row.country),
        about=words(
            "transfer.about",
            ref=row.ref,
            origin=words.country(row.origin),
            destination=words.country(row.destination),
        ),
        at=last.signed_at or last.written_at,
        zone=told.zone,
        blocks=tuple(_blocks(told, kind)),
        series=series_of(row.id, kind, last.id),
        edition=len(said),
        is_replaced=is_stopped(kind, row.state),
    )
    return issue(session, actor, paper, desk, thing_id=last.id, case_id=row.case_id, now=now)


def _reader(row: TransferRow, message: MessageView) -> str:
    """Return the country a message is for."""
    return record.other_country(row) if message.is_ours else row.country


def language_of(country: str, on: date) -> str:
    """Return the language of a country by its pack; empty without one."""
    pack = _pack_of(country, on)
    return "" if pack is None else pack.languages.default


def zone_of(country: str, on: date) -> str:
    """Return the clock of a country by its pack; empty without one."""
    pack = _pack_of(country, on)
    return "" if pack is None else str(pack.calendar().zone)


def _pack_of(country: str, on: date) -> Pack | None:
    """Return a country's pack; none for a country whose rules nobody wrote down here."""
    try:
        return pack_of(country, on=on)
    except NoPack:
        return None


def _summary(
    session: Session, actor: Actor, row: TransferRow, message: MessageView, *, now: datetime
) -> Mapping[str, Any]:
    if message.type != MessageType.REQUEST:
        return {}
    view = summary_views.read_summary(session, actor, row.id, now=now)
    return view.body if view.message_id == message.id else {}


def _documents(
    session: Session, actor: Actor, message: MessageView, kind: str, words: Words, *, now: datetime
) -> tuple[tuple[str, str], ...]:
    if kind != PACKAGE_COVER or not message.is_ours:
        return ()
    chosen = documents.chosen_for(session, actor, message.id, now=now).documents
    return tuple((one.name, words.code_of(one.role)) for one in chosen)


def _blocks(told: Told, kind: str) -> Iterator[Block]:
    words, message = told.words, told.message
    yield facts((
        (words("transfer.ref"), told.row.ref),
        (words("transfer.kind"), words.code_of(told.row.kind)),
        (words("transfer.said_by"), words.country(told.sender)),
        (words("transfer.message"), message.no),
        (words("signed"), told.at(message.signed_at) if message.is_ours else ""),
        (words("zone"), told.zone),
    ))  # fmt: skip
    if message.body is not None:
        yield from _WRITE[kind](told, message.body)
    yield quiet(words("as_written"))
    yield quiet(words("transfer.not_the_token"))


def _request(told: Told, body: Body) -> Iterator[Block]:
    words = told.words
    if not isinstance(body, Request):
        return
    yield heading(words("request.asked"))
    yield listing(words.code_of(one.value) for one in body.asked)
    yield facts((
        (words("request.reply_due"), words.day(body.reply_due)),
        (words("decided_on"), words.day(body.decided_on)),
        (words("valid_until"), words.day(body.decision_valid_until)),
        (words("request.responsibility"), words.code_of(body.responsibility.value)),
        (words("request.duration"), body.terms.expected_duration),
        (words("request.funding"), body.terms.funding),
        (words("request.supervision"), body.terms.supervision),
        (words("request.contact"), body.terms.contact_plan),
        (words("request.seal"), body.decision_sha256),
    ))  # fmt: skip
    if told.summary:
        yield heading(words("request.summary"))
        yield facts(_summary_rows(words, told.summary))


def _summary_rows(words: Words, summary: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The child first; what stands above, and what only machines need, is left out."""
    for section in _SECTIONS:
        held = summary.get(section)
        if isinstance(held, Mapping):
            yield from (
                (words.code_of(f"field_{name}"), _plain(words, name, held[name]))
                for name in (*_FIRST, *sorted(set(held) - set(_FIRST) - _ONLY_MACHINES))
                if name in held
            )
        elif held:
            yield words.code_of(f"field_{section}"), _plain(words, section, held)


def _plain(words: Words, name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_plain(words, name, one) for one in value)
    if isinstance(value, Mapping):
        said = ((words.code_of(inner), _plain(words, inner, held)) for inner, held in value.items())
        return "; ".join(f"{label}: {held}" for label, held in said)
    if isinstance(value, bool):
        return words.yes_no(value)
    if name == "languages":
        return words.language(str(value))
    return words.code_of(value) if isinstance(value, str) else str(value)


def _cover(told: Told, body: Body) -> Iterator[Block]:
    words = told.words
    if not isinstance(body, PackageBody):
        return
    yield heading(words("cover.items"))
    yield listing(words.code_of(one) for one in body.items)
    if body.edited_for.strip():
        yield heading(words("cover.edited"))
        yield text(body.edited_for)
    if told.documents:
        yield heading(words("cover.documents"))
        yield table((words("cover.name"), words("what")), told.documents, (5, 3))
    yield strong(words("cover.handling"))


def _travel(told: Told, body: Body) -> Iterator[Block]:
    words = told.words
    if not isinstance(body, TravelPlan):
        return
    yield heading(words("travel.journey"))
    yield facts((
        (words("travel.mode"), words.code_of(body.mode)),
        (words("travel.route"), body.route),
        (words("travel.departs"), told.at_both(body.departs_at)),
        (words("travel.arrives"), told.at_both(body.arrives_at)),
        (words("travel.medicines"), body.medicines),
        (words("travel.willing"), words.yes_no(body.child_willing)),
        (words("travel.asked_on"), words.day(body.child_asked_on)),
    ))  # fmt: skip
    if body.documents:
        yield heading(words("travel.documents"))
        heads = (words("what"), words("travel.issuer"), words("number"), words("travel.expires"))
        rows = [
            (words.code_of(one.kind), one.issuer, one.number, words.day(one.expires_on))
            for one in body.documents
        ]
        yield table(heads, rows, (3, 4, 3, 3))
    yield {"kind": "break"}
    yield heading(words("escort.title"))
    yield facts((
        (words("escort.name"), body.escort.name),
        (words("escort.role"), words.code_of(body.escort.role)),
        (words("escort.phone"), body.escort.phone),
        (words("escort.identity"), body.escort.identity_document),
    ))  # fmt: skip
    yield heading(words("escort.handover"), 2)
    yield facts((
        (words("escort.to"), body.handover.person),
        (words("escort.place"), body.handover.place),
        (words("escort.at"), told.at_both(body.handover.at)),
    ))  # fmt: skip
    yield strong(words("escort.only_to"))
    yield listing(words(f"escort.rule.{number}") for number in range(1, 5))
    yield signatures((
        (body.escort.name, words("escort.signs"), ""),
        (body.handover.person, words("escort.receives"), ""),
    ))  # fmt: skip


def _receipt(told: Told, body: Body) -> Iterator[Block]:
    words = told.words
    if not isinstance(body, Receipt):
        return
    yield heading(words("receipt.title"))
    yield facts((
        (words("receipt.at"), told.at(body.at)),
        (words("receipt.by"), body.received_by),
        (words("receipt.condition"), words.code_of(body.condition.value)),
        (words("receipt.responsible"), body.responsible),
    ))  # fmt: skip
    if body.documents_received:
        yield heading(words("receipt.documents"))
        yield listing(words.code_of(one) for one in body.documents_received)
    if body.concerns.strip():
        yield heading(words("receipt.concerns"))
        yield text(body.concerns)
    yield strong(words("receipt.means"))
    signed_at = told.at(told.message.signed_at or body.at)
    yield signatures(((body.received_by, words("escort.receives"), signed_at),))


def _follow_up(told: Told, body: Body) -> Iterator[Block]:
    words = told.words
    if not isinstance(body, FollowUpReport):
        return
    alone = words.yes_no(body.child_seen_alone)
    yield heading(words("follow.title", number=body.no))
    yield facts((
        (words("follow.due"), words.day(body.due_on)),
        (words("follow.done"), words.day(body.done_on)),
        (words("follow.method"), words.code_of(body.method)),
        (words("follow.alone"), f"{alone} {body.not_alone_reason}".strip()),
    ))  # fmt: skip
    if body.child_views.strip():
        yield heading(words("factor.child_views"), 2)
        yield quote(body.child_views)
    names = ("safety", "care", "school", "health", "papers", "contact")
    yield heading(words("follow.how"))
    yield facts((words(f"follow.{name}"), words.code_of(getattr(body, name))) for name in names)
    if body.details.strip():
        yield text(body.details)
    yield facts((
        (words("follow.concern"), words.code_of(body.concern_level)),
        (words("follow.harm"), words.yes_no(body.new_harm)),
        (words("follow.recommend"), words.code_of(f"follow_{body.recommend}")),
    ))  # fmt: skip


_WRITE: Final[Mapping[str, Callable[[Told, Body], Iterator[Block]]]] = {
    TRANSFER_REQUEST: _request,
    PACKAGE_COVER: _cover,
    TRAVEL: _travel,
    RECEIPT: _receipt,
    FOLLOW_UP: _follow_up,
}
