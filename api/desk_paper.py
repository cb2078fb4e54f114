"""Pages on which an officer types in what came on paper: a new enquiry or request, or an answer to one of ours."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pycountry
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from api.desk.frame import to
from api.desk.paper_forms import fields_for, letter, options_for
from api.desk.say_forms import SAY, forms_for, questions_form
from api.desk.visit import Refusal, Visit, sent, shown
from api.portal import filling
from api.portal.door import Form
from api.portal.forms import Field, MessageForm
from core.errors import NotThere
from core.ids import new_id
from transfers.rules.codes import MessageType, Round, Side
from transfers.rules.guests import PAPER, answers_open
from transfers.service import board, corridors, matching
from transfers.service.board import Line
from transfers.service.bodies import BODIES, write_message
from transfers.service.record import require_officer

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
BY_HAND: Final = "paper"
"""Who over there signed, where no system of theirs names an officer."""
ANSWERED: Final[Mapping[str, Mapping[str, str]]] = {
    "yes": {"answer": "positive"},
    "no": {"answer": "negative"},
    "seen": {"handled_by": BY_HAND, "office.role": "A17"},
    "receipt": {"signed_by": BY_HAND, "responsible": BY_HAND},
}


@router.api_route("/desk/inbox/paper", methods=READ)
async def read_paper(request: Request) -> Response:
    """Which country wrote, and what."""

    def show(visit: Visit) -> Response:
        require_officer(visit.actor)
        return visit.page("paper_choose.html", countries=_countries(visit))

    return await shown(request, show)


@router.api_route("/desk/inbox/paper/{country}/{round_}", methods=READ)
async def read_letter(request: Request, country: str, round_: str) -> Response:
    """The form of an enquiry or a request on paper."""
    return await shown(request, lambda visit: _letter(visit, country, round_, {}, None))


@router.post("/desk/inbox/paper/{country}/{round_}")
async def take_letter(request: Request, country: str, round_: str) -> Response:
    """Take it in; the officer stands in for signature and seal, and the record says so."""

    def act(visit: Visit, form: Form) -> Response:
        of_round = _round(round_)
        fields = fields_for(of_round)
        values, faults = filling.read_fields(fields, form, zones=(visit.zone,))
        typed = letter(of_round, values)
        try:
            body = BODIES[typed.type].model_validate_json(json.dumps(typed.body))
        except ValidationError as error:
            at = str(error.errors()[0]["loc"][0]) if error.errors()[0]["loc"] else fields[0].name
            faults.setdefault(at, "error.form")
        if faults:
            return _letter(
                visit, country, round_, form, _faulty(visit, fields, faults), faults=faults
            )
        raw = write_message(typed.type, body, ref=str(values["ref"]), no=new_id())
        made = matching.take_paper(
            visit.session, visit.actor, country, raw, typed.summary, now=visit.now
        )
        return to(f"/desk/transfers/{made}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _letter(visit, country, round_, form, refusal)

    return await sent(request, act, again)


@router.api_route("/desk/transfers/{transfer_id}/paper", methods=READ)
async def read_answers(request: Request, transfer_id: str) -> Response:
    """Which answer of theirs came on paper."""

    def show(visit: Visit) -> Response:
        line, forms = _answerable(visit, transfer_id)
        return visit.page("paper_answers.html", line=line, forms=forms)

    return await shown(request, show)


@router.api_route("/desk/transfers/{transfer_id}/paper/{code}", methods=READ)
async def read_answer(request: Request, transfer_id: str, code: str) -> Response:
    """The form of one answer on paper."""
    return await shown(request, lambda visit: _answer(visit, transfer_id, code, {}, None))


@router.post("/desk/transfers/{transfer_id}/paper/{code}")
async def take_answer(request: Request, transfer_id: str, code: str) -> Response:
    """Take an answer in; not by whoever wrote or signed what it answers."""

    def act(visit: Visit, form: Form) -> Response:
        line, wanted = _wanted(visit, transfer_id, code)
        filled = filling.fill(wanted, form, zones=(visit.zone,), fixed=ANSWERED.get(code, {}))
        if filled.body is None:
            refusal = _faulty(visit, wanted.fields, filled.faults)
            return _answer(visit, transfer_id, code, form, refusal, faults=filled.faults)
        raw = write_message(wanted.type, filled.body, ref=line.ref, no=new_id())
        country = line.partner.partition(".")[0]
        matching.take_paper(visit.session, visit.actor, country, raw, None, now=visit.now)
        return to(f"/desk/transfers/{transfer_id}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _answer(visit, transfer_id, code, form, refusal)

    return await sent(request, act, again)


def _answerable(visit: Visit, transfer_id: str) -> tuple[Line, tuple[MessageForm, ...]]:
    """Return what the other country can say where a transfer stands; only where it writes on paper.

    Raises:
        NotThere: not such a transfer, or not yours.
    """
    line = board.read_transfer(visit.session, visit.actor, transfer_id, now=visit.now).line
    require_officer(visit.actor)
    if not line.partner.endswith(f".{PAPER}"):
        raise NotThere("transfer")
    side = Side.RECEIVER if line.side is Side.SENDER else Side.SENDER
    more = (
        (MessageType.INFO_REPLY,) if line.state == "info_requested" and side is Side.SENDER else ()
    )
    return line, forms_for((*answers_open(line.state, side, line.round), *more))


def _wanted(visit: Visit, transfer_id: str, code: str) -> tuple[Line, MessageForm]:
    line, forms = _answerable(visit, transfer_id)
    if code not in {form.code for form in forms}:
        raise NotThere("form")
    return line, questions_form((1,))[0] if code == "answer" else SAY[code]


def _answer(
    visit: Visit,
    transfer_id: str,
    code: str,
    form: Form,
    refusal: Refusal | None,
    *,
    faults: Mapping[str, str] | None = None,
) -> Response:
    line, wanted = _wanted(visit, transfer_id, code)
    return _form_page(
        visit, refusal, country=line.partner[:2], path=f"/desk/transfers/{transfer_id}/paper/{code}",
        back=f"/desk/transfers/{transfer_id}", title=visit.words.of("say.title", code),
        fields=wanted.fields, given=form, faults=faults or {},
    )  # fmt: skip


def _letter(
    visit: Visit,
    country: str,
    round_: str,
    form: Form,
    refusal: Refusal | None,
    *,
    faults: Mapping[str, str] | None = None,
) -> Response:
    require_officer(visit.actor)
    fields = fields_for(_round(round_))
    if pycountry.countries.get(alpha_2=country) is None or country == visit.actor.country:
        raise NotThere("country")
    return _form_page(
        visit, refusal, country=country, path=f"/desk/inbox/paper/{country}/{round_}",
        back="/desk/inbox/paper", title=visit.words.of("paper_in", round_), fields=fields,
        given=form, faults=faults or {},
    )  # fmt: skip


def _form_page(visit: Visit, refusal: Refusal | None, *, country: str, **facts: Any) -> Response:
    return visit.page(
        "paper_form.html",
        422 if refusal else 200,
        refusal=refusal,
        country=visit.words.country(country),
        **facts,
        options=options_for(visit.words.locale),
        clock=visit.zone.rpartition("/")[2].replace("_", " "),
    )


def _faulty(visit: Visit, fields: tuple[Field, ...], faults: Mapping[str, str]) -> Refusal:
    words = visit.words
    items = tuple(
        (
            words(
                "say.fault", field=words.of("say.field", one.label),
                fault=words.of("say.error", faults[one.name]),
            ),
            one.name,
        )
        for one in fields
        if one.name in faults
    )  # fmt: skip
    return Refusal(words("say.faulty"), "", items)


def _round(text: str) -> Round:
    if text not in set(Round):
        raise NotThere("form")
    return Round(text)


def _countries(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return the countries a corridor leads from, which alone may begin something here."""
    own = visit.actor.country
    found = corridors.list_corridors(visit.session, visit.actor, now=visit.now)
    codes = sorted({one.name[:2] for one in found if one.name.endswith(f"-{own}")})
    return tuple((code, visit.words.country(code)) for code in codes)
