"""What officers send and read about recipients without an installation, and what they were given."""

from datetime import date
from typing import Any

from pydantic import AwareDatetime

from api.fields import Country, Day, Id, Line, Strict, View
from transfers.rules.codes import MessageType
from transfers.rules.guests import Carrier, Ended, GuestState, ReplyState, SetAside, Verified
from transfers.service import guest_items, guest_review, guests
from transfers.service.guest_links import MadeLink
from transfers.service.guests import Identity, SetUp


class NewGuestBody(Strict):
    """A named person of an office abroad. ``number_from`` says where the office's number comes from, not from them."""

    of_country: Country
    name: Line
    office: Line
    post: Line
    phone: Line
    number_from: Line
    ends_on: Day

    def identity(self) -> Identity:
        """Return the value the service takes."""
        return Identity(self.name, self.office, self.post, self.phone, self.number_from)


class VerificationBody(Strict):
    """How you made sure of the person."""

    how: Verified


class GuestOut(View):
    """A recipient."""

    id: str
    of_country: str
    state: GuestState
    name: str
    office: str
    post: str
    phone: str
    number_from: str
    has_account: bool
    proposed_by: str
    proposed_at: AwareDatetime
    verified_by: str
    verified_at: AwareDatetime | None
    ends_on: date
    version: int

    @classmethod
    def of(cls, found: guests.GuestView) -> "GuestOut":
        """Show what the service found."""
        told = {name: value for name, value in vars(found).items() if name != "identity"}
        return cls.model_validate({**told, **vars(found.identity)})


class GuestsView(View):
    """All recipients of this installation."""

    items: list[GuestOut]


class SetUpOut(View):
    """What the recipient needs to set the account up; shown once. Token and login name go different ways."""

    login: str
    token: str
    ends_at: AwareDatetime

    @classmethod
    def of(cls, made: SetUp) -> "SetUpOut":
        """Show what the service made."""
        return cls(login=made.login, token=made.invitation.token, ends_at=made.invitation.ends_at)


class GivenBody(Strict):
    """Which message for which recipient, and until when. Read only, unless you say otherwise."""

    guest_id: Id
    message_id: Id
    ends_on: Day
    view_only: bool = True


class LinkOut(View):
    """The last link to an item: how it went, and what became of it. Never its secret."""

    link_channel: Carrier
    code_channel: Carrier
    made_by: str
    made_at: AwareDatetime
    ends_at: AwareDatetime
    wrong_codes: int
    opened_at: AwareDatetime | None
    ended: Ended | None


class ItemOut(View):
    """What a recipient was given, and how far they came."""

    id: str
    guest_id: str
    message_id: str
    purpose: str
    view_only: bool
    given_by: str
    given_at: AwareDatetime
    ends_on: date
    viewed_at: AwareDatetime | None
    downloaded_at: AwareDatetime | None
    acknowledged_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    link: LinkOut | None
    version: int

    @classmethod
    def of(cls, found: guest_items.ItemView) -> "ItemOut":
        """Show what the service found."""
        return cls.model_validate(found)


class ItemsView(View):
    """Everything that was given of a transfer."""

    items: list[ItemOut]


class WaysBody(Strict):
    """By which way the link travels, and by which other way the code."""

    link_by: Carrier
    code_by: Carrier


class CodeWayBody(Strict):
    """By which way the new code travels."""

    code_by: Carrier


class MadeLinkOut(View):
    """A link and its code; shown once. Give them two different ways."""

    path: str
    code: str
    ends_at: AwareDatetime
    code_ends_at: AwareDatetime

    @classmethod
    def of(cls, made: MadeLink) -> "MadeLinkOut":
        """Show what the service made; the path is empty for a new code of an old link."""
        return cls(
            path=f"/r/{made.secret}" if made.secret else "",
            code=f"{made.code[:4]} {made.code[4:]}",
            ends_at=made.ends_at,
            code_ends_at=made.code_ends_at,
        )


class AnswerOut(View):
    """What a recipient states."""

    id: str
    item_id: str
    transfer_id: str
    type: MessageType
    came_at: AwareDatetime
    state: ReplyState
    body: dict[str, Any]


class PaperOut(View):
    """A paper a recipient sent, unopened."""

    id: str
    item_id: str
    transfer_id: str
    name: str
    media: str
    size: int
    came_at: AwareDatetime
    state: ReplyState


class WaitingView(View):
    """What recipients sent and nobody has looked at."""

    answers: list[AnswerOut]
    papers: list[PaperOut]

    @classmethod
    def of(cls, found: guest_review.Waiting) -> "WaitingView":
        """Show what the service found."""
        return cls(
            answers=[AnswerOut.model_validate(one) for one in found.answers],
            papers=[PaperOut.model_validate(one) for one in found.papers],
        )


class PapersView(View):
    """The papers that came for a transfer."""

    items: list[PaperOut]


class AsideBody(Strict):
    """Why the answer does not go into the record."""

    why: SetAside


class SettledBody(Strict):
    """Whether the paper belongs to the transfer."""

    is_kept: bool
