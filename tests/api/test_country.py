"""Officers read the rules of their own country, and of no other."""

import pytest

from core.actors import Role
from tests.api.conftest import As
from tests.builders.cases import a_caseworker, a_person_of_the_country

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # reads no row


def test_officer_reads_words_lists_and_lengths_of_the_own_country(acting: As) -> None:
    shown = acting(a_caseworker()).get("/country").json()

    assert (shown["country"], shown["bodies"]["secretariat"]) == ("ZM", "National Secretariat")
    assert shown["limits"]["D1"] == {
        "starts": "alert", "emergency": "0 hours", "high": "24 hours", "medium": "7 days",
        "low": "2 weeks", "later": None,
        "source": shown["limits"]["D1"]["source"],
    }  # fmt: skip
    assert shown["limits"]["D1"]["source"]["basis"] == "cited"
    assert shown["codes"]["closure_reasons"]["goal_met"] == "Goal met and the child is safe"
    assert {"number": "116", "name": "Child helpline"}.keys() == shown["helplines"][0].keys()
    assert shown["places"]["ZM-07-LIV"]["kind"] == "district"
    assert shown["release_of_detained"]["steps"]


def test_officer_of_another_country_reads_that_one(acting: As) -> None:
    officer = a_person_of_the_country(Role.SECRETARIAT, country="NA")

    assert acting(officer).get("/country").json()["country"] == "NA"


def test_version_that_does_not_exist_is_refused_in_words(acting: As) -> None:
    answer = acting(a_caseworker()).get("/country", params={"version": 999})

    assert answer.status_code == 404
    assert answer.json()["detail"]
