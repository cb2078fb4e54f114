"""Which rows of transfers and of the exchange nobody changes or removes, whoever holds the database.

Source: EXP-8, DOM-R37, DOM-R50.
"""

from typing import Final

from core import guards
from core.guards import Guard
from transfers.tables.delivery import (
    DeliveryInRow,
    DeliveryOutRow,
    RecallRow,
    ReceiptGivenRow,
    ReceiptTakenRow,
)
from transfers.tables.disagreement import DisagreementEntryRow, DisagreementRow
from transfers.tables.disclosure import DocumentInRow, GrantGivenRow, GrantHeldRow
from transfers.tables.evidence import CheckpointRow, EvidenceRow, StampRow, TokenRow
from transfers.tables.guest import (
    GuestItemRow,
    GuestLinkRow,
    GuestReplyRow,
    GuestRow,
    GuestUploadRow,
)
from transfers.tables.installation import ExchangeKeyRow, InstallationRow, OwnStatementRow
from transfers.tables.paper_answer import AnswerFormRow, PaperAnswerRow
from transfers.tables.partner import PartnerRow, PartnerStatementRow, PartnerStepRow
from transfers.tables.transfer import (
    CorridorChangeRow,
    MessageRow,
    ResponsibilityRow,
    TransferHistoryRow,
    TransferRow,
)
from transfers.tables.travel import PackageViewRow, TravelFactRow

_ONLY_ADDED: Final = (
    EvidenceRow,
    TokenRow,
    CheckpointRow,
    StampRow,
    OwnStatementRow,
    PartnerStepRow,
    PartnerStatementRow,
    TransferHistoryRow,
    CorridorChangeRow,
    TravelFactRow,
    PackageViewRow,
    ReceiptTakenRow,
    DisagreementEntryRow,
)

GUARDS: Final = (
    *(Guard(str(row.__tablename__)) for row in _ONLY_ADDED),
    Guard(str(InstallationRow.__tablename__), ("id", "made_at", "made_by")),
    Guard(str(ExchangeKeyRow.__tablename__), ("jwk", "kid", "made_at", "use")),
    Guard(str(PartnerRow.__tablename__), ("id", "installation", "opened_at")),
    Guard(
        str(TransferRow.__tablename__),
        ("country", "destination", "direction", "id", "opened_at", "opened_by", "origin", "ref"),
    ),
    Guard(str(MessageRow.__tablename__), ("id", "is_ours", "no", "seq", "transfer_id", "type")),
    Guard(
        str(ResponsibilityRow.__tablename__),
        ("ground", "id", "officer", "ref", "side", "since", "transfer_id"),
    ),
    Guard(str(DisagreementRow.__tablename__), ("begun_at", "begun_by", "id", "transfer_id")),
    Guard(
        str(DeliveryOutRow.__tablename__),
        (
            "chain", "id", "manifest_sha256", "message_id", "package_id", "partner", "sealed_at",
            "token", "token_sha256", "transfer_id",
        ),
    ),
    Guard(
        str(DeliveryInRow.__tablename__),
        (
            "chain", "delivery_id", "id", "offered_at", "package_id", "partner", "prev", "seq",
            "token", "token_sha256",
        ),
    ),
    Guard(
        str(ReceiptGivenRow.__tablename__),
        ("event", "id", "number", "partner", "sha256", "signed_at", "subject", "text"),
    ),
    Guard(
        str(RecallRow.__tablename__),
        (
            "action", "at", "id", "is_ours", "notice_id", "package_id", "partner", "reason", "text",
            "token_sha256",
        ),
    ),
    Guard(
        str(DocumentInRow.__tablename__),
        (
            "came_at", "delivery_id", "hs_grant", "id", "media", "message_id", "part", "purpose",
            "redaction", "role", "sha256", "size", "transfer_id", "view_only",
        ),
    ),
    Guard(
        str(GrantGivenRow.__tablename__),
        (
            "asked_no", "id", "office", "partner", "proposed_at", "proposed_by", "purpose",
            "record_version", "redaction", "role", "scope", "transfer_id", "uses",
        ),
    ),
    Guard(
        str(GrantHeldRow.__tablename__),
        (
            "came_at", "expires_at", "grant_id", "id", "message_id", "office", "partner", "purpose",
            "record_version", "redaction", "role", "scope", "token", "token_sha256", "transfer_id",
        ),
    ),
    Guard(str(GuestRow.__tablename__), ("country", "id", "of_country", "proposed_at", "proposed_by")),
    Guard(
        str(GuestItemRow.__tablename__),
        ("country", "given_at", "given_by", "guest_id", "id", "message_id", "transfer_id"),
    ),
    Guard(str(GuestLinkRow.__tablename__), ("id", "item_id", "made_at", "made_by", "token_hash")),
    Guard(
        str(GuestReplyRow.__tablename__),
        ("came_at", "id", "item_id", "no", "restricted", "transfer_id", "type"),
    ),
    Guard(
        str(GuestUploadRow.__tablename__),
        ("came_at", "id", "item_id", "media", "sha256", "size", "transfer_id"),
    ),
    Guard(
        str(AnswerFormRow.__tablename__),
        (
            "code", "country", "id", "message_id", "printed_at", "printed_by", "sheet",
            "transfer_id",
        ),
    ),
    Guard(
        str(PaperAnswerRow.__tablename__),
        (
            "brought_by", "came_at", "code", "id", "message_id", "picture_id", "restricted", "sha256",
            "transfer_id",
        ),
    ),
)  # fmt: skip


def guard_statements(dialect: str) -> tuple[str, ...]:
    """Return what makes a database keep these rows; migrations run it."""
    return (*guards.function_statements(dialect), *guards.guard_statements(dialect, GUARDS))


def drop_statements(dialect: str) -> tuple[str, ...]:
    """Return what takes these guards off again; the function stays for other features."""
    return guards.drop_statements(dialect, GUARDS)
