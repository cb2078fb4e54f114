"""What a notice says: one plain sentence for each topic, with codes and dates only.

A notice is read on shared screens: no name, no reason, nothing that tells a child from another.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from babel.dates import format_date

from api.desk.words import words_for as pages
from api.problems import reading
from cases.rules.clocks import ClockCode

WORDS: Final[dict[str, str]] = {
    "access.glass_broken": "Somebody opened a file in an emergency, without the usual permission. Look at the reason.",
    "access.glass_not_justified": "An emergency opening of a file was found unjustified. Talk with whoever opened it.",
    "account.notice": "An account or role changed: {code}. Look whether that is right.",
    "account.sign_in_alarm": "Signing in failed many times ({level}). Look who was meant, and whether to act.",
    "ageing.consent_moved": "A young person of yours is an adult now. Ask them for their own consent.",
    "ageing.months_left": "A young person of yours becomes an adult in {months} months. Plan the change with them.",
    "appeal.lodged": "Somebody disagrees with a decision. The file is open to those who hear the appeal.",
    "appeal.window_opened": "A decision was explained. An appeal is possible until {ends_at}.",
    "case.retention_over": "Files have been kept as long as the country says. Look which of them can be erased.",
    "case.erased": "A file was erased.",
    "case.ready_for_listing": "A case is ready for a panel. Put it on an agenda.",
    "deadline.reached": "Time limit “{limit}”: {mark}. Open the case.",
    "decision.flagged": "A decision has to be looked at again by {by}.",
    "deferral.question": "A panel asked you a question. Answer it by {due_on}.",
    "detention.closed_case": "Detention of a child was reported whose case is closed. Reopen the case.",
    "determination.sealed": "A decision is signed and in force. It is explained to the child next.",
    "exchange.clock_jumped": "The clock moved by a day or more. Look whether it is right; nothing ends before.",
    "exchange.clocks_differ": "The clock of {installation} is {seconds} seconds from ours. Look which is right.",
    "exchange.dead_letter": "A message did not reach {installation} in time. Nothing is lost: hand over a file.",
    "exchange.scanner_away": "The virus scanner does not answer. What comes from abroad waits; nothing is lost.",
    "exchange.disk_nearly_full": "The disk for packages is nearly full. Make room; what is stored stays.",
    "transfer.taken_back": "Consent was taken back: what was told about the child of {ref} is recalled. "
    "Decide what becomes of it.",
    "transfer.wrong_recipient": "What was told about the child of {ref} went to the wrong place, and is taken back. "
    "Decide whether somebody else has to be told of it.",
    "transfer.receipt_late": "Nobody has signed yet for receiving the child of {ref}. Call there and the escort now.",
    "transfer.report_late": "No report has come on how the child of {ref} is. Ask over there, or write ours.",
    "disagreement.late": "Two countries still disagree about a child, and the time for this step is over. "
    "Take it higher, or put on record what is missing.",
    "exchange.grant_ended_after_use": "A grant {installation} had used has ended. Decide whether to take it back.",
    "exchange.grant_redeemed": "What {installation} let us fetch has come. Open it in its transfer.",
    "exchange.grant_refused_here": "{installation} used a grant that does not count. Nothing was given.",
    "exchange.grant_refused_there": "{installation} gives nothing for its grant any more. Ask it for a new one.",
    "exchange.kept_long_enough": "What {installation} sent may not be kept any longer. Have it destroyed.",
    "exchange.needs_attention": "A message to {installation} does not go on ({code}). It is kept; look what to do.",
    "exchange.numbers_fork": "{installation} gave one number to two deliveries. Perhaps a backup was restored: ask.",
    "exchange.recalled_by_partner": "{installation} took a message back. It is closed; answer by {by}.",
    "exchange.receipt_not_genuine": "A receipt of {installation} does not hold ({code}). It changed nothing.",
    "exchange.refused_here": "A package of {installation} was refused ({code}). Nothing of it is shown.",
    "exchange.refused_there": "{installation} refused a message of ours ({code}). What it said is kept.",
    "exchange.waits_for_person": "A delivery of {installation} waits for a person to decide ({code}).",
    "guest.acknowledged": "A recipient abroad says that a message of ours came. It is no consent.",
    "guest.alarm": "A recipient abroad reports something urgent about a child. Look at once, and call them.",
    "guest.answered": "A recipient abroad sent something back ({code}). Look at it, and confirm it or set it aside.",
    "guest.locked": "A one-time link was locked after five wrong codes. Call the recipient under the known number.",
    "guest.opened": "A recipient abroad opened what we gave to read.",
    "guest.to_verify": "A recipient abroad was proposed. Make sure of the person, if you did not propose them.",
    "hold.review_due": "The day to look at a case on hold has come.",
    "item.called_off": "The case to which you were invited is not heard on that day. You hear of the new day.",
    "item.invited": "You are invited to the sitting in which a case of yours is heard.",
    "item.referred": "A case goes to the review panel because the votes were tied.",
    "keys.destruction_due": "An old private key is needed no more. Destroy it with `bid keys destroy-old`.",
    "keys.rotation_due": "A key towards other countries has to be followed by another. List it with `bid keys rotate`.",
    "keys.statement_due": "Our key statement comes to its end. Issue a new one with `bid partner statement --issue`.",
    "partner.anchor_moved": "{installation} goes by the new anchor it announced. Look whether you knew of it.",
    "partner.fingerprint_differs": "Somebody heard another fingerprint for {installation}. Find out why first.",
    "partner.key_at_short_notice": "{installation} uses a key sooner than agreed. Ask there whether that is right.",
    "partner.key_compromised": "A key of {installation} was in other hands. Review what it signed.",
    "partner.log_differs": "The words of {installation} about its evidence log contradict each other. Ask there.",
    "partner.statement_old": "The key statement of {installation} is thirty days old. Ask for its newest one.",
    "partner.statement_past": "The key statement of {installation} has ended: nothing is sent. Load its newest one.",
    "partner.statement_refused": "A key statement of {installation} was refused ({code}). The known one stays.",
    "partner.suspended": "The exchange with {installation} is suspended. What is queued stays queued.",
    "mass.left_to_colleague": "A child has to come off a mass sitting, and its secretary may not open the file. Do it.",
    "papers.unread": "Papers for a sitting of your panel wait for you to open them. Read them before it begins.",
    "plan.not_made": "Sittings could not be planned anew, although {cause}. Look at the agendas yourself.",
    "plan.proposed": "Sittings were planned anew, because {cause}. Nothing has moved: accept the plan or set it aside.",
    "sitting.called_off": "The sitting of your panel on {starts_at} is called off.",
    "sitting.convened": "A sitting of your panel is called. Read the papers.",
    "sitting.member_declined": "A member cannot come to the sitting on {starts_at}. See who else can.",
    "sitting.planned": "Your panel sits on {starts_at}, and you are asked to come or to stand by.",
    "sitting.tomorrow": "Your panel meets within a day, {starts_at}.",
    "transfer.alarm": "Something about {ref} has to be known at once: {type}. Open it.",
    "transfer.message_came": "{from} wrote about {ref}: {type}. Read it and say who handles it.",
}


TYPES: Final[dict[str, str]] = {
    "ENQUIRY": "an enquiry",
    "REQUEST": "a request to receive the child",
    "ACK": "it came there and a person has seen it",
    "ENQUIRY_REPLY": "an answer to our enquiry",
    "INFO_REQUEST": "questions",
    "INFO_REPLY": "answers to our questions",
    "SUMMARY": "a summary",
    "ACCEPT": "yes to our request",
    "DECLINE": "no to our request",
    "WITHDRAW": "a request is taken back",
    "PACKAGE": "the file of the child",
    "TRAVEL_PLAN": "the plan of the journey",
    "TRAVEL_CONFIRM": "the child is expected",
    "HANDOVER_NOTICE": "the child was handed over",
    "RECEIPT": "the child is there, signed for",
    "FOLLOWUP_REPORT": "a report on how the child is",
    "PLACEMENT_CHANGE": "the child lives elsewhere now",
    "INCIDENT_ALERT": "an alarm",
    "RESPONSIBILITY_CHANGE": "who answers for the child changed",
    "CLOSE": "the transfer is closed",
    "REOPEN": "the transfer is open again",
    "CORRECTION": "a correction",
    "WRONG_RECIPIENT_NOTICE": "it went to the wrong office",
}
"""What another country's message is, as a notice says it."""

