"""What a package says about itself is complete, known, and approved by two people."""

from datetime import date, timedelta
from typing import Any

import pytest

from cases.rules.consent import LegalBasis, SharingPurpose
from core.exchange import manifests
from core.exchange.encoding import digest
from core.exchange.errors import CannotMake, ContentRefused, Reason, TokenRefused
from core.exchange.kinds import ROLES_OF_PARTS, Kind
from core.exchange.manifests import (
    Approval,
    Basis,
    Handling,
    Letter,
    Message,
    Part,
    PartRole,
    Purpose,
    Redaction,
)
from tests.builders.exchange import (
    ID,
    NAMIBIA,
    NOW,
    OTHER_ID,
    ZAMBIA,
    forge,
    pinned_keys_of,
    signing_key_of,
    whole_claims,
)
from tests.builders.packages import GRANT_ID, a_letter
from transfers.rules import codes
from transfers.rules.codes import MessageType

JSON, TEXT = "application/json", "text/plain"


def entry(number: int = 1, **changes: Any) -> Part:
    ordinary = {
        "name": f"{number}.txt",
        "media": TEXT,
        "role": PartRole.REPORT,
        "size": 3,
        "sha256": digest(b"one"),
    }
    return Part(number, **{**ordinary, **changes})


def made(letter: Letter | None = None, *parts: Part, **changes: Any) -> manifests.Manifest:
    facts = {
        "issuer": ZAMBIA, "audience": NAMIBIA, "package": ID, "key": signing_key_of(ZAMBIA), "now": NOW, **changes,
    }  # fmt: skip
    return manifests.make(letter or a_letter(), parts or (entry(),), **facts)


def refused_as(letter: Letter | None = None, *parts: Part, **changes: Any) -> str:
    with pytest.raises(CannotMake) as caught:
        made(letter, *parts, **changes)
    return caught.value.what


def test_a_manifest_is_read_as_it_was_decided() -> None:
    letter = a_letter(
        redaction=Redaction.WITH_SENSITIVE, reply_to=OTHER_ID, replaces=OTHER_ID, grant=GRANT_ID,
        decision_sha256=digest(b"decision"),
    )  # fmt: skip
    parts = (
        entry(),
        entry(2, name="Foto.png", media="image/png", role=PartRole.PHOTO, hs_grant=GRANT_ID),
    )

    manifest = made(letter, *parts)
    again = manifests.read(manifest.token.text, pinned_keys_of(ZAMBIA))

    assert again == manifest
    assert (again.letter, again.parts) == (letter, parts)
    assert (again.issuer, again.audience, again.package, again.issued_at) == (
        ZAMBIA,
        NAMIBIA,
        ID,
        NOW,
    )


def test_codes_are_those_of_the_domain() -> None:
    assert {str(purpose) for purpose in Purpose} == {str(purpose) for purpose in SharingPurpose}
    assert {str(basis) for basis in Basis} == {str(basis) for basis in LegalBasis}
    assert tuple(str(role) for role in PartRole) == ROLES_OF_PARTS
    assert {str(message) for message in Message} == {str(kind) for kind in MessageType} | {
        "SUMMARY"
    }
    assert [str(redaction) for redaction in Redaction] == [str(code) for code in codes.Redaction]


@pytest.mark.threat("TT33")
def test_two_different_people_stand_for_what_is_sent() -> None:
    one, same = Approval("author", "p1", NOW), Approval("checker", "p1", NOW)

    assert refused_as(a_letter(approvals=())) == "approvals"
    assert refused_as(a_letter(approvals=(one,))) == "approvals"
    assert refused_as(a_letter(approvals=(one, same))) == "approvals"


@pytest.mark.threat("TT33")
@pytest.mark.parametrize(
    ("approvals", "is_read"),
    [([], False), ([{"role": "a", "by": "p1", "at": 1}], False),
     ([{"role": "a", "by": "p1", "at": 1}, {"role": "b", "by": "p1", "at": 1}], False),
     ([{"role": "a", "by": "p1", "at": 1}, {"role": "b", "by": "p2", "at": 1}], True)],
    ids=["none", "one", "same", "two"],
)  # fmt: skip
def test_a_genuine_manifest_without_two_people_is_not_read(
    approvals: list[Any], is_read: bool
) -> None:
    text = forge(
        whole_claims(Kind.MANIFEST, purpose="package", approvals=approvals), kind=Kind.MANIFEST
    )

    if is_read:
        assert len(manifests.read(text, pinned_keys_of(ZAMBIA)).letter.approvals) == 2
        return
    with pytest.raises(TokenRefused) as caught:
        manifests.read(text, pinned_keys_of(ZAMBIA))
    assert caught.value.reason is Reason.CLAIMS


@pytest.mark.threat("TT33")
@pytest.mark.parametrize(
    ("claim", "value", "what"),
    [
        ("msg", "GREETING", "message"), ("msg", "REQUEST_AND_ACCEPT", "message"), ("purpose", "curiosity", "purpose"),
        ("basis", "habit", "basis"), ("basis", "CONSENT", "basis"),
    ],
)  # fmt: skip
def test_a_message_purpose_or_basis_nobody_knows_is_refused(
    claim: str, value: str, what: str
) -> None:
    text = forge(
        whole_claims(Kind.MANIFEST, **{"purpose": "package", claim: value}), kind=Kind.MANIFEST
    )

    with pytest.raises(ContentRefused) as caught:
        manifests.read(text, pinned_keys_of(ZAMBIA))
    assert caught.value.what == what


