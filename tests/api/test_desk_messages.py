"""Pages of messages between two countries: what can be said now, who signs, what is kept when a form is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from api.desk.say_forms import ALARMS, SAY, questions_form
from api.desk.words import spoken
from api.portal.filling import fill
from api.portal.forms import Kind, MessageForm
from core.actors import Role
from core.audit import AuditRow
from core.db import Database
from tests.api.abroad import (
    VERSION,
    Secretariat,
    a_request,
    bare,
    came,
    day,
    links,
    moment,
    seen,
    they_say,
    zambia,
)
from tests.builders.messages import NO, VALUES, a_body
from tests.builders.requests import START
from transfers.errors import NotOurStep
from transfers.rules.codes import MessageType, Round, Side
from transfers.rules.machine import TransferState, steps_from
from transfers.rules.sayable import may_say
from transfers.service.bodies import BODIES
from transfers.service.messages import OWN_WAY, _step
from transfers.tables.transfer import MessageRow, TransferRow

__all__ = ["zambia"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TODAY = START.date()
NEW_HOME = {
    "valid_until": TODAY + timedelta(days=90),
    "carer.kind": "relative", "carer.name": "Invented Aunt", "carer.regime": "family",
    "carer.agreed": "yes", "caseworker.name": "Invented Worker", "caseworker.office": "Mongu",
    "caseworker.phone": "+000 2", "reception_plan": "Met at the border.",
    "follow_up_plan": "A visit each month.",
}  # fmt: skip


def accepting(**more: str) -> dict[str, str]:
    return {name: str(text) for name, text in NEW_HOME.items() if name != "valid_until"} | day(
        "valid_until", NEW_HOME["valid_until"]  # type: ignore[arg-type]
    ) | more  # fmt: skip


def signed(zambia: Secretariat, path: str) -> str:
    """The head signs what was written; returns the words of the page it leads to."""
    version = VERSION.search(zambia.head.open(path).text)
    assert version
    answer = zambia.head.send(path, act="sign", version=version[1])
    assert answer.status_code == 303, seen(answer)
    return seen(zambia.head.open(answer.headers["location"]))


def state_of(zambia: Secretariat, transfer_id: str) -> str:
    with zambia.database.unit_of_work() as session:
        row = session.get(TransferRow, transfer_id)
        assert row is not None
        return row.state


def test_officers_see_ask_accept_and_sign_for_a_child_who_comes_to_them(
    zambia: Secretariat,
) -> None:
    transfer = came(zambia, "request")
    path = f"/desk/transfers/{transfer}"
    first = seen(zambia.writer.open(path))

    def said(code: str, values: dict[str, str]) -> str:
        answer = zambia.writer.fill(f"{path}/say/{code}", values)
        assert answer.status_code == 303, seen(answer)
        return signed(zambia, answer.headers["location"])

    seen_by = said("seen", {"complete": "yes", "office.office": "Secretariat", "office.phone": "1"})
    said("ask", {"questions.0.about": "health", "questions.0.text": "Which medicines?"})
    they_say(zambia, transfer, MessageType.INFO_REPLY)
    accepted = said("accept", accepting())
    they_say(zambia, transfer, MessageType.PACKAGE)
    they_say(zambia, transfer, MessageType.TRAVEL_PLAN)
    confirm = zambia.writer.open(f"{path}/say/confirm").text
    they_say(zambia, transfer, MessageType.HANDOVER_NOTICE)
    received = said(
        "receipt", {"condition": "well", "received_by": "T Zimba"} | moment("at", TODAY)
    )
    said("report", {
        "no": "1", "method": "visit", "child_seen_alone": "yes", "safety": "ok", "care": "ok",
        "school": "ok", "health": "ok", "papers": "ok", "contact": "ok", "new_harm": "no",
        "concern_level": "no_action", "recommend": "continue",
        **day("due_on", TODAY), **day("done_on", TODAY),
    })  # fmt: skip

    assert "Say that you have seen it" in first
    assert "Sign for the child" not in first
    assert "Seen by an officer over there" in seen_by
    assert "Accepted" in accepted
    assert 'value="Invented Receiver"' in confirm
    assert "Received and signed for" in received
    assert state_of(zambia, transfer) == "follow_up"


@pytest.mark.rule("R44")
@pytest.mark.threat("TT56")
def test_whoever_wrote_a_message_does_not_sign_it_and_the_page_says_who_has_to(
    zambia: Secretariat,
) -> None:
    transfer = came(zambia)
    made = zambia.writer.fill(
        f"/desk/transfers/{transfer}/say/seen", {"complete": "yes", "office.office": "Secretariat"}
    ).headers["location"]

    own = zambia.writer.open(made)
    forced = zambia.writer.send(made, act="sign", version="1")
    other = zambia.second.open(made)

    assert "Sign it" not in seen(own)
    assert "A colleague of the secretariat has to" in seen(own)
    assert forced.status_code == 409
    assert "Sign it" in seen(other)
    assert state_of(zambia, transfer) == "delivered"


def test_a_refused_form_keeps_what_was_typed_and_says_what_to_change(zambia: Secretariat) -> None:
    transfer = came(zambia, "request")
    they = zambia.writer.fill(
        f"/desk/transfers/{transfer}/say/seen", {"complete": "yes", "office.office": "Secretariat"}
    ).headers["location"]
    signed(zambia, they)

    answer = zambia.writer.fill(
        f"/desk/transfers/{transfer}/say/accept", accepting(reception_plan="", conditions="A visa")
    )

    assert answer.status_code == 422
    assert "How the child is received: Fill this in." in seen(answer)
    assert 'value="Invented Aunt"' in answer.text
    assert "A visa" in answer.text


def test_a_message_is_opened_one_by_one_and_only_then_on_record_as_read(
    zambia: Secretariat,
) -> None:
    transfer = came(zambia)

    def read() -> int:
        with zambia.database.unit_of_work() as session:
            query = select(AuditRow).where(AuditRow.action == "message.read")
            return len(session.exec(query).all())

    before = read()
    listed = zambia.writer.open(f"/desk/transfers/{transfer}")
    after_list = read()
    opened = seen(zambia.writer.open(links(listed.text, "/desk/messages/")[0]))
    after_open = read()

    assert (before, after_list, after_open) == (0, 0, 1)
    assert "A visit to the home" in opened


def test_what_is_said_to_another_country_is_never_offered_to_others(zambia: Secretariat) -> None:
    transfer = a_request(zambia)
    auditor = zambia.other(Role.AUDITOR)

    assert auditor.open(f"/desk/transfers/{transfer}/say/urgent").status_code == 404
    assert auditor.open(f"/desk/transfers/{transfer}").status_code == 404


def test_a_request_is_taken_back_in_words_and_a_message_too(zambia: Secretariat) -> None:
    transfer = a_request(zambia)
    made = zambia.writer.fill(
        f"/desk/transfers/{transfer}/say/urgent",
        {"incident": "harm_reported", "text": "She was hurt."} | moment("at", TODAY),
    ).headers["location"]
    signed(zambia, made)

    unchosen = zambia.head.send(made, act="recall", reason="")
    done = zambia.head.send(made, act="recall", reason="ERROR")
    page = seen(zambia.head.open(made))

    assert unchosen.status_code == 409
    assert done.status_code == 303
    assert "Taken back" in seen(zambia.head.open(f"/desk/transfers/{transfer}"))
    assert "We took this back. Nothing is built on it any more." in page


def test_no_code_or_id_is_read_on_pages_of_messages(zambia: Secretariat) -> None:
    inbound, outbound = came(zambia, "request"), a_request(zambia)
    urgent = zambia.writer.fill(
        f"/desk/transfers/{outbound}/say/urgent", {"incident": "child_ill"} | moment("at", TODAY)
    ).headers["location"]
    paths = [f"/desk/transfers/{inbound}", f"/desk/transfers/{outbound}", urgent]
    for transfer in (inbound, outbound):
        page = zambia.head.open(f"/desk/transfers/{transfer}").text
        paths += links(page, f"/desk/transfers/{transfer}/") + links(page, "/desk/messages/")

    found = {path: bare(zambia.head.open(path)) for path in paths}
    refused = {path: zambia.head.open(path).status_code for path in paths}

    assert len(paths) > 12
    assert {path: codes for path, codes in found.items() if codes} == {}
    assert set(refused.values()) == {200}


def _row(state: TransferState, side: Side, of_round: Round) -> TransferRow:
    direction = "outbound" if side is Side.SENDER else "inbound"
    return TransferRow(
        ref="X", country="ZM", direction=direction, origin="ZM", destination="NA",
        corridor_version=1, round=of_round.value, kind="repatriation", reason="other",
        state=state.value, state_since=START, priority="low", responsibility="moves_on_receipt",
        opened_at=START, opened_by="p",
    )  # fmt: skip


def _bodies(type_: MessageType) -> list[object]:
    """Bodies of a type, one for each step its words can mean."""
    more: dict[MessageType, list[dict[str, object]]] = {
        MessageType.ENQUIRY_REPLY: [{"answer": "negative"}],
        MessageType.PLACEMENT_CHANGE: [{"broke_down": None}],
        MessageType.INCIDENT_ALERT: [{"incident": one.value} for one in ALARMS],
        MessageType.ACCEPT: [{"conditions": ["A visa"]}],
    }
    return [a_body(type_), *(a_body(type_, **one) for one in more.get(type_, []))]


def _is_taken(row: TransferRow, type_: MessageType) -> bool:
    for body in _bodies(type_):
        try:
            _step(row, type_, body)  # type: ignore[arg-type]
        except NotOurStep:
            continue
        return True
    return False


@pytest.mark.rule("R36")
def test_what_is_offered_is_taken_by_the_machine_and_every_step_with_a_message_is_offered(
    database: Database,
) -> None:
    del database
    wrong, missing, count = [], [], 0
    for state in TransferState:
        for side in Side:
            for of_round in Round:
                offered = may_say(state, side, of_round)
                count += len(offered)
                row = _row(state, side, of_round)
                wrong += [(state, side, one) for one in offered if not _is_taken(row, one)]
                steps = {step.message for step in steps_from(state, side, of_round)} - {None}
                missing += [(state, side, one) for one in steps - OWN_WAY - set(offered)]

    assert count > 100
    assert (wrong, missing) == ([], [])
    assert set(VALUES) - OWN_WAY == {form.type for form in SAY.values()}


def test_every_field_and_choice_of_a_form_has_words(database: Database) -> None:
    del database
    forms = [*SAY.values(), questions_form([1])[0]]
    wanted = {("say.title", form.code) for form in forms} | {
        ("say.error", f"error.whole.{form.code}") for form in forms if form.fields
    }
    for form in forms:
        for one in form.fields:
            wanted.add(("say.field", one.label))
            wanted |= {("say.code", str(option)) for option in one.options}
            wanted |= {("say.part", one.begins)} if one.begins else set()

    holes = {
        f"{kind}.{code}" for kind, code in wanted for words in spoken().values()
        if not words.knows(kind, code)
    }  # fmt: skip

    assert len(wanted) > 200
    assert holes == set()


def test_a_row_of_messages_stays_what_it_was(zambia: Secretariat) -> None:
    transfer = came(zambia)
    made = zambia.writer.fill(
        f"/desk/transfers/{transfer}/say/urgent", {"incident": "child_ill"} | moment("at", TODAY)
    ).headers["location"]

    answer = zambia.second.send(made, act="discard")

    with zambia.database.unit_of_work() as session:
        row = session.get(MessageRow, made.rpartition("/")[2])
        assert row is not None
        assert (answer.status_code, row.standing, row.restricted) == (303, "discarded", b"")


def _filled(form: MessageForm) -> dict[str, str]:
    """Every field of a form filled in, also those that may be left out."""
    typed: dict[str, str] = {}
    for one in form.fields:
        later = one.name.endswith(("until", "arrives_at", "expires_on"))
        match one.kind:
            case Kind.DATE | Kind.MOMENT:
                on = TODAY + timedelta(days=60 if later else 0)
                typed |= moment(one.name, on)
            case Kind.YES_NO | Kind.TICK:
                typed[one.name] = "yes"
            case Kind.NUMBER:
                typed[one.name] = "1"
            case Kind.TICKS:
                typed[one.name] = ",".join(one.options[:2])
            case Kind.CHOICE:
                typed[one.name] = one.options[0] if one.options else NO
            case _:
                is_code = one.name in {"wanted.office", "wanted.role"}
                typed[one.name] = "clinic" if is_code else "Invented words"
    return typed


def test_every_form_makes_the_body_of_its_message(database: Database) -> None:
    del database
    person = "officer-17"
    fixed: dict[str, dict[str, object]] = {
        "seen": {"handled_by": person, "office.role": "A17"}, "yes": {"answer": "positive"},
        "no": {"answer": "negative"}, "responsible": {"officer": person},
        "receipt": {"signed_by": person, "responsible": person},
    }  # fmt: skip
    forms = {code: form for code, form in SAY.items() if form.fields}
    wrong = {}

    correct = forms["correct"]
    corrects = replace(correct.fields[0], options=(NO,))
    asked = forms | {"correct": replace(correct, fields=(corrects, *correct.fields[1:]))}
    for code, form in asked.items():
        given = _filled(form) | ({"missing": ""} if code == "seen" else {})
        filled = fill(form, given, zones=("Africa/Lusaka",), fixed=fixed.get(code, {}))
        if filled.body is None or type(filled.body) is not BODIES[form.type]:
            wrong[code] = dict(filled.faults)

    assert len(forms) > 18
    assert wrong == {}


def test_an_empty_form_names_every_field_it_needs(database: Database) -> None:
    del database
    forms = {code: form for code, form in SAY.items() if form.fields}
    for code, form in forms.items():
        filled = fill(form, {"nothing": ""}, zones=("Africa/Lusaka",))
        needed = {one.name for one in form.fields if one.is_needed}

        assert needed <= set(filled.faults), code


@pytest.mark.rule("R56")
def test_a_file_is_not_closed_while_something_is_open_and_the_page_lists_it(
    zambia: Secretariat,
) -> None:
    transfer = came(zambia, "request")
    path = f"/desk/transfers/{transfer}"
    with zambia.database.unit_of_work() as session:
        office = zambia.office
        office.session = session
        office.say(transfer, MessageType.ACK, now=START)
        office.say(transfer, MessageType.ACCEPT, now=START)
    for type_ in (MessageType.PACKAGE, MessageType.TRAVEL_PLAN, MessageType.HANDOVER_NOTICE):
        they_say(zambia, transfer, type_)
    with zambia.database.unit_of_work() as session:
        office.session = session
        office.say(transfer, MessageType.RECEIPT, now=START, at=START)
        office.say(transfer, MessageType.FOLLOWUP_REPORT, now=START, recommend="close")
    they_say(zambia, transfer, MessageType.CLOSE)
    before = seen(zambia.writer.open(path))

    made = zambia.writer.fill(f"{path}/say/close", {"reason": "done"}).headers["location"]
    version = VERSION.search(zambia.head.open(made).text)
    assert version
    answer = zambia.head.send(made, act="sign", version=version[1])

    assert "Closed by the sending country" in before
    assert answer.status_code == 409
    assert "Something is still missing" in seen(answer)
    assert state_of(zambia, transfer) == "closed_by_sender"
