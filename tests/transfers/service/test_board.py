"""What officers see of the transfers of their country, and who sees nothing of them."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from cases.service.access import bar
from core.actors import Role
from core.audit import recorded
from core.errors import NotThere
from tests.builders.cases import a_person_of_the_country
from tests.builders.transfers import Office, a_child_to_tell_of, a_draft, an_enquiry, carried
from tests.conftest import NOON
from transfers.rules.codes import Direction, MessageType, Side
from transfers.rules.machine import OPEN, Step, TransferState
from transfers.service import board, corridors, summary_views
from transfers.service.board import Which
from transfers.store import board as store
from transfers.tables.transfer import TransferRow


def shown(office: Office, actor: Any = None, *, now: Any = NOON, **which: Any) -> list[str]:
    found = board.list_open(office.session, actor or office.head, Which(**which), now=now)
    return [line.id for line in found.lines]


@pytest.mark.rule("R36")
def test_both_countries_see_whose_turn_it_is(zambia: Office, namibia: Office) -> None:
    _, ours, message_id = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, message_id))
    question = namibia.say(theirs, MessageType.ACK)
    zambia.take(carried(namibia, question))

    here = board.read_transfer(zambia.session, zambia.head, ours, now=NOON)
    there = board.read_transfer(namibia.session, namibia.head, theirs, now=NOON)

    assert (here.line.side, there.line.side) == (Side.SENDER, Side.RECEIVER)
    assert here.line.turn == there.line.turn == (Side.RECEIVER,)
    assert (here.line.is_our_turn, there.line.is_our_turn) == (False, True)
    answer = next(one for one in there.steps if one.step is Step.ANSWER_YES)
    assert (answer.is_yours, answer.is_awaited, answer.message) == (
        True, True, MessageType.ENQUIRY_REPLY,
    )  # fmt: skip
    assert Step.ANSWER_YES not in {one.step for one in here.steps}
    assert (here.faults, there.faults) == ((), ())
    assert here.line.responsible is not None
    assert here.line.responsible.side is Side.SENDER
    assert [one.seq for one in here.history] == list(range(1, len(here.history) + 1))


def test_a_reply_that_does_not_come_is_late_from_the_day_after(zambia: Office) -> None:
    _, ours, _ = an_enquiry(zambia)

    def late(days: int) -> bool:
        at = NOON.replace(month=5, day=1) + timedelta(days=days)
        return board.read_transfer(zambia.session, zambia.head, ours, now=at).line.is_late

    assert [late(0), late(1)] == [False, True]
    assert zambia.state(ours) == "sent"


def test_the_board_is_narrowed_by_where_it_stands_where_it_goes_and_whose_it_is(
    zambia: Office,
) -> None:
    _, sent, _ = an_enquiry(zambia)
    team = a_child_to_tell_of(zambia.session)
    draft = a_draft(zambia, team)
    stranger = a_person_of_the_country(Role.SECRETARIAT)

    assert set(shown(zambia)) == {sent, draft}
    assert shown(zambia, state=TransferState.SENT) == [sent]
    assert shown(zambia, direction=Direction.INBOUND) == []
    assert set(shown(zambia, corridor=("ZM", "NA"))) == {sent, draft}
    assert shown(zambia, corridor=("ZM", "ZA")) == []
    assert shown(zambia, zambia.head, mine=True) == [sent]
    assert set(shown(zambia, zambia.writer, mine=True)) == {sent, draft}
    assert shown(zambia, stranger, mine=True) == []


def test_a_transfer_that_ended_is_on_no_board(zambia: Office, namibia: Office) -> None:
    _, ours, message_id = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, message_id))
    assert shown(zambia) == [ours]
    for type_ in (MessageType.ACK, MessageType.ENQUIRY_REPLY):
        zambia.take(carried(namibia, namibia.say(theirs, type_)))

    assert shown(zambia) == []
    assert shown(zambia, state=TransferState.ANSWERED_POSITIVE) == []


@pytest.mark.rule("R14")
def test_whoever_is_barred_from_a_child_finds_it_on_no_board(zambia: Office) -> None:
    team, ours, _ = an_enquiry(zambia)
    bar(
        zambia.session, team.supervisor, case_id=team.case_id, person_id=zambia.second.person_id,
        ref="item", ground="recused", now=NOON,
    )  # fmt: skip

    assert shown(zambia, zambia.second) == []
    assert shown(zambia, zambia.second, mine=True) == []
    assert shown(zambia) == [ours]
    with pytest.raises(NotThere):
        board.transfers_of(zambia.session, zambia.second, team.case_id, now=NOON)
    with pytest.raises(NotThere):
        board.read_transfer(zambia.session, zambia.second, ours, now=NOON)


def test_a_bar_hides_no_transfer_that_has_no_child_here_yet(
    zambia: Office, namibia: Office
) -> None:
    _, _, message_id = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, message_id))
    other = a_child_to_tell_of(namibia.session, country="NA")
    bar(
        namibia.session, other.supervisor, case_id=other.case_id,
        person_id=namibia.second.person_id, ref="item", ground="recused", now=NOON,
    )  # fmt: skip

    assert shown(namibia, namibia.second) == [theirs]


@pytest.mark.threat("TT67")
@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.STATISTICIAN, Role.AUDITOR, Role.TRUST_OFFICER]
)
def test_those_who_see_no_child_see_no_transfer(zambia: Office, role: Role) -> None:
    team, ours, _ = an_enquiry(zambia)
    who = a_person_of_the_country(role)

    assert shown(zambia, who) == []
    with pytest.raises(NotThere):
        board.transfers_of(zambia.session, who, team.case_id, now=NOON)
    for read in (board.read_transfer, summary_views.read_summary):
        with pytest.raises(NotThere):
            read(zambia.session, who, ours, now=NOON)


def test_an_officer_of_another_country_has_an_empty_board(zambia: Office) -> None:
    an_enquiry(zambia)
    abroad = a_person_of_the_country(Role.SECRETARIAT, country="NA")

    assert shown(zambia, abroad) == []


def test_pages_lead_through_the_whole_board_and_the_longest_standing_comes_first(
    zambia: Office,
) -> None:
    kept = []
    for hours in (3, 1, 2, 1):
        row = zambia.session.exec(
            select(TransferRow).where(
                TransferRow.id == a_draft(zambia, a_child_to_tell_of(zambia.session))
            )
        ).one()
        row.state_since = NOON - timedelta(hours=hours)
        row.state = "sent" if hours == 1 else "draft"
        zambia.session.add(row)
        zambia.session.flush()
        kept.append((row.state_since, row.id))

    found: list[str] = []
    cursor: str | None = None
    for _ in range(9):
        page = board.list_open(
            zambia.session, zambia.head, Which(), now=NOON, limit=1, cursor=cursor
        )
        found += [line.id for line in page.lines]
        cursor = page.cursor
        if cursor is None:
            break

    assert found == [row_id for _, row_id in sorted(kept)]


def test_the_board_is_read_from_its_index(zambia: Office) -> None:
    for _ in range(3):
        a_draft(zambia, a_child_to_tell_of(zambia.session))
    bind = zambia.session.connection()
    wanted = store.Wanted("ZM", sorted(OPEN), frozenset({"x"}))
    query = store.page_query(wanted, after=store.After(NOON, "x"), limit=51)
    words = str(query.compile(bind, compile_kwargs={"literal_binds": True}))
    is_sqlite = bind.dialect.name == "sqlite"
    if not is_sqlite:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            bind.execute(sa.text(f"SET LOCAL enable_{way} = off"))

    plan = bind.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{words}").all()

    text = " ".join(str(line) for line in plan)
    assert text.count("ix_transfer_board") >= len(OPEN)
    assert "SCAN transfer" not in text.replace("SCAN transfer_", "")


@pytest.mark.rule("R50")
def test_reading_board_child_transfer_and_summary_is_on_record(zambia: Office) -> None:
    team, ours, _ = an_enquiry(zambia)
    before = len(recorded(zambia.session))
    shown(zambia)
    board.transfers_of(zambia.session, zambia.head, team.case_id, now=NOON)
    board.read_transfer(zambia.session, zambia.head, ours, now=NOON)
    summary_views.read_summary(zambia.session, zambia.head, ours, now=NOON)

    actions = [one.action for one in recorded(zambia.session)][before:]

    assert actions == [
        "transfer.listed", "transfer.listed", "transfer.read", "transfer.summary_read",
    ]  # fmt: skip


@pytest.mark.rule("R44")
def test_the_summary_that_left_is_the_one_that_came(zambia: Office, namibia: Office) -> None:
    team = a_child_to_tell_of(zambia.session)
    ours = a_draft(zambia, team)
    draft = summary_views.read_summary(zambia.session, zambia.writer, ours, now=NOON)
    assert (draft.standing, draft.gaps, draft.signed_by) == ("draft", (), "")
    assert draft.written is not None
    assert draft.written.asked == ["home_study"]
    _, sent, message_id = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, message_id))

    left = summary_views.read_summary(zambia.session, zambia.head, sent, now=NOON)
    came = summary_views.read_summary(namibia.session, namibia.head, theirs, now=NOON)

    assert (left.standing, came.standing) == ("sent", "came")
    assert left.body == came.body
    assert (left.signed_by, came.signed_by) == (zambia.head.person_id, "")


def test_corridors_of_a_country_are_those_that_begin_or_end_there(zambia: Office) -> None:
    found = corridors.list_corridors(zambia.session, zambia.head, now=NOON)

    assert {"ZM-NA", "NA-ZM"} <= {one.name for one in found}
    assert all("ZM" in one.name.split("-") for one in found)
