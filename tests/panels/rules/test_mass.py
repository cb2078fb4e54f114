"""Who is heard together and who apart: by rule, for each child, and never against a sibling."""

from hypothesis import given
from hypothesis import strategies as st

from panels.rules.mass import Apart, Candidate, apart, most_in_a_sitting, together

HOME = ("VOLUNTARY_REPATRIATION", "CD")


def a_candidate(name: str, *siblings: str, **given: object) -> Candidate:
    values = {
        "outcome": HOME[0],
        "destination": HOME[1],
        "holds": frozenset(),
        "siblings": frozenset(siblings),
    }
    return Candidate(name, **(values | given))  # type: ignore[arg-type]


def test_children_in_one_situation_are_heard_together() -> None:
    waiting = [a_candidate("a"), a_candidate("b"), a_candidate("c", destination="RW")]

    assert together(waiting) == {
        "VOLUNTARY_REPATRIATION/CD": ["a", "b"],
        "VOLUNTARY_REPATRIATION/RW": ["c"],
    }


def test_a_child_who_does_not_want_to_go_is_heard_apart_and_its_siblings_with_it() -> None:
    waiting = [
        a_candidate("a", "b", holds=frozenset({"child_unwilling"})), a_candidate("b", "a"), a_candidate("c"),
    ]  # fmt: skip

    assert apart(waiting) == {"a": (Apart.CHILD_UNWILLING,), "b": (Apart.SIBLINGS_DIFFER,)}


def test_siblings_of_different_reports_or_elsewhere_are_heard_apart() -> None:
    differ = [a_candidate("a", "b"), a_candidate("b", "a", destination="RW")]
    elsewhere = [a_candidate("a", "z")]

    assert set(apart(differ)) == {"a", "b"}
    assert apart(elsewhere) == {"a": (Apart.SIBLINGS_DIFFER,)}


def test_fear_asylum_and_no_recommendation_take_a_child_out() -> None:
    waiting = [a_candidate("a", holds=frozenset({"fear_of_return"})), a_candidate("b", outcome="")]

    assert apart(waiting) == {"a": (Apart.MOVEMENT_HELD,), "b": (Apart.NO_RECOMMENDATION,)}


@given(
    st.lists(
        st.tuples(st.sampled_from("RZ"), st.booleans(), st.sets(st.integers(0, 7), max_size=3)),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_nobody_is_heard_together_whose_sibling_is_not(
    children: list[tuple[str, bool, set[int]]],
) -> None:
    waiting = [
        a_candidate(
            str(number), *(str(one) for one in siblings if one != number), destination=f"{place}Z",
            holds=frozenset({"child_unwilling"}) if unwilling else frozenset(),
        )
        for number, (place, unwilling, siblings) in enumerate(children)
    ]  # fmt: skip

    groups = together(waiting)

    where = {case_id: name for name, found in groups.items() for case_id in found}
    assert where.keys() | apart(waiting).keys() == {one.case_id for one in waiting}
    for one in waiting:
        if one.case_id in where:
            assert all(where.get(other) == where[one.case_id] for other in one.siblings)


def test_two_sittings_a_day_keep_the_cap_of_a_day() -> None:
    assert (most_in_a_sitting(25, 2), most_in_a_sitting(25, 1), most_in_a_sitting(1, 3)) == (
        12,
        25,
        1,
    )
