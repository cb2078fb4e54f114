"""Beginning a transfer and writing its summary: what would go out now, what is missing, and whose turn it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.desk.forms import day_in
from api.desk.message_page import shown
from api.desk.visit import Visit, given
from api.portal.door import Form
from api.portal.words import in_order
from api.problems.catalogue import gap_sentence
from cases.rules.triggers import Trigger
from core.errors import BadInput, Gap, NotThere
from transfers.rules.codes import AskedOfPartner, Round, TransferKind, TransferReason
from transfers.rules.machine import Step, TransferState
from transfers.service import board, corridors, drafting, partners, sending, summary_views
from transfers.service.board import Line
from transfers.service.bodies import Terms
from transfers.service.drafting import NewTransfer
from transfers.service.record import OFFICERS
from transfers.service.sending import RequestTerms
from transfers.service.summaries import Written
from transfers.service.summary_views import Standing, SummaryView

CONTACTS: Final = 2
WAYS: Final = ("speech", "sign", "assisted", "other")
TERMS: Final = ("expected_duration", "funding", "supervision", "contact_plan")


@dataclass(frozen=True)
class Choices:
    """What may be chosen when a transfer begins, each code with its words."""

    countries: tuple[tuple[str, str], ...]
    rounds: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    officers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DraftPage:
    """The summary of a transfer and what can be done with it.

    Args:
        says: the summary by field, as the other country reads it; empty while nothing is written.
        missing: what forbids that it leaves, in words.
        by: who wrote, checked and signed it, in words.
        stands: what stands in the form before anything is typed.
        takes: steps of ours that the reader may take now.
        is_written_by_me: whoever wrote it neither checks nor signs it.
    """

    line: Line
    standing: str
    says: Mapping[str, Any]
    missing: tuple[str, ...]
    by: tuple[str, ...]
    stands: Mapping[str, str]
    takes: frozenset[str]
    is_written: bool
    is_checked: bool
    is_written_by_me: bool
    receivers: tuple[tuple[str, str], ...]
    receiver: str


def choices(visit: Visit) -> Choices:
    """Return what a transfer can be begun as: the countries of our corridors, and who takes it on."""
    words = visit.words
    ways = corridors.list_corridors(visit.session, visit.actor, now=visit.now)
    to = sorted({one.name[3:] for one in ways} - {visit.actor.country})
    people = drafting.officers_to_ask(visit.session, visit.actor, now=visit.now)
    visit.names(list(people))
    return Choices(
        tuple((one, words.country(one)) for one in to),
        tuple((one.value, words.of("round", one)) for one in Round),
        tuple((one.value, words.of("kind", one)) for one in TransferKind),
        tuple((one.value, words.of("transfer_reason", one)) for one in TransferReason),
        tuple(sorted(((one, visit.name(one)) for one in people), key=lambda pair: pair[1])),
    )


def new_transfer(form: Form) -> NewTransfer:
    """Return what somebody wants to begin.

    Raises:
        BadInput: something was not chosen.
    """
    return NewTransfer(
        _chosen(form, "destination"), Round(_one_of(form, "round", Round)),
        TransferKind(_one_of(form, "kind", TransferKind)),
        TransferReason(_one_of(form, "reason", TransferReason)), given(form, "officer", 40),
    )  # fmt: skip


def draft_page(visit: Visit, transfer_id: str) -> DraftPage:
    """Return the summary as it would go out now, left or came.

    Raises:
        NotThere: no such transfer, or not yours.
    """
    session, actor, now = visit.session, visit.actor, visit.now
    sheet = board.read_transfer(session, actor, transfer_id, now=now)
    try:
        found = summary_views.read_summary(session, actor, transfer_id, now=now)
    except NotThere:
        found = None
    is_draft = found is None or found.standing is Standing.DRAFT
    gaps: tuple[Gap, ...] = ()
    if found is not None and is_draft:
        gaps = sending.what_is_missing(session, actor, transfer_id, now=now).gaps
    written = found.written if found is not None else None
    may_write = is_draft and actor.has(*OFFICERS) and sheet.line.state is TransferState.DRAFT
    return DraftPage(
        line=sheet.line,
        standing=visit.words.of("summary_standing", found.standing if found else "none"),
        says=shown(in_order(found.body)) if found is not None else {},
        missing=tuple(dict.fromkeys(gap_sentence(gap) for gap in gaps)),
        by=_by(visit, found) if found is not None else (),
        stands=_stands(written) if written is not None else {},
        takes=frozenset(str(one.step) for one in sheet.steps if one.is_yours)
        | ({"write"} if may_write else frozenset()),
        is_written=found is not None,
        is_checked=bool(found and found.checked_by),
        is_written_by_me=bool(found and found.written_by == actor.person_id),
        receivers=_receivers(visit, sheet.line) if is_draft and actor.has(*OFFICERS) else (),
        receiver=sheet.line.partner,
    )  # fmt: skip


def written_in(form: Form) -> Written:
    """Return the words of a summary from its form.

    Raises:
        BadInput: something is not there.
    """
    asked = [one for one in form.get("asked", "").split(",") if one in set(AskedOfPartner)]
    due = day_in(form, "reply")
    if not given(form, "reason"):
        raise BadInput("/reason", "words_needed")
    if not asked:
        raise BadInput("/asked", "choose_one")
    if due is None:
        raise BadInput("/reply-day", "day_needed")
    contacts = tuple(
        {"office": office, "role": "A15"} | ({"phone": phone} if phone else {})
        for at in range(CONTACTS)
        if (office := given(form, f"office-{at}", 120))
        for phone in (given(form, f"phone-{at}", 30),)
    )
    if not contacts:
        raise BadInput("/office-0", "words_needed")
    way, trigger = form.get("communication", ""), form.get("trigger", "")
    return Written(
        reason=given(form, "reason", 1500), asked=tuple(asked), reply_due=due, contacts=contacts,
        child_view=given(form, "child_view", 300), communication=way if way in WAYS else WAYS[0],
        trigger=trigger if trigger in set(Trigger) else "",
    )  # fmt: skip


def terms_in(form: Form) -> RequestTerms:
    """Return what a request says besides its summary.

    Raises:
        BadInput: the day of the decision is not there.
    """
    decided = day_in(form, "decided")
    if decided is None:
        raise BadInput("/decided-day", "day_needed")
    return RequestTerms(
        decided, form.get("reasons_included") == "yes",
        Terms(**{name: given(form, name, 300) for name in TERMS}),
    )  # fmt: skip


def is_request(page: DraftPage) -> bool:
    """Whether terms belong to it."""
    return page.line.round is Round.REQUEST


def may_sign(page: DraftPage) -> bool:
    """Whether the reader may let it leave, as far as roles go; everything else is judged when they do."""
    return bool({str(Step.SEND), str(Step.SEND_ENQUIRY)} & page.takes) and not page.is_written_by_me


def _stands(written: Written) -> dict[str, str]:
    due = written.reply_due
    found = {
        "reason": written.reason, "child_view": written.child_view,
        "communication": written.communication, "trigger": written.trigger,
        "asked": ",".join(written.asked), "reply-day": str(due.day),
        "reply-month": str(due.month), "reply-year": str(due.year),
    }  # fmt: skip
    for at, one in enumerate(written.contacts[:CONTACTS]):
        found |= {f"office-{at}": one["office"], f"phone-{at}": one.get("phone", "")}
    return found


def _by(visit: Visit, found: SummaryView) -> tuple[str, ...]:
    said = (
        ("summary.written_by", found.written_by),
        ("summary.checked_by", found.checked_by),
        ("summary.signed_by", found.signed_by),
    )
    return tuple(visit.words(key, name=visit.name(person)) for key, person in said if person)


def _receivers(visit: Visit, line: Line) -> tuple[tuple[str, str], ...]:
    """Return the installations over there, and paper, from which an officer says which is the right one."""
    words, country = visit.words, line.destination
    known = [
        (one.installation, words("receiver.installation", name=one.installation))
        for one in partners.list_partners(visit.session, visit.actor, now=visit.now)
        if one.installation.startswith(f"{country}.")
    ]
    return (*known, (f"{country}.paper", words("receiver.paper", country=words.country(country))))


def _chosen(form: Form, name: str) -> str:
    text = given(form, name, 60)
    if not text:
        raise BadInput(f"/{name}", "choose_one")
    return text


def _one_of(form: Form, name: str, codes: Any) -> str:
    text = _chosen(form, name)
    if text not in set(codes):
        raise BadInput(f"/{name}", "choose_one")
    return text
