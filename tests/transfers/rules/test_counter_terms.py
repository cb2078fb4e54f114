"""Terms another country proposes, held against what the panel decided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfers.rules.counter_terms import Proposed, Verdict, compare, must_sit_again

DECIDED = {"outcome": "FAMILY_REUNIFICATION", "care_type": "kinship"}
WORDS = st.text(max_size=40)


@pytest.mark.rule("R33")
@pytest.mark.parametrize(
    ("what", "proposed", "verdict"),
    [
        ("care_type", "foster", Verdict.SIT_AGAIN),
        ("care_type", " Kinship ", Verdict.COVERED),
        ("outcome", "CARE_PLACEMENT", Verdict.SIT_AGAIN),
        ("timing", "at the end of term", Verdict.AGREE),
        ("follow_up", "monthly", Verdict.AGREE),
        ("costs", "shared", Verdict.AGREE),
        ("destination_place", "another region", Verdict.JUDGE),
        ("other", "a letter", Verdict.JUDGE),
    ],
)
def test_another_kind_of_care_is_another_decision_and_another_day_is_not(
    what: str, proposed: str, verdict: Verdict
) -> None:
    (found,) = compare([Proposed(what, "as decided", proposed)], **DECIDED)

    assert found.verdict is verdict


@pytest.mark.rule("R33")
@given(proposed=WORDS, what=st.sampled_from(["outcome", "care_type"]))
def test_without_a_decision_nothing_the_panel_decides_is_covered(proposed: str, what: str) -> None:
    assert must_sit_again(compare([Proposed(what, "", proposed)], outcome="", care_type=""))


@pytest.mark.rule("R33")
@given(
    terms=st.lists(
        st.builds(
            Proposed, st.sampled_from(["timing", "costs", "other", "care_type"]), WORDS, WORDS
        ),
        max_size=5,
    )
)
def test_a_further_term_never_makes_a_panel_s_sitting_unnecessary(terms: list[Proposed]) -> None:
    beyond = Proposed("care_type", "kinship", "institution")

    assert must_sit_again(compare([*terms, beyond], **DECIDED))
    assert [one.term for one in compare(terms, **DECIDED)] == terms
