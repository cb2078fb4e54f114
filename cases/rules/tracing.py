"""Family tracing: only where searching harms nobody, and ended only after somebody tried."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from cases.rules.reports import TracingResult
from core.errors import Answer, Gap, answer


class SafeToTrace(StrEnum):
    """Whether searching could endanger the child or a relative. Source: DOM-4.7."""

    YES = "yes"
    NO = "no"
    NOT_YET = "not_yet"


class ActionResult(StrEnum):
    """What came of one step of a search."""

    NOTHING = "nothing"
    LEAD = "lead"
    FOUND = "found"
    REFUSED = "refused"


ENDS: Final = frozenset(
    {TracingResult.VERIFIED, TracingResult.REUNIFIED, TracingResult.CLOSED_NO_RESULT}
)


def may_trace(safe: SafeToTrace, *, result: TracingResult | None = None, tried: int = 0) -> Answer:
    """Say whether a step may be taken, or (with a result) whether the search may end so.

    Source: DOM-4.7/safe_to_trace, DOM-R31, DOM-R47.
    """
    return answer("trace", _gaps(safe, result, tried))


def _gaps(safe: SafeToTrace, result: TracingResult | None, tried: int) -> Iterator[Gap]:
    if safe is not SafeToTrace.YES:
        yield Gap("tracing_not_safe", {"safe": safe.value})
    if result is None:
        return
    if result not in ENDS:
        yield Gap("tracing_result_does_not_end", {"result": result.value})
    if not tried:
        yield Gap("tracing_never_tried")
