"""Judging what somebody brings: the password first, then the second factor."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from msingi.auth.errors import CodeNeeded, EnrolmentNeeded, WrongCode, WrongLogin
from msingi.auth.models import BackupCode, TotpSecret, User
from msingi.auth.rules.hashing import HashCost, password_matches
from msingi.auth.rules.passwords import normal_password
from msingi.auth.rules.statuses import may_prove_itself
from msingi.auth.rules.totp import matching_step, normal_backup_code
from msingi.auth.services.attempts import Attempt, begin_attempt, fail, forgive
from msingi.auth.services.snapshots import Account
from msingi.auth.settings import AuthSettings
from msingi.keyring import Keyring
from msingi.platform import Platform
from msingi.work import Work

_IMPOSSIBLE = "\x00"


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What was proven beside the password: a time step, a backup code, or nothing because nothing is needed."""

    step: int | None = None
    backup_hash: str | None = None
    enrols: bool = False
    """Whether this code is the first one and completes the enrolment."""

    @property
    def given(self) -> bool:
        """Whether there was a second factor at all."""
        return self.step is not None or self.backup_hash is not None


def prove_password(work: Work, who: str | UUID, password: str) -> tuple[Attempt, Account]:
    """Count the attempt and check the password; one hash is always verified, whoever is named (attack 45).

    Raises:
        TryLater: the account or the address has to wait.
        WrongLogin: for every reason alike; the true one is in the audit trail only.

    """
    attempt = begin_attempt(work, who)
    account = attempt.account
    stored = account.password_hash if account else None
    matches = password_matches(stored, normal_password(password) or _IMPOSSIBLE, hash_cost(work.platform))
    reason = _flaw(work, account, matches=matches)
    if account is None or reason is not None:
        fail(work, attempt, reason or "unknown")
        raise WrongLogin
    return attempt, account


def unchanged(work: Work, account: Account) -> User:
    """The account whose password was proven, locked: the proof takes a while, in which others may change it.

    Raises:
        WrongLogin: its password, status or sessions were changed since.

    """
    user = work.find(User, account.id, lock=True)
    proven = (account.generation, account.password_hash, account.status)
    if user is None or (user.generation, user.password_hash, user.status) != proven:
        raise WrongLogin
    return user


def prove_second_factor(work: Work, attempt: Attempt, account: Account, code: str | None) -> SecondFactor:
    """Check the code of an account that has, or must have, a second factor; nothing is marked as used yet.

    Raises:
        CodeNeeded, EnrolmentNeeded: the password was right, so the attempt is taken back.
        WrongCode: the attempt stays counted: codes cannot be guessed (attack 46).

    """
    if not account.totp_confirmed and not account.needs_second_factor:
        return SecondFactor()
    if account.totp_secret is None or (code is None and not account.totp_confirmed):
        forgive(work, attempt)
        raise EnrolmentNeeded
    if code is None:
        forgive(work, attempt)
        raise CodeNeeded
    factor = _factor(work, account, account.totp_secret, code)
    if factor is None:
        fail(work, attempt, "code")
        raise WrongCode
    return factor


def use_second_factor(work: Work, account: Account, factor: SecondFactor) -> None:
    """Mark the code as used, inside the operation.

    Raises:
        WrongCode: another request used it in the meantime.

    """
    if factor.step is not None:
        statement = update(TotpSecret).where(
            TotpSecret.user_id == account.id, TotpSecret.last_step < factor.step
        )
        _exactly_one(work, statement.values(last_step=factor.step))
    if factor.backup_hash is not None:
        unused = update(BackupCode).where(
            BackupCode.user_id == account.id,
            BackupCode.code_hash == factor.backup_hash,
            BackupCode.used_at.is_(None),
        )
        _exactly_one(work, unused.values(used_at=work.now()))
        work.audit("auth.backup_code_used", entity="auth_user", entity_id=account.id)


def backup_hash(keyring: Keyring, user_id: UUID, code: str) -> str:
    """What is stored of a backup code: a keyed hash, because 49 bits alone could be tried out."""
    return keyring.blind_index("auth.backup", f"{user_id}:{code}")


def hash_cost(platform: Platform) -> HashCost:
    """What a password hash costs here; below the recommendation in demonstrations only (CH-74)."""
    settings = platform.settings(AuthSettings)
    cost = HashCost(settings.hash_memory_kib, settings.hash_passes, settings.hash_lanes)
    return cost if platform.profile.demo else cost.at_least_recommended()


def _flaw(work: Work, account: Account | None, *, matches: bool) -> str | None:
    if account is None:
        return "unknown"
    if not matches:
        return "password"
    if not may_prove_itself(account.status, account.valid_to, work.today()):
        return f"status_{account.status}"
    if account.password_until is not None and work.now() > account.password_until:
        return "one_time_password_expired"
    return None


def _factor(work: Work, account: Account, secret: str, code: str) -> SecondFactor | None:
    step = matching_step(secret, code, now=work.now(), last_step=account.totp_last_step)
    if step is not None:
        return SecondFactor(step=step, enrols=not account.totp_confirmed)
    backup = normal_backup_code(code) if account.totp_confirmed else None
    hashed = backup_hash(work.keyring, account.id, backup) if backup else None
    return SecondFactor(backup_hash=hashed) if hashed in account.backup_hashes else None


def _exactly_one(work: Work, statement: object) -> None:
    result = work.session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    if result.rowcount != 1:
        raise WrongCode
