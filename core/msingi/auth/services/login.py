"""Signing in with a password, a second factor and, the first time, a password of one's own."""

from msingi.actor import ActorKind
from msingi.auth.errors import PasswordChangeNeeded, SessionNeeded
from msingi.auth.models import User
from msingi.auth.rules.hashing import hash_password, is_outdated
from msingi.auth.rules.passwords import normal_password
from msingi.auth.services.attempts import Attempt, forgive, succeed
from msingi.auth.services.passwords import password_refusal, set_own_password
from msingi.auth.services.proofs import (
    hash_cost,
    prove_password,
    prove_second_factor,
    unchanged,
    use_second_factor,
)
from msingi.auth.services.second_factor import complete_enrolment
from msingi.auth.services.sessions import LoginResult, open_session
from msingi.auth.services.snapshots import Account
from msingi.errors import DomainError
from msingi.work import Work


def login(
    work: Work, username: str, password: str, *, code: str | None = None, new_password: str | None = None
) -> LoginResult:
    """Open a session for a person who proves the password and whatever else the account demands.

    There are no half-open sessions: an account that must first change its password or set up a second factor
    gets a coded refusal and nothing else, and repeats the sign-in with what was missing.

    Raises:
        SessionNeeded: an API token asks (attack 43).
        TryLater, WrongLogin: see ``prove_password``.
        CodeNeeded, EnrolmentNeeded, WrongCode: see ``prove_second_factor``.
        PasswordChangeNeeded: the password was given by an administrator and ``new_password`` is missing.
        WeakPassword: ``new_password`` breaks the rules.

    """
    if work.actor.kind is ActorKind.TOKEN:
        raise SessionNeeded
    attempt, account = prove_password(work, username, password)
    factor = prove_second_factor(work, attempt, account, code)
    _check_new_password(work, attempt, account, (password, new_password))
    with work.everywhere():
        user = unchanged(work, account)
        use_second_factor(work, account, factor)
        if new_password is not None:
            set_own_password(work, user, new_password)
        else:
            _rehash(work, user, password)
        succeed(work, attempt)
        codes = complete_enrolment(work, user.id) if factor.enrols else []
        work.audit("auth.login", entity="auth_user", entity_id=user.id, jurisdiction_id=user.jurisdiction_id)
        return open_session(work, user, second_factor=factor.given, backup_codes=codes)


def _check_new_password(
    work: Work, attempt: Attempt, account: Account, passwords: tuple[str, str | None]
) -> None:
    present, wanted = passwords
    if wanted is None and not account.must_change_password:
        return
    refusal: DomainError | None = PasswordChangeNeeded()
    if wanted is not None:
        refusal = password_refusal(work, wanted, username=account.username, present=present)
    if refusal is not None:
        forgive(work, attempt)
        raise refusal


def _rehash(work: Work, user: User, password: str) -> None:
    cost = hash_cost(work.platform)
    if user.password_hash is not None and is_outdated(user.password_hash, cost):
        user.password_hash = hash_password(normal_password(password) or "", cost)
