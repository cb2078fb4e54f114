"""Words about trusting other installations: what to do when a statement or a fingerprint does not hold."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from transfers import errors

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    errors.NotSetUp: Problem(
        409,
        "installation-not-set-up",
        "This installation has no keys towards others yet",
        "An administrator prepares them at the server with `bid partner init`. Nothing was stored.",
    ),
    errors.AlreadySetUp: Problem(
        409,
        "installation-set-up",
        "This installation has its anchor already",
        "Partners know it by this anchor. To follow it by another, use `bid keys announce-anchor`. "
        "Nothing was changed.",
    ),
    errors.AnchorNotOurs: Problem(
        409,
        "anchor-not-ours",
        "This is not the anchor in question",
        "Bring the anchor file of this installation from its safe, or the new one that was announced. "
        "Nothing was changed.",
    ),
    errors.StatementRefused: Problem(
        409,
        "statement-refused",
        "The key statement was not taken",
        "Reason: {fault}. What was known before stays as it was. Ask the partner for its statement again, and if it "
        "is refused again, call the officers you know there and compare the fingerprint.",
    ),
    errors.AlreadyPartner: Problem(
        409,
        "already-partner",
        "This installation is known already",
        "It is proposed or trusted. To load a newer statement of it, open the partner and load it there.",
    ),
    errors.AnchorSeenBefore: Problem(
        409,
        "anchor-seen-before",
        "This anchor belongs to somebody else, or to a partnership that was ended",
        "Nothing was stored. The other side has to begin with a new anchor; call the officers you know there first.",
    ),
    errors.FingerprintDiffers: Problem(
        409,
        "fingerprint-differs",
        "That is not the end of this fingerprint",
        "The partner is not trusted more than before, and all trust officers were told. Listen to the last two groups "
        "once more. If they differ again, somebody may be in between: do not go on, and call a number you know.",
    ),
    errors.NoKeyCounts: Problem(
        409,
        "no-key-counts",
        "No key of this installation counts today",
        "An administrator lists a new one with `bid keys rotate` or `bid keys revoke`. Nothing was sent.",
    ),
}

RULES: Final[dict[str, str]] = {
    "second_person_trusts": "This takes two people. Ask another trust officer for the second half.",
    "second_channel_trusts": "The fingerprint has to be heard over two different ways. "
    "Choose another than the first person.",
}

GAPS: Final[dict[str, str]] = {
    "partner_unknown": "{installation} is no partner of this installation. "
    "Two trust officers have to confirm it first.",
    "partner_not_active": "{installation} is not active as a partner now. What is queued stays queued.",
    "partner_statement_past": "The key statement of {installation} has come to its end. Load its newest one.",
    "partner_without_key": "{installation} lists no key to seal to today. Load its newest key statement.",
    "partner_other_version": "{installation} and this installation share no version of the protocol. "
    "One of them has to be updated.",
    "own_statement_past": "Our own key statement has come to its end. An administrator issues a new one.",
}
