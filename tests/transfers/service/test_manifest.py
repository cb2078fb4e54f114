"""The list of who travels on a day: from each child's own checklist, and nobody for the sake of a group."""

from datetime import timedelta

import pytest

from core.actors import Role
from tests.builders.cases import a_person
from tests.builders.journeys import a_request, all_found, cleared, planned
from tests.builders.requests import DAY, LEAVES
from tests.builders.transfers import Office
from transfers.rules.movement_gate import Willing
from transfers.service import manifest, travel

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HOME = ("ZM", "NA")


@pytest.mark.rule("R33")
def test_a_child_that_was_decided_accepted_and_cleared_is_on_the_list_of_that_day_alone(
    zambia: Office, namibia: Office
) -> None:
    journey = cleared(zambia, namibia)

    today = manifest.manifest(zambia.session, zambia.head, HOME, on=DAY, now=LEAVES)
    tomorrow = DAY + timedelta(days=1)
    other = manifest.manifest(zambia.session, zambia.head, HOME, on=tomorrow, now=LEAVES)

    assert [one.transfer_id for one in today.travellers] == [journey.ours]
    assert (today.left_out, other.travellers) == ((), ())


def test_a_child_nobody_cleared_is_on_no_list(zambia: Office, namibia: Office) -> None:
    journey = a_request(zambia, namibia)
    planned(journey)
    all_found(journey)

    found = manifest.manifest(zambia.session, zambia.head, HOME, on=DAY, now=LEAVES)

    assert (found.travellers, found.left_out) == ((), ())


@pytest.mark.rule("R8")
def test_a_child_who_is_unsure_after_being_cleared_is_left_out_with_the_reason(
    zambia: Office, namibia: Office
) -> None:
    journey = cleared(zambia, namibia)
    travel.record_fact(
        zambia.session, zambia.writer, journey.ours, "child_willing", Willing.UNSURE.value,
        found_on=DAY, words="Wants to wait.", now=LEAVES,
    )  # fmt: skip

    found = manifest.manifest(zambia.session, zambia.head, HOME, on=DAY, now=LEAVES)

    assert found.travellers == ()
    assert "move_child_not_willing" in {gap.code for one in found.left_out for gap in one.missing}


def test_who_is_no_officer_finds_an_empty_list(zambia: Office, namibia: Office) -> None:
    cleared(zambia, namibia)

    worker = a_person(Role.CASEWORKER)
    found = manifest.manifest(zambia.session, worker, HOME, on=DAY, now=LEAVES)

    assert (found.travellers, found.left_out) == ((), ())
