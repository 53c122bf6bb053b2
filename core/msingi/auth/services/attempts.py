"""Every proof of a password is counted before it is tried, in a transaction of its own (attacks 4, 44, 46)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from msingi.actor import SYSTEM
from msingi.auth.errors import AloneOnly, TryLater
from msingi.auth.models import AttemptCount, KnownAddress
from msingi.auth.rules.lockout import (
    Brakes,
    Count,
    account_wait,
    address_wait,
    network_of,
    next_account_count,
    next_address_count,
)
from msingi.auth.rules.usernames import normal_username
from msingi.auth.services.snapshots import Account, account_by_id, account_by_name
from msingi.auth.settings import AuthSettings
from msingi.keyring import Keyring
from msingi.platform import Platform
from msingi.work import Work

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Attempt:
    """One counted attempt: on which account, and on which counters it stands."""

    account: Account | None
    account_key: str
    address_key: str | None
    """None when the account knows the address: strangers' counters are then left alone."""
    address_hash: str


def begin_attempt(work: Work, who: str | UUID) -> Attempt:
    """Count an attempt on an account, named as typed or by its id, and read what is needed to judge it.

    It is counted at once and kept whatever becomes of the operation; ``forgive`` or ``succeed`` take it back.

    Raises:
        AloneOnly: the operation has written or read something before: two write transactions would wait for
            each other.
        TryLater: the account or the address has to wait; nothing was counted.

    """
    if work.session.in_transaction():
        raise AloneOnly
    with work.platform.work(SYSTEM, origin=work.origin) as own:
        account = account_by_id(own, who) if isinstance(who, UUID) else account_by_name(own, who)
        attempt = _attempt(own, account, _typed_name(who, account))
        wait = _count_or_wait(own, attempt)
    if wait:
        raise TryLater(seconds=wait)
    return attempt


def fail(work: Work, attempt: Attempt, reason: str) -> None:
    """Leave the attempt counted and write why to the audit trail."""
    with work.platform.work(SYSTEM, origin=work.origin) as own:
        _note(own, "auth.login_failed", attempt, reason=reason)


def forgive(work: Work, attempt: Attempt) -> None:
    """Take the attempt back: the password was right, something else is still missing."""
    keys = [key for key in (attempt.account_key, attempt.address_key) if key]
    with work.platform.work(SYSTEM, origin=work.origin) as own:
        _lower(own, keys)


def succeed(work: Work, attempt: Attempt) -> None:
    """Forget the wrong attempts on the account and remember the address, inside the operation."""
    work.session.execute(delete(AttemptCount).where(AttemptCount.key == attempt.account_key))
    if attempt.address_key:
        _lower(work, [attempt.address_key])
    if attempt.account is not None:
        _remember(work, attempt.account.id, attempt.address_hash)


def forget_attempts(work: Work, username: str, user_id: UUID) -> None:
    """Open a locked account again, from every address (attack 44)."""
    index = _index(work.keyring, username)
    known = select(KnownAddress.address_hash).where(KnownAddress.user_id == user_id)
    keys = [
        f"a:{index}",
        *(_known_key(work.keyring, index, hashed) for hashed in work.session.scalars(known)),
    ]
    work.session.execute(delete(AttemptCount).where(AttemptCount.key.in_(keys)))


def account_keys(keyring: Keyring, usernames: Iterable[str]) -> dict[str, str]:
    """The key of each user name's account counter, by user name."""
    return {name: f"a:{_index(keyring, name)}" for name in usernames}


def address_hash(keyring: Keyring, address: str) -> str:
    """What is stored in place of an address, or of the network that one IPv6 customer has to himself."""
    return keyring.blind_index("auth.address", network_of(address))


def brakes_of(platform: Platform) -> Brakes:
    """The numbers of the brakes in this installation."""
    security, settings = platform.profile.security, platform.settings(AuthSettings)
    return Brakes(
        slow_after=settings.slow_after,
        lock_after=security.lock_after,
        lock=timedelta(minutes=security.lock_minutes),
        address_attempts=settings.address_attempts,
        address_window=timedelta(minutes=settings.address_minutes),
        forget=timedelta(hours=settings.forget_attempts_hours),
    )


