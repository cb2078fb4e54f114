"""When a legal representative has to be offered to a child.

Source: DOM-R12.
"""

from typing import Final

from cases.rules.children import AsylumClaim
from core.errors import Gap

RUNNING_CLAIMS: Final = frozenset({AsylumClaim.WISHES, AsylumClaim.PENDING})


def offer_gaps(
    *, asylum_claim: str, justice_involved: bool, detained: bool, was_offered: bool
) -> tuple[Gap, ...]:
    """Say what is missing while an asylum, immigration or court procedure runs.

    A child in detention is in one of them, whatever it is called (our choice). The answer of the
    child does not matter here: that the offer was made does.

    Args:
        asylum_claim: as on file.
        justice_involved: victim, witness or accused in a court procedure.
        detained: in detention now.
        was_offered: an offer is on file.

    Source: DOM-R12.
    """
    runs = asylum_claim in set(RUNNING_CLAIMS) or justice_involved or detained
    return (Gap("legal_offer_missing"),) if runs and not was_offered else ()
