"""Refusals of the auth plugin; none that the network sees tells whether an account exists (attack 45)."""

from msingi.errors import DomainError


class WrongLogin(DomainError):
    """The one answer to every failed sign-in: unknown name, wrong password, account not open."""

    code = "auth.wrong_login"
    template = "The user name or the password is wrong, or the account is not open. Check both, or ask your administrator."


class TryLater(DomainError):
    """Too many wrong attempts; the wait ends by itself (attack 44)."""

    code = "auth.try_later"
    template = "There were too many wrong attempts. Try again in {seconds} seconds."


class CodeNeeded(DomainError):
    """The password is right; the account also needs a code of its second factor."""

    code = "auth.code_needed"
    template = "Enter the six-digit code of your authenticator application, or one of your backup codes."


class WrongCode(DomainError):
    """The code of the second factor is wrong, too old or already used (attack 46)."""

    code = "auth.wrong_code"
    template = "This code is wrong or was already used. Wait for the next code."


class PasswordChangeNeeded(DomainError):
    """The password was given by an administrator: the account opens when its person chose a new one."""

    code = "auth.password_change_needed"
    template = "Choose a password of your own: send it as the new password together with the present one."


class EnrolmentNeeded(DomainError):
    """A role of the account demands a second factor that is not set up yet (CH-74)."""

    code = "auth.enrolment_needed"
    template = (
        "Your role needs a second factor. Set up an authenticator application, then sign in with its code."
    )


class WeakPassword(DomainError):
    """The new password breaks a rule; ``reason`` is a ``PasswordFlaw``."""

    code = "auth.weak_password"
    template = (
        "This password is too easy to guess, too short or too long. Choose {minimum} to {maximum} characters: "
        "no usual word, no row of keys, not your user name."
    )


class FreshLoginNeeded(DomainError):
    """The step is sensitive: the sign-in must be recent (attack 46)."""

    code = "auth.fresh_login_needed"
    template = "Sign out and in again, then repeat this step within {minutes} minutes."


class SessionNeeded(DomainError):
    """The step belongs to a signed-in person; an API token cannot do it (attack 43)."""

    code = "auth.session_needed"
    template = "Only a person who signed in can do this; an API token cannot."


class AloneOnly(DomainError):
    """The operation proves a password and must be the first one in its request (attack 4)."""

    code = "auth.alone_only"
    template = "Send this operation in a request of its own."


class UsernameTaken(DomainError):
    """Another account has this user name."""

    code = "auth.username_taken"
    template = "This user name is taken. Choose another one."


class InvalidUsername(DomainError):
    """The user name has a wrong form."""

    code = "auth.invalid_username"
    template = "A user name has 3 to 100 characters: letters a to z, digits, and . _ @ + - inside."


class UnknownUser(DomainError):
    """No account has the name that an administrator types on the server itself; never told over the network."""

    code = "auth.unknown_user"
    template = "There is no user “{name}”."


class UnknownLanguage(DomainError):
    """The installation does not speak the language that an account is given."""

    code = "auth.unknown_language"
    template = "“{language}” is none of the languages here. Choose one of: {languages}."


class StatusChangeRefused(DomainError):
    """The state machine of accounts has no such step."""

    code = "auth.status_change_refused"
    template = "An account cannot go from “{before}” to “{after}”."
    state_params = frozenset({"before", "after"})


class NotOnYourself(DomainError):
    """Administrators do this to others only."""

    code = "auth.not_on_yourself"
    template = "You cannot do this to your own account. Ask another administrator."


class WiderRights(DomainError):
    """The account has rights that the administrator does not have, or in other places (attack 25)."""

    code = "auth.wider_rights"
    template = "This account has wider rights than yours. Ask an administrator above you."


class SecondFactorState(DomainError):
    """The second factor is already set up, or is not."""

    code = "auth.second_factor_state"
    template = "The second factor of this account is already set up, or was never begun."


class SecondFactorRequired(DomainError):
    """A role of the account demands the second factor: it cannot be switched off (CH-74)."""

    code = "auth.second_factor_required"
    template = "Your role needs the second factor; it cannot be switched off."


class InvalidToken(DomainError):
    """The wish for an API token breaks a rule; ``reason`` is a ``TokenFlaw``."""

    code = "auth.invalid_token"
    template = (
        "This token cannot be created. It carries at least one of your own permissions, lives for {days} days "
        "at most, and its addresses are written like 10.2.0.0/16."
    )


class IdentityTaken(DomainError):
    """This name at the issuer belongs to another account, or no issuer is configured."""

    code = "auth.identity_taken"
    template = "This external identity cannot be bound: it belongs to an account already, or no issuer is configured."
