"""Codes of one language meet, however they were written down; those of different languages do not."""

import pytest

from core.languages import MOST_KNOWN, asked_for, best_of, language, languages, locale_of
from core.packs.lookup import countries, pack_of, versions


@pytest.mark.rule("R10")
@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("sw", "sw"), ("swa", "sw"), ("SWH", "sw"), ("swc", "sw"), ("sw-KE", "sw"), ("sw_KE", "sw"),
        ("fra", "fr"), ("fre", "fr"), ("nya", "ny"), ("ara", "ar"), ("arb", "ar"), ("hat", "ht"),
        ("bem", "bem"), ("loz", "loz"), ("mam", "mam"), (" en ", "en"), ("qqq", "qqq"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_language_has_one_form(written: str, form: str) -> None:
    assert language(written) == form
    assert language(form) == form


@pytest.mark.rule("R10")
def test_neighbours_stay_languages_of_their_own() -> None:
    assert len(languages(["bem", "nya", "loz", "lua", "ln", "kg", "sw", "st", "nso"])) == 9


def test_a_language_named_twice_counts_once_and_an_empty_one_never() -> None:
    assert languages(["sw", "swa", "", "  "]) == {"sw"}


def test_no_two_languages_of_a_pack_are_the_same() -> None:
    packs = [pack_of(country, no) for country in countries() for no in versions(country)]
    assert packs
    for pack in packs:
        named = [*pack.languages.screens, *pack.languages.child_notes]
        assert len(languages(named)) == len(set(named)), pack.reference


def test_what_strangers_send_as_their_language_fills_no_memory() -> None:
    for number in range(MOST_KNOWN + 500):
        best_of(asked_for(f"x{number};q=0.5"), ("en", "fr"))

    assert language.cache_info().currsize <= MOST_KNOWN


@pytest.mark.parametrize(
    "tag", ["fr-\xe9\xe9", "fr-..", "fr-./", "fr-C\x85", "fr--", "fr-ZZ", "fr"]
)
def test_a_place_that_is_none_changes_nothing_of_how_days_are_written(tag: str) -> None:
    assert str(locale_of("fr", "", [tag])) == "fr"