def _typed_name(who: str | UUID, account: Account | None) -> str:
    if account is not None:
        return account.username
    return (
        (normal_username(str(who)) or str(who)[:_LONGEST_NAME].strip().lower())
        .encode(errors="replace")
        .decode()
    )


def _index(keyring: Keyring, username: str) -> str:
    return keyring.blind_index("auth.attempt", username)


def _known_key(keyring: Keyring, index: str, hashed: str) -> str:
    return "k:" + keyring.blind_index("auth.known", index + hashed)


def _attempt(own: Work, account: Account | None, name: str) -> Attempt:
    hashed = address_hash(own.keyring, own.origin.address)
    index = _index(own.keyring, name)
    if account is not None and _is_known(own, account.id, hashed):
        return Attempt(account, _known_key(own.keyring, index, hashed), None, hashed)
    return Attempt(account, f"a:{index}", f"n:{hashed}", hashed)


def _is_known(own: Work, user_id: UUID, hashed: str) -> bool:
    since = own.now() - timedelta(days=own.settings(AuthSettings).known_address_days)
    statement = select(KnownAddress.id).where(
        KnownAddress.user_id == user_id, KnownAddress.address_hash == hashed, KnownAddress.last_at >= since
    )
    return own.session.scalar(statement) is not None


def _count_or_wait(own: Work, attempt: Attempt) -> int:
    now, brakes = own.now(), brakes_of(own.platform)
    rows = _rows(own, [key for key in (attempt.account_key, attempt.address_key) if key])
    account = _count(rows[attempt.account_key])
    address = _count(rows[attempt.address_key]) if attempt.address_key else None
    wait = max(account_wait(account, brakes, now), address_wait(address, brakes, now))
    if wait:
        _note(own, "auth.login_delayed", attempt, seconds=wait)
        return wait
    after = next_account_count(account, brakes, now)
    _store(rows[attempt.account_key], after)
    if attempt.address_key:
        _store(rows[attempt.address_key], next_address_count(address, brakes, now))
    if after.failures == brakes.lock_after:
        _note(own, "auth.locked", attempt, failures=after.failures)
    return 0


def _rows(own: Work, keys: list[str]) -> dict[str, AttemptCount]:
    statement = (
        select(AttemptCount).where(AttemptCount.key.in_(keys)).order_by(AttemptCount.key).with_for_update()
    )
    rows = {row.key: row for row in own.session.scalars(statement)}
    missing = [key for key in sorted(keys) if key not in rows]
    if not missing:
        return rows
    for key in missing:
        _insert(own, AttemptCount(key=key, failures=0, first_at=own.now(), last_at=own.now()))
    return {row.key: row for row in own.session.scalars(statement)}


def _insert(work: Work, record: AttemptCount | KnownAddress) -> None:
    """Insert a row unless another request is faster."""
    try:
        with work.session.begin_nested():
            work.add(record)
    except IntegrityError:
        return


def _count(row: AttemptCount) -> Count | None:
    return Count(row.failures, row.first_at, row.last_at) if row.failures else None


def _store(row: AttemptCount, count: Count) -> None:
    row.failures, row.first_at, row.last_at = count.failures, count.first_at, count.last_at


def _lower(work: Work, keys: list[str]) -> None:
    work.session.execute(
        update(AttemptCount)
        .where(AttemptCount.key.in_(keys), AttemptCount.failures > 0)
        .values(failures=AttemptCount.failures - 1),
        execution_options={"synchronize_session": False},
    )


def _remember(work: Work, user_id: UUID, hashed: str) -> None:
    known = work.session.scalar(
        select(KnownAddress).where(KnownAddress.user_id == user_id, KnownAddress.address_hash == hashed)
    )
    if known is None:
        _insert(work, KnownAddress(user_id=user_id, address_hash=hashed, last_at=work.now()))
    else:
        known.last_at = work.now()
    work.session.flush()


def _note(own: Work, action: str, attempt: Attempt, **details: object) -> None:
    account = attempt.account
    own.audit(
        action,
        entity="auth_user",
        entity_id=account.id if account else None,
        jurisdiction_id=account.jurisdiction_id if account else None,
        details=details,
    )
