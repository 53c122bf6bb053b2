"""Choosing a password: the rules, the change, and what it kills (attacks 39, 40, 42)."""

from msingi.auth.errors import WeakPassword
from msingi.auth.models import User, UserStatus
from msingi.auth.rules.hashing import hash_password
from msingi.auth.rules.passwords import LONGEST, PasswordFlaw, flaw_of, normal_password
from msingi.auth.services.attempts import forgive, succeed
from msingi.auth.services.proofs import hash_cost, prove_password, unchanged
from msingi.auth.services.sessions import LoginResult, live_session, open_session, signed_in
from msingi.work import Work


def change_password(work: Work, present: str, wanted: str) -> LoginResult:
    """Replace one's own password, end every session and API token of the account and open a new session.

    Raises:
        SessionNeeded: the caller did not sign in here with a password.
        TryLater, WrongLogin: the present password is wrong, or was changed meanwhile; guesses count like those of a
            sign-in.
        NotAuthenticated: the session was ended meanwhile.
        WeakPassword: the wanted password breaks the rules or is the present one.

    """
    user_id, session_id = signed_in(work)
    attempt, account = prove_password(work, user_id, present)
    refusal = password_refusal(work, wanted, username=account.username, present=present)
    if refusal is not None:
        forgive(work, attempt)
        raise refusal
    with work.everywhere():
        user = unchanged(work, account)
        session = live_session(work, session_id)
        set_own_password(work, user, wanted)
        succeed(work, attempt)
        return open_session(work, user, second_factor=session.second_factor)


def password_refusal(work: Work, wanted: str, *, username: str, present: str) -> WeakPassword | None:
    """Why a password breaks the rules of this installation, or None (attack 49).

    The refusal carries the first rule broken as ``reason``, a ``PasswordFlaw``.
    """
    profile = work.platform.profile
    minimum = profile.security.password_min_length
    personal = [
        username.partition("@")[0],
        profile.branding.abbreviation,
        *profile.branding.application.values(),
    ]
    flaw = flaw_of(wanted, minimum=minimum, personal=personal)
    if flaw is None and normal_password(wanted) == normal_password(present):
        flaw = PasswordFlaw.TOO_COMMON
    return None if flaw is None else WeakPassword(reason=flaw.value, minimum=minimum, maximum=LONGEST)


def set_own_password(work: Work, user: User, wanted: str) -> None:
    """Store a checked password that its person chose: an invited account becomes active."""
    user.password_hash = hash_password(normal_password(wanted) or "", hash_cost(work.platform))
    user.password_until = None
    user.must_change_password = False
    user.generation += 1
    if user.status is UserStatus.INVITED:
        user.status = UserStatus.ACTIVE
    work.session.flush()
    work.audit(
        "auth.password_changed",
        entity="auth_user",
        entity_id=user.id,
        jurisdiction_id=user.jurisdiction_id,
    )
