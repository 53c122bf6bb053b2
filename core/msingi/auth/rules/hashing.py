"""Password hashes: argon2id at the cost that OWASP recommends, or above (attacks 45, 49)."""

from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

_FLOOR_MEMORY_KIB = 19_456
_FLOOR_PASSES = 2
_NOBODY = "nobody has this password"


@dataclass(frozen=True, slots=True)
class HashCost:
    """What one hash costs: memory in KiB, passes over it, lanes."""

    memory_kib: int = _FLOOR_MEMORY_KIB
    passes: int = _FLOOR_PASSES
    lanes: int = 1

    def at_least_recommended(self) -> "HashCost":
        """The same cost raised to the recommended floor: production is configurable upward only (CH-74)."""
        return HashCost(max(self.memory_kib, _FLOOR_MEMORY_KIB), max(self.passes, _FLOOR_PASSES), self.lanes)


def hash_password(password: str, cost: HashCost) -> str:
    """The argon2id hash, with its parameters and salt inside."""
    return _hasher(cost).hash(password)


def password_matches(stored: str | None, password: str, cost: HashCost) -> bool:
    """Whether the password belongs to the hash; without a hash the same work is done in vain (attack 45)."""
    try:
        matches = _hasher(cost).verify(stored or _dummy(cost), password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None


def is_outdated(stored: str, cost: HashCost) -> bool:
    """Whether the hash was made at another cost and should be made anew at the next sign-in."""
    return _hasher(cost).check_needs_rehash(stored)


@lru_cache(maxsize=8)
def _hasher(cost: HashCost) -> PasswordHasher:
    return PasswordHasher(
        time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes, type=Type.ID
    )


@lru_cache(maxsize=8)
def _dummy(cost: HashCost) -> str:
    return hash_password(_NOBODY, cost)
