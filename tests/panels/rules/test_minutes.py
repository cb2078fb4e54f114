from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panels.rules.minutes import may_correct, may_sign, verify
from panels.rules.sealing import canonical, differences, seal_hash

RECORD: dict[str, Any] = {
    "items": [{"id": "i1", "votes": {"v1": "option-1", "v2": "option-2"}}],
    "present": 4,
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
RECORDS = st.dictionaries(st.text(max_size=4), VALUES, max_size=4)


@pytest.mark.rule("R22")
def test_minutes_that_nobody_touched_verify():
    assert verify(seal_hash(RECORD), RECORD, deepcopy(RECORD)).holds


@pytest.mark.rule("R22")
def test_a_vote_changed_after_signing_is_named():
    changed = deepcopy(RECORD)
    changed["items"][0]["votes"]["v2"] = "option-1"

    found = verify(seal_hash(RECORD), RECORD, changed)

    assert not found.holds
    assert found.differing == ("/items/0/votes/v2",)


@pytest.mark.rule("R22")
def test_a_changed_sealed_copy_is_noticed_even_when_the_rows_agree_with_it():
    changed = {**RECORD, "present": 3}

    found = verify(seal_hash(RECORD), changed, changed)

    assert not found.holds
    assert found.differing == ("/sealed_copy",)


@given(RECORDS)
def test_the_order_in_which_a_record_was_put_together_does_not_matter(record):
    assert seal_hash(record) == seal_hash(dict(reversed(record.items())))
    assert not differences(record, deepcopy(record))


@given(RECORDS, RECORDS)
def test_two_records_have_one_hash_only_if_they_are_the_same(one, other):
    assert (seal_hash(one) == seal_hash(other)) == (canonical(one) == canonical(other))


@pytest.mark.parametrize("value", [1.5, date(2026, 1, 1), b"x", {1, 2}])
def test_only_plain_values_are_sealed(value):
    with pytest.raises(TypeError):
        seal_hash({"value": value})


def sign_codes(
    role: str = "chair",
    signer: str = "c",
    already: tuple[str, ...] = (),
    undecided: int = 0,
    unsigned: int = 0,
) -> list[str]:
    found = may_sign(
        role=role, signer=signer, already=already, undecided=undecided, unsigned=unsigned
    )
    return [gap.code for gap in found.gaps]


def test_chair_and_secretary_sign_and_they_are_two_people():
    assert not sign_codes()
    assert not sign_codes(role="secretary", signer="s", already=("c",))
    assert sign_codes(role="secretary", signer="c", already=("c",)) == ["same_person_signs_twice"]
    assert sign_codes(role="member") == ["signer_is_not_chair_or_secretary"]


def test_minutes_wait_for_every_item_and_every_signed_decision():
    assert sign_codes(undecided=1) == ["items_still_open"]
    assert sign_codes(unsigned=2) == ["decisions_unsigned"]


@pytest.mark.rule("R22")
def test_signed_minutes_are_corrected_by_a_new_version_with_a_reason():
    assert may_correct(
        is_signed=True, reason="The arrival of one member was noted late."
    ).is_possible
    assert not may_correct(is_signed=True, reason="typo").is_possible
    assert not may_correct(is_signed=False, reason="The arrival was noted late.").is_possible
