"""Anybody checks a paper by its code: the answer says nothing about a child, and a guess learns nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import paper_checks
from api.public_calls import PublicCalls
from core.db import Database
from core.papers.codes import grouped
from core.papers.issuing import Issued, issue
from core.papers.paper import text
from tests.builders.accounts import OPERATOR
from tests.builders.papers import a_desk, a_paper
from tests.conftest import NOON

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
OF_NO_PAPER = "2222-2222-2222"


@pytest.fixture(autouse=True)
def _limits(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(paper_checks, "FLOOR_SECONDS", 0.001)
    before, app.state.paper_checks = app.state.paper_checks, PublicCalls()
    yield
    app.state.paper_checks = before


@pytest.fixture
def papers(database: Database) -> tuple[Issued, Issued]:
    """One that was replaced, and the one that took its place."""
    with database.unit_of_work() as session:
        first, second = (
            issue(
                session, OPERATOR, a_paper(text(f"Version {n}"), edition=n), a_desk(), thing_id="x",
                case_id=None, now=NOON + timedelta(days=n),
            )
            for n in (1, 2)
        )  # fmt: skip
    return first, second


def test_a_code_is_checked_without_an_account(
    client: TestClient, papers: tuple[Issued, Issued]
) -> None:
    old, new = (client.get(f"/paper-checks/{grouped(one.code)}").json() for one in papers)

    assert new == {
        "standing": "genuine", "kind": "decision_letter", "dated_on": "2026-03-02",
        "superseded_on": None,
    }  # fmt: skip
    assert old == new | {"standing": "superseded", "superseded_on": "2026-03-04"}


@pytest.mark.rule("R49")
def test_a_code_of_nothing_is_answered_in_the_same_form(
    client: TestClient, papers: tuple[Issued, Issued]
) -> None:
    answers = [
        client.get(f"/paper-checks/{code}")
        for code in (
            OF_NO_PAPER,
            "x",
            "' or 1=1",
            "é" * 20,
            papers[0].code[:-1],
            "%ED%A0%80",
            "%0A",
            "%F0%9F%92%A9",
        )
    ]

    assert {one.status_code for one in answers} == {200}
    assert {one.text for one in answers} == {
        '{"standing":"unknown","kind":null,"dated_on":null,"superseded_on":null}'
    }


def test_every_answer_takes_about_as_long(
    client: TestClient, papers: tuple[Issued, Issued], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_checks, "FLOOR_SECONDS", 0.1)

    taken = [
        client.get(f"/paper-checks/{code}").elapsed.total_seconds()
        for code in (papers[1].code, OF_NO_PAPER)
    ]

    assert min(taken) >= 0.1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_of_a_qr_code_says_it_in_words(
    client: TestClient, papers: tuple[Issued, Issued], language: str
) -> None:
    said = {
        "en": ("Genuine", "no longer valid", "Unknown"),
        "fr": ("Authentique", "plus valable", "Inconnu"),
    }
    headers = {"accept-language": f"{language}-ZM,en;q=0.5"}

    pages = [
        client.get(f"/check/{code}", headers=headers)
        for code in (papers[1].code, papers[0].code, OF_NO_PAPER)
    ]

    for page, word in zip(pages, said[language], strict=True):
        assert page.status_code == 200
        assert word in page.text
        assert f'lang="{language}"' in page.text
        assert "script" not in page.text
        assert "'unsafe" not in page.headers["content-security-policy"]


def test_a_typed_code_leads_to_its_page_and_markup_is_shown_as_it_is(client: TestClient) -> None:
    asked = client.get("/check", params={"code": " ABCD-2345-WXYZ "}, follow_redirects=False)
    shown = client.get("/check/%3Cscript%3Ealert(1)%3C%2Fscript%3E")

    assert (asked.status_code, asked.headers["location"]) == (303, "/check/ABCD-2345-WXYZ")
    assert "<script>" not in shown.text
    assert "&lt;script&gt;" in shown.text


def test_who_asks_too_often_waits(app: FastAPI, client: TestClient) -> None:
    app.state.paper_checks = PublicCalls(calls=1)
    client.get(f"/paper-checks/{OF_NO_PAPER}")

    slow = client.get(f"/paper-checks/{OF_NO_PAPER}")
    page = client.get(f"/check/{OF_NO_PAPER}")

    assert slow.status_code == page.status_code == 429
    assert slow.headers["retry-after"] == page.headers["retry-after"] == "60"
