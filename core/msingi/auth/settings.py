"""Settings of the auth plugin: cost of password hashes, budgets against guessing, life of tokens."""

from pydantic import Field

from msingi.plugin import PluginSettings


class AuthSettings(PluginSettings):
    """Settings of sign-in; sessions, lock-out and roles with a second factor stand in ``security``."""

    hash_memory_kib: int = Field(
        default=19_456,
        ge=8,
        le=1_048_576,
        description="Memory of one argon2id hash, in KiB; below 19456 only in demonstrations",
    )
    hash_passes: int = Field(
        default=2, ge=1, le=20, description="Passes of argon2id; below 2 only in demonstrations"
    )
    hash_lanes: int = Field(default=1, ge=1, le=16, description="Lanes of argon2id")
    slow_after: int = Field(
        default=4, ge=2, le=20, description="Wrong attempts on one account before each next one has to wait"
    )
    address_attempts: int = Field(
        default=100, ge=20, le=10_000, description="Wrong attempts from one address before it must wait"
    )
    address_minutes: int = Field(
        default=15, ge=1, le=1440, description="Minutes over which an address is counted and then waits"
    )
    forget_attempts_hours: int = Field(
        default=24, ge=1, le=720, description="Hours without a wrong attempt after which they are forgotten"
    )
    known_address_days: int = Field(
        default=180, ge=1, le=730, description="Days for which an address that signed in stays known"
    )
    fresh_minutes: int = Field(
        default=5,
        ge=1,
        le=60,
        description="Age of a sign-in that still allows to switch the second factor off",
    )
    one_time_password_days: int = Field(
        default=7, ge=1, le=30, description="Days for which a password given by an administrator works"
    )
    api_token_days: int = Field(
        default=365, ge=1, le=730, description="Longest life of an API token, in days"
    )
    keep_sessions_days: int = Field(
        default=30, ge=1, le=400, description="Days for which ended sessions are kept before they are deleted"
    )
