"""Trust takes two people and two ways; distrust takes one."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from core.errors import NotAllowed, WrongState
from tests.builders.exchange import NAMIBIA, anchor_of
from tests.transfers.oracle import Said, story
from transfers.rules.partnership import Act, Channel, Standing, State, after, heard_right, shown

PROPOSED = Standing(State.PROPOSED)
TRIES = st.lists(
    st.builds(
        Said,
        act=st.sampled_from([act.value for act in Act]),
        who=st.sampled_from(["agnes", "bwalya", "chanda"]),
        way=st.sampled_from(["letter", "video"]),
    ),
    max_size=14,
)


def after_all(tries: list[Said]) -> tuple[str, list[bool]]:
    standing, counted = PROPOSED, []
    for one in tries:
        channel = Channel(one.way) if one.act == Act.CONFIRM else None
        try:
            standing = after(standing, Act(one.act), one.who, channel=channel)
        except (WrongState, NotAllowed):
            counted.append(False)
        else:
            counted.append(True)
    return standing.state.value, counted


@pytest.mark.threat("TT21")
@given(tries=TRIES)
@settings(max_examples=600)
def test_partners_stand_where_the_whole_story_puts_them(tries: list[Said]) -> None:
    assert after_all(tries) == story(tries)


@given(tries=TRIES)
@pytest.mark.threat("TT21")
def test_no_single_person_and_no_single_way_ever_makes_a_partner_active(tries: list[Said]) -> None:
    alone = [one._replace(who="agnes") for one in tries]
    one_way = [one._replace(way="letter") for one in tries]

    assert after_all(alone)[0] != "active"
    assert after_all(one_way)[0] in {"proposed", "half_confirmed", "revoked"}


def test_a_partner_that_was_ended_never_comes_back() -> None:
    ended = Standing(State.REVOKED)

    for act in Act:
        with pytest.raises(WrongState):
            after(ended, act, "agnes", channel=Channel.LETTER)


def test_whoever_asks_for_the_end_starts_anew_after_a_wish_to_resume() -> None:
    half = after(Standing(State.SUSPENDED), Act.RESUME, "agnes")
    other = after(half, Act.REVOKE, "bwalya")

    assert other.state is State.SUSPENDED
    assert after(other, Act.RESUME, "chanda").state is State.SUSPENDED
    assert after(other, Act.REVOKE, "agnes").state is State.REVOKED


@pytest.mark.threat("TT21")
def test_only_the_last_two_groups_as_heard_are_right_and_no_screen_shows_them() -> None:
    whole = anchor_of(NAMIBIA).public.fingerprint()

    assert heard_right(whole, whole[-2:])
    for typed in ((), whole[:2], whole[-1:], (whole[-1], whole[-2]), whole, ("00000", whole[-1])):
        assert not heard_right(whole, typed) or typed == whole[-2:]
    assert shown(whole) == whole[:10]