@pytest.mark.threat("TT33")
@pytest.mark.parametrize("redaction", ["R4", "r0", "", None, 0], ids=repr)
def test_a_redaction_nobody_knows_is_refused(redaction: Any) -> None:
    text = forge(
        whole_claims(Kind.MANIFEST, purpose="package", redaction=redaction), kind=Kind.MANIFEST
    )

    with pytest.raises(TokenRefused):
        manifests.read(text, pinned_keys_of(ZAMBIA))


@pytest.mark.rule("R45")
@pytest.mark.threat("TT33")
def test_what_is_highly_sensitive_travels_only_with_a_grant() -> None:
    photo = entry(name="a.png", media="image/png", role=PartRole.PHOTO)
    medical = entry(role=PartRole.MEDICAL)
    granted = entry(hs_grant=GRANT_ID)

    for bare in (photo, medical):
        assert refused_as(a_letter(redaction=Redaction.WITH_SENSITIVE), bare) == "grant_missing"
        assert (
            refused_as(a_letter(redaction=Redaction.WITHOUT_SENSITIVE), bare)
            == "redaction_sensitive"
        )
        assert refused_as(a_letter(redaction=Redaction.IDENTITY), bare) == "redaction_sensitive"
    assert refused_as(a_letter(redaction=Redaction.WITH_SENSITIVE), entry()) == "grant_missing"
    for redaction in (Redaction.CODED, Redaction.IDENTITY, Redaction.WITHOUT_SENSITIVE):
        assert refused_as(a_letter(redaction=redaction), granted) == "grant_not_expected"
    both = (entry(hs_grant=GRANT_ID), entry(2, role=PartRole.MEDICAL))
    assert refused_as(a_letter(redaction=Redaction.WITH_SENSITIVE), *both) == "grant_missing"
    assert made(a_letter(redaction=Redaction.WITH_SENSITIVE), granted)


def test_a_coded_summary_comes_without_papers_and_names() -> None:
    coded = a_letter(redaction=Redaction.CODED)
    summary = entry(name="s.json", media=JSON, role=PartRole.SUMMARY)

    assert made(coded, summary)
    assert refused_as(coded, entry()) == "redaction_coded"
    assert refused_as(coded, entry(media=JSON, role=PartRole.IDENTITY)) == "redaction_identity"
    assert made(
        a_letter(redaction=Redaction.IDENTITY),
        summary,
        entry(2, media=JSON, role=PartRole.IDENTITY),
    )


def test_the_summary_is_the_first_part_and_the_only_one() -> None:
    summary = entry(2, name="s.json", media=JSON, role=PartRole.SUMMARY)

    assert refused_as(None, entry(), summary) == "summary_place"
    assert refused_as(None, entry(1, media=JSON, role=PartRole.SUMMARY), summary) == "summary_place"
    assert refused_as(None, entry(role=PartRole.SUMMARY)) == "summary_media"
    assert refused_as(a_letter(message=Message.SUMMARY)) == "summary_missing"


@pytest.mark.threat("TT34")
def test_names_and_formats_are_those_two_countries_exchange() -> None:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    assert refused_as(None, entry(name="CON.txt")) == "name_device"
    assert refused_as(None, entry(), entry(2, name="1.TXT")) == "name_twice"
    assert refused_as(None, entry(media="image/svg+xml")) == "media"
    assert refused_as(None, entry(media=word)) == "media"
    assert made(None, entry(media=word), media={word})


def test_every_message_may_come_without_parts_except_the_summary() -> None:
    for message in Message:
        found = manifests.faults(a_letter(message=message), ())
        assert found == (("summary_missing",) if message is Message.SUMMARY else ())


def test_everything_that_is_wrong_is_named_at_once() -> None:
    parts = (entry(3, name="a/b"), entry(1, media="text/html", hs_grant=GRANT_ID))

    assert manifests.faults(a_letter(approvals=()), parts) == (
        "approvals", "part_numbers", "grant_not_expected", "name_sign", "media",
    )  # fmt: skip


def test_nothing_is_sent_that_should_be_gone_already() -> None:
    yesterday = Handling(view_only=True, retain_until=NOW.date() - timedelta(days=1))

    assert refused_as(a_letter(handling=yesterday)) == "retain_until"
    assert (
        made(a_letter(handling=Handling(False, date(2026, 3, 2)))).letter.handling.view_only
        is False
    )


@pytest.mark.threat("TT36")
@pytest.mark.parametrize(
    "numbers",
    [[0], [65], [-1], [2], [1, 1], [2, 1], ["1"], [1.0], [True], ["1e0"], ["١"]],
    ids=repr,
)
def test_parts_are_numbered_one_two_three_and_not_otherwise(numbers: list[Any]) -> None:
    part = whole_claims(Kind.MANIFEST)["parts"][0]
    parts = [{**part, "n": number, "name": f"{at}.json"} for at, number in enumerate(numbers)]

    with pytest.raises(TokenRefused):
        manifests.read(
            forge(whole_claims(Kind.MANIFEST, parts=parts), kind=Kind.MANIFEST),
            pinned_keys_of(ZAMBIA),
        )
