"""Everything said about refusals and in notices, by the key under which other languages say it."""

from collections.abc import Mapping

from api.problems import notices
from api.problems.answers import OUR_FAULT_WORDS, PAGE_WORDS, PLAIN
from api.problems.catalogue import ANOTHER_VALUE, SOMEBODY_ELSE, gap_words, problems, rule_words
from api.problems.values import VALUES


def english() -> Mapping[str, str]:
    """Return every sentence in English."""
    found = {"another_value": ANOTHER_VALUE, "somebody_else": SOMEBODY_ELSE}
    for words in problems().values():
        found[f"refusal.{words.slug}.title"] = words.title
        found[f"refusal.{words.slug}.detail"] = words.detail
    for status, (_, title, detail) in PLAIN.items():
        found[f"plain.{status}.title"], found[f"plain.{status}.detail"] = title, detail
    found |= {f"gap.{code}": words for code, words in gap_words().items()}
    found |= {f"rule.{code}": words for code, words in rule_words().items()}
    found |= {f"value.{code}": words for code, words in VALUES.items()}
    found |= {f"fault.{code}": words for code, words in OUR_FAULT_WORDS.items()}
    found |= {f"page.{name}": words for name, words in PAGE_WORDS.items()}
    return {**found, **_of_notices()}


def _of_notices() -> dict[str, str]:
    found = {"otherwise": notices.OTHERWISE}
    found |= {f"notice.{topic}": words for topic, words in notices.WORDS.items()}
    found |= {f"type.{code}": words for code, words in notices.TYPES.items()}
    found |= {f"cause.{code}": words for code, words in notices.CAUSES.items()}
    found |= {f"limit.{code}": words for code, words in notices.limits().items()}
    found |= {f"mark.{code}": words for code, words in notices.MARKS.items()}
    for topic, unknown in notices.IF_UNKNOWN.items():
        found |= {f"unknown.{topic}.{name}": words for name, words in unknown.items()}
    return found
