"""Words of what stands against a document or a grant crossing the border, item by item."""

from typing import Final

GAPS: Final[dict[str, str]] = {
    # documents of a message
    "document_twice": "A document is in the list twice. Take one off.",
    "document_withheld": "Document {number} was removed from the file, or the child or guardian withholds it. "
    "Take it off the message.",
    "document_needs_grant": "Document {number} is highly sensitive. It leaves under a grant that names it, "
    "or not at all.",
    "document_format": "Document {number} is of a format the two countries do not exchange. Print it to PDF.",
    "document_too_large": "Document {number} is larger than two countries exchange. Send it in parts "
    "or as a smaller scan.",
    "documents_too_many": "These documents are too many or too large together. Send some with another message.",
    "documents_beyond_corridor": "The arrangement with that country goes up to {highest}, and this tells more.",
    # grants
    "grant_item_never_leaves": "{item} never leaves the country. Leave it out.",
    "grant_item_withheld": "{item} is not on file any more, or the child or guardian withholds it. Leave it out.",
    "grant_item_format": "{item} is of a format the two countries do not exchange. Print it to PDF.",
    "grant_identity_alone": "What names the child has a grant of its own. Propose the other items apart.",
    "grant_without_summary": "No summary has left yet. Send the enquiry or the request first.",
    "grant_of_earlier_version": "What we told was corrected since this was proposed. Propose a new grant.",
    "grant_tells_more": "A document it names is highly sensitive now. Take the grant back and propose a new one.",
    "grant_transfer_over": "The transfer is over. Nothing more is told.",
    "grant_over": "The grant was taken back, is over, or is for an earlier version. Give a new one.",
}
