"""Answers on paper in words: the forms of a transfer, and one that came back with what it proposes.

A proposal fills the fields in; what an officer reads on the paper is what counts. Source: DOM-5.9, decision 0020.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.desk.visit import Visit
from api.portal.door import Form
from api.portal.filling import zones_of
from api.portal.forms import FORMS, AnswerForm, Kind
from api.portal.words import Words, spoken
from core.errors import BadInput, NotThere, WrongState
from core.papers import words as paper_words
from transfers.rules.answer_sheets import Doubt, PaperAnswer
from transfers.rules.guests import PAPER, ReplyState
from transfers.service import paper_answers
from transfers.service.guest_answers import Paper
from transfers.service.guests import Identity
from transfers.service.paper_answers import Brought
from transfers.service.paper_scans import refused

FIRST: Final = "en"


@dataclass(frozen=True)
class PaperLine:
    """One form that came back, in words."""

    id: str
    came: str
    says: str
    state: str
    is_waiting: bool


@dataclass(frozen=True)
class ByHand:
    """Whoever answered on paper, as an officer reads name and office on it."""

    guest_id: str
    of_country: str
    identity: Identity


@dataclass(frozen=True)
class PaperPage:
    """One form that came back, as its page shows it.

    Args:
        doubts: what a person must look at more closely.
        choices: what can be answered now, with words; one of them is shown as a form.
        form: the fields of the answer that was ticked or chosen; None where nobody can say which it is.
        given: what the proposal fills in.
        zones: clocks of the country that answers.
    """

    line: PaperLine
    version: int
    doubts: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    form: AnswerForm | None
    given: Mapping[str, str]
    zones: tuple[str, ...]
    of_country: str


def lines_of(visit: Visit, transfer_id: str) -> tuple[PaperLine, ...]:
    """Return the forms that came back for a transfer, the newest first.

    Raises:
        NotThere, RoleMayNot: as the service says.
    """
    found = paper_answers.list_of(visit.session, visit.actor, transfer_id, now=visit.now)
    visit.names([one.brought_by for one in found])
    return tuple(_line(visit, one) for one in reversed(found))


def paper_page(visit: Visit, transfer_id: str, answer_id: str, chosen: str) -> PaperPage:
    """Return one form with its proposal.

    Args:
        visit: who looks.
        transfer_id: of the page's address.
        answer_id: which form.
        chosen: the answer an officer reads on it, where none was ticked clearly.

    Raises:
        NotThere, RoleMayNot: as the service says.
    """
    found = paper_answers.read_answer(visit.session, visit.actor, answer_id, now=visit.now)
    if found.transfer_id != transfer_id:
        raise NotThere("answer")
    words, proposed = visit.words, found.proposal
    code = chosen if chosen in set(found.answers) else proposed.answer or ""
    form = FORMS[code] if code in set(found.answers) else None
    return PaperPage(
        line=_line(visit, found),
        version=found.version,
        doubts=tuple(_doubt(visit, one) for one in proposed.doubts),
        choices=tuple((one.value, words.of("paper_answer", one)) for one in found.answers),
        form=form,
        given=_proposed(found, form) if form is not None else {},
        zones=zones_of(found.of_country),
        of_country=words.country(found.of_country),
    )


def file_of(paper: Paper | None) -> Paper:
    """Return the file of a form.

    Raises:
        BadInput: none was chosen.
    """
    if paper is None or not paper.content:
        raise BadInput("/file", "file_needed")
    return paper


def form_for(found: Brought, code: str) -> AnswerForm:
    """Return the fields of an answer that can be given now.

    Raises:
        WrongState: the form was settled before.
        AnswerFormRefused: nothing on it can be answered any more.
        BadInput: none was chosen, or it cannot be given where the transfer stands.
    """
    if found.state is not ReplyState.WAITING:
        raise WrongState("answer", found.state, "settle")
    if not found.answers:
        raise refused("form_answered")
    if code not in set(found.answers):
        raise BadInput("/answer", "answer_needed")
    return FORMS[code]


def by_hand(found: Brought, form: Form) -> ByHand:
    """Return who signed the paper, as it was typed."""
    name, office, phone = (
        form.get(f"by.{part}", "").strip() for part in ("name", "office", "phone")
    )
    identity = Identity(name, office, "", phone, "")
    return ByHand(f"{found.of_country}.{PAPER}", found.of_country, identity)


def labels(visit: Visit) -> Words:
    """Return the words of the fields of answers, which recipients read too."""
    return spoken().get(visit.words.code, spoken()[FIRST])


def _line(visit: Visit, found: Brought) -> PaperLine:
    words = visit.words
    answer = found.proposal.answer
    says = words("paper_back.not_clear") if answer is None else words.of("paper_answer", answer)
    came = words(
        "paper_back.came", at=words.at(found.came_at, visit.zone), name=visit.name(found.brought_by)
    )
    is_waiting = found.state is ReplyState.WAITING
    return PaperLine(found.id, came, says, words.of("paper_state", found.state), is_waiting)


def _doubt(visit: Visit, doubt: Doubt) -> str:
    """Return a doubt with the words that stand on the paper."""
    printed = paper_words.words_in(visit.words.code)
    field = "" if doubt.field in {"", "date"} else printed(f"answer.head.{doubt.field}")
    key = f"answer.box.{doubt.field}.{doubt.option}"
    box = printed(key) if doubt.option else ""
    return visit.words(f"paper_doubt.{doubt.fault}", field=field, box=box)


def _proposed(found: Brought, form: AnswerForm) -> dict[str, str]:
    """Return what was ticked, as the fields of the form would hold it."""
    given = {name: ",".join(many) for name, many in found.proposal.values.items()}
    if form.code == PaperAnswer.SEEN:
        given["complete"] = "yes"
    on = found.proposal.on
    for field in form.fields:
        if (
            on is not None
            and field.kind in {Kind.DATE, Kind.MOMENT}
            and field.name in {"valid_until", "at"}
        ):
            given |= {
                f"{field.name}-day": str(on.day), f"{field.name}-month": str(on.month),
                f"{field.name}-year": str(on.year),
            }  # fmt: skip
    return given
