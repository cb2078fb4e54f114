"""Two countries that see a child's interests differently: nobody travels, both versions stay, people climb."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from cases.errors import RoleMayNot
from cases.rules.movement import HoldOnMovement
from cases.service import movement
from core.errors import BadInput, Incomplete, NotThere, WrongState
from core.ids import new_id
from core.outbox import OutboxRow
from tests.builders.transfers import (
    Office,
    a_child_to_tell_of,
    a_draft,
    an_enquiry,
    carried,
)
from tests.conftest import NOON
from transfers.rules.codes import MessageType
from transfers.rules.disagreement import End, Rung
from transfers.service import closing, disagreements, messages
from transfers.service.bodies import IncidentAlert, write_message
from transfers.service.disagreements import DisagreementView
from transfers.service.ladder import Entry, NewEntry
from transfers.service.receiving import Arrived
from transfers.store import transfers as store
from transfers.tables.transfer import TransferRow

OURS, THEIRS = "She is safe with her aunt.", "The aunt cannot keep her safe."


@dataclass
class Dispute:
    """A disagreement about an enquiry of ours that was answered."""

    office: Office
    case_id: str
    transfer_id: str
    id: str

    def view(self, *, now: Any = NOON) -> DisagreementView:
        """As the officers read it."""
        (found,) = disagreements.list_disagreements(
            self.office.session, self.office.writer, self.transfer_id, now=now
        )
        return found

    def write(self, kind: Entry, words: str = THEIRS, **more: Any) -> None:
        """Put something on record."""
        disagreements.put_on_record(
            self.office.session, self.office.writer, self.id, NewEntry(kind, words, **more), now=NOON
        )  # fmt: skip

    def climb(self, *, now: Any = NOON) -> Rung:
        """Take it one rung higher."""
        return disagreements.climb(self.office.session, self.office.second, self.id, now=now)

    def end(self, how: End) -> None:
        """The head ends it."""
        disagreements.end(
            self.office.session, self.office.head, self.id, how, "Agreed by telephone.", now=NOON
        )


@pytest.fixture
def dispute(zambia: Office) -> Dispute:
    team, ours, _ = an_enquiry(zambia)
    found = disagreements.begin(zambia.session, zambia.writer, ours, OURS, now=NOON)
    return Dispute(zambia, team.case_id, ours, found)


def holds(dispute: Dispute) -> list[HoldOnMovement]:
    found = movement.open_holds(dispute.office.session, dispute.case_id)
    return [hold.reason for hold in found]


@pytest.mark.rule("R42")
def test_nobody_travels_while_the_countries_disagree(dispute: Dispute) -> None:
    assert holds(dispute) == [HoldOnMovement.DISAGREEMENT]

    dispute.end(End.AGREED)

    assert holds(dispute) == []
    assert dispute.view().end is End.AGREED


def test_both_versions_stay_as_they_were_written(dispute: Dispute) -> None:
    dispute.write(Entry.THEIR_VIEW)

    said = [(one.kind, one.words) for one in dispute.view().entries]
    assert said == [(Entry.OUR_VIEW, OURS), (Entry.THEIR_VIEW, THEIRS)]


def test_it_climbs_only_with_what_each_rung_asks_for(dispute: Dispute) -> None:
    with pytest.raises(Incomplete) as early:
        dispute.climb()
    dispute.write(Entry.THEIR_VIEW)
    assert dispute.climb() is Rung.CASE_CONFERENCE
    with pytest.raises(Incomplete) as unheld:
        dispute.climb()
    dispute.write(Entry.MEETING, held_on=NOON.date())
    with pytest.raises(Incomplete) as unheard:
        dispute.climb()
    dispute.write(Entry.MEETING, held_on=NOON.date(), guardian_heard=True)

    assert dispute.climb() is Rung.SECRETARIAT_HEADS
    assert [[gap.code for gap in one.value.gaps] for one in (early, unheld, unheard)] == [
        ["disagreement_their_view_missing"],
        ["disagreement_meeting_missing", "disagreement_guardian_not_heard"],
        ["disagreement_guardian_not_heard"],
    ]


def test_silence_of_the_other_country_holds_nobody_up_for_ever(dispute: Dispute) -> None:
    due = dispute.view().due_at
    assert due is not None
    assert due.date() == date(
        2026, 3, 10
    )  # five working days; 9 March is kept as a holiday in Zambia

    assert dispute.view(now=due).is_late
    assert dispute.climb(now=due) is Rung.CASE_CONFERENCE


@pytest.mark.rule("R34")
def test_a_rung_whose_time_is_over_reminds_people_once_and_moves_nothing(dispute: Dispute) -> None:
    late = NOON + timedelta(days=30)
    session = dispute.office.session

    assert disagreements.remind(session, now=NOON, limit=9) == 0
    assert disagreements.remind(session, now=late, limit=9) == 1
    assert disagreements.remind(session, now=late, limit=9) == 0

    assert dispute.view().rung is Rung.WRITTEN_VIEWS
    (told,) = session.exec(select(OutboxRow).where(OutboxRow.topic == "disagreement.late")).all()
    assert OURS not in str(told.payload)
    assert told.payload["country"] == "ZM"  # and not whoever else's officers read here


def test_an_end_the_record_does_not_bear_out_is_refused(dispute: Dispute) -> None:
    for how, missing in (
        (End.SENDER_REOPENED_DETERMINATION, "disagreement_not_reopened"),
        (End.RECEIVER_CHANGED_ANSWER, "disagreement_answer_stands"),
        (End.REQUEST_TAKEN_BACK, "disagreement_request_stands"),
    ):
        with pytest.raises(Incomplete) as refused:
            dispute.end(how)
        assert [gap.code for gap in refused.value.gaps] == [missing]
    assert holds(dispute) == [HoldOnMovement.DISAGREEMENT]


def test_the_head_ends_it_and_nobody_else(dispute: Dispute) -> None:
    session = dispute.office.session
    with pytest.raises(RoleMayNot):
        disagreements.end(
            session, dispute.office.writer, dispute.id, End.AGREED, "We gave in.", now=NOON
        )
    dispute.end(End.AGREED)
    with pytest.raises(WrongState):
        dispute.climb()
    with pytest.raises(WrongState):
        dispute.write(Entry.THEIR_VIEW)


def test_one_disagreement_about_a_transfer_at_a_time(dispute: Dispute) -> None:
    office = dispute.office
    with pytest.raises(WrongState):
        disagreements.begin(office.session, office.writer, dispute.transfer_id, OURS, now=NOON)
    dispute.end(End.AGREED)

    again = disagreements.begin(office.session, office.writer, dispute.transfer_id, OURS, now=NOON)
    assert again != dispute.id


def test_nothing_to_disagree_about_before_anything_was_sent(zambia: Office) -> None:
    team = a_child_to_tell_of(zambia.session)
    transfer = a_draft(zambia, team)

    with pytest.raises(WrongState):
        disagreements.begin(zambia.session, zambia.writer, transfer, OURS, now=NOON)


def test_days_belong_to_meetings_that_were_held(dispute: Dispute) -> None:
    for kind, held_on in (
        (Entry.MEETING, None), (Entry.THEIR_VIEW, NOON.date()),
        (Entry.MEETING, NOON.date() + timedelta(days=1)),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            dispute.write(kind, held_on=held_on)


def test_officers_of_another_country_find_nothing(dispute: Dispute, namibia: Office) -> None:
    with pytest.raises(NotThere):
        disagreements.put_on_record(
            dispute.office.session, namibia.writer, dispute.id,
            NewEntry(Entry.THEIR_VIEW, THEIRS), now=NOON,
        )  # fmt: skip


@pytest.mark.rule("R56")
def test_no_file_is_closed_over_a_disagreement(dispute: Dispute) -> None:
    row = store.find(dispute.office.session, dispute.transfer_id)
    assert row is not None

    assert closing.facts_of(dispute.office.session, row, now=NOON).disagreement_open
    dispute.end(End.AGREED)
    assert not closing.facts_of(dispute.office.session, row, now=NOON).disagreement_open


@dataclass
class Ladders:
    """The same transfer in both countries, and what each has on record of a disagreement about it."""

    zambia: Office
    namibia: Office
    ours: str
    theirs: str

    def id_at(self, office: Office) -> str:
        return self.at(office).id

    def at(self, office: Office) -> DisagreementView:
        """The newest there, as the officers read it."""
        transfer = self.ours if office is self.zambia else self.theirs
        return disagreements.list_disagreements(
            office.session, office.writer, transfer, now=NOON + timedelta(days=99)
        )[-1]

    def carry(self, sender: Office) -> None:
        """Have another officer sign what waits, and carry it over."""
        receiver = self.namibia if sender is self.zambia else self.zambia
        transfer = self.ours if sender is self.zambia else self.theirs
        for letter in signed(sender, transfer):
            receiver.take(letter)


def signed(office: Office, transfer_id: str, *, now: datetime = NOON) -> list[Arrived]:
    """What waits, signed by an officer who did not write it, as it is carried."""
    letters = []
    for one in list(store.messages(office.session, transfer_id)):
        if one.is_ours and one.standing == "written":
            people = (office.second, office.head, office.writer)
            other = next(who for who in people if who.person_id != one.written_by)
            messages.sign(office.session, other, one.id, now=now)
            letters.append(carried(office, one.id))
    return letters


def row_of(office: Office, transfer_id: str) -> TransferRow:
    row = store.find(office.session, transfer_id)
    assert row is not None
    return row


def told_of(view: DisagreementView) -> list[tuple[str, str]]:
    return [(one.kind.value, one.words) for one in view.entries]


@pytest.fixture
def ladders(zambia: Office, namibia: Office) -> Ladders:
    _, ours, message_id = an_enquiry(zambia)
    return Ladders(zambia, namibia, ours, namibia.take(carried(zambia, message_id)))


def test_the_other_country_hears_and_stands_on_the_same_rung_with_both_versions(
    ladders: Ladders,
) -> None:
    zambia, namibia = ladders.zambia, ladders.namibia
    begun = disagreements.begin(zambia.session, zambia.writer, ladders.ours, OURS, now=NOON)
    untold = ladders.at(zambia).untold
    ladders.carry(zambia)
    disagreements.put_on_record(
        namibia.session, namibia.writer, ladders.id_at(namibia),
        NewEntry(Entry.OUR_VIEW, THEIRS), now=NOON,
    )  # fmt: skip
    ladders.carry(namibia)
    disagreements.climb(zambia.session, zambia.second, begun, now=NOON)
    ladders.carry(zambia)

    here, there = ladders.at(zambia), ladders.at(namibia)

    assert (untold, here.untold, there.untold) == (1, 0, 0)
    assert here.rung is there.rung is Rung.CASE_CONFERENCE
    assert told_of(here) == [("our_view", OURS), ("their_view", THEIRS)]
    assert told_of(there) == [("their_view", OURS), ("our_view", THEIRS)]
    assert there.begun_by == zambia.name
    assert "disagreement_theirs_to_end" not in {gap.code for gap in there.missing}
    assert {row.state for row in (row_of(zambia, ladders.ours), row_of(namibia, ladders.theirs))} == {
        "delivered", "sent",
    }  # fmt: skip


@pytest.mark.rule("R36")
@pytest.mark.rule("R42")
def test_who_raised_it_says_first_that_it_is_over_and_each_head_ends_its_own(
    ladders: Ladders,
) -> None:
    zambia, namibia = ladders.zambia, ladders.namibia
    case_id = str(row_of(zambia, ladders.ours).case_id)
    raised = disagreements.begin(namibia.session, namibia.writer, ladders.theirs, THEIRS, now=NOON)
    ladders.carry(namibia)
    held = [hold.reason for hold in movement.open_holds(zambia.session, case_id)]

    with pytest.raises(Incomplete) as early:
        disagreements.end(
            zambia.session, zambia.head, ladders.id_at(zambia), End.AGREED, "We agree.", now=NOON
        )
    disagreements.end(
        namibia.session, namibia.head, raised, End.AGREED, "The aunt moved.", now=NOON
    )
    ladders.carry(namibia)
    between = [hold.reason for hold in movement.open_holds(zambia.session, case_id)]
    their_end = ladders.at(zambia).entries[-1]
    disagreements.end(
        zambia.session, zambia.head, ladders.id_at(zambia), End.AGREED, "We agree.", now=NOON
    )
    ladders.carry(zambia)

    assert held == between == [HoldOnMovement.DISAGREEMENT]
    assert [gap.code for gap in early.value.gaps] == ["disagreement_theirs_to_end"]
    assert (their_end.kind, their_end.end, their_end.by) == (
        Entry.THEIR_END, End.AGREED, namibia.name,
    )  # fmt: skip
    assert movement.open_holds(zambia.session, case_id) == ()
    assert (ladders.at(zambia).end, ladders.at(namibia).end) == (End.AGREED, End.AGREED)
    assert closing.open_alarms(zambia.session, row_of(zambia, ladders.ours)) == ()


def test_letters_about_it_in_any_order_leave_the_same_record(ladders: Ladders) -> None:
    zambia, namibia = ladders.zambia, ladders.namibia
    begun = disagreements.begin(zambia.session, zambia.writer, ladders.ours, OURS, now=NOON)
    disagreements.put_on_record(
        zambia.session, zambia.writer, begun, NewEntry(Entry.THEIR_VIEW, THEIRS), now=NOON
    )
    later = NOON + timedelta(hours=1)
    disagreements.climb(zambia.session, zambia.writer, begun, now=later)
    over = later + timedelta(hours=1)
    disagreements.end(zambia.session, zambia.head, begun, End.AGREED, "Settled.", now=over)
    letters = signed(zambia, ladders.ours, now=over)

    for letter in reversed(letters):
        namibia.take(letter, now=over)
    after_the_end = disagreements.list_disagreements(
        namibia.session, namibia.writer, ladders.theirs, now=over
    )
    again = disagreements.begin(
        zambia.session, zambia.writer, ladders.ours, OURS, now=over + timedelta(hours=1)
    )
    for letter in signed(zambia, ladders.ours, now=over + timedelta(hours=1)):
        namibia.take(letter, now=over + timedelta(hours=1))

    assert after_the_end == ()
    assert again
    assert told_of(ladders.at(namibia)) == [("their_view", OURS)]


def told(office: Office, transfer_id: str, told: str, at: datetime, **more: Any) -> Arrived:
    """A message about the ladder as the installation of the other country made it, whatever its clock said."""
    row = row_of(office, transfer_id)
    step = {"told": told, "rung": "written_views", "words": "As we see it.", **more}
    raw = write_message(
        MessageType.INCIDENT_ALERT,
        IncidentAlert.model_validate_json(
            json.dumps({"incident": "disagreement", "at": at.isoformat(), "ladder": step})
        ),
        ref=row.ref, no=new_id(), reply_to=None,
    )  # fmt: skip
    return Arrived(office.name, "NA", raw, None, new_id())


@pytest.mark.rule("R36")
@pytest.mark.parametrize("end_comes", ["before", "after"])
def test_an_end_of_another_disagreement_does_not_end_this_one(
    ladders: Ladders, end_comes: str
) -> None:
    zambia, namibia = ladders.zambia, ladders.namibia
    hour = timedelta(hours=1)
    first = told(namibia, ladders.theirs, "begun", NOON)
    end = told(namibia, ladders.theirs, "ended", NOON + 2 * hour, end="agreed")
    anew = told(namibia, ladders.theirs, "begun", NOON + 3 * hour)
    order = [first, end, anew] if end_comes == "before" else [anew, end]

    for letter in order:
        zambia.take(letter, now=NOON + 4 * hour)

    with pytest.raises(Incomplete) as early:
        disagreements.end(
            zambia.session, zambia.head, ladders.id_at(zambia), End.AGREED, "Over.", now=NOON + 4 * hour
        )  # fmt: skip
    assert [gap.code for gap in early.value.gaps] == ["disagreement_theirs_to_end"]


@pytest.mark.rule("R42")
def test_a_clock_that_ran_ahead_over_there_hides_no_later_disagreement(ladders: Ladders) -> None:
    zambia, namibia = ladders.zambia, ladders.namibia
    far = NOON + timedelta(days=9000)
    case_id = str(row_of(zambia, ladders.ours).case_id)
    zambia.take(told(namibia, ladders.theirs, "ended", far, end="agreed"))

    later = NOON + timedelta(hours=1)
    zambia.take(told(namibia, ladders.theirs, "begun", later), now=later)

    assert [hold.reason for hold in movement.open_holds(zambia.session, case_id)] == [
        HoldOnMovement.DISAGREEMENT
    ]


def test_a_meeting_that_is_only_planned_leaves_no_rung(ladders: Ladders) -> None:
    zambia, namibia = ladders.zambia, ladders.namibia
    ahead = {"rung": "case_conference", "held_on": "2026-12-01", "guardian_heard": True}
    zambia.take(told(namibia, ladders.theirs, "begun", NOON))
    zambia.take(told(namibia, ladders.theirs, "meeting", NOON, **ahead))

    def missing(now: datetime) -> set[str]:
        (found,) = disagreements.list_disagreements(
            zambia.session, zambia.writer, ladders.ours, now=now
        )
        return {gap.code for gap in found.missing}

    assert "disagreement_meeting_missing" in missing(NOON)
    assert "disagreement_meeting_missing" not in missing(NOON + timedelta(days=300))


def test_nobody_writes_about_the_ladder_past_it(ladders: Ladders) -> None:
    namibia = ladders.namibia
    step = {"told": "ended", "rung": "written_views", "words": "Over.", "end": "agreed"}

    with pytest.raises(BadInput):
        namibia.say(
            ladders.theirs, MessageType.INCIDENT_ALERT, incident="disagreement", ladder=step
        )
    begun = disagreements.begin(namibia.session, namibia.writer, ladders.theirs, OURS, now=NOON)
    with pytest.raises(BadInput):
        disagreements.put_on_record(
            namibia.session, namibia.writer, begun, NewEntry(Entry.THEIR_END, "Over."), now=NOON
        )
    with pytest.raises(BadInput):
        disagreements.put_on_record(
            namibia.session, namibia.writer, begun, NewEntry(Entry.OUR_VIEW, "a\u202eb"), now=NOON
        )
