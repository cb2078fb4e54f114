"""One child's case in many hands: where it begins, who acts, the clock, and what is due in each state."""

import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import hypothesis.strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
)

from cases.rules.assessments import AssessmentKind
from cases.rules.closing import ClosureReason, ReopeningReason
from cases.rules.machine import CaseState
from cases.service import procedure as case_steps
from cases.tables.case_file import CaseRow
from cases.tables.history import CaseHistoryRow
from core import audit
from panels.rules.appeal import Result
from panels.service import procedure as panel_steps
from panels.tables.determination import DeterminationRow
from panels.tables.item import ItemRow
from tests.cases.playing import BEGINNINGS, EVERYBODY, Play, beginning, table_of

S = CaseState
STEPS = (
    case_steps.open_assessment_clocks, case_steps.settle_assessment, case_steps.offer_for_listing,
    case_steps.begin_plan, case_steps.enter_follow_up, case_steps.plan_visits, panel_steps.call_to_sitting,
    panel_steps.follow_deferral, panel_steps.enter_decision, panel_steps.open_appeal_window,
)  # fmt: skip
WAITS = (timedelta(minutes=5), timedelta(days=1), timedelta(days=12), timedelta(days=45))

HEARD: dict[str, Any] = {"who": "chair", "absent": frozenset(), "recused": None}
SIGNERS = ["chair", "deputy", "welfare"]
# The acts of the right people in each state, in order.
DUE: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    S.IDENTIFIED: (("register", {"who": "worker"}),),
    S.REGISTERED: (("allocate", {"who": "supervisor"}),),
    S.REOPENED: (("allocate", {"who": "supervisor"}),),
    S.BIA_IN_PROGRESS: (
        ("assess", {"who": "worker", "kind": AssessmentKind.COMPREHENSIVE, "needs_panel": True}),
        ("answer_assessment", {"who": "supervisor", "yes": 1}),
    ),
    S.PLANNED: (("agree_plan", {"who": "supervisor"}),),
    S.BID_REQUIRED: (("name_assessor", {"who": "supervisor"}),),
    S.BID_REPORT_DRAFT: (("write_report", {"who": "assessor", "whole": 1}),),
    S.BID_QUALITY_CHECK: (("check_report", {"who": "coordinator", "yes": 1}),),
    S.BID_READY: (("list_case", {"who": "secretary"}), ("hear", HEARD)),
    S.BID_LISTED: (("hear", HEARD),),
    S.BID_IN_SITTING: (
        ("vote", {"others": {}}),
        ("record", {"who": "chair"}),
        ("sign", {"names": SIGNERS}),
    ),
    S.BID_DEFERRED: (("answer_questions", {"who": "worker"}),),
    S.BID_DECIDED: (("tell", {"who": "worker", "language": "swa"}),),
    S.COMMUNICATED: (
        ("waive", {"who": "guardian", "asked": True}),
        ("begin_to_carry_out", {"who": "coordinator"}),
    ),
    S.UNDER_APPEAL: (("rule_on_appeal", {"who": "body", "result": Result.UPHELD}),),
    S.IMPLEMENTING: (("finish_actions", {"who": "worker"}),),
    S.FOLLOW_UP: (
        ("ask_to_close", {"who": "worker", "reason": ClosureReason.GOAL_MET}),
        ("answer_closing", {"who": "supervisor", "yes": 1}),
    ),
    S.ON_HOLD: (("hold_or_resume", {"who": "worker", "resume": True}),),
    S.CLOSED: (
        (
            "reopen",
            {"who": "supervisor", "reason": ReopeningReason.PLACEMENT_BROKE_DOWN},
        ),
    ),
}


def usually(*names: str) -> st.SearchStrategy[str]:
    """Mostly the people whose act it is, often somebody else."""
    return st.sampled_from((*(names * (len(EVERYBODY) // len(names))), *EVERYBODY))


class OneCase(RuleBasedStateMachine):
    """One child's case, the people around it, and the procedure that takes its steps."""

    seen: ClassVar[Counter[str]] = Counter()

    @initialize(where=st.sampled_from(BEGINNINGS))
    def begin(self, where: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.play = Play(beginning(where), Path(self._folder.name))
        self.read = len(self.history())

    def teardown(self) -> None:
        if not hasattr(self, "play"):
            return
        with self.play.database.unit_of_work() as session:
            verdict = audit.verify_database(session)
        self.play.database.dispose()
        self._folder.cleanup()
        assert verdict.holds, f"the audit chain breaks at {verdict.first_bad}: {verdict.reason}"
        assert verdict.rows > 0

    def judge(self) -> None:
        """Look at what is new; also between the acts of one rule, since the next may move on from it."""

    # ---- what is stored ---------------------------------------------------------------------

    def history(self) -> list[Any]:
        return self.play.rows(CaseHistoryRow, order=table_of(CaseHistoryRow).c.n)

    def case(self) -> Any:
        table = table_of(CaseRow)
        with self.play.database.engine.connect() as connection:
            return connection.execute(table.select().where(table.c.id == self.play.case_id)).one()

    def newest(self, table: Any, order: str, *wanted: Any) -> str:
        """The id of the newest row of this case, or of nothing."""
        found = self.play.rows(table, *wanted, order=table_of(table).c[order].desc())
        return found[0].id if found else "0" * 36

    def item(self) -> str:
        return self.newest(ItemRow, "listed_at")

    def decision(self) -> str:
        return self.newest(DeterminationRow, "recorded_at")

    # ---- people and the clock ---------------------------------------------------------------

    def does(self, who: str, act: Any, *given: Any, **named: Any) -> Any:
        """Let a person try something about this case; every service takes the case or a thing of it first."""
        return self.play.attempt(act, self.play.people[who], *given, **named)

    def about(self, who: str, act: Any, *given: Any, **named: Any) -> Any:
        return self.does(who, act, self.play.case_id, *given, **named)

    @rule(by=st.sampled_from(WAITS))
    def wait(self, by: timedelta) -> None:
        self.play.now += by

    @rule(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=3))
    def the_procedure_takes_steps_twice(self, steps: list[Any]) -> None:
        for step in (*steps, *steps):
            self.play.attempt(step, self.play.case_id)

    @rule()
    def the_procedure_takes_every_step(self) -> None:
        for step in STEPS:
            self.play.attempt(step, self.play.case_id)

    @rule(more=st.integers(1, 3))
    def somebody_does_what_is_due(self, more: int) -> None:
        """Without this, chance alone would hardly ever come as far as a decision."""
        for _ in range(more):
            for act, given in DUE.get(self.case().state, ()):
                getattr(self, act)(**given)
                self.judge()
            self.the_procedure_takes_every_step()

    @rule()
    def somebody_else_does_what_is_due(self) -> None:
        self.somebody_does_what_is_due(1)
