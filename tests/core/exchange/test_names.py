"""A part's name says what it is to a person and means nothing to a computer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange.names import BIDI_CONTROLS, are_distinct, name_fault

FIT = [
    "a",
    "Résumé.json",
    "报告 2.pdf",
    "تقرير.pdf",
    "x" * 120,
    "é" * 90,
    ".x"[1:],
    "a.b.c",
    "CONSENT.pdf",
    "COM10.txt",
]
UNFIT = {
    "name_length": ["", "x" * 121, "é" * 91, "\ud800"],
    "name_control": ["a\x00b", "a\nb", "a\x7f", "a\x85b", "a\u2028b", "\t"],
    "name_sign": ["a/b", "..\\b", "c:x", "a*", "a?", 'a"b', "<a", "a>", "a|b", "../../etc/passwd"],
    "name_bidi": [f"a{sign}fdp.exe" for sign in sorted(BIDI_CONTROLS)],
    "name_edge": [".", "..", " a", "a ", ".a", "a.", "\u00a0a", "a\u3000"],
    "name_device": ["CON", "nul", "Aux.txt", "com1", "LPT9.pdf", "COM¹.pdf", "NUL .txt", "conin$", "prn.tar.gz"],
}  # fmt: skip


@pytest.mark.parametrize("name", FIT, ids=range(len(FIT)))
def test_names_of_every_language_may_be_used(name: str) -> None:
    assert name_fault(name) is None


@pytest.mark.threat("TT34")
@pytest.mark.parametrize("fault", UNFIT)
def test_a_name_that_hides_or_means_something_is_refused(fault: str) -> None:
    assert {name: name_fault(name) for name in UNFIT[fault]} == dict.fromkeys(UNFIT[fault], fault)


@pytest.mark.threat("TT34")
def test_names_that_differ_only_in_case_or_form_are_the_same() -> None:
    for one, other in (
        ("a.pdf", "A.PDF"),
        ("é", "e\u0301"),
        ("ﬁle", "FILE"),
        ("ß", "SS"),
        ("①", "1"),
    ):
        assert not are_distinct([one, "x", other])
    assert are_distinct(["a", "b", "á"])


@given(st.text(max_size=130))
def test_a_name_without_fault_is_safe_everywhere(name: str) -> None:
    if name_fault(name) is None:
        assert 1 <= len(name) <= 120
        assert len(name.encode()) <= 180
        assert not set('/\\:*?"<>|\x00\n\r') & set(name)
        assert name.strip(" .") == name
