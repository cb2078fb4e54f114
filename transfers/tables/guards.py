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
from transfers.tables.evidence import CheckpointRow, EvidenceRow, StampRow, TokenRow
from transfers.tables.installation import ExchangeKeyRow, InstallationRow, OwnStatementRow
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
)  # fmt: skip


def guard_statements(dialect: str) -> tuple[str, ...]:
    """Return what makes a database keep these rows; migrations run it."""
    return (*guards.function_statements(dialect), *guards.guard_statements(dialect, GUARDS))


def drop_statements(dialect: str) -> tuple[str, ...]:
    """Return what takes these guards off again; the function stays for other features."""
    return guards.drop_statements(dialect, GUARDS)
