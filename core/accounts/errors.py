"""Refusals about signing in, accounts and the giving of roles. Sign-in itself answers, it never raises.

A failed sign-in has to be counted, so ``core.accounts.sign_in`` returns ``Refused`` and the edge commits; what is
raised here rolls everything back.
"""

from dataclasses import dataclass

from core.errors import DomainError, NotAllowed, WrongState


@dataclass(eq=False)
class PageNotOurs(DomainError):
    """A change was asked for without the form token of the session, or from a page of another site."""


@dataclass(eq=False)
class NotSignedIn(DomainError):
    """No session and no token that counts: unknown, ended, idle too long, or opened under other rights."""


@dataclass(eq=False)
class LoginTaken(DomainError):
    """Another account of this installation has this login name."""


@dataclass(eq=False)
class InvitationRefused(DomainError):
    """The one-time token is unknown, used, withdrawn or too old, or the code with it is wrong: one answer."""


@dataclass(eq=False)
class CodeRefused(DomainError):
    """The six digits do not belong to the second factor being set up."""


@dataclass(eq=False)
class SignInFailed(DomainError):
    """Name, password, code or account do not let anybody in: one answer for every reason."""


@dataclass(eq=False)
class PasswordRefused(DomainError):
    """Somebody signed in gave another password than the one their account has."""


@dataclass(eq=False)
class SlowDown(DomainError):
    """Too many failures from here or on this account; the next try counts after the wait."""

    wait_seconds: int


@dataclass(eq=False)
class NotAccountKeeper(NotAllowed):
    """The actor's roles do not let them keep these accounts."""

    rule: str = "not_account_keeper"


@dataclass(eq=False)
class PersonNeeded(NotAllowed):
    """Machines do not open accounts, give roles or make tokens."""

    rule: str = "person_needed"


@dataclass(eq=False)
class GrantToOneself(NotAllowed):
    """Nobody gives themselves a role, through whichever of their accounts. Source: DOM-2.3."""

    rule: str = "grant_to_oneself"


@dataclass(eq=False)
class RoleNotYoursToGive(NotAllowed):
    """The giver's own roles do not reach this role, office, panel or country."""

    rule: str = "role_not_yours_to_give"
    role: str = ""


@dataclass(eq=False)
class RolesDoNotMix(NotAllowed):
    """One person may not hold both roles. Source: DOM-2.1, DOM-2.3."""

    rule: str = "roles_do_not_mix"
    held: str = ""
    wanted: str = ""


@dataclass(eq=False)
class ActOnOneself(NotAllowed):
    """Suspending or resetting one's own account is another person's act."""

    rule: str = "act_on_oneself"


@dataclass(eq=False)
class HigherAccount(NotAllowed):
    """The account holds a role the actor could not give, so the actor cannot reset or suspend it."""

    rule: str = "higher_account"


@dataclass(eq=False)
class AlreadyGranted(WrongState):
    """The account holds this role with this scope already."""

    kind: str = "grant"
    state: str = "in_force"
    act: str = "give"


@dataclass(eq=False)
class NotForMachines(NotAllowed):
    """This role belongs to people, or reaches further than the person who answers for the machine."""

    rule: str = "not_for_machines"
    role: str = ""