CAUSES: Final[dict[str, str]] = {
    "urgent_case": "a child cannot wait",
    "absence": "somebody cannot come",
    "holiday": "a sitting would be on a holiday",
    "broken_sitting": "a sitting is not held, or its room is closed",
}
"""Why sittings were planned anew, as a notice says it."""

REACHED: Final = 100
"""The level of a time limit, in hundredths of it, at which it is over."""

MARKS: Final[dict[str, str]] = {
    "before": "{level} % of its time have passed",
    "over": "its time is over",
    "after": "its time is over, and {level} % of it have passed since",
}
"""How far a time limit has come, as a notice says it."""

IF_UNKNOWN: Final[dict[str, dict[str, str]]] = {
    "deadline.reached": {"limit": "of a case", "mark": "it has come so far that you are told"},
    "transfer.alarm": {"ref": "a child in a transfer"},
    "transfer.message_came": {"from": "Another country", "ref": "a child"},
}
"""What notices of an older version do not tell."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOUR: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
OTHERWISE: Final = "There is something for you."


def words_for(topic: str, facts: Mapping[str, str | int | bool | None]) -> str:
    """Return the sentence of a notice; a topic without words, of an older version, has a general one."""
    known: dict[str, str | int | bool] = {
        name: reading.said(f"unknown.{topic}.{name}", text)
        for name, text in IF_UNKNOWN.get(topic, {}).items()
    }
    known |= {name: _plain(fact) for name, fact in facts.items() if fact is not None}
    for name, words in (("type", TYPES), ("cause", CAUSES)):
        code = str(known.get(name, ""))
        if code in words:
            known[name] = reading.said(f"{name}.{code}", words[code])
    if topic == "deadline.reached":
        known |= _limit(facts)
    return _sentence(topic).format_map(_Known(known))


def limits() -> dict[str, str]:
    """Return every time limit in the English words of the pages, by its code."""
    return {code.value: pages("en", "").of("limit", code.value) for code in ClockCode}


def _sentence(topic: str) -> str:
    words = WORDS.get(topic)
    if words is None:
        return reading.said("otherwise", OTHERWISE)
    return reading.said(f"notice.{topic}", words)


def _limit(facts: Mapping[str, str | int | bool | None]) -> dict[str, str | int | bool]:
    """Say which time limit it is, in the words of the pages, and how far it has come."""
    said: dict[str, str | int | bool] = {}
    code, level = facts.get("code"), facts.get("level")
    if isinstance(code, str):
        said["limit"] = reading.said(f"limit.{code}", limits().get(code, code))
    if isinstance(level, int):
        mark = "before" if level < REACHED else "over" if level == REACHED else "after"
        words = reading.said(f"mark.{mark}", MARKS[mark])
        said["mark"] = words.format(level=level if level < REACHED else level - REACHED)
    return said


def _plain(fact: str | int | bool) -> str | int | bool:
    """Return a fact as a sentence says it: days and hours as people write them, with the clock they are read from."""
    if not isinstance(fact, str):
        return fact
    if _DAY.fullmatch(fact):
        return format_date(date.fromisoformat(fact), "long", locale=reading.reader().locale)
    if not _HOUR.match(fact):
        return fact
    at = datetime.fromisoformat(fact)
    return f"{format_date(at.date(), 'full', locale=reading.reader().locale)}, {at:%H:%M} ({at.tzname()})"


class _Known(dict[str, str | int | bool]):
    """Facts of an older notice may lack what the sentence asks for."""

    def __missing__(self, key: str) -> str:
        return "–"
