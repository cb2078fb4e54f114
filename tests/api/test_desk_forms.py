"""Hours as people write them in the forms of pages."""

from datetime import UTC, datetime, time

import pytest

from api.desk.forms import chosen, hour_in, moment_in, number_in
from core.errors import BadInput
from panels.rules.items import Invited


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("09:30", time(9, 30)),
        ("9.30", time(9, 30)),
        (" 14:05 ", time(14, 5)),
        ("2:05 pm", time(14, 5)),
        ("12:00 AM", time(0, 0)),
        ("12:15 p.m.", time(12, 15)),
    ],
)
def test_an_hour_is_read_as_it_is_written_on_either_clock(written: str, meant: time) -> None:
    assert hour_in({"at": written}, "at") == meant


@pytest.mark.parametrize(
    "written", ["", "nine", "25:00", "9", "13:00 pm", "0:10 am", "9:7", "٩:٣٠"]
)
def test_what_is_no_hour_is_said_at_its_field(written: str) -> None:
    with pytest.raises(BadInput) as refused:
        hour_in({"at": written}, "at")

    assert (refused.value.pointer, refused.value.code) == ("/at", "hour_needed")


def test_a_day_and_an_hour_are_those_of_the_office() -> None:
    form = {"on-day": "30", "on-month": "3", "on-year": "2026", "at": "9:00 am"}

    assert moment_in(form, "on", "at", "Africa/Lusaka") == datetime(2026, 3, 30, 7, tzinfo=UTC)
    with pytest.raises(BadInput):
        moment_in({**form, "on-month": "13"}, "on", "at", "Africa/Lusaka")


def test_numbers_and_choices_that_are_none_are_nothing() -> None:
    assert [number_in({"n": text}, "n") for text in ("12", " 7 ", "-1", "1e3", "", "9" * 40)] == [
        12, 7, 0, 0, 0, 0,
    ]  # fmt: skip
    assert chosen(Invited, {"kind": "guardian"}, "kind") is Invited.GUARDIAN
    with pytest.raises(BadInput):
        chosen(Invited, {"kind": "nobody"}, "kind")
