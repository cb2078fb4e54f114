"""What may cross a border item by item: nothing that is not on a list, and never more than is said."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.children import SENSITIVE_FIELDS
from transfers.rules import disclosure as rules
from transfers.rules.codes import MessageType, Redaction
from transfers.rules.disclosure import Paper

PDF = "application/pdf"
NEVER = SENSITIVE_FIELDS - rules.SENSITIVE
ITEMS = st.sampled_from(
    ["summary", "attachment.a", "attachment.b", *sorted(rules.IDENTITY)]
    + [f"sensitive.{name}" for name in sorted(rules.SENSITIVE)]
)


def codes(
    *papers: Paper, type_: MessageType = MessageType.PACKAGE, highest: str = "R3"
) -> list[str]:
    gaps = rules.document_gaps(
        papers, type_, media={PDF}, highest=Redaction(highest), largest=50, largest_of_all=100
    )
    return [gap.code for gap in gaps]


@pytest.mark.rule("R44")
@pytest.mark.rule("R45")
@pytest.mark.threat("TT50")
def test_a_field_that_is_not_on_the_list_is_named_by_no_grant() -> None:
    assert rules.SENSITIVE < SENSITIVE_FIELDS
    assert {"asylum_claim", "fear_of_return", "ethnicity", "religion", "sharing_danger"} <= NEVER
    for name in (*NEVER, "a_field_of_tomorrow"):
        gaps = rules.scope_gaps([f"sensitive.{name}"])
        assert [gap.code for gap in gaps] == ["grant_item_never_leaves"]


@pytest.mark.rule("R45")
def test_an_identity_has_a_grant_of_its_own() -> None:
    alone = rules.scope_gaps(["summary", "identity.names", "identity.parents"])
    with_health = rules.scope_gaps(["identity.names", "sensitive.health_for_care"])

    assert alone == ()
    assert [gap.code for gap in with_health] == ["grant_identity_alone"]


@pytest.mark.rule("R45")
@given(st.sets(ITEMS), st.sets(ITEMS))
def test_naming_more_never_tells_less(some: set[str], more: set[str]) -> None:
    less = rules.redaction_of(some, {"attachment.a"})

    assert rules.redaction_of(some | more, {"attachment.a"}) >= less


def test_what_items_tell_is_said_as_it_is() -> None:
    found = {
        "summary": "R0", "identity.names": "R1", "attachment.b": "R2", "attachment.a": "R3",
        "sensitive.disability": "R3",
    }  # fmt: skip

    for item, level in found.items():
        assert rules.redaction_of(["summary", item], {"attachment.a"}).value == level
    for one, other in combinations(found, 2):
        both = rules.redaction_of([one, other], {"attachment.a"})
        assert both.value == max(found[one], found[other])


@pytest.mark.rule("R45")
@pytest.mark.parametrize(("paper", "type_", "found"), [
    (Paper("a", "report", PDF, 1), MessageType.INFO_REPLY, []),
    (Paper("a", "report", PDF, 1, is_sensitive=True), MessageType.PACKAGE, ["document_needs_grant"]),
    (Paper("a", "photo", PDF, 1), MessageType.PACKAGE, ["document_needs_grant"]),
    (Paper("a", "medical", PDF, 1, grant="g"), MessageType.PACKAGE, []),
    (Paper("a", "medical", PDF, 1, grant="g"), MessageType.INFO_REPLY, ["document_needs_grant"]),
    (Paper("a", "report", PDF, 1, withheld=True), MessageType.PACKAGE, ["document_withheld"]),
    (Paper("a", "report", "image/tiff", 1), MessageType.PACKAGE, ["document_format"]),
    (Paper("a", "report", PDF, 51), MessageType.PACKAGE, ["document_too_large"]),
], ids=["plain", "sensitive", "photo", "granted", "granted_elsewhere", "withheld", "format", "large"])  # fmt: skip
def test_each_document_is_judged_by_itself(
    paper: Paper, type_: MessageType, found: list[str]
) -> None:
    assert codes(paper, type_=type_) == found


def test_documents_are_judged_together_too() -> None:
    large = [Paper(str(n), "report", PDF, 40) for n in range(3)]

    assert codes(*large) == ["documents_too_many"]
    assert codes(large[0], highest="R1") == ["documents_beyond_corridor"]
    assert codes(highest="R0") == []


@pytest.mark.rule("R49")
def test_a_document_travels_under_a_name_that_says_nothing_of_the_child() -> None:
    assert rules.name_of(3, "report", PDF) == "03-report.pdf"
    assert rules.name_of(12, "photo", "application/x-unknown") == "12-photo.bin"
