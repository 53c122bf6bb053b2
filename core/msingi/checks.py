"""What must be right before a start, beyond what stops the start by itself."""

from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from msingi.platform import Platform

_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1"})
_NO_KEYS = (
    "security.keys and security.index_key: not set. Make them with `msingi key` and put them into the secret folder "
    "that MSINGI_SECRETS_DIR names."
)


def check_installation(platform: "Platform") -> list[str]:
    """Every problem found, in words that name the way out; empty when all is well.

    Raises:
        ConfigurationError: the schema cannot be assembled.

    """
    problems = [*_check_keys(platform), *_check_production(platform)]
    if not problems:
        problems += _check_database(platform)
    assert platform.graphql.core  # noqa: S101 - assembling is the check
    return problems


def _check_keys(platform: "Platform") -> list[str]:
    security = platform.profile.security
    if not security.keys or not security.index_key.get_secret_value():
        return [_NO_KEYS]
    return []


def _check_production(platform: "Platform") -> list[str]:
    profile = platform.profile
    if profile.demo and profile.server.hosts != ["localhost", "127.0.0.1"]:
        return [
            "demo: on, while server.hosts names public hosts. A demonstration serves localhost only (attack 105)."
        ]
    return [] if profile.demo or set(profile.server.hosts) <= _LOCAL_HOSTS else _check_proxy(platform)


def _check_proxy(platform: "Platform") -> list[str]:
    """Behind a proxy every caller has its address, unless the profile says which addresses to believe."""
    server, problems = platform.profile.server, []
    if not server.trusted_proxies:
        problems.append(
            "server.trusted_proxies: not set. Name the address of the proxy that ends TLS, or every caller shares one "
            "rate limit and one lock-out."
        )
    if not server.metrics_token.get_secret_value():
        problems.append(
            "server.metrics_token: not set. Behind a proxy everybody could read /metrics (attack 109)."
        )
    return problems


def _check_database(platform: "Platform") -> list[str]:
    from msingi.migrate import status

    try:
        behind = [line for line in status(platform) if line.behind]
    except SQLAlchemyError as error:
        return [f"database.url: cannot connect ({type(error).__name__}). Check address, user and password."]
    return [
        f"database: {line.plugin} is {line.behind} revisions behind. Run `msingi migrate`." for line in behind
    ]
