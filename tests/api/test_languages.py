"""Refusals and notices in the language of whoever reads them: no hole, no other fact, and the right one is chosen."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.problems import reading
from api.problems.catalogue import detail_of, gap_sentence, problem_of, words_of_value
from api.problems.notices import words_for
from api.problems.translated import english
from cases.rules.machine import CaseState
from cases.rules.reports import FactorGroup, Outcome
from cli.refusals import language_of, words_of
from core.actors import Role
from core.errors import BadInput, Gap, Incomplete, NotAllowed, NotThere, WrongState
from core.languages import asked_for, best_of, locale_of
from panels.rules.items import ItemState
from panels.rules.sittings import SittingState
from transfers.rules.machine import TransferState

ROOT = Path(__file__).resolve().parents[2]
SPOKEN = ("es", "fr", "pt")
FACT = re.compile(r"\{(\w+)\}")
MAY_BE_LEFT_OUT = {"act"}
"""A step of the procedure by its code: no words for people in any language."""


def _said(code: str) -> Mapping[str, str]:
    return {
        key: text for key, text in reading.spoken()[code].items() if not key.startswith("code.")
    }


def _codes(code: str) -> set[str]:
    return {key for key in reading.spoken()[code] if key.startswith("code.")}


@pytest.mark.parametrize("code", SPOKEN)
def test_every_refusal_and_notice_is_said_in_every_language(code: str) -> None:
    said = _said(code)

    assert len(said) > 800
    assert set(english()) - set(said) == set()
    assert set(said) - set(english()) == set()
    assert [key for key, text in said.items() if not text.strip()] == []


@pytest.mark.parametrize("code", SPOKEN)
def test_a_sentence_tells_the_same_facts_in_every_language(code: str) -> None:
    ours = english()
    told = {key: sorted(FACT.findall(text)) for key, text in _said(code).items()}

    other = {
        key: found
        for key, found in told.items()
        if found != [one for one in sorted(FACT.findall(ours[key])) if one in found]
        or set(FACT.findall(ours[key])) - set(found) - MAY_BE_LEFT_OUT
    }

    assert other == {}


@pytest.mark.parametrize("code", SPOKEN)
def test_no_sentence_was_left_in_english(code: str) -> None:
    said, ours = _said(code), english()
    words = {key for key, text in ours.items() if len(FACT.sub("", text).split()) > 3}

    assert {key for key in words if said[key] == ours[key]} == set()


def test_codes_in_a_sentence_have_words_in_every_language() -> None:
    shown = {*CaseState, *ItemState, *SittingState, *TransferState, *Outcome, *FactorGroup, *Role}
    needed = {f"code.{one}" for one in shown} | {f"code.{one}" for one in _written_states()}

    assert len(needed) > 130
    for code in SPOKEN:
        assert needed - _codes(code) == set()
        assert _codes(code) == _codes("fr")


def _written_states() -> set[str]:
    """Kinds and states written out where a service says that something is not possible now."""
    found: set[str] = set()
    for folder in ("core", "cases", "panels", "transfers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "WrongState":
                    given = [*node.args[:2]]
                    given += [one.value for one in node.keywords if one.arg in {"kind", "state"}]
                    found |= {str(one.value) for one in given if isinstance(one, ast.Constant)}
    return found


def test_a_refusal_is_read_in_the_language_that_was_asked_for(client: TestClient) -> None:
    refused = client.get("/cases", headers={"Accept-Language": "sw, fr-CD;q=0.8, en;q=0.5"})
    plain = client.get("/cases")

    assert refused.headers["content-language"] == "fr"
    assert "Accept-Language" in refused.headers["vary"]
    assert refused.json()["title"] == "Connectez-vous"
    assert refused.json()["type"] == plain.json()["type"]
    assert plain.headers["content-language"] == "en"
    assert plain.json()["title"] == "Please sign in"


def test_what_no_rule_refused_is_told_in_the_same_language(client: TestClient) -> None:
    french = {"Accept-Language": "fr"}
    nul = client.post("/sign-in", content=b'{"login": "a\\u0000"}', headers=french)
    malformed = client.post("/sign-in", json={"nothing": 1}, headers=french)
    explained = client.get("/problems/stale-write", headers=french)

    assert nul.json()["title"] == "La demande n'est pas lisible"
    assert malformed.json()["title"] == "La demande n'est pas complète ou n'est pas lisible"
    assert '<html lang="fr" dir="ltr">' in explained.text
    assert "modifié cette fiche" in explained.text


def test_a_page_is_refused_in_the_language_chosen_on_it_and_the_api_in_the_one_asked_for(
    client: TestClient,
) -> None:
    client.cookies.set("bid-language", "fr")
    headers = {"Accept-Language": "en"}

    page = client.get("/desk/nothing-of-the-kind", headers=headers)
    answer = client.get("/nothing-of-the-kind", headers=headers)

    assert page.headers["content-language"] == "fr"
    assert answer.headers["content-language"] == "en"


def test_every_part_of_a_refusal_follows_its_reader() -> None:
    with reading.reading("fr", "CD"):
        assert problem_of(NotThere("case")).title == "Il n'y a rien ici"
        assert "seule une personne vote" in detail_of(NotAllowed("machine_votes")).lower()
        assert "point de l'ordre du jour : décidé" in detail_of(
            WrongState("agenda_item", "decided", "invite")
        )
        assert words_of_value("choose_one") == "Choisissez dans la liste."
        assert words_of_value("made_up").startswith("La forme")
        assert "(recherche de la famille)" in gap_sentence(
            Gap("consent_missing", {"purpose": "tracing"})
        )
    assert problem_of(NotThere("case")).title == "Nothing here"


def test_a_notice_writes_its_day_as_its_reader_does() -> None:
    with reading.reading("fr", "CD"):
        asked = words_for("deferral.question", {"due_on": "2026-03-09"})
        came = words_for("transfer.message_came", {"type": "ENQUIRY_REPLY"})
        older = words_for("topic.of_the_past", {})

    assert "9 mars 2026" in asked
    assert came.startswith("Un autre pays a écrit (un enfant) : une réponse")
    assert older == "Il y a quelque chose pour vous."


def test_notices_come_in_the_language_asked_for(client: TestClient) -> None:
    answer = client.get("/notices", headers={"Accept-Language": "pt-MZ"})

    assert answer.headers["content-language"] == "pt"


def test_a_console_is_told_in_its_own_language(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = Incomplete("share", (Gap("consent_missing", {"purpose": "tracing"}),))

    monkeypatch.setenv("BID_LANGUAGE", "fr")
    french = words_of(refusal)
    value = words_of(BadInput("/login", "not_a_login_name"))
    monkeypatch.setenv("BID_LANGUAGE", "en")
    english_words = words_of(refusal)

    assert french.startswith("Il manque encore quelque chose")
    assert "nom d'utilisateur" in value
    assert english_words.startswith("Something is still missing")


def test_the_language_of_a_console_is_its_own_before_that_of_the_system() -> None:
    assert language_of({"LANG": "fr_CD.UTF-8"}) == "fr-CD"
    assert language_of({"LANG": "fr_CD.UTF-8", "BID_LANGUAGE": "es"}) == "es"
    assert language_of({}) == ""


def test_languages_are_taken_in_the_order_of_their_weight() -> None:
    assert asked_for("en;q=0.3, pt-MZ, fr;q=0.9, es;q=0") == ["pt-MZ", "fr", "en"]
    assert asked_for("fr;q=much, ;;, *") == ["*"]
    assert best_of(["nya", "por", "en"], ["en", "pt"]) == "pt"
    assert best_of(["nya"], ["en", "pt"]) is None


def test_days_are_written_as_in_the_country_of_the_installation() -> None:
    assert str(locale_of("en", "ZM")) == "en_ZM"
    assert str(locale_of("en", "CD", ["en-US"])) == "en_GB"
    assert str(locale_of("fr", "ZM", ["fr-CD", "en-US"])) == "fr_CD"
    assert str(locale_of("pt", "MZ", ["pt-BR"])) == "pt_MZ"
    assert str(locale_of("es", "ZM", ["es"])) == "es"
