"""Refusals about transfers between offices and countries, and about whom to trust with them."""

from dataclasses import dataclass

from core.errors import DomainError, Incomplete, NotAllowed, WrongState


@dataclass(eq=False)
class MovementRefused(Incomplete):
    """The child may not move abroad; ``gaps`` lists everything that forbids it."""


@dataclass(eq=False)
class NotSetUp(DomainError):
    """This installation has no name and no keys towards others yet."""


@dataclass(eq=False)
class AlreadySetUp(DomainError):
    """This installation has its name and its anchor; another anchor is announced, not made anew."""


@dataclass(eq=False)
class AnchorNotOurs(DomainError):
    """The anchor that was brought from its safe is not the one this installation is known by."""


@dataclass(eq=False)
class StatementRefused(DomainError):
    """A key statement is not taken; what was stored before stays. ``fault`` is a code for the officers."""

    fault: str


@dataclass(eq=False)
class AlreadyPartner(DomainError):
    """This installation is proposed or trusted already."""


@dataclass(eq=False)
class AnchorSeenBefore(DomainError):
    """The anchor belongs to another installation, or to a partnership that was ended for good."""


@dataclass(eq=False)
class FingerprintDiffers(DomainError):
    """What an officer heard is not the end of the fingerprint that was loaded: somebody is in between, or misheard."""


@dataclass(eq=False)
class NoKeyCounts(DomainError):
    """This installation has no key of this use that counts today."""

    use: str


@dataclass(eq=False)
class NotOurStep(WrongState):
    """The step does not exist here, or it is the other country's to take. Source: DOM-R36."""


@dataclass(eq=False)
class OneOfficerAlone(NotAllowed):
    """Whoever wrote a message does not sign it: two people stand behind everything that leaves.

    Source: DOM-R44, EXP-5.2.
    """

    rule: str = "one_officer_alone"


@dataclass(eq=False)
class NotSent(Incomplete):
    """Nothing went out; ``gaps`` lists everything that is missing."""


@dataclass(eq=False)
class DocumentNotKept(NotAllowed):
    """The sender of a document lets it be read and not kept. Source: EXP-5.2, DOM-R46."""

    rule: str = "document_view_only"


@dataclass(eq=False)
class SecondOfficerNeeded(NotAllowed):
    """Whoever began it does not also vouch for it; persons are compared. Source: DOM-2.3, EXP-10."""


@dataclass(eq=False)
class NotToBeTaken(DomainError):
    """A paper of a recipient is not of a kind we take, or not what it says it is. Source: EXP-5.2."""


@dataclass(eq=False)
class AnswerFormRefused(Incomplete):
    """A filled-in form that came back is not taken; ``gaps`` says why. Nothing was kept. Source: EXP-10."""


@dataclass(eq=False)
class PaperNotLookedAt(DomainError):
    """A scanner found something in a paper of a recipient, or no scanner answered; it was not kept."""


@dataclass(eq=False)
class VisitOver(DomainError):
    """Nobody is here: the visit of a recipient ended, or never began. One answer for every reason."""
