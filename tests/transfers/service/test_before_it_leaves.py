"""Before anything leaves: who may write, check and sign, what they read, and to whom the file opens."""

from dataclasses import replace

import pytest

from cases.errors import RoleMayNot
from cases.service.access import reach_of
from core.actors import Role
from core.errors import BadInput, StaleWrite
from tests.builders.cases import a_person_of_the_country
from tests.builders.messages import a_body
from tests.builders.transfers import (
    WRITTEN,
    Office,
    a_child_to_tell_of,
    a_draft,
    an_enquiry,
    checked,
)
from tests.conftest import NOON
from transfers.errors import NotOurStep
from transfers.rules.codes import (
    CorridorStatus,
    MessageType,
    Round,
    TransferKind,
    TransferReason,
)
from transfers.service import corridors, drafting, messages, sending
from transfers.service.drafting import NewTransfer
from transfers.store import deliveries
from transfers.store import transfers as store


@pytest.mark.rule("R44")
def test_no_machine_signs_whatever_role_its_token_holds(zambia: Office) -> None:
    team = a_child_to_tell_of(zambia.session)
    ours = a_draft(zambia, team)
    checked(zambia, ours)

    with pytest.raises(RoleMayNot):
        sending.send(zambia.session, replace(zambia.head, is_human=False), ours, now=NOON)
    with pytest.raises(RoleMayNot):
        corridors.set_status(
            zambia.session, replace(zambia.head, is_human=False), "ZM", "NA",
            CorridorStatus.SUSPENDED, reason="Flood.", now=NOON,
        )  # fmt: skip

    assert zambia.state(ours) == "internal_check"


def test_what_keeps_a_summary_here_lists_its_own_gaps_too(zambia: Office) -> None:
    team = a_child_to_tell_of(zambia.session)
    ours = a_draft(zambia, team, reason="Amani wants to live with an aunt.")

    found = sending.what_is_missing(zambia.session, zambia.head, ours, now=NOON)

    assert {gap.code for gap in found.gaps} >= {"summary_text_names", "summary_not_checked"}


def test_words_written_since_they_were_read_are_not_overwritten_or_checked(zambia: Office) -> None:
    team = a_child_to_tell_of(zambia.session)
    ours = a_draft(zambia, team)
    row = store.find(zambia.session, ours)
    assert row is not None
    read = row.version
    drafting.write_summary(
        zambia.session, zambia.second, ours, WRITTEN, now=NOON, expected_version=read
    )

    with pytest.raises(StaleWrite):
        drafting.write_summary(
            zambia.session, zambia.writer, ours, WRITTEN, now=NOON, expected_version=read
        )
    with pytest.raises(StaleWrite):
        drafting.submit(zambia.session, zambia.writer, ours, now=NOON, expected_version=read)
    drafting.submit(zambia.session, zambia.writer, ours, now=NOON)
    with pytest.raises(StaleWrite):
        drafting.check(zambia.session, zambia.writer, ours, now=NOON, expected_version=read)


@pytest.mark.rule("R49")
@pytest.mark.threat("TT67")
def test_a_transfer_opens_the_file_to_officers_of_the_secretariat_alone(zambia: Office) -> None:
    team = a_child_to_tell_of(zambia.session)
    nobody = a_person_of_the_country(Role.ADMINISTRATOR)
    new = NewTransfer(
        "NA", Round.ENQUIRY, TransferKind.FAMILY_REUNIFICATION, TransferReason.BETTER_PLACED,
        nobody.person_id,
    )  # fmt: skip

    with pytest.raises(BadInput) as refused:
        drafting.open_transfer(zambia.session, team.coordinator, team.case_id, new, now=NOON)

    assert (refused.value.pointer, refused.value.code) == ("/officer", "not_in_secretariat")
    assert not reach_of(zambia.session, nobody, team.case_id, now=NOON).sees


@pytest.mark.rule("R26")
@pytest.mark.rule("R44")
@pytest.mark.parametrize("is_submitted", [False, True])
def test_nothing_is_told_beside_an_enquiry_that_has_not_left(
    zambia: Office, *, is_submitted: bool
) -> None:
    team = a_child_to_tell_of(zambia.session)
    ours = a_draft(zambia, team)
    if is_submitted:
        checked(zambia, ours)

    for type_ in set(MessageType) - messages.OWN_WAY - messages.AT_HOME:
        with pytest.raises(NotOurStep):
            messages.write(zambia.session, zambia.writer, ours, type_, a_body(type_), now=NOON)
    zambia.say(ours, MessageType.RESPONSIBILITY_CHANGE, at=NOON)
    zambia.say(ours, MessageType.WITHDRAW)

    assert zambia.state(ours) == "withdrawn"
    assert deliveries.to_seal(zambia.session, limit=10) == []
    _, sent, _ = an_enquiry(zambia)
    assert [one.transfer_id for one in deliveries.to_seal(zambia.session, limit=10)] == [sent]
