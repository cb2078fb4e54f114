"""Prefect away: the cases move all the same, and the status page says so."""

import asyncio
from datetime import timedelta

import pytest

from core.carrier import CarrierState
from core.db import Database
from tests.builders.procedure import a_team, an_approved_assessment
from tests.conftest import NOON
from tests.workflows.test_procedure import state_of
from workflows.carrier import Breaker, Carrier


def test_breaker_lets_nothing_through_until_its_pause_is_over() -> None:
    breaker = Breaker(timedelta(seconds=20))

    breaker.failed(NOON)

    assert not breaker.lets_through(NOON + timedelta(seconds=19))
    assert breaker.lets_through(NOON + timedelta(seconds=20))


def test_answer_closes_the_breaker() -> None:
    breaker = Breaker(timedelta(seconds=20))
    breaker.failed(NOON)

    breaker.answered()

    assert breaker.lets_through(NOON)


@pytest.mark.prefect
def test_case_moves_while_prefect_is_away_and_the_next_does_not_wait_for_it(
    standing: Database,
) -> None:
    from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    with standing.unit_of_work() as session:
        team = a_team(session)
        an_approved_assessment(session, team, considered=("services_only",), bid_required=False)
    carrier = Carrier()

    nobody = {PREFECT_API_URL: "http://127.0.0.1:9/api", PREFECT_CLIENT_MAX_RETRIES: 0}
    with temporary_settings(nobody):
        asyncio.run(carrier.advance(team.case_id))  # it never got as far as a client

    assert state_of(standing, team.case_id) == "planned"
    assert not carrier.by_prefect
    assert carrier.status.report()["procedure"] == CarrierState.PLAIN.value
