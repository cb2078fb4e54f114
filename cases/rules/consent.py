"""Whether something about a child may be told to somebody, and what has to be kept back.

Source: DOM-4.2, DOM-R47, DOM-R48.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from core.errors import Answer, Gap, answer


class GivenBy(StrEnum):
    """Who consented."""

    CHILD = "child"
    PARENT = "parent"
    GUARDIAN = "guardian"
    AUTHORITY = "authority"


class Assent(StrEnum):
    """Whether the child agrees, beside an adult's consent."""

    YES = "yes"
    NO = "no"
    NOT_ABLE = "not_able"


class SharingPurpose(StrEnum):
    """What information may be used for."""

    CASE_MANAGEMENT = "case_management"
    TRACING = "tracing"
    REFERRAL = "referral"
    CROSS_BORDER_SUMMARY = "cross_border_summary"
    PACKAGE = "package"
    STATISTICS = "statistics"


class Receiver(StrEnum):
    """With whom it may be shared."""

    FAMILY = "family"
    AUTHORITIES = "authorities"
    UN_AGENCY = "un_agency"
    OTHER_ORGANISATIONS = "other_organisations"
    PARTNER_COUNTRY = "partner_country"
    GUARDIAN = "guardian"


class LegalBasis(StrEnum):
    """Why information may be handled at all."""

    CONSENT = "consent"
    VITAL_INTERESTS = "vital_interests"
    LEGAL_DUTY = "legal_duty"
    PUBLIC_INTEREST_PROTECTION = "public_interest_protection"


class WithholdReason(StrEnum):
    """Why the child wants something kept back."""

    FEAR_OF_HARM = "fear_of_harm"
    WANTS_TO_TELL_PERSONALLY = "wants_to_tell_personally"
    OTHER = "other"


class NotAskedReason(StrEnum):
    """Why a child was registered before consent could be asked. Source: DOM-3.3/T2."""

    TOO_YOUNG_NO_ADULT = "too_young_no_adult"
    NO_COMMON_LANGUAGE = "no_common_language"
    UNWELL = "unwell"
    EMERGENCY = "emergency"
    NOT_RECORDED_BY_SOURCE = "not_recorded_by_source"
    REFUSED_LEGAL_DUTY = "refused_legal_duty"


EVERYTHING: Final = "everything"
EVERYBODY: Final = "everybody"


@dataclass(frozen=True)
class Consent:
    """A consent as the rule sees it.

    Args:
        partners: countries named, when a partner country may receive.
        expires_on: last day it is good for; None: until withdrawn.
    """

    given_by: GivenBy
    assent: Assent
    purposes: frozenset[str]
    share_with: frozenset[str]
    partners: frozenset[str] = frozenset()
    expires_on: date | None = None
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Withhold:
    """An item the child wants kept from somebody; either may be everything or everybody."""

    item: str
    from_whom: str


@dataclass(frozen=True)
class Override:
    """An approved override: this purpose, this receiver, until this day."""

    purpose: str
    receiver: str
    expires_on: date


@dataclass(frozen=True)
class Request:
    """Somebody wants to tell something.

    Args:
        purpose: what for.
        receiver: kind of receiver.
        partner: country, for a partner country.
        items: names of the fields to be told.
        on: the day.
    """

    purpose: SharingPurpose
    receiver: Receiver
    items: frozenset[str]
    on: date
    partner: str = ""


@dataclass(frozen=True)
class Disclosure:
    """What the rule says: possible or not, and what may be told.

    Args:
        answer: with the gaps when it is not possible.
        items: what may be told after everything withheld is taken out; empty when not possible.
        withheld: items taken out, without saying why.
        by_override: whether an override, not consent, carries it.
    """

    answer: Answer
    items: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    by_override: bool = False


def may_disclose(
    request: Request,
    *,
    consents: Iterable[Consent],
    overrides: Iterable[Override] = (),
    withheld: Collection[Withhold] = (),
    danger: bool = False,
) -> Disclosure:
    """Say whether this may be told, and which items are left once the child's wishes are honoured.

    Danger to the child or a relative blocks everything, whatever was signed. Without a consent
    that covers purpose and receiver on that day, only an approved override carries it. Items the
    child withheld are taken out in both cases.

    Source: DOM-R47, DOM-R48.
    """
    agreed = any(covers(consent, request) for consent in consents)
    overridden = any(_overrides(override, request) for override in overrides)
    found = answer(
        "disclose",
        [
            Gap("sharing_endangers") if danger else None,
            None if agreed or overridden else Gap("consent_missing", {"purpose": request.purpose}),
        ],
    )
    if not found.is_possible:
        return Disclosure(found)
    kept = frozenset(item for item in request.items if _is_withheld(item, request, withheld))
    return Disclosure(found, request.items - kept, kept, by_override=not agreed)


def covers(consent: Consent, request: Request) -> bool:
    """Whether a consent covers purpose and receiver on the day. A child who said no is not covered."""
    if consent.is_withdrawn or consent.assent is Assent.NO:
        return False
    if consent.expires_on is not None and request.on > consent.expires_on:
        return False
    named = request.receiver is not Receiver.PARTNER_COUNTRY or request.partner in consent.partners
    return named and request.purpose in consent.purposes and request.receiver in consent.share_with


def _overrides(override: Override, request: Request) -> bool:
    receiver = request.partner or str(request.receiver)
    return (
        override.purpose == request.purpose
        and override.receiver == receiver
        and request.on <= override.expires_on
    )


def _is_withheld(item: str, request: Request, withheld: Collection[Withhold]) -> bool:
    receivers = {str(request.receiver), request.partner or str(request.receiver), EVERYBODY}
    return any(w.item in {item, EVERYTHING} and w.from_whom in receivers for w in withheld)
