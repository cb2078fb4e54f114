"""A sitting on its way and after it: who could sit for a child, answers of members, another day, what waits."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.errors import Incomplete, NotAllowed, WrongState
from core.outbox import OutboxRow
from panels.rules.conflicts import Ground
from panels.rules.sittings import SittingState
from panels.service import (
    after_sitting,
    conflicts,
    determinations,
    own_seat,
    panel_work,
    preparing,
    putting_off,
)
from panels.service.panel_work import Kind
from panels.service.putting_off import Later
from panels.store import item as items
from panels.store import planning
from panels.store import sitting as sittings
from tests.builders.decided import DECIDED, recorded
from tests.builders.sittings import STARTS, Court, a_court, a_listed_item, a_sitting, convened
from tests.conftest import NOON

LATER = STARTS + timedelta(days=14)


def _two(session: Session) -> Court:
    return a_listed_item(session, a_listed_item(session, a_sitting(session, a_court(session))))


@pytest.mark.rule("R17")
def test_quorum_is_looked_at_for_each_child_before_the_day(session: Session) -> None:
    court = _two(session)
    for name in ("chair", "deputy", "welfare"):
        conflicts.declare_conflict(
            session, court.people[name], court.item_id, ground=Ground.RELATIVE, words="", now=NOON
        )

    found = preparing.show_preparation(session, court.secretary, court.sitting_id, now=NOON)

    missing = {one.item.id: bool(one.bench.missing) for one in found.listed}
    assert missing.pop(court.item_id)
    assert list(missing.values()) == [False]
    assert found.missing == ()


def test_a_sitting_is_put_off_whole_with_everybody_invited(session: Session) -> None:
    court = convened(session)
    invited = [one.kind for one in items.invitations(session, court.item_id)]

    made = putting_off.put_off_sitting(
        session, court.secretary, court.sitting_id, Later(LATER), now=NOON
    )

    [item] = items.of_sitting(session, made)
    assert [one.kind for one in items.invitations(session, item.id)] == invited
    assert sittings.roster(session, made) == sittings.roster(session, court.sitting_id)
    told = session.exec(select(OutboxRow.topic)).all()
    assert told.count("sitting.called_off") == len(court.members)
    assert planning.drafts(session, court.panel_id) == []


def test_another_day_that_comes_too_soon_for_one_child_moves_nobody(session: Session) -> None:
    court = _two(session)

    with pytest.raises(Incomplete), session.begin_nested():
        putting_off.put_off_sitting(
            session, court.secretary, court.sitting_id, Later(NOON + timedelta(hours=3)), now=NOON
        )

    sitting = sittings.find(session, court.sitting_id)
    assert sitting is not None
    session.refresh(sitting)
    assert sitting.state == SittingState.DRAFT
    assert len(items.of_sitting(session, court.sitting_id)) == 2


def test_a_sitting_that_was_opened_is_not_put_off(session: Session) -> None:
    court = recorded(session).court

    with pytest.raises(WrongState):
        putting_off.put_off_sitting(
            session, court.secretary, court.sitting_id, Later(LATER), now=DECIDED
        )


def test_only_who_is_called_answers_and_the_last_answer_stands(session: Session) -> None:
    court = convened(session)
    police = court.people["police"]

    for comes in (False, False, True):
        own_seat.answer_call(session, police, court.sitting_id, comes=comes, now=NOON)
    with pytest.raises(NotAllowed):
        own_seat.answer_call(session, court.secretary, court.sitting_id, comes=True, now=NOON)

    [mine] = own_seat.sittings_of(session, police, now=NOON)
    told = session.exec(select(OutboxRow).where(OutboxRow.topic == "sitting.member_declined")).all()
    assert (mine.comes, len(told)) == (True, 1)
    assert (
        planning.busy(
            session, "person", [police.person_id], start=STARTS, end=STARTS + timedelta(hours=1)
        )
        == []
    )


def test_what_waits_around_sittings_is_what_the_record_lacks(session: Session) -> None:
    found = recorded(session)
    court, chair = found.court, found.court.people["chair"]
    before = [one.kind for one in panel_work.to_do(session, chair, now=DECIDED)]
    row = found.row(session)

    determinations.sign_determination(
        session, chair, row.id, content_hash=row.content_hash, now=DECIDED
    )

    after = after_sitting.show_aftermath(session, chair, court.sitting_id, now=DECIDED)
    assert Kind.SIGN_DECISION in before
    assert Kind.SIGN_DECISION not in [
        one.kind for one in panel_work.to_do(session, chair, now=DECIDED)
    ]
    assert after.outcomes[0].signed == (chair.person_id,)
    assert chair.person_id not in after.outcomes[0].unsigned
    assert len(after.outcomes[0].unsigned) == 4
