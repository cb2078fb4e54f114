"""What a refusal looks like to a person: status, slug, title and a sentence that says what to do next."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """The words of one kind of refusal.

    Args:
        status: 403 a rule about people, 404 not there or not yours, 409 a state, 422 a badly formed request.
        slug: last part of ``/problems/<slug>``; never changes once published.
        title: what happened, in a few words.
        detail: what to do next; ``{name}`` is filled from the refusal's facts.
    """

    status: int
    slug: str
    title: str
    detail: str
