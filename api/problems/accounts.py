"""Words of refusals about signing in, accounts, roles and tokens. None says which part of a sign-in was wrong."""

from typing import Final

from api.problems.problem import Problem
from core.accounts import errors
from core.errors import DomainError

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    errors.NotSignedIn: Problem(
        401,
        "not-signed-in",
        "Please sign in",
        "Your session is over or was never begun. Sign in and send the request again; nothing was stored.",
    ),
    errors.PageNotOurs: Problem(
        403,
        "page-not-ours",
        "This did not come from our page",
        "A change needs the form token of your session in X-CSRF-Token and a page of this address. "
        "Load the page again and send it once more; nothing was stored.",
    ),
    errors.SignInFailed: Problem(
        401,
        "sign-in-failed",
        "That did not work",
        "Check the name, the password and the code, and try again with a new code. "
        "If it goes on, ask whoever keeps the accounts of your office.",
    ),
    errors.PasswordRefused: Problem(
        403,
        "password-refused",
        "That is not your present password",
        "Type the password you signed in with. Nothing was changed.",
    ),
    errors.SlowDown: Problem(
        429,
        "slow-down",
        "Please wait a moment",
        "There were several tries that did not work. The next one counts in {wait_seconds} "
        "seconds; the wait ends by itself.",
    ),
    errors.InvitationRefused: Problem(
        404,
        "invitation-refused",
        "This invitation does not open",
        "It may have been used, replaced, or be older than three days. Ask for a new one where you got it.",
    ),
    errors.CodeRefused: Problem(
        409,
        "code-refused",
        "The code does not belong to this app",
        "Open the authenticator app, wait for the next six digits and type those. Nothing was changed.",
    ),
    errors.LoginTaken: Problem(
        409,
        "login-taken",
        "Somebody has this login name",
        "Choose another login name, for example with the office added. Nothing was stored.",
    ),
    errors.NotAccountKeeper: Problem(
        403,
        "not-account-keeper",
        "Accounts are kept by others",
        "Ask the administrator, the head of the secretariat or your supervisor.",
    ),
    errors.PersonNeeded: Problem(
        403,
        "person-needed",
        "A person has to do this",
        "Machines do not open accounts, give roles or make tokens. Sign in as yourself.",
    ),
    errors.GrantToOneself: Problem(
        403,
        "grant-to-oneself",
        "Nobody gives themselves a role",
        "Ask another person who may give this role; it does not matter which of your accounts you use.",
    ),
    errors.RoleNotYoursToGive: Problem(
        403,
        "role-not-yours-to-give",
        "This role is given by others",
        "Your own roles do not reach {role} with this scope. Ask the administrator or the head of the secretariat.",
    ),
    errors.RolesDoNotMix: Problem(
        403,
        "roles-do-not-mix",
        "One person may not hold both roles",
        "The person holds {held}, and {wanted} has to be with somebody else. "
        "End the one first, or choose another person.",
    ),
    errors.ActOnOneself: Problem(
        403,
        "act-on-oneself",
        "Another person has to do this",
        "Nobody suspends, restores or resets their own account. Ask somebody else who keeps accounts.",
    ),
    errors.HigherAccount: Problem(
        403,
        "higher-account",
        "This account is kept by others",
        "It holds a role that you could not give. Ask the administrator.",
    ),
    errors.AlreadyGranted: Problem(
        409,
        "already-granted",
        "The account holds this role already",
        "Nothing was changed. To give it other dates, end it first and give it anew.",
    ),
    errors.NotForMachines: Problem(
        403,
        "not-for-machines",
        "A machine cannot have this role",
        "The role {role} belongs to people, or reaches further than the person who answers for "
        "the machine. Choose less.",
    ),
}

GAPS: Final[dict[str, str]] = {
    "password_too_short": "The password needs at least {shortest} characters. "
    "Four or five unusual words are easy to keep.",
    "password_too_long": "The password may have at most {longest} characters. Leave some out.",
    "password_too_common": "This password is one of the first that a guesser tries, or is built from names, years or "
    "neighbouring keys. Choose words that nobody connects with you or this work.",
}
