"""Calling a package back, and letting one office read one thing."""

from datetime import timedelta
from typing import Any

import pytest

from core.exchange import grants, notices
from core.exchange.errors import CannotMake, GrantRefused, TokenRefused
from core.exchange.grants import Grant, Permission, covers, require_redeemable
from core.exchange.kinds import Kind
from core.exchange.manifests import Purpose, Redaction
from core.exchange.notices import Action
from tests.builders.exchange import (
    CONGO,
    ID,
    NAMIBIA,
    NOW,
    ZAMBIA,
    forge,
    pinned_keys_of,
    signing_key_of,
    whole_claims,
)
from tests.builders.packages import REF

PERMISSION = Permission(
    NAMIBIA,
    "windhoek",
    "caseworker",
    ("summary", "care.type"),
    REF,
    3,
    Redaction.CODED,
    Purpose.TRACING,
)
LATER = NOW + timedelta(hours=72)


def a_notice(**changes: Any) -> notices.Notice:
    facts: dict[str, Any] = {
        "issuer": ZAMBIA, "audience": NAMIBIA, "notice": ID, "package": ID, "reason": "wrong_recipient",
        "key": signing_key_of(ZAMBIA), "now": NOW, **changes,
    }  # fmt: skip
    return notices.make(Action.DELETE, **facts)


def a_grant(permission: Permission = PERMISSION, **changes: Any) -> Grant:
    facts: dict[str, Any] = {
        "owner": ZAMBIA, "grant": ID, "key": signing_key_of(ZAMBIA), "now": NOW, "expires_at": LATER, **changes,
    }  # fmt: skip
    return grants.make(permission, **facts)


def redeemed(text: object, **changes: Any) -> Grant:
    facts = {"us": ZAMBIA, "partner": NAMIBIA, "now": NOW, **changes}
    return require_redeemable(text, pinned_keys_of(ZAMBIA), **facts)


def refused(text: object, **changes: Any) -> bool:
    with pytest.raises(GrantRefused) as caught:
        redeemed(text, **changes)
    return vars(caught.value) == {}  # nothing that tells causes apart


def test_a_recall_is_read_as_it_was_made() -> None:
    notice = a_notice()

    assert notices.read(notice.token.text, pinned_keys_of(ZAMBIA), us=NAMIBIA, now=NOW) == notice
    assert (notice.action, notice.package, notice.reason) == (Action.DELETE, ID, "wrong_recipient")


def test_a_recall_holds_no_words() -> None:
    with pytest.raises(CannotMake):
        a_notice(reason="the mother said so")


@pytest.mark.threat("TT54")
def test_a_recall_signed_by_another_is_not_read() -> None:
    text = a_notice(issuer=CONGO, key=signing_key_of(CONGO)).token.text

    for keys, us in ((ZAMBIA, NAMIBIA), (CONGO, ZAMBIA)):
        with pytest.raises(TokenRefused):
            notices.read(text, pinned_keys_of(keys), us=us, now=NOW)
    assert notices.read(text, pinned_keys_of(CONGO), us=NAMIBIA, now=NOW).issuer == CONGO


def test_a_grant_is_read_by_both_sides_as_it_was_made() -> None:
    grant = a_grant()

    assert grants.read(grant.token.text, pinned_keys_of(ZAMBIA)) == grant
    assert redeemed(grant.token.text) == grant
    assert grant.permission == PERMISSION
    assert grant.permission.uses == 1


@pytest.mark.threat("TT51")
def test_every_grant_that_gives_nothing_is_refused_alike() -> None:
    text = a_grant().token.text
    claims = whole_claims(Kind.GRANT, purpose="tracing", ref=REF)

    assert refused(text, now=LATER + timedelta(seconds=121))
    assert refused(text, now=NOW - timedelta(seconds=121))
    assert refused(text, partner=CONGO)
    assert refused(text, us=NAMIBIA)
    assert refused(forge(claims, kind=Kind.GRANT, signer=signing_key_of(NAMIBIA)))
    assert refused(forge({**claims, "scope": ["summary", "summary"]}, kind=Kind.GRANT))
    assert refused(forge({**claims, "sub": ZAMBIA}, kind=Kind.GRANT), partner=ZAMBIA)
    assert refused(forge({**claims, "onward": True}, kind=Kind.GRANT))
    assert refused(forge({**claims, "purpose": "curiosity"}, kind=Kind.GRANT))
    assert refused(forge({**claims, "uses": 0}, kind=Kind.GRANT))
    assert refused(a_notice().token.text)
    assert refused(None)


@pytest.mark.threat("TT51")
def test_a_grant_covers_this_record_and_version_and_not_more() -> None:
    grant = a_grant()
    facts: dict[str, Any] = {
        "ref": REF,
        "version": 3,
        "redaction": Redaction.CODED,
        "items": ["summary"],
    }

    assert covers(grant, **facts)
    assert covers(grant, **{**facts, "items": []})
    for change in (
        {"ref": "ANOTHER-REF"}, {"version": 4}, {"version": 2}, {"redaction": Redaction.IDENTITY},
        {"items": ["summary", "photo"]},
    ):  # fmt: skip
        assert not covers(grant, **{**facts, **change})


def test_summaries_are_read_for_three_days_and_packages_for_two_weeks() -> None:
    assert grants.lasts(PERMISSION) == timedelta(hours=72)
    package = Permission(
        NAMIBIA, "o", "r", ("a",), REF, 1, Redaction.WITH_SENSITIVE, Purpose.PACKAGE
    )
    assert grants.lasts(package) == timedelta(days=14)


@pytest.mark.parametrize(
    "changes", [{"uses": 0}, {"scope": ()}, {"office": "free words"}, {"ref": "x"}], ids=range(4)
)
def test_a_grant_the_protocol_does_not_know_is_not_signed(changes: dict[str, Any]) -> None:
    from dataclasses import replace

    with pytest.raises(CannotMake):
        a_grant(replace(PERMISSION, **changes))
    with pytest.raises(GrantRefused):
        a_grant(replace(PERMISSION, scope=("a", "a")))
