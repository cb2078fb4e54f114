"""Consent, assent, what the child withholds, overrides: whether something may be told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import SamePersonApproves
from cases.rules.access import Level
from cases.rules.consent import (
    Assent,
    Consent,
    GivenBy,
    LegalBasis,
    Override,
    Receiver,
    Request,
    SharingPurpose,
    Withhold,
    WithholdReason,
    may_disclose,
)
from cases.service import consents, details, overrides, withholding
from cases.service.access import reach_of
from cases.service.consent_views import show_consents
from cases.service.consents import NewConsent
from cases.service.guardians import GuardianKind, NewGuardian, appoint_guardian
from core.actors import Role
from core.errors import BadInput, NotThere, StaleWrite, WrongState
from tests.builders.cases import (
    a_caseworker,
    a_person_on_own_cases,
    a_registered_case,
    a_supervisor,
)

DAY = date(2026, 3, 2)
ITEMS = frozenset({"age_band", "languages", "family_links"})
REQUEST = Request(SharingPurpose.CROSS_BORDER_SUMMARY, Receiver.PARTNER_COUNTRY, ITEMS, DAY, "NA")
CONSENT = Consent(
    GivenBy.CHILD,
    Assent.YES,
    frozenset({"cross_border_summary"}),
    frozenset({"partner_country"}),
    frozenset({"NA"}),
)
NEW = NewConsent(
    GivenBy.CHILD, Assent.YES, DAY,
    purposes=("cross_border_summary",), share_with=("partner_country",), partners=("NA",),
)  # fmt: skip


def gaps(disclosure: Any) -> Any:
    return [gap.code for gap in disclosure.answer.gaps]


@pytest.mark.rule("R48")
def test_a_consent_that_names_purpose_receiver_and_country_lets_everything_asked_through():
    found = may_disclose(REQUEST, consents=[CONSENT])

    assert (found.items, found.by_override) == (ITEMS, False)


@pytest.mark.rule("R48")
@pytest.mark.parametrize(
    "consent",
    [
        replace(CONSENT, purposes=frozenset({"statistics"})),
        replace(CONSENT, share_with=frozenset({"family"})),
        replace(CONSENT, partners=frozenset({"ZW"})),
        replace(CONSENT, expires_on=DAY - timedelta(days=1)),
        replace(CONSENT, is_withdrawn=True),
        replace(CONSENT, assent=Assent.NO),
    ],
)
def test_a_consent_for_something_else_or_no_longer_good_lets_nothing_through(consent):
    found = may_disclose(REQUEST, consents=[consent])

    assert gaps(found) == ["consent_missing"]
    assert found.items == frozenset()


@pytest.mark.rule("R48")
@pytest.mark.parametrize("from_whom", ["NA", "partner_country", "everybody"])
def test_what_the_child_withholds_is_taken_out_although_the_consent_covers_it(from_whom):
    found = may_disclose(
        REQUEST, consents=[CONSENT], withheld=[Withhold("family_links", from_whom)]
    )

    assert found.items == ITEMS - {"family_links"}
    assert found.withheld == {"family_links"}


@pytest.mark.rule("R48")
def test_an_override_carries_what_consent_does_not_and_still_honours_what_is_withheld():
    override = Override("cross_border_summary", "NA", DAY)

    found = may_disclose(
        REQUEST, consents=[], overrides=[override], withheld=[Withhold("languages", "NA")]
    )

    assert found.by_override
    assert found.items == ITEMS - {"languages"}


@pytest.mark.rule("R47")
@given(
    consent=st.builds(
        Consent,
        st.sampled_from(GivenBy), st.just(Assent.YES), st.just(CONSENT.purposes),
        st.just(CONSENT.share_with), st.just(CONSENT.partners),
    ),
    overridden=st.booleans(),
)  # fmt: skip
def test_danger_blocks_everything_whatever_was_signed(consent, overridden):
    override = [Override("cross_border_summary", "NA", DAY)] if overridden else []

    found = may_disclose(REQUEST, consents=[consent], overrides=override, danger=True)

    assert "sharing_endangers" in gaps(found)
    assert found.items == frozenset()


@given(st.lists(st.builds(Withhold, st.sampled_from(sorted(ITEMS)), st.sampled_from(["NA", "ZW"]))))
def test_withholding_more_never_tells_more(withheld):
    few = may_disclose(REQUEST, consents=[CONSENT], withheld=withheld[:1])
    more = may_disclose(REQUEST, consents=[CONSENT], withheld=withheld)

    assert more.items <= few.items
    assert more.items | more.withheld == ITEMS


@pytest.mark.rule("R48")
def test_withdrawal_stops_further_sharing_at_once(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    kept = consents.record_consent(session, worker, row.id, NEW, now=now)
    assert consents.may_disclose(session, row.id, REQUEST).answer.is_possible

    consents.withdraw_consent(session, worker, row.id, kept, now=now)
    consents.withdraw_consent(session, worker, row.id, kept, now=now)

    assert gaps(consents.may_disclose(session, row.id, REQUEST)) == ["consent_missing"]
    assert not consents.has_consent(session, row.id)


@pytest.mark.rule("R47")
def test_a_danger_flag_on_file_blocks_sharing_until_it_is_lifted(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    consents.record_consent(session, worker, row.id, NEW, now=now)

    details.flag_danger(session, worker, row.id, reason="relative at risk", now=now)

    assert gaps(consents.may_disclose(session, row.id, REQUEST)) == ["sharing_endangers"]
    details.clear_danger(session, a_supervisor(), row.id, now=now)
    assert consents.may_disclose(session, row.id, REQUEST).answer.is_possible


@pytest.mark.rule("R48")
def test_sharing_without_consent_needs_the_reasons_of_one_and_the_word_of_another(session, now):
    supervisor = a_supervisor()
    row = a_registered_case(session, owner=a_caseworker(), supervisor=supervisor)
    asked = overrides.ask_override(
        session, supervisor, row.id, purpose=SharingPurpose.CROSS_BORDER_SUMMARY, receiver="NA",
        legal_basis=LegalBasis.VITAL_INTERESTS, reason="mother is in hospital there",
        child_told=True, expires_on=DAY, now=now,
    )  # fmt: skip

    with pytest.raises(SamePersonApproves):
        overrides.answer_override(session, supervisor, row.id, asked, approve=True, now=now)
    assert not consents.may_disclose(session, row.id, REQUEST).answer.is_possible
    overrides.answer_override(session, a_supervisor(), row.id, asked, approve=True, now=now)

    assert consents.may_disclose(session, row.id, REQUEST).by_override
    with pytest.raises(WrongState):
        overrides.answer_override(session, a_supervisor(), row.id, asked, approve=False, now=now)


def test_a_child_who_could_not_answer_needs_a_reason(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)

    with pytest.raises(BadInput):
        consents.record_consent(
            session, worker, row.id, replace(NEW, assent=Assent.NOT_ABLE), now=now
        )


def test_the_words_of_a_consent_are_sealed_and_shown_to_those_with_the_file(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    consents.record_consent(session, worker, row.id, replace(NEW, words="not to my uncle"), now=now)
    withholding.withhold(
        session, worker, row.id, item="family_links", from_whom="NA",
        reason=WithholdReason.FEAR_OF_HARM, words="uncle is there", now=now,
    )  # fmt: skip

    given_, withheld, _ = show_consents(session, worker, row.id, now=now)

    assert given_[0].words == "not to my uncle"
    assert withheld[0].words == "uncle is there"
    assert consents.may_disclose(session, row.id, REQUEST).withheld == {"family_links"}
    with pytest.raises(NotThere):
        show_consents(session, a_caseworker(), row.id, now=now)


def test_a_consent_somebody_else_changed_is_not_withdrawn_blindly(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    kept = consents.record_consent(session, worker, row.id, NEW, now=now)

    with pytest.raises(StaleWrite):
        consents.withdraw_consent(session, worker, row.id, kept, expected_version=7, now=now)


def test_a_child_who_objects_closes_highly_sensitive_parts_to_the_guardian_at_once(session, now):
    worker, guardian = a_caseworker(), a_person_on_own_cases(Role.GUARDIAN)
    row = a_registered_case(session, owner=worker, sensitive={"hiv_status": "known"})
    appoint_guardian(
        session, a_supervisor(), row.id,
        NewGuardian(GuardianKind.GUARDIAN, "Grace", "097", "court", DAY, independent=True,
                    person_id=guardian.person_id),
        now=now,
    )  # fmt: skip
    assert reach_of(session, guardian, row.id, now=now).level is Level.SENSITIVE

    kept = withholding.withhold(
        session, worker, row.id, item="highly_sensitive", from_whom="guardian",
        reason=WithholdReason.WANTS_TO_TELL_PERSONALLY, now=now,
    )  # fmt: skip

    assert reach_of(session, guardian, row.id, now=now).level is Level.FULL
    withholding.lift_withhold(session, worker, row.id, kept, now=now)
    assert reach_of(session, guardian, row.id, now=now).level is Level.SENSITIVE
