"""Words of what two installations refuse each other. A stranger never learns the reason."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from core.exchange import errors
from core.exchange.stamps import StampRefused

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    errors.TokenRefused: Problem(
        401,
        "authentication-failed",
        "This call was not taken as genuine",
        "Nothing was stored. Send it again with a new token; if that fails too, "
        "the administrators of both installations should compare keys and clocks.",
    ),
    StampRefused: Problem(
        422,
        "stamp-refused",
        "This time stamp does not count",
        "It is none on this checkpoint by an authority whose certificate is in stamp_roots ({why}). "
        "The checkpoint itself is as good as before; ask the authority again.",
    ),
    errors.CannotOpen: Problem(
        422,
        "cannot-open",
        "The sealed content does not open",
        "Nothing of it was shown or stored. Ask the sender to seal and send it again.",
    ),
    errors.KeyNotUsable: Problem(
        422,
        "key-not-usable",
        "This key cannot be used",
        "The key is not of the kind this exchange allows, and nothing was stored. "
        "Ask the other installation to export its key statement again.",
    ),
    errors.CannotMake: Problem(
        409,
        "message-not-made",
        "The message could not be signed and sealed",
        "Nothing was sent and your text is kept. Tell the administrator and give the number below.",
    ),
    errors.UnsafeBackend: Problem(
        409,
        "cryptography-missing",
        "Part of the encryption software is missing",
        "The service does not work with another implementation. "
        "The administrator should install the packages of the lock file again.",
    ),
    errors.PackageRefused: Problem(
        422,
        "package-refused",
        "This package cannot be taken in",
        "Nothing of it is shown, and its sealed bytes are kept for thirty days. "
        "The sender gets a signed receipt; ask the office that sent it to send it again as it must be.",
    ),
    errors.ContentRefused: Problem(
        422,
        "content-not-allowed",
        "A part cannot be sent or taken in like this",
        "Its name or format is not one two countries exchange, or it is not what it is said to be. "
        "Print it to PDF or save it anew under a plain name, and attach it again.",
    ),
    errors.SummaryInvalid: Problem(
        422,
        "summary-invalid",
        "The case summary is not complete or holds something it may not hold",
        "Nothing was sent or taken in. Go through the form of the summary again: every code from its list, "
        "and words without special signs.",
    ),
    errors.DeliveryInvalid: Problem(
        422,
        "delivery-invalid",
        "This delivery announces what the exchange does not allow",
        "Nothing was stored. A part may have 50 MiB and a package 200 MiB; the sender can divide what is larger.",
    ),
    errors.FileRefused: Problem(
        422,
        "file-refused",
        "This file is no package that can be read here",
        "The file was left as it is. Copy it again from where it came, or ask the sender to hand it out again.",
    ),
    errors.ReceiptRefused: Problem(
        422,
        "receipt-refused",
        "This receipt does not belong to what it was taken for",
        "It is kept as evidence and changes nothing. "
        "The administrators of both installations should find out how it came about.",
    ),
    errors.GrantRefused: Problem(
        403,
        "grant-refused",
        "This permission cannot be used",
        "Nothing was told. Ask the country that gave it for a new one.",
    ),
}
