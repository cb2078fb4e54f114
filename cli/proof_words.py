"""What `bid verify` says: one sentence for each thing a file proves, leaves open, misses or breaks."""

from datetime import datetime
from typing import Final

from transfers.service.proofs import Fact, Finding, Outcome, Weight
from transfers.service.proving import Form

LEADS: Final = {
    Weight.PROVEN: "Proven",
    Weight.OPEN: "Not proven",
    Weight.MISSING: "MISSING",
    Weight.BROKEN: "DOES NOT HOLD",
    Weight.STRANGE: "NOT READABLE",
    Weight.OTHER_ANCHOR: "ANOTHER ANCHOR",
}
FORMS: Final = {
    Form.BUNDLE: "evidence of one transfer",
    Form.LOG: "a whole evidence log",
    Form.PACKAGE: "a sealed package",
    Form.STATEMENTS: "a key statement",
    Form.TOKENS: "signed tokens, one a line",
    Form.PAPER: "a printed paper",
    Form.STRANGE: "no file of the exchange",
}
OUTCOMES: Final = {
    Outcome.HOLDS: "Everything holds, and the anchors are those you compared.",
    Outcome.BROKEN: "It does not hold: something was changed, forged, or cannot be true beside the rest.",
    Outcome.STRANGE: "A file could not be read.",
    Outcome.MISSING: "What is here is genuine, but something that was here once is missing.",
    Outcome.OTHER_ANCHOR: "It rests on another anchor than the one you compared. Trust nothing of it.",
    Outcome.NOT_COMPARED: (
        "Everything fits together, but not every anchor was compared: who made it could be somebody else. "
        "Give each fingerprint you know with --fingerprint."
    ),
}
LOG_FAULTS: Final = {
    "missing": "it is not there, or not in its place",
    "does_not_follow": "it does not follow the row before",
    "changed": "it was changed",
    "token_missing": "the token it is about is not there",
    "token_changed": "the token beside it is another one",
    "not_genuine": "its token was not signed by a key that counted then",
    "receipt_of_nothing": "its receipt is about a token that is not there",
    "rewritten": "a checkpoint signed earlier knows another row here: the past was rewritten",
    "tail_missing": "the log was cut here: it was longer once",
    "word_not_genuine": "what it was to be held against was not signed by this installation",
    "stamp_of_nothing": "a stamp is on something that is not there",
    "unreadable": "the file is no export of an evidence log from here on",
}
WORDS: Final = {
    # who signed
    "bundle": (
        "This is what {installation} kept of transfer {ref} with {partner}: {tokens} genuine "
        "tokens."
    ),
    "signed_by": (
        "{count} tokens are signed by key {kid} of {installation}, which its statement "
        "{statement} lists from {begins} to {ends}."
    ),
    "key_compromised": (
        "Key {kid} of {installation} was in other hands since {since}. {count} tokens are signed "
        "by it; that they came before this was known is the word of whoever kept them."
    ),
    "confirmed": (
        "In the log of {maker}, two of its officers confirmed {installation} on {at} (row {n})."
    ),
    "anchor_compared": "The anchor of {installation} is the one you compared: {fingerprint}.",
    "anchor_not_compared": (
        "The anchor of {installation} was not compared. Its fingerprint is {fingerprint}; it must "
        "be the one compared by telephone."
    ),
    "anchor_differs": "No file rests on the anchor {fingerprint}.",
    "statement": (
        "{installation} stated {keys} keys in statement {number}, signed by its anchor on {at}, "
        "good until {until}."
    ),
    "statement_over": "This statement ended on {at}: nothing is sent on its word any more.",
    "statement_not_signed": (
        "A statement of {installation} is not signed by the anchor it names, or by one that "
        "followed it."
    ),
    "key_revoked": "Key {kid} does not count since {at} ({why}).",
    "anchor_announced": (
        "{installation} announces another anchor: {fingerprint}. Compare it before it takes effect."
    ),
    # what was sent, and what became of it
    "delivery": (
        "{installation} sent delivery {id} (package {package}, number {number}, {parts} parts) to "
        "{partner}, signed on {at}."
    ),
    "delivery_over": (
        "Its time was over on {at}: a receiver takes it no more, and asks for a new one."
    ),
    "cancelled": "Delivery {id} was taken back before it left.",
    "nothing_signed": "{partner} signed nothing about {id} here. Whether it arrived is open.",
    "event_received": "{installation} signed on {at} that all of {id} arrived.",
    "event_admitted": "{installation} signed on {at} that it opened {id} and took it in.",
    "event_refused": "{installation} signed on {at} that it refused {id} (reason: {reason}).",
    "event_viewed": "{installation} signed on {at} that an officer there read {id}.",
    "event_recall_received": "{installation} signed on {at} that it heard recall {id}.",
    "event_recalled": "{installation} signed on {at} that it gave up what recall {id} took back.",
    "event_recall_declined": (
        "{installation} signed on {at} that it keeps what recall {id} took back (reason: {reason})."
    ),
    "event_deleted": "{installation} signed on {at} that it destroyed the content of {id}.",
    "event_expired": "{installation} signed on {at} that it dropped the unfinished upload of {id}.",
    "notice": "{installation} took package {package} back on {at} (recall {id}, reason: {reason}).",
    "grant": (
        "{installation} permitted {partner} on {at} to read one thing until {until} (grant {id})."
    ),
    "other_token": "{installation} signed a token of the kind {kind} on {at}.",
    "receipt_of_other": "Receipt {id} is not about what it is filed under ({why}).",
    "receipt_of_nothing": "Receipt {id} is about a token that is not here.",
    "receipt_contradicts": (
        "{installation} signed on {at} the event {event} of {id}, which cannot be true beside "
        "what it signed before."
    ),
    "of_a_stranger": "The token of row {n}, of {installation}, is not between these two.",
    "receipts_without_end": "{count} receipts are about {id}; there are nine things to sign for.",
    "doubtful": "{count} tokens were kept although nobody vouches for them; they prove nothing.",
    # tokens
    "not_a_token": "There is something that is no token.",
    "no_statement": (
        "It says it is of {installation}, and no key statement of {installation} is here. Give "
        "its statement as another file."
    ),
    "not_signed": "It says it is of {installation}, and no key {installation} stated signed it.",
    "not_genuine": "The token of row {n} was not signed by a key stated by then.",
    "token_missing": "The token of row {n} is not here.",
    "token_changed": "The token of row {n} is another one than was noted.",
    "token_without_row": "Token {sha256} has no row of the log.",
    # the log
    "rows": (
        "{count} rows of the log of {installation} carry their own hash; {pinned} of them are "
        "fixed by a signed word about the log."
    ),
    "row_changed": "Row {n} was changed.",
    "row_does_not_follow": "Row {n} does not follow the row before it.",
    "rows_behind_end": (
        "{count} rows are newer than the last signed word about the log, which ends at row {n}."
    ),
    "log_words": (
        "{count} signed words of {installation} about its log agree; the longest is of {at} and "
        "knows {n} rows."
    ),
    "log_rewritten": (
        "{installation} signed two different heads of its log at row {n}, or another row is here: "
        "its past was rewritten."
    ),
    "log_cut": (
        "The log of {installation} had {longest} rows once and {n} later: its end was cut, or a "
        "backup was restored."
    ),
    "end_missing": "The file has no end: something was cut off.",
    "end_not_signed": "That the log of {installation} ends at row {n} is signed by nobody.",
    "log_not_whole": (
        "That {installation} took out no other row between these shows only in its whole log "
        "(`bid evidence export`)."
    ),
    "log_holds": (
        "All {rows} rows of the log of {installation} hold, with {tokens} tokens and {words} "
        "signed words about it."
    ),
    "log_tail": (
        "Whether more rows followed row {rows} shows only beside what partners of {installation} "
        "kept: give their bundle, log or receipts as another file."
    ),
    "log_tail_missing": (
        "Row {n} is missing: the log was cut here, it was longer once. {rows} rows form a chain."
    ),
    "log_fault": "Row {n} does not fit: {why}. {rows} rows form a chain.",
    "stamp": "A time-stamping authority you named signed that checkpoint {sha256} existed on {at}.",
    "stamp_not_compared": (
        "A stamp says that checkpoint {sha256} existed on {at}; whose stamp it is was not "
        "compared. Give the authority's root certificate with --stamp-root."
    ),
    "stamp_not_genuine": (
        "The stamp on checkpoint {sha256} is of no authority under the root certificates you "
        "gave, or not on it."
    ),
    # numbers
    "fork": "{installation} signed two deliveries with number {number} in one chain.",
    "numbers_missing": "Of chain {chain} of {installation} these numbers are not here: {numbers}.",
    "numbers_elsewhere": (
        "Numbers {numbers} of chain {chain} of {installation} belong to other transfers; that is "
        "the word of whoever made the file."
    ),
    "number_does_not_follow": (
        "Delivery number {number} of {installation} does not follow the one before it."
    ),
    # a sealed package
    "bytes_fit": "The sealed box and all {parts} sealed parts are byte for byte what was signed.",
    "sizes_differ": "The sealed parts are not as long as was signed.",
    "box_changed": "The sealed box is not the one that was signed.",
    "parts_changed": "Sealed parts {numbers} are not what was signed.",
    "bytes_unreadable": "The sealed parts could not be read to their end.",
    "content_sealed": "What the package says is sealed; only its receiver can open it.",
    # two sides
    "agree": "Both sides agree: {count} tokens are in both files, word for word.",
    "shared": "{count} tokens are in both files, word for word; the rest is told above.",
    "same_side": (
        "Both files are of {installation}, and the later one has everything the earlier one had."
    ),
    "gone_since": (
        "An earlier file of {installation} has {kind} {id} of {at}, and the later one does not: a "
        "backup was restored."
    ),
    "other_transfer": "The files are about different transfers: {one} and {other}.",
    "other_partner": "{one} and {other} made these files about transfers with somebody else.",
    "anchors_differ": (
        "The two files name different anchors of {installation}: one side was shown another key."
    ),
    "signed_and_gone": (
        "{holder} has {kind} {id}, signed by {maker} on {at}, and the file of {maker} does not: "
        "its log was cut, or a backup was restored."
    ),
    "signed_for_and_gone": (
        "{maker} signed for {kind} {id} of {at}, which {holder} sent, and its own file does not "
        "have it."
    ),
    "on_its_way": (
        "{kind} {id}, signed on {at}, is in the file of {holder} only; {maker} may not have it yet."
    ),
    "log_differs": (
        "{holder} keeps a signed word of {maker} about row {n} that differs from the log of "
        "{maker}: its past was rewritten."
    ),
    "log_shorter": (
        "{holder} keeps a signed word of {maker} of {at} about {longest} rows, and the file of "
        "{maker} ends at row {n}: it was made before, or the log was cut. Ask {maker} for a new "
        "file."
    ),
    "log_witnessed": (
        "The log of {maker} is at least as long as {holder} remembers: {n} rows on {at}."
    ),
    "no_words": (
        "{holder} keeps no signed word of {maker} about the log of {maker}; a cut tail would not "
        "show here."
    ),
    # a printed paper
    "paper": (
        "{installation} signed for this file on {at}, byte for byte: its {paper} with the check "
        "code {number}."
    ),
    "paper_changed": (
        "It was changed after it was issued, or saved anew by another program. Only the file as it "
        "was issued proves anything."
    ),
    "paper_without_proof": (
        "It is a PDF that carries no proof: it is none of ours, was saved anew, or was printed by an "
        "installation without keys. Check the code on it where it says."
    ),
    "paper_too_large": "It is larger than a printed paper can be.",
    "paper_may_be_superseded": (
        "Whether a later paper took its place does not show here. Check {number} where the paper "
        "says, or ask {installation}."
    ),
    # what no such file proves
    "ref_is_a_word": (
        "That these packages are about transfer {ref} is the word of {installation}; the manifests that say so are "
        "sealed, and named by their hash in the receipts."
    ),
    "content_not_here": "What the packages say is not in this file.",
    "no_consent": (
        "A receipt proves that something arrived or was read. It is never a consent and never a "
        "decision."
    ),
    # files
    "unreadable": "It is no file two countries exchange, or it was damaged.",
    "unreadable_line": "Line {line} is not of the form such a file has.",
    "too_large": "It is larger than such a file can be (line {line}).",
    "newer": "It was made by a newer version of this product. Check it with a newer one.",
    "not_a_package": "It is no sealed package in the one form that is taken, or it was damaged.",
    "not_a_log": "It is no export of an evidence log.",
}


def sentence(finding: Finding) -> str:
    """Return one finding as a sentence."""
    shown = {name: _shown(name, value) for name, value in finding.facts.items()}
    return WORDS[finding.code].format(**shown)


def _shown(name: str, value: Fact) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if name == "why":
        return LOG_FAULTS.get(str(value), str(value))
    return "".join(sign if sign.isprintable() else "?" for sign in str(value))
