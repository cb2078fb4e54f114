"""What a command says when a rule refuses: the words of the API, and for a wrong value how it is written here."""

import os
from collections.abc import Mapping
from typing import Final

from api.problems.catalogue import detail_of, gap_sentence, problem_of
from api.problems.reading import FIRST, listen
from core.errors import BadInput, DomainError, Incomplete
from panels.service.plan_words import PlanWords, plan_words

VALUES: Final = {
    "not_a_login_name": "A login name has 3 characters or more and no blanks, for example agnes.phiri.",
    "scope_does_not_fit_role": "This role does not reach so far: choose another --scope (own, office, panel, country).",
    "reference_does_not_fit_scope": "Name the office or panel with --ref; leave --ref out with --scope own.",
    "another_country": "With --scope country leave --ref out: it is the country of this installation.",
    "not_a_name": "A name is this country, dot and up to 40 small letters, digits or dashes, for example ZM.mcdss.",
    "our_own": "This is our own key statement. Load the one the other side exported.",
    "14_to_90_days": "Partners are told 14 to 90 days before a key is used first: choose --lead-days.",
    "another_use": "The key that takes its place must be of the same use.",
    "with_compromised_only": "With compromised, and only then, say with --since from when others may have had it.",
    "not_a_code": "Give the reason as a code without blanks, for example suspicion.",
    "no_such_panel": "There is no panel with this code. `bid panel list` shows all.",
}


LOCALES: Final = ("BID_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def language_of(environment: Mapping[str, str]) -> str:
    """Return the language of a console: the first of these that is set, as ``fr-CD`` or ``fr_CD.UTF-8``."""
    found = next((environment[name] for name in LOCALES if environment.get(name)), "")
    return found.partition(".")[0].replace("_", "-")


def our_words() -> PlanWords:
    """Return what the planner says in the language of this console."""
    return plan_words(language_of(os.environ))


def words_of(refusal: DomainError) -> str:
    """Return the lines a person at the console reads; nothing was stored."""
    reader = listen(language_of(os.environ))
    if reader.language == FIRST and isinstance(refusal, BadInput) and refusal.code in VALUES:
        return f"{VALUES[refusal.code]} Nothing was stored."
    lines = [problem_of(refusal).title, detail_of(refusal)]
    if isinstance(refusal, Incomplete):
        lines += [f"- {gap_sentence(gap)}" for gap in refusal.gaps]
    return "\n".join(lines)
