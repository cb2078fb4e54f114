"""Codes of one language meet, however they were written down; those of different languages do not."""

import pytest

from core.languages import language, languages
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
