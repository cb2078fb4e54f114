"""A forger with a genuine key inside or outside: what does not fit together is refused whole."""

import dataclasses
import json
from typing import Any

import pytest

from core.exchange import deliveries, door
from core.exchange.encoding import digest
from core.exchange.errors import PackageRefused, Refusal
from tests.builders.exchange import (
    CONGO,
    HASH,
    ID,
    NAMIBIA,
    NOW,
    OTHER_ID,
    ZAMBIA,
    opening_key_of,
    pinned_keys_of,
    signing_key_of,
)
from tests.builders.packages import (
    MemoryShelf,
    Watched,
    a_route,
    a_summary,
    forged,
    manifest_claims,
    opened_from,
    refusal,
    sealed_on,
)

CANNOT_OPEN = (Refusal.CANNOT_OPEN, "")


def reason_for(**forgery: Any) -> tuple[Refusal, str]:
    refused = refusal(*forged(**forgery))
    return refused.reason, refused.detail


@pytest.mark.threat("TT32")
def test_a_forger_without_changes_makes_a_package_that_opens() -> None:
    with opened_from(*forged()) as opened:
        assert [part.content.read() for part in opened.parts] == [b"one", b"two"]


@pytest.mark.threat("TT32")
@pytest.mark.parametrize(
    ("forgery", "reason"),
    [
        ({"manifest": {"aud": CONGO}}, (Refusal.NOT_FOR_US, "")),
        ({"outer": {"aud": CONGO}}, (Refusal.NOT_FOR_US, "")),
        ({"manifest": {"aud": CONGO}, "outer": {"aud": CONGO}}, (Refusal.NOT_FOR_US, "")),
        ({"manifest": {"pkg": OTHER_ID}}, CANNOT_OPEN),
        ({"outer": {"pkg": OTHER_ID}}, CANNOT_OPEN),
        ({"manifest": {"iss": CONGO}}, CANNOT_OPEN),
        ({"inner_signer": CONGO}, CANNOT_OPEN),
        ({"manifest": {"parts": []}}, CANNOT_OPEN),
        ({"manifest": {"parts": manifest_claims((b"one",))["parts"]}}, CANNOT_OPEN),
        ({"manifest": {"parts": manifest_claims((b"one", b"two", b"six"))["parts"]}}, CANNOT_OPEN),
        ({"manifest": {"parts": manifest_claims((b"one", b"owt"))["parts"]}}, CANNOT_OPEN),
        ({"manifest": {"parts": manifest_claims((b"one", b"four"))["parts"]}}, CANNOT_OPEN),
        ({"manifest": {"parts": manifest_claims((b"two", b"one"))["parts"]}}, CANNOT_OPEN),
    ],
    ids=["aud", "outer aud", "both aud", "pkg", "outer pkg", "iss", "signer", "none", "fewer", "more", "hash", "size", "order"],
)  # fmt: skip
def test_an_inside_that_differs_from_the_outside_is_refused(
    forgery: dict[str, Any], reason: Any
) -> None:
    assert reason_for(**forgery) == reason


@pytest.mark.threat("TT32")
def test_an_outside_whose_hash_is_of_other_sealed_bytes_is_refused() -> None:
    shelf, delivery = forged()
    one, two = delivery.parts
    lied = dataclasses.replace(
        delivery, parts=(one, dataclasses.replace(two, sha256=digest(b"other")))
    )

    assert refusal(shelf, lied).reason is Refusal.CANNOT_OPEN
    assert deliveries.wrong_parts(lied, shelf) == (2,)


@pytest.mark.threat("TT32")
@pytest.mark.parametrize("size", [0, 1])
def test_an_outside_that_names_another_box_is_refused(size: int) -> None:
    shelf, delivery = forged()
    box = dataclasses.replace(delivery.box, size=delivery.box.size + size, sha256=HASH)

    assert refusal(shelf, dataclasses.replace(delivery, box=box)).reason is Refusal.CANNOT_OPEN


@pytest.mark.threat("TT31")
def test_two_parts_under_one_key_are_refused_though_both_would_open() -> None:
    """Nonces start at nothing for every part: one key for two gives both away."""
    assert reason_for(keys=(bytes(32), bytes(32))) == CANNOT_OPEN
    with opened_from(*forged(keys=(bytes(32), bytes([1]) * 32))) as opened:
        assert len(opened.parts) == 2


