"""One record, one paper, one code; a code says genuine, superseded or unknown and nothing about anybody."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.audit import recorded
from core.ids import new_id
from core.papers.codes import grouped, read_code
from core.papers.issuing import Checked, Issued, Standing, check, issue, retire
from core.papers.paper import Paper, text
from core.papers.proof import ended, read_proof
from core.papers.tables import IssuedPaperRow
from tests.builders.accounts import OPERATOR
from tests.builders.papers import a_desk, a_paper, signed, words_on
from tests.conftest import NOON

CASE = new_id()


def printed(session: Session, paper: Paper, *, days: int = 0, **desk: object) -> Issued:
    return issue(
        session, OPERATOR, paper, a_desk(**desk), thing_id="record-1", case_id=CASE,
        now=NOON + timedelta(days=days),
    )  # fmt: skip


def standing(session: Session, one: Issued) -> Standing:
    return check(session, grouped(one.code)).standing


def test_printing_again_gives_the_same_paper_with_the_same_code(session: Session) -> None:
    first = printed(session, a_paper())

    again = printed(session, a_paper(), days=400)

    assert again == first
    assert len(session.exec(select(IssuedPaperRow)).all()) == 1
    assert grouped(first.code) in words_on(first.content)


def test_another_word_on_a_paper_gives_another_code(session: Session) -> None:
    first = printed(session, a_paper())

    other = printed(session, a_paper(text("The child moves.")))

    assert other.code != first.code


@pytest.mark.rule("R50")
def test_every_print_is_on_record_with_who_printed_it(session: Session) -> None:
    one = printed(session, a_paper())
    printed(session, a_paper())

    rows = [entry for entry in recorded(session) if entry.action == "paper.printed"]

    assert [(row.person_id, row.case_id, row.thing) for row in rows] == [
        (OPERATOR.person_id, CASE, "decision_letter")
    ] * 2
    assert one.code in rows[0].detail


def test_a_later_edition_supersedes_the_earlier_and_not_the_other_way_round(
    session: Session,
) -> None:
    first = printed(session, a_paper())
    second = printed(session, a_paper(text("Corrected."), edition=2), days=1)

    assert standing(session, first) is Standing.SUPERSEDED
    assert standing(session, second) is Standing.GENUINE
    printed(session, a_paper(), days=2)
    assert standing(session, first) is Standing.SUPERSEDED
    assert standing(session, second) is Standing.GENUINE


def test_a_later_edition_replaces_the_earlier_in_every_language_and_for_every_reader(
    session: Session,
) -> None:
    before = [
        printed(session, a_paper(**changes))
        for changes in ({}, {"language": "fr"}, {"only_for": "person-1"})
    ]

    printed(session, a_paper(edition=2), days=1)

    assert {standing(session, one) for one in before} == {Standing.SUPERSEDED}


def test_an_old_edition_first_printed_late_is_superseded_from_the_start(session: Session) -> None:
    printed(session, a_paper(text("Corrected."), edition=2))

    late = printed(session, a_paper(), days=1)

    assert standing(session, late) is Standing.SUPERSEDED


def test_papers_in_another_language_or_for_one_reader_do_not_replace_each_other(
    session: Session,
) -> None:
    papers = [
        printed(session, a_paper(**changes))
        for changes in ({}, {"language": "fr"}, {"only_for": "person-1"}, {"series": "two"})
    ]

    assert {standing(session, one) for one in papers} == {Standing.GENUINE}
    assert len({one.code for one in papers}) == 4


def test_a_record_that_counts_no_more_takes_its_papers_with_it(session: Session) -> None:
    english, french = printed(session, a_paper()), printed(session, a_paper(language="fr"))
    mine = printed(session, a_paper(only_for="person-1"))
    other = printed(session, a_paper(series="two"))

    retire(session, kinds=("decision_letter",), series="one", now=NOON + timedelta(days=3))

    assert standing(session, english) is standing(session, french) is Standing.SUPERSEDED
    assert standing(session, mine) is Standing.SUPERSEDED
    assert standing(session, other) is Standing.GENUINE
    again = printed(session, a_paper(is_replaced=True), days=4)
    assert again.code == english.code
    assert standing(session, again) is Standing.SUPERSEDED


@pytest.mark.rule("R49")
def test_what_is_kept_and_answered_says_nothing_about_a_child(session: Session) -> None:
    one = printed(session, a_paper())

    row = session.exec(select(IssuedPaperRow)).one()

    kept = str(row.model_dump())
    assert not any(word in kept for word in ("Amani", CASE, "record-1", "one'"))
    assert check(session, one.code) == Checked(Standing.GENUINE, "decision_letter", NOON.date())
    assert "Amani" not in one.file_name


@pytest.mark.parametrize("text", ["", "ABCD", "2222-2222-2222", "x" * 5000, "2222-2222-2223"])
def test_a_code_of_no_paper_is_unknown(session: Session, text: str) -> None:
    printed(session, a_paper())

    assert check(session, text) == Checked(Standing.UNKNOWN)


def test_the_proof_is_about_the_bytes_whose_hash_is_kept(session: Session) -> None:
    one = printed(session, a_paper(), sign=signed)

    found = read_proof(one.content)

    row = session.exec(select(IssuedPaperRow)).one()
    assert found is not None
    assert found.sha256 == row.sha256
    assert read_code(one.code) == row.code


def test_the_day_on_a_paper_is_that_of_its_record_not_of_its_printing(session: Session) -> None:
    one = printed(session, replace(a_paper(), at=NOON - timedelta(days=700)), days=900)

    assert "1 April 2024" in words_on(one.content)
    assert ended(one.content)
