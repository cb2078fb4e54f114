"""A paper's type is set while others can write; what changes meanwhile is printed as it is then; nobody reads ahead."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select

from api import routing
from cases.tables.access import CaseAccessRow
from core import outbox
from core.audit import AuditRow
from core.db import Database
from core.papers.press import Page, the_press
from core.papers.tables import IssuedPaperRow
from panels.tables.item import ItemRow
from tests.api.deciding import Story, story
from tests.builders.papers import words_on
from tests.conftest import NOON

__all__ = ["story"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Meanwhile:
    """The press, and what somebody else does while it works."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.act, self.jobs = act, 0

    def typeset(self, template: str, paper: Mapping[str, Any], *, at: datetime) -> bytes:
        self.jobs += 1
        self.act()
        return the_press().typeset(template, paper, at=at)

    def drawn(self, file: str, load: Callable[[], bytes], *, media: str, most: int) -> list[Page]:
        return the_press().drawn(file, load, media=media, most=most)


def with_press(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> Meanwhile:
    press = Meanwhile(act)
    monkeypatch.setattr(routing, "the_press", lambda: press)
    return press


def acts(database: Database, action: str) -> int:
    with database.unit_of_work() as session:
        return len(session.exec(select(AuditRow).where(AuditRow.action == action)).all())


OPENED, PRINTED = "sitting.papers_opened", "paper.printed"


def test_others_write_while_a_paper_is_set_and_it_is_issued_once(
    story: Story, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> None:
        with database.unit_of_work() as session:
            outbox.post(
                session, topic="hold.review_due", key=f"k{press.jobs}", subject="x", now=NOON,
                payload={},
            )  # fmt: skip

    press = with_press(monkeypatch, write)
    story.begin()
    before = acts(database, OPENED)

    answer = story.send("police", "GET", f"/papers/hearing-bundle/{story.court.sitting_id}")

    assert (answer.status_code, press.jobs) == (200, 1)
    assert (acts(database, OPENED) - before, acts(database, PRINTED)) == (1, 1)


def test_what_changes_while_it_is_set_is_printed_as_it_is_then(
    story: Story, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.begin()

    def once() -> None:
        if press.jobs == 1:
            with database.unit_of_work() as session:
                item = session.get(ItemRow, story.court.item_id)
                assert item is not None
                item.priority = "low"
                session.add(item)

    press = with_press(monkeypatch, once)
    answer = story.send("secretary", "GET", f"/papers/agenda/{story.court.sitting_id}")

    assert (answer.status_code, press.jobs) == (200, 2)
    assert "Low" in words_on(answer.content)
    with database.unit_of_work() as session:
        assert len(session.exec(select(IssuedPaperRow)).all()) == 1


def test_a_record_that_never_stands_still_is_not_printed(
    story: Story, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "MOST_LOOKS", 1)
    story.begin()
    before = acts(database, OPENED)

    answer = story.send("police", "GET", f"/papers/hearing-bundle/{story.court.sitting_id}")

    assert answer.json()["type"] == "/problems/paper-kept-changing"
    assert (acts(database, OPENED), acts(database, PRINTED)) == (before, 0)


@pytest.mark.rule("R16")
def test_whoever_may_read_no_longer_when_it_is_set_gets_nothing(
    story: Story, database: Database, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.begin()
    moment = app.state.clock()

    def time_passes() -> None:
        app.state.clock = lambda: moment + timedelta(minutes=2)

    with database.unit_of_work() as session:
        for open_now in session.exec(select(CaseAccessRow)).all():
            open_now.until_at = moment + timedelta(minutes=1)
            session.add(open_now)
    before = acts(database, OPENED)
    with_press(monkeypatch, time_passes)

    answer = story.send("police", "GET", f"/papers/hearing-bundle/{story.court.sitting_id}")

    assert (acts(database, OPENED), acts(database, PRINTED)) == (before, 0)
    assert answer.status_code == 404


@pytest.mark.rule("R16")
@pytest.mark.parametrize(
    "header",
    [{"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x-moz": "prefetch"}],
)
def test_papers_asked_for_in_advance_are_not_read(
    story: Story, database: Database, header: dict[str, str]
) -> None:
    story.begin()
    before = acts(database, OPENED)
    address = f"/papers/hearing-bundle/{story.court.sitting_id}"

    who = {"x-person": "police"}
    answer = story._client.get(address, headers=who | header)
    head = story._client.head(address, headers=who)

    assert answer.json()["type"] == "/problems/opened-in-advance"
    assert head.status_code == 405
    assert acts(database, OPENED) == before > 0
