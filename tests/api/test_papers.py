"""Papers over HTTP: for whoever may read the record, as a file whose name says nothing about anybody."""

from typing import Any

import pytest

from core.papers.proof import read_proof
from tests.api.deciding import Story, story
from tests.api.test_minutes import ended, signed
from tests.builders.papers import words_on

__all__ = ["story"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def papers_of(story: Story) -> dict[str, tuple[str, str]]:
    """Address of every paper of a decided case, and somebody who may print it."""
    minutes = signed(story, ended(story)).rpartition("/")[2]
    decision = story.decision.rpartition("/")[2]
    sitting = story.court.sitting_id
    return {
        f"/papers/decision-letter/{decision}": ("guardian", "decision-letter"),
        f"/papers/child-page/{decision}": ("worker", "child-page"),
        f"/papers/agenda/{sitting}": ("secretary", "agenda"),
        f"/papers/minutes/{minutes}": ("chair", "minutes"),
        f"/papers/bid-report/{story.case_id}": ("supervisor", "bid-report"),
        f"/papers/hearing-bundle/{sitting}": ("police", "hearing-bundle"),
    }


def found(story: Story, person: str, address: str) -> Any:
    return story.send(person, "GET", address)


@pytest.mark.rule("R49", "R50")
def test_every_paper_comes_as_a_file_for_whoever_may_read_and_for_nobody_else(story: Story) -> None:
    for address, (person, kind) in papers_of(story).items():
        answer = found(story, person, address)

        assert answer.status_code == 200, address
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith(f'attachment; filename="{kind}-')
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.content.startswith(b"%PDF-1.7")
        assert found(story, "stranger", address).status_code == 404, address


def test_the_code_on_a_paper_answers_on_the_public_page(story: Story) -> None:
    story.begin()
    story.in_force()
    letter = found(
        story, "guardian", f"/papers/decision-letter/{story.decision.rpartition('/')[2]}"
    )
    code = letter.headers["content-disposition"].removesuffix('.pdf"')[-14:]

    checked = story.send("stranger", "GET", f"/paper-checks/{code}").json()

    assert code in words_on(letter.content)
    assert (checked["standing"], checked["kind"]) == ("genuine", "decision_letter")


def test_a_paper_names_the_page_of_this_installation_and_carries_no_proof_without_keys(
    story: Story,
) -> None:
    story.begin()
    story.in_force()
    settings = story._app.state.settings
    story._app.state.settings = settings.model_copy(
        update={"public_url": "https://papers.example.org/"}
    )

    letter = found(
        story, "guardian", f"/papers/decision-letter/{story.decision.rpartition('/')[2]}"
    )

    assert "https://papers.example.org/check" in words_on(letter.content)
    assert read_proof(letter.content) is None


@pytest.mark.parametrize("language", ["e", "../../etc", "en;fr", "x" * 30])
def test_a_language_that_is_none_is_refused_in_words(story: Story, language: str) -> None:
    story.begin()
    story.in_force()

    answer = story.send(
        "guardian", "GET",
        f"/papers/decision-letter/{story.decision.rpartition('/')[2]}?language={language}",
    )  # fmt: skip

    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
