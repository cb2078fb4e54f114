"""What officers read about terms the other country proposes."""

from api.fields import View
from transfers.rules.counter_terms import Verdict
from transfers.service.counter_terms import Comparison


class CounterTermOut(View):
    """One term: what was asked, what is proposed, what the panel decided, and what follows."""

    what: str
    asked: str
    proposed: str
    decided: str
    verdict: Verdict


class CounterTermsView(View):
    """Every proposed term of the newest answer; ``message_id`` is empty when nothing was proposed."""

    message_id: str
    conditions: list[str]
    terms: list[CounterTermOut]
    must_sit_again: bool

    @classmethod
    def of(cls, found: Comparison) -> "CounterTermsView":
        """Show what the service found."""
        terms = [
            CounterTermOut(
                what=one.term.what, asked=one.term.asked, proposed=one.term.proposed,
                decided=one.decided, verdict=one.verdict,
            )
            for one in found.terms
        ]  # fmt: skip
        return cls(
            message_id=found.message_id, conditions=list(found.conditions), terms=terms,
            must_sit_again=found.must_sit_again,
        )  # fmt: skip
