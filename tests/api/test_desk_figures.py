"""Pages of figures: numbers for those who see them, in words, and nothing that gives a child away."""

import re

import pytest
from fastapi import FastAPI

from api.desk.words import spoken
from cases.rules.children import Accompaniment, Sex
from cases.rules.indicators import FROM_CASES
from cases.rules.suppression import STANDARD, Dimension
from core.actors import Role
from core.db import Database
from tests.api.desks import Desks, desks
from tests.builders.accounts import country_wide
from tests.builders.cases import a_registered_case
from tests.conftest import NOON

__all__ = ["desks"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def _children(database: Database) -> None:
    for _ in range(6):
        with database.unit_of_work() as session:
            a_registered_case(session, now=NOON)


@pytest.mark.usefixtures("_children")
def test_the_secretariat_reads_how_many_children_by_sex_age_and_accompaniment(desks: Desks) -> None:
    client = desks.holding("t.zimba", country_wide(Role.SECRETARIAT)).client

    overview = words_of(client.get("/desk/figures?year=2026&quarter=Q1").text)
    split = words_of(client.get("/desk/figures/indicators/I1?year=2026&quarter=Q1").text)

    assert "Children in January to March 2026" in overview
    assert re.search(r"Identified 6\b", overview)
    assert "January to March 2026: 6 children." in split
    assert "By district" in split


@pytest.mark.rule("R60")
def test_a_statistician_is_told_no_number_under_five(desks: Desks, database: Database) -> None:
    with database.unit_of_work() as session:
        a_registered_case(session, now=NOON)
    client = desks.holding("s.banda", country_wide(Role.STATISTICIAN)).client

    overview = words_of(client.get("/desk/figures?year=2026&quarter=Q1").text)
    split = words_of(client.get("/desk/figures/indicators/I1?year=2026&quarter=Q1").text)

    assert re.search(r"Identified –", overview)
    assert "– children." in split
    assert not re.search(r"\b[1-4] children", split)


def test_what_two_countries_did_is_for_the_secretariat_alone(desks: Desks) -> None:
    secretariat = desks.holding("t.zimba", country_wide(Role.SECRETARIAT)).client
    statistician = desks.holding("s.banda", country_wide(Role.STATISTICIAN)).client
    address = "/desk/figures/countries/NA?year=2026&quarter=Q1"

    assert "From us to Namibia" in words_of(secretariat.get(address).text)
    assert statistician.get(address).status_code == 404
    assert "With Namibia" not in statistician.get("/desk/figures").text
    assert secretariat.get("/desk/figures/countries/XX").status_code == 422


def test_whoever_sees_no_numbers_has_no_such_page(desks: Desks) -> None:
    client = desks.of("g.phiri", Role.CASEWORKER).client

    assert client.get("/desk/figures").status_code == 403
    assert 'href="/desk/figures"' not in client.get("/desk").text


@pytest.mark.parametrize("asked", ["year=abc&quarter=Q9", "year=1999", "year=2026&quarter=Q0", ""])
def test_a_period_that_is_none_is_this_year(desks: Desks, asked: str) -> None:
    client = desks.holding("t.zimba", country_wide(Role.SECRETARIAT)).client

    assert "Children in 2026" in words_of(client.get(f"/desk/figures?{asked}").text)


def test_every_figure_has_words(app: FastAPI) -> None:
    del app
    kinds = {
        "indicator": {*FROM_CASES}, "by_sex": {*Sex}, "by_accompaniment": {*Accompaniment},
        "dimension": {*STANDARD, Dimension.DISTRICT, Dimension.NATIONALITY, Dimension.PRIORITY, "qualifies"},
        "figures_days": {"<=7", "<=30", "<=90", "<=180", ">180"},
    }  # fmt: skip

    assert {
        f"{kind}.{code}"
        for words in spoken().values()
        for kind, codes in kinds.items()
        for code in codes
        if not words.knows(kind, str(code))
    } == set()
