"""After a sitting: decisions read and signed, minutes written, signed by two, sealed; corrections are new versions."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import select

from cases.service import access
from core.db import Database, Session
from panels.service import sittings as sittings_service
from panels.store import minutes as minutes_store
from panels.tables.determination import DeterminationRow
from tests.api.panel_desks import Panel, field_of, words_in
from tests.builders.decided import DECIDED, recorded
from tests.builders.sittings import Court

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-")
RAW_TIME = re.compile(r"\d{4}-\d{2}-\d{2}")
SIGNERS = ("chair", "deputy", "welfare")


def _decided(session: Session) -> Court:
    """A decision that waits for signatures, in a sitting that has ended."""
    found = recorded(session)
    sittings_service.end_sitting(
        session, found.court.people["chair"], found.court.sitting_id,
        now=DECIDED + timedelta(minutes=10),
    )  # fmt: skip
    return found.court


@pytest.fixture
def panel(app: FastAPI, database: Database) -> Panel:
    panel = Panel(app, database, _decided)
    panel.at(DECIDED + timedelta(hours=1))
    return panel


def _record(panel: Panel) -> str:
    return f"/desk/sittings/{panel.court.sitting_id}/record"


def _decision(panel: Panel) -> str:
    with panel.database.unit_of_work() as session:
        row = session.exec(
            select(DeterminationRow).where(DeterminationRow.item_id == panel.court.item_id)
        ).one()
        return f"/desk/decisions/{row.id}"


def _sign(panel: Panel, *names: str) -> None:
    path = _decision(panel)
    for name in names:
        page = panel[name].get(path)
        panel[name].done(path, act="sign", content=field_of(page, "content"))


def test_each_page_says_who_has_still_to_sign_until_a_quorum_has(panel: Panel) -> None:
    before = panel["chair"].get(_record(panel))
    _sign(panel, "chair", "deputy")
    between = panel["welfare"].read(_decision(panel))
    _sign(panel, "welfare")
    after = panel["secretary"].get(_record(panel))

    assert "Read it and sign" in words_in(before)
    assert "Still to sign:" in words_in(before)
    assert "Signed by " in between
    assert between.index("Chipo Banda") < between.index("Still to sign")
    assert "Still to sign: Esther Zulu, Friday Tembo, Grace Lungu" in sorted_names(between)
    assert "Signed and in force" in words_in(after)
    assert "Print the decision letter" in words_in(after)


def sorted_names(text: str) -> str:
    """The same text with the names after 'Still to sign' in order."""
    found = re.search(r"Still to sign: ((?:\w+ \w+(?:, )?)+)", text)
    assert found
    names = sorted(" ".join(one.split()[:2]) for one in found[1].split(", "))
    return f"Still to sign: {', '.join(names)}"


def test_words_drawn_up_anew_meanwhile_are_not_signed_unread(panel: Panel) -> None:
    path = _decision(panel)
    old = field_of(panel["chair"].get(path), "content")
    page = panel["deputy"].get(path)
    fields = dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', page.text))

    new = panel["deputy"].done(
        path, act="correct", version=field_of(page, "version"),
        **{**fields, "why": "The name of the school was wrong here.",
           "interim": "Stays with the same foster family until the move."},
    )  # fmt: skip
    stale = panel["chair"].send(path, page="/desk", act="sign", content=old)
    corrected = panel["chair"].get(new)

    assert new != path
    assert stale.status_code == 409
    assert "Why this version was drawn up: The name of the school was wrong here." in words_in(
        corrected
    )
    assert "Stays with the same foster family until the move." in words_in(corrected)
    assert "Replaced by a newer version" in panel["chair"].read(path)


def test_a_correction_without_a_reason_keeps_what_was_typed(panel: Panel) -> None:
    path = _decision(panel)
    page = panel["chair"].get(path)

    refused = panel["chair"].send(
        path, act="correct", version=field_of(page, "version"), interim="With <the> aunt."
    )

    assert refused.status_code == 409
    assert "With &lt;the&gt; aunt." in refused.text
    with panel.database.unit_of_work() as session:
        assert len(session.exec(select(DeterminationRow)).all()) == 1


def test_a_decision_that_can_no_longer_be_signed_is_taken_back_with_a_reason(panel: Panel) -> None:
    path = _decision(panel)

    short = panel["chair"].send(path, act="take_back", back_reason="No.")
    panel["chair"].done(
        path, act="take_back", back_reason="Two of those who decided have left the panel."
    )

    assert short.status_code == 409
    assert "Taken back before it was in force" in panel["chair"].read(path)


@pytest.mark.rule("R22")
def test_minutes_are_drawn_up_signed_by_two_and_sealed(panel: Panel) -> None:
    path, clerk, chair = _record(panel), panel["secretary"], panel["chair"]
    clerk.done(path, act="draft")
    waiting = chair.read(path)
    panel.at(DECIDED + timedelta(hours=2))
    clerk, chair = panel["secretary"], panel["chair"]
    _sign(panel, *SIGNERS)
    draft = chair.get(path)
    send = {"minutes": field_of(draft, "minutes"), "content": field_of(draft, "content")}

    chair.done(path, act="sign", **send)
    half = clerk.get(path)
    clerk.done(path, act="sign", **send)
    sealed = clerk.read(path)
    proof = clerk.read(f"{path}?proof={send['minutes']}")

    assert "Before you can sign" in waiting
    assert [one.search(words_in(draft)) for one in (UUID, RAW_TIME)] == [None, None]
    assert "Presided by Chipo Banda" in words_in(draft)
    assert "Still to sign: Chipo Banda, who presided, the secretary of the panel" in words_in(draft)
    assert "Still to sign: the secretary of the panel" in words_in(half)
    assert "Signed and sealed" in sealed
    assert "Nothing was changed since it was signed." in proof
    assert clerk.get(f"/desk/papers/minutes/{send['minutes']}").content[:5] == b"%PDF-"


def test_signed_minutes_are_corrected_by_a_new_version_and_the_sitting_is_closed(
    panel: Panel,
) -> None:
    path, clerk, chair = _record(panel), panel["secretary"], panel["chair"]
    _sign(panel, *SIGNERS)
    clerk.done(path, act="draft")
    draft = chair.get(path)
    send = {"minutes": field_of(draft, "minutes"), "content": field_of(draft, "content")}
    chair.done(path, act="sign", **send)
    clerk.done(path, act="sign", **send)

    empty = clerk.send(path, act="correct", minutes=send["minutes"], reason="")
    clerk.done(
        path, act="correct", minutes=send["minutes"], reason="Friday Tembo came at three, not two."
    )
    both = clerk.get(path)
    clerk.done(path, act="archive", version=field_of(both, "version"))
    members = panel["police"].get(path)

    assert empty.status_code == 409
    assert "Version 2: Drawn up" in words_in(both)
    assert "Version 1: Signed and sealed" in words_in(both)
    assert members.status_code == 404
    with panel.database.unit_of_work() as session:
        assert len(minutes_store.of_sitting(session, panel.court.sitting_id)) == 2


def test_my_work_says_who_has_to_sign_and_to_write(panel: Panel) -> None:
    member, clerk = panel["police"].get("/desk"), panel["secretary"].get("/desk")

    assert "Sign a decision you took part in" in words_in(member)
    assert f'href="{_decision(panel)}"' in member.text
    assert "Draw up the minutes of the sitting of" in words_in(clerk)
    assert f'href="{_record(panel)}"' in clerk.text


@pytest.mark.rule("R14")
def test_nothing_of_a_closed_item_is_on_the_record_of_the_sitting(panel: Panel) -> None:
    court = panel.court
    assert court.team is not None
    with panel.database.unit_of_work() as session:
        access.bar(
            session, court.team.worker, case_id=court.team.case_id,
            person_id=court.people["police"].person_id, ref=court.item_id, ground="relative",
            now=DECIDED,
        )  # fmt: skip

    page = panel["police"].get(_record(panel))
    decision = panel["police"].get(_decision(panel))

    assert court.team.row.child_code not in words_in(page)
    assert decision.status_code == 404
