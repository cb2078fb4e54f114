from panels.rules.similarity import similar_decisions, similarity_percent

REASONS = (
    "The child spoke of an aunt in the valley and wishes to live with her. The house was seen and "
    "is safe. The family cared for the child before. School goes on in the same language."
)


def test_copied_reasons_are_flagged_whatever_their_punctuation():
    copied = REASONS.upper().replace(".", ";\n")

    assert similar_decisions(REASONS, {"d1": copied}, above_percent=80) == (("d1", 100),)


def test_one_changed_name_does_not_hide_a_copy():
    assert similar_decisions(REASONS, {"d1": REASONS.replace("aunt", "uncle")}, above_percent=80)


def test_reasons_of_their_own_are_not_flagged():
    own = (
        "He asked to stay near the clinic where his leg is treated. No relative was found after "
        "four months of tracing. The foster parents speak his language and want him to stay."
    )

    assert not similar_decisions(REASONS, {"d1": own}, above_percent=80)


def test_the_most_alike_comes_first_and_empty_texts_are_alike_to_nothing():
    found = similar_decisions(
        REASONS, {"d1": REASONS.replace("aunt", "uncle"), "d2": REASONS, "d3": ""}, above_percent=80
    )

    assert [decision for decision, _ in found] == ["d2", "d1"]
    assert similarity_percent("", "") == 0
    assert similar_decisions("", {"d1": ""}, above_percent=80) == ()
