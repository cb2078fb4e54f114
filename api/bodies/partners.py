"""What officers send and read about partners and about this installation's own keys."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from api.fields import Code, Strict, View
from core.exchange.statements import Status
from transfers.rules.partnership import GROUPS_TYPED, Act, Channel, State
from transfers.service import keys, partner_statements, partners
from transfers.service.installation import Identity

Statement = Annotated[str, StringConstraints(min_length=1, max_length=300_000)]
Group = Annotated[str, StringConstraints(pattern="^[0-9]{5}$")]


class StatementFile(Strict):
    """What the other side exported: a key statement, or two lines when its anchor changes."""

    statement: Statement


class Confirmation(Strict):
    """The last two groups of the fingerprint, as heard, and over which way."""

    channel: Channel
    groups: Annotated[list[Group], Field(min_length=GROUPS_TYPED, max_length=GROUPS_TYPED)]


class Reason(Strict):
    """Why, as a code; no names and no story."""

    reason: Code


class Standing(View):
    """The state a partner is in now."""

    state: State


class Made(View):
    """What was made."""

    id: str


class Step(View):
    """One step of trusting or distrusting: who, when, how."""

    step: str
    state: str
    person_id: str
    channel: str | None
    reason: str | None
    at: AwareDatetime


class PartnerView(View):
    """An installation of another country as officers see it.

    While it is not trusted yet the fingerprint lacks the groups they have to hear.
    """

    id: str
    installation: str
    state: State
    fingerprint: list[str]
    waits_for: Act | None
    begun_by: str | None
    statement_number: int
    statement_ends_at: AwareDatetime
    seen_at: AwareDatetime
    base_url: str | None
    steps: list[Step]

    @classmethod
    def of(cls, found: partners.PartnerView) -> "PartnerView":
        """Show what the service found."""
        return cls(
            id=found.id,
            installation=found.installation,
            state=found.state,
            fingerprint=list(found.fingerprint),
            waits_for=found.waits_for,
            begun_by=found.begun_by,
            statement_number=found.seq,
            statement_ends_at=found.statement_ends_at,
            seen_at=found.seen_at,
            base_url=found.base_url,
            steps=[Step.model_validate(step) for step in found.steps],
        )


class PartnerList(View):
    """Every partner, by name."""

    items: list[PartnerView]


class TakingView(View):
    """What became of one statement; new keys at short notice and compromised ones by name."""

    is_new: bool
    short_notice: list[str]
    compromised: list[str]

    @classmethod
    def of(cls, found: partner_statements.Taking) -> "TakingView":
        """Show what the service did."""
        return cls(
            is_new=found.is_new,
            short_notice=list(found.short_notice),
            compromised=list(found.compromised),
        )


class TakingList(View):
    """What became of each statement of a file."""

    items: list[TakingView]


class ToReview(View):
    """Something that came in signed with a key that was somebody else's by then."""

    sha256: str
    kind: str
    subject: str
    kid: str
    received_at: AwareDatetime


class ReviewList(View):
    """What to look at again, in the order in which it came."""

    items: list[ToReview]


class InstallationView(View):
    """Who we are to others: what officers read out, and the statement to hand over."""

    installation: str
    fingerprint: list[str]
    next_fingerprint: list[str] | None
    statement_number: int
    key_statement: str

    @classmethod
    def of(cls, found: Identity) -> "InstallationView":
        """Show what the service found."""
        following = found.next_fingerprint
        return cls(
            installation=found.installation,
            fingerprint=list(found.fingerprint),
            next_fingerprint=None if following is None else list(following),
            statement_number=found.statement.seq,
            key_statement=found.statement.text,
        )


class OwnKey(View):
    """One key of ours; ``held`` says whether its private half is still here."""

    kid: str
    use: str
    status: Status
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    retires_at: AwareDatetime | None
    revoked_at: AwareDatetime | None
    reason: str | None
    held: bool


class OwnKeyList(View):
    """Every key of ours, the oldest first."""

    items: list[OwnKey]

    @classmethod
    def of(cls, found: list[keys.KeyView]) -> "OwnKeyList":
        """Show what the service found."""
        return cls(items=[OwnKey.model_validate(one) for one in found])


class Published(View):
    """What any installation may ask of another. Source: EXP-3.2."""

    installation: str
    versions: list[int]
    key_statement: str


class KeySet(View):
    """Public keys in use, for information; never used for trust."""

    keys: list[dict[str, str]]
