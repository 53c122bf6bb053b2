"""Brakes against guessing that cannot be used to shut people out (attacks 4, 44, 46).

| counter | counts wrong attempts | brake |
|---|---|---|
| account | on one user name, from addresses it does not know | grows from 1 s, then locks for ``lock_minutes`` |
| address | from one address, on all user names it is not known to | at ``address_attempts`` waits for the window |
| known | on one account from one address that opened it before | like account, but for this pair alone |

A pair that is known never looks at the other two counters: a lock made by strangers does not close it. An
address can lock at most ``address_attempts / lock_after`` accounts per window. Every lock ends by itself; each
wrong attempt after it locks again, so a locked account costs an attacker ``lock_minutes`` per guess.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network


@dataclass(frozen=True, slots=True)
class Brakes:
    """The numbers of the brakes."""

    slow_after: int
    lock_after: int
    lock: timedelta
    address_attempts: int
    address_window: timedelta
    forget: timedelta


@dataclass(frozen=True, slots=True)
class Count:
    """Wrong attempts so far: how many, since when, until when."""

    failures: int
    first_at: datetime
    last_at: datetime

    def one_more(self, now: datetime) -> "Count":
        """The count after another wrong attempt."""
        return Count(self.failures + 1, self.first_at, now)


def account_wait(count: Count | None, brakes: Brakes, now: datetime) -> int:
    """Seconds until the next attempt on an account (or a known pair); 0 when it may come now."""
    if count is None or now - count.last_at >= brakes.forget:
        return 0
    return _seconds_until(count.last_at + _delay(count.failures, brakes), now)


def address_wait(count: Count | None, brakes: Brakes, now: datetime) -> int:
    """Seconds until the next attempt from an address; 0 when it may come now."""
    if count is None or count.failures < brakes.address_attempts:
        return 0
    return _seconds_until(count.first_at + brakes.address_window, now)


def next_account_count(count: Count | None, brakes: Brakes, now: datetime) -> Count:
    """The count of an account after one more attempt; forgotten ones begin anew."""
    if count is None or now - count.last_at >= brakes.forget:
        return Count(1, now, now)
    return count.one_more(now)


def next_address_count(count: Count | None, brakes: Brakes, now: datetime) -> Count:
    """The count of an address after one more attempt; a past window begins anew."""
    if count is None or now - count.first_at >= brakes.address_window:
        return Count(1, now, now)
    return count.one_more(now)


def locked_until(count: Count, brakes: Brakes) -> datetime | None:
    """When the lock of an account ends, or None when so many attempts do not lock it."""
    return count.last_at + brakes.lock if count.failures >= brakes.lock_after else None


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or an IPv6 network of 64 bits, which one customer owns whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed.packed[:8] + bytes(8), 64)))


def _delay(failures: int, brakes: Brakes) -> timedelta:
    if failures >= brakes.lock_after:
        return brakes.lock
    if failures < brakes.slow_after:
        return timedelta()
    return min(timedelta(seconds=2 ** (failures - brakes.slow_after)), brakes.lock)


def _seconds_until(end: datetime, now: datetime) -> int:
    return max(math.ceil((end - now).total_seconds()), 0)
