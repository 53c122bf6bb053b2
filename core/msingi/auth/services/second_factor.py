"""Setting up and removing the second factor (CH-74, attack 46)."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from msingi.auth.errors import (
    FreshLoginNeeded,
    SecondFactorRequired,
    SecondFactorState,
    WrongCode,
)
from msingi.auth.models import BackupCode, TotpSecret, User
from msingi.auth.rules.totp import (
    enrolment_address,
    matching_step,
    new_backup_codes,
    new_secret,
    normal_backup_code,
)
from msingi.auth.services.attempts import forgive, succeed
from msingi.auth.services.proofs import backup_hash, prove_password, unchanged
from msingi.auth.services.sessions import LoginResult, end_sessions, live_session, open_session, signed_in
from msingi.auth.services.snapshots import Account
from msingi.auth.settings import AuthSettings
from msingi.work import Work


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator application needs; shown once."""

    secret: str = field(repr=False, metadata={"doc": "The secret in base32, for typing."})
    address: str = field(repr=False, metadata={"doc": "The otpauth address, for a QR code."})


def enrol_totp(work: Work, password: str, *, username: str | None = None) -> Enrolment:
    """Begin the enrolment of one's own account; the first right code completes it.

    ``username`` names the account of a person who cannot sign in yet because a role demands the second factor.

    Raises:
        SessionNeeded: no name is given and nobody signed in.
        TryLater, WrongLogin: the password is wrong.
        SecondFactorState: the account has a second factor already.

    """
    who = username if username is not None else signed_in(work)[0]
    attempt, account = prove_password(work, who, password)
    if account.totp_confirmed:
        forgive(work, attempt)
        raise SecondFactorState
    secret = new_secret()
    with work.everywhere():
        unchanged(work, account)
        _store_secret(work, account, secret)
    succeed(work, attempt)
    work.audit("auth.second_factor_begun", entity="auth_user", entity_id=account.id)
    issuer = work.platform.profile.branding.abbreviation
    return Enrolment(secret, enrolment_address(secret, account=account.username, issuer=issuer))


def confirm_totp(work: Work, code: str) -> LoginResult:
    """Complete the enrolment with a first code; all other sessions end and this one gets a new token.

    Raises:
        SessionNeeded: nobody signed in here.
        SecondFactorState: no enrolment was begun, or it is complete.
        WrongCode: the code does not fit.

    """
    user_id, _ = signed_in(work)
    with work.everywhere():
        totp = _secret_of(work, user_id)
        if totp is None or totp.confirmed_at is not None:
            raise SecondFactorState
        step = matching_step(totp.secret, code, now=work.now(), last_step=totp.last_step)
        if step is None:
            raise WrongCode
        totp.last_step = step
        codes = complete_enrolment(work, user_id)
        end_sessions(work, user_id)
        return open_session(work, work.get(User, user_id), second_factor=True, backup_codes=codes)


def complete_enrolment(work: Work, user_id: UUID) -> list[str]:
    """Confirm the second factor and give fresh backup codes, which are shown this once."""
    totp = _secret_of(work, user_id)
    if totp is None:
        raise SecondFactorState
    totp.confirmed_at = work.now()
    codes = new_backup_codes()
    work.session.execute(delete(BackupCode).where(BackupCode.user_id == user_id))
    work.insert_rows(
        BackupCode,
        [
            {
                "user_id": user_id,
                "code_hash": backup_hash(work.keyring, user_id, normal_backup_code(code) or code),
            }
            for code in codes
        ],
    )
    work.session.flush()
    work.audit("auth.second_factor_set", entity="auth_user", entity_id=user_id)
    return codes


def disable_totp(work: Work, password: str) -> LoginResult:
    """Remove one's own second factor; needs a sign-in with it a few minutes ago, and the password.

    Raises:
        SessionNeeded, TryLater, WrongLogin: as for every proof of a password.
        SecondFactorRequired: a role of the account demands it.
        SecondFactorState: there is none.
        FreshLoginNeeded: the sign-in is too old, or did not use the second factor.

    """
    user_id, session_id = signed_in(work)
    attempt, account = prove_password(work, user_id, password)
    with work.everywhere():
        unchanged(work, account)
        _check_removal(work, account, session_id)
        remove_second_factor(work, user_id)
        succeed(work, attempt)
        end_sessions(work, user_id)
        return open_session(work, work.get(User, user_id), second_factor=False)


def remove_second_factor(work: Work, user_id: UUID) -> None:
    """Delete the secret and the backup codes."""
    totp = _secret_of(work, user_id)
    if totp is not None:
        work.session.delete(totp)
    work.session.execute(delete(BackupCode).where(BackupCode.user_id == user_id))
    work.session.flush()
    work.audit("auth.second_factor_removed", entity="auth_user", entity_id=user_id)


def _check_removal(work: Work, account: Account, session_id: UUID) -> None:
    if account.needs_second_factor:
        raise SecondFactorRequired
    if not account.totp_confirmed:
        raise SecondFactorState
    minutes = work.settings(AuthSettings).fresh_minutes
    session = live_session(work, session_id)
    if not session.second_factor or work.now() - session.created_at > timedelta(minutes=minutes):
        raise FreshLoginNeeded(minutes=minutes)


def _store_secret(work: Work, account: Account, secret: str) -> None:
    begun = _secret_of(work, account.id)
    if begun is None:
        work.add(TotpSecret(user_id=account.id, secret=secret, last_step=0))
    elif begun.confirmed_at is not None:
        raise SecondFactorState
    else:
        begun.secret, begun.last_step = secret, 0
    work.session.flush()


def _secret_of(work: Work, user_id: UUID) -> TotpSecret | None:
    return work.session.scalar(select(TotpSecret).where(TotpSecret.user_id == user_id).with_for_update())
