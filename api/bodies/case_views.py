"""What goes out about a case."""

from datetime import date, datetime
from typing import Any

from api.fields import View


class CodedView(View):
    """What everybody who may know of a case sees: ids and codes."""

    id: str
    child_code: str
    country: str
    office: str
    district: str
    state: str
    priority: str
    sex: str
    age_band: str
    accompaniment: str
    nationality_code: str
    detained: bool
    detained_since: datetime | None
    opened_at: datetime
    state_since: datetime
    is_open: bool
    owner_person: str | None
    supervisor_person: str | None
    hold_review_on: str | None
    merged_into: str | None
    is_erased: bool
    version: int


class FileView(View):
    """A child's file as far as the reader may see it.

    ``closed_parts`` says why highly sensitive parts are missing: ``purpose_needed`` (say what for)
    or ``not_for_you``.
    """

    row: CodedView
    level: int
    facts: dict[str, Any]
    sensitive: dict[str, Any]
    closed_parts: str
    local_number: str | None


class PageView(View):
    """One page of a list; ``cursor`` leads to the next."""

    items: list[CodedView]
    cursor: str | None


class OpenedView(View):
    """A case just opened."""

    case_id: str
    child_code: str
    version: int


class HintView(View):
    """A case that may be about the same child."""

    row: CodedView
    signals: list[str]


class HintsView(View):
    """Possible duplicates; ``elsewhere`` counts those in offices the reader does not see into."""

    seen: list[HintView]
    elsewhere: int


class RegisteredView(View):
    """A case just registered."""

    case_id: str
    child_code: str
    local_number: str
    priority: str
    version: int
    hints: HintsView


class VersionView(View):
    """The version after a change."""

    version: int


class MadeView(View):
    """The id of what was just kept."""

    id: str


class CaseIdView(View):
    """The case something led to."""

    case_id: str


class StepView(View):
    """One step a case has taken."""

    n: int
    at: datetime
    transition: str
    from_state: str | None
    to_state: str
    person_id: str
    is_human: bool
    facts: dict[str, Any]


class HistoryView(View):
    """The steps of a case and the cases merged into it."""

    steps: list[StepView]
    merged_from: list[str]


class MergeView(View):
    """A proposal to merge."""

    id: str
    losing_id: str
    kept_id: str
    asked_by: str
    asked_at: datetime
    answered_by: str | None
    confirmed: bool | None


class GrantRequestView(View):
    """A request for highly sensitive parts."""

    id: str
    asked_by: str
    person_id: str
    sections: list[str]
    purpose: str
    until_at: datetime
    approved: bool | None
    reason: str


class ConsentView(View):
    """A consent."""

    id: str
    given_by: str
    assent: str
    assent_reason: str
    purposes: list[str]
    share_with: list[str]
    partners: list[str]
    legal_basis: str
    language: str
    explained_by: str
    given_on: date
    expires_on: date | None
    withdrawn_at: datetime | None
    words: str
    version: int


class WithheldView(View):
    """What a child wants kept from whom."""

    id: str
    item: str
    from_whom: str
    reason: str
    words: str


class OverrideView(View):
    """A request to share without consent."""

    id: str
    purpose: str
    receiver: str
    legal_basis: str
    child_told: bool
    asked_by: str
    expires_on: date
    approved: bool | None
    reason: str


class ConsentsView(View):
    """Everything on file about sharing."""

    consents: list[ConsentView]
    withheld: list[WithheldView]
    overrides: list[OverrideView]


class GuardianView(View):
    """A guardian or adviser."""

    id: str
    kind: str
    name: str
    contact: str
    agency: str
    independent: bool
    appointed_by: str
    from_on: date
    ended_on: date | None
    person_id: str | None
    version: int


class LegalOfferView(View):
    """One offer of a legal representative."""

    id: str
    procedure: str
    offered_on: date
    answer: str
    person_id: str | None


class InterpreterView(View):
    """An interpreter assigned to a child."""

    id: str
    name: str
    contact: str
    languages: list[str]
    undertaking_on: date
    undertaking_until: date
    child_aware: bool
    person_id: str | None
    ended_on: date | None


class LinkedView(View):
    """A child linked to another."""

    case_id: str
    child_code: str
    relation: str


class AttachmentView(View):
    """A file kept with a case."""

    id: str
    kind: str
    sensitivity: str
    media_type: str
    size: int
    title: str
    file_name: str
    added_by: str
    added_at: datetime