@pytest.mark.threat("TT32")
def test_what_a_country_got_cannot_be_wrapped_again_for_another() -> None:
    got, delivery = MemoryShelf(), None
    delivery = sealed_on(got, route=a_route(ZAMBIA, CONGO)).delivery
    inner = json.loads(door.unseal(got.files["keys.jwe"].decode(), [opening_key_of(CONGO)]))
    wrapped = door.seal(json.dumps(inner).encode(), opening_key_of(NAMIBIA).public)
    got.put("keys.jwe", [wrapped.encode()])
    again = deliveries.make(
        issuer=CONGO, audience=NAMIBIA, delivery=OTHER_ID, package=ID, numbering=delivery.numbering,
        sealed_to=opening_key_of(NAMIBIA).kid, box=wrapped, parts=delivery.parts, key=signing_key_of(CONGO), now=NOW,
    )  # fmt: skip

    for partner in (CONGO, ZAMBIA):
        refused = refusal(got, again, partner=pinned_keys_of(partner))
        assert refused.reason in (Refusal.CANNOT_OPEN, Refusal.NOT_FOR_US)


@pytest.mark.threat("TT33")
@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"approvals": []}, CANNOT_OPEN),
        (
            {"approvals": [{"role": "a", "by": "p", "at": 1}, {"role": "b", "by": "p", "at": 1}]},
            CANNOT_OPEN,
        ),
        ({"redaction": "R9"}, CANNOT_OPEN),
        ({"redaction": "R3"}, (Refusal.CONTENT_NOT_ALLOWED, "grant_missing")),
        ({"redaction": "R0"}, (Refusal.CONTENT_NOT_ALLOWED, "redaction_coded")),
        ({"msg": "GREETING"}, (Refusal.CONTENT_NOT_ALLOWED, "message")),
        ({"purpose": "curiosity"}, (Refusal.CONTENT_NOT_ALLOWED, "purpose")),
        ({"msg": "SUMMARY"}, (Refusal.CONTENT_NOT_ALLOWED, "summary_missing")),
        ({"onward": True}, CANNOT_OPEN),
    ],
    ids=["none", "same", "R9", "R3", "R0", "message", "purpose", "summary", "member"],
)
def test_a_manifest_that_is_genuine_and_not_allowed_is_refused(
    claims: dict[str, Any], reason: Any
) -> None:
    assert reason_for(manifest=claims) == reason


@pytest.mark.threat("TT34")
@pytest.mark.parametrize(
    ("part", "detail"),
    [
        ({"name": "CON"}, "name_device"), ({"name": "a\u202efdp.exe"}, "name_bidi"), ({"media": "image/svg+xml"}, "media"),
        ({"media": "application/pdf"}, "not_pdf"), ({"media": "image/png"}, "not_png"), ({"media": "text/html"}, "media"),
    ],
    ids=range(6),
)  # fmt: skip
def test_a_genuine_part_with_a_wrong_name_or_content_is_refused(
    part: dict[str, str], detail: str
) -> None:
    listed = manifest_claims((b"one", b"two"))["parts"]

    found = reason_for(manifest={"parts": [listed[0], {**listed[1], **part}]})

    assert found == (Refusal.CONTENT_NOT_ALLOWED, detail)


@pytest.mark.parametrize(
    ("data", "pointer"),
    [(b"{}", ""), (b"[]", ""), (json.dumps(a_summary(ref="OTHER-REF")).encode(), "/ref"),
     (json.dumps(a_summary(secret="x")).encode(), ""), (b"x" * 300_000, "")],
    ids=["empty", "list", "ref", "member", "large"],
)  # fmt: skip
def test_a_summary_that_does_not_fit_is_refused_as_such(data: bytes, pointer: str) -> None:
    part = {
        **manifest_claims((data,))["parts"][0],
        "role": "summary",
        "media": "application/json",
        "name": "s",
    }

    assert reason_for(plain=(data,), manifest={"parts": [part]}) == (
        Refusal.SCHEMA_INVALID,
        pointer,
    )


def test_one_bad_part_keeps_all_others_closed() -> None:
    shelf, delivery = forged(plain=(b"one", b"<html>"))
    scratch = Watched()

    with pytest.raises(PackageRefused):
        opened_from(shelf, delivery, scratch=scratch)
    assert len(scratch.files) == 2
    assert scratch.all_closed
