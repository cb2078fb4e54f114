"""Whatever officers try, in whatever order, the partner stands where the whole story puts it, and the log says so."""

from collections.abc import Callable

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlmodel import Session

from core.actors import Actor
from core.errors import NotAllowed, WrongState
from tests.builders.exchange import NAMIBIA, NOW, anchor_of
from tests.builders.partners import OPERATOR, an_officer, last_groups, proposed, set_up
from tests.transfers.oracle import Said, story
from transfers.errors import FingerprintDiffers
from transfers.rules.partnership import Channel, State
from transfers.service import correspondence, partners
from transfers.service.correspondence import Door
from transfers.service.evidence_check import check
from transfers.service.evidence_export import export_lines
from transfers.store import partner as store

WHOLE = last_groups(anchor_of(NAMIBIA))
NAMES = ("agnes", "bwalya", "chanda")
DOORS = {
    "active": Door.OPEN,
    "suspended": Door.QUARANTINE,
}
who = st.sampled_from(NAMES)


class Partnership(RuleBasedStateMachine):
    """One proposal; taken back when the walk ends."""

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.trial = self.session.begin_nested()
        self.partner_id = proposed(self.session, NOW).partner_id
        self.people: dict[str, Actor] = {name: an_officer() for name in NAMES}
        self.tries: list[Said] = []
        self.counted: list[bool] = []

    def teardown(self) -> None:
        self.trial.rollback()
        self.session.expire_all()

    def _tried(self, said: Said, act: Callable[[], object]) -> None:
        try:
            act()
        except (WrongState, NotAllowed):
            self.counted.append(False)
        else:
            self.counted.append(True)
        self.tries.append(said)

    @rule(name=who, way=st.sampled_from([Channel.LETTER, Channel.VIDEO]))
    def confirms(self, name: str, way: Channel) -> None:
        self._tried(
            Said("confirm", name, way.value),
            lambda: partners.confirm(
                self.session, self.people[name], self.partner_id, channel=way, groups=WHOLE, now=NOW
            ),
        )

    @rule(name=who)
    def hears_something_else(self, name: str) -> None:
        before = self._state()
        try:
            answer = partners.confirm(
                self.session, self.people[name], self.partner_id,
                channel=Channel.PHONE, groups=("00000", "00000"), now=NOW,
            )  # fmt: skip
        except (WrongState, NotAllowed):
            return
        assert isinstance(answer, FingerprintDiffers)
        assert self._state() == before

    @rule(name=who)
    def suspends(self, name: str) -> None:
        self._tried(
            Said("suspend", name),
            lambda: partners.suspend(
                self.session, self.people[name], self.partner_id, reason="x", now=NOW
            ),
        )

    @rule(name=who)
    def resumes(self, name: str) -> None:
        self._tried(
            Said("resume", name),
            lambda: partners.resume(self.session, self.people[name], self.partner_id, now=NOW),
        )

    @rule(name=who)
    def revokes(self, name: str) -> None:
        self._tried(
            Said("revoke", name),
            lambda: partners.revoke(
                self.session, self.people[name], self.partner_id, reason="x", now=NOW
            ),
        )

    def _state(self) -> str:
        row = store.find(self.session, self.partner_id)
        assert row is not None
        return row.state

    @invariant()
    def stands_where_the_story_puts_it(self) -> None:
        assert (self._state(), self.counted) == story(self.tries)

    @invariant()
    def the_door_is_open_only_for_the_active(self) -> None:
        found = correspondence.correspondent(self.session, NAMIBIA, now=NOW)
        expected = DOORS.get(self._state(), Door.CLOSED)
        assert correspondence.door_for(found, NOW) is expected
        may_send = correspondence.sending_gaps(self.session, NAMIBIA, now=NOW).is_possible
        assert may_send == (self._state() == State.ACTIVE)

    @invariant()
    def every_act_that_counted_is_a_step(self) -> None:
        steps = [one.step for one in store.steps(self.session, self.partner_id)]
        acts = [one for one in steps if one not in {"proposed", "fingerprint_differs"}]
        assert len(acts) == sum(self.counted)


@pytest.mark.threat("TT21", "TT46")
@pytest.mark.slow
def test_a_partner_stands_where_the_whole_story_puts_it(session: Session) -> None:
    set_up(session, NOW)

    run_state_machine_as_test(
        type("Here", (Partnership,), {"session": session}),
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert check(export_lines(session, OPERATOR, now=NOW)).holds


def test_the_story_itself_knows_the_ceremony() -> None:
    """Three stories told by hand, so that rules and story are not wrong in the same way."""
    confirmed = [Said("confirm", "agnes", "letter"), Said("confirm", "bwalya", "video")]
    ended = [
        *confirmed,
        Said("suspend", "chanda"),
        Said("revoke", "agnes"),
        Said("revoke", "bwalya"),
    ]

    assert story([]) == ("proposed", [])
    assert story(confirmed) == ("active", [True, True])
    assert story([confirmed[0], confirmed[0]]) == ("half_confirmed", [True, False])
    assert story(ended) == ("revoked", [True] * 5)
    assert story([*ended[:4], Said("resume", "bwalya")])[0] == "suspended"
