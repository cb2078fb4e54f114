from datetime import timedelta

import pytest

from panels.rules.communication import Conversation, Listener, may_be_communicated
from tests.builders.determinations import NOON, a_conversation, a_listener

LATER = NOON + timedelta(days=2)


def codes(talk: Conversation, child: Listener | None = None) -> list[str]:
    return [gap.code for gap in may_be_communicated(talk, child or a_listener(), now=LATER).gaps]


@pytest.mark.rule("R9")
def test_a_child_told_in_an_own_language_with_every_route_explained_was_told():
    assert not codes(a_conversation())


@pytest.mark.rule("R9")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"language": "en"}, "language_not_understood"),
        ({"complaint_route_explained": False}, "complaint_route_not_explained"),
        ({"appeal_route_explained": False}, "appeal_route_not_explained"),
        ({"note": "ok"}, "child_note_missing"),
        ({"explained_by": ""}, "explainer_missing"),
        ({"present": ()}, "present_missing"),
        ({"reaction_words": " "}, "reaction_missing"),
        ({"told_at": NOON - timedelta(hours=1)}, "told_before_decision"),
        ({"told_at": LATER + timedelta(hours=1)}, "told_in_the_future"),
    ],
)
def test_a_talk_that_leaves_something_out_does_not_count(changes, code):
    assert codes(a_conversation(**changes)) == [code]


@pytest.mark.rule("R9")
@pytest.mark.parametrize("written", ["swa", "swh", "sw-KE"])
def test_a_child_told_in_an_own_language_was_told_however_its_code_was_written(written):
    assert not codes(a_conversation(language=written))


@pytest.mark.rule("R9")
def test_nobody_is_told_an_unsigned_decision():
    assert codes(a_conversation(), a_listener(sealed_at=None)) == ["decision_not_signed"]


@pytest.mark.rule("R10")
def test_a_child_who_needs_an_interpreter_has_one_under_undertaking():
    child = a_listener(interpreter_needed=True)

    assert codes(a_conversation(), child) == ["talk_interpreter_missing"]
    assert codes(a_conversation(interpreter="person-i"), child) == [
        "interpreter_without_undertaking"
    ]
    assert not codes(
        a_conversation(interpreter="person-i", interpreter_has_undertaking=True), child
    )
