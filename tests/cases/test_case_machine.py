"""Whatever anybody tries in whatever order, no case is carried out, closed or moved past its rules.

People with the right and the wrong roles act at random, and the procedure takes its steps in any order
and twice. What is stored is then read past every service and judged by what the domain notes say.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    invariant,
    precondition,
    run_state_machine_as_test,
)

from cases.rules.machine import TRANSITIONS, CaseState, Step
from cases.tables.clock import DeadlineRow
from cases.tables.task import TaskRow
from panels.tables.appeal import AppealRow
from panels.tables.communication import CommunicationRow
from panels.tables.determination import DeterminationRow, SignatureRow
from panels.tables.item import ItemRow
from tests.cases.machine_after import AfterTheDecision
from tests.cases.playing import table_of

OFTEN = 2  # times a state that matters is entered by the runs of one test
FUZZ = int(os.environ.get("BID_FUZZ", "1"))  # how many times longer than at a desk
S = CaseState


class Procedure(AfterTheDecision):
    """One child's case in the hands of people who try everything, judged after each of their acts."""

    # ---- what must hold after everything anybody tried --------------------------------------

    @invariant()
    @precondition(lambda self: hasattr(self, "play"))
    def every_change_is_a_step_of_the_machine_and_in_the_history(self) -> None:
        held, before = None, None
        rows = self.history()
        for number, row in enumerate(rows, start=1):
            assert row.n == number
            assert row.from_state == before
            if number > 1:
                step = TRANSITIONS[Step(row.transition)]
                assert row.from_state in step.sources
                assert row.to_state == (step.to or held)
            held = row.from_state if row.to_state == S.ON_HOLD else held
            before = row.to_state
        assert self.case().state == before

    @invariant()
    @precondition(lambda self: hasattr(self, "play"))
    def what_is_new_was_allowed(self) -> None:
        rows = self.history()
        for row in rows[self.read :]:
            self.seen[row.to_state] += 1
            if row.to_state == S.IMPLEMENTING and row.transition != Step.RESUME:
                self._carried_out_rightly(rows[: row.n - 1])
            if row.to_state == S.CLOSED:
                self._closed_rightly(row)
        self.read = len(rows)

    def judge(self) -> None:
        self.what_is_new_was_allowed()

    def _carried_out_rightly(self, before: list[Any]) -> None:
        """A determination once required is decided, signed, told and past its appeal; or none was required."""
        if not any(row.to_state == S.BID_REQUIRED for row in before):
            return
        table = table_of(DeterminationRow)
        found = self.play.rows(DeterminationRow, table.c.current_case == self.play.case_id)
        assert len(found) == 1, "carried out without a decision in force"
        decision = found[0]
        assert decision.sealed_at is not None
        assert decision.valid_until >= self.play.now.date()
        with self.play.database.engine.connect() as connection:
            signed = table_of(SignatureRow)
            query = signed.select().where(signed.c.determination_id == decision.id)
            hashes = [row.content_hash for row in connection.execute(query)]
        assert hashes, "nobody signed"
        assert set(hashes) == {decision.content_hash}
        versions = {
            row.id for row in self.play.rows(DeterminationRow, table.c.root_id == decision.root_id)
        }
        talks = [
            row for row in self.play.rows(CommunicationRow) if row.determination_id in versions
        ]
        assert talks, "carried out before the child was told"
        assert not [row for row in self.play.rows(AppealRow) if row.open_case]

    def _closed_rightly(self, row: Any) -> None:
        """Nothing of the case is open when it closes."""
        assert not [found for found in self.play.rows(AppealRow) if found.open_case]
        assert not [found for found in self.play.rows(DeterminationRow) if found.pending_case]
        assert not [found for found in self.play.rows(ItemRow) if found.live_case]
        clocks = [
            c for c in self.play.rows(DeadlineRow) if c.met_at is None and c.closed_at is None
        ]
        assert [clock.code for clock in clocks] == []
        assert not [task.code for task in self.play.rows(TaskRow) if task.done_at is None]
        assert row.from_state not in {S.BID_IN_SITTING, S.BID_LISTED, S.UNDER_APPEAL, S.BID_DECIDED}


@pytest.mark.rule("R3", "R4", "R9", "R55")
@pytest.mark.timeout(900)
def test_no_order_of_acts_carries_out_or_closes_a_case_past_its_rules() -> None:
    run_state_machine_as_test(
        Procedure,
        settings=settings(
            max_examples=12 * FUZZ,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=FUZZ == 1,  # the same runs at every desk; the long ones are new each time
            phases=(Phase.generate, Phase.shrink) if FUZZ > 1 else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )

    # A machine that never comes to the end proves nothing about the end.
    for state in (S.BID_DECIDED, S.COMMUNICATED, S.IMPLEMENTING, S.FOLLOW_UP, S.CLOSED, S.ON_HOLD):
        assert Procedure.seen[state] >= OFTEN, (state, Procedure.seen)
