"""The best-interests procedure of one child, to be read from top to bottom.

It is re-entrant: it starts at the first stage that is not closed, does what has become possible,
stops at the first human act that is not on file, and ends with the name of that act. A month of
waiting is a row in our database and nothing in Prefect. Nothing is decided here: what people did
lies in the database, and every step asks the rules. Source: DOM-3.1, DOM-3.3.
"""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from cases.rules.waiting import Stage, Waiting
from cases.service import procedure as cases
from panels.service import procedure as panels
from transfers.service import procedure as transfers
from workflows.steps import carry, do, where_is, without_prefect


@flow(name="best-interests-procedure", flow_run_name="case {ref}", validate_parameters=False)
async def best_interests_procedure(ref: str) -> State[Any]:
    """Take one child's case as far as what is on file allows.

    Args:
        ref: id of the case; the only thing Prefect ever learns about it.
    """
    await do(transfers.stop_where_held, ref)
    await do(transfers.end_grants, ref)
    await do(transfers.take_back_what_was_told, ref)
    here = await where_is(ref)
    if here.stage is Stage.ASSESSMENT:
        here = await carry(assessment, ref)
    if here.stage is Stage.SITTING:
        here = await carry(sitting, ref)
    if here.stage is Stage.DECISION:
        here = await carry(decision, ref)
    if here.stage is Stage.TRANSFER_OR_PLACEMENT:
        here = await carry(transfer_or_placement, ref)
    if here.stage is Stage.FOLLOW_UP:
        here = await carry(follow_up, ref)
    return Completed(name=here.name)


@flow(name="assessment", flow_run_name="assessment {ref}", validate_parameters=False)
async def assessment(ref: str) -> None:
    """From registration to an approved assessment: a plan, or the need for a panel (R3)."""
    await do(cases.open_assessment_clocks, ref)
    await do(cases.settle_assessment, ref)


@flow(name="sitting", flow_run_name="sitting {ref}", validate_parameters=False)
async def sitting(ref: str) -> None:
    """From the report to the panel's table, and back there after a deferral."""
    await do(cases.offer_for_listing, ref)
    await do(panels.tell_secretaries, ref)
    await do(panels.call_to_sitting, ref)
    await do(panels.follow_deferral, ref)


@flow(name="decision", flow_run_name="decision {ref}", validate_parameters=False)
async def decision(ref: str) -> None:
    """From the vote to a signed decision with its time limits; telling the child is a human act."""
    await do(panels.enter_decision, ref)


@flow(name="transfer-or-placement", flow_run_name="placement {ref}", validate_parameters=False)
async def transfer_or_placement(ref: str) -> None:
    """From the decision or the plan, told and open to appeal, to every action done.

    Visits begin when the child moves in; a later assessment may still ask for a panel (R3).
    """
    await do(cases.settle_assessment, ref)
    await do(panels.open_appeal_window, ref)
    await do(cases.begin_plan, ref)
    await do(cases.plan_visits, ref)
    await do(cases.enter_follow_up, ref)


@flow(name="follow-up", flow_run_name="follow-up {ref}", validate_parameters=False)
async def follow_up(ref: str) -> None:
    """Visits and reports, occurrence by occurrence, until a supervisor approves the closure."""
    await do(cases.settle_assessment, ref)
    await do(cases.plan_visits, ref)


async def advance_plainly(ref: str) -> Waiting:
    """Do the same without Prefect: the very same functions, run as they stand."""
    with without_prefect():
        await best_interests_procedure.fn(ref)
        return await where_is(ref)
