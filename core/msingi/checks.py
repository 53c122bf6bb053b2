"""What must be right before a start, beyond what stops the start by itself."""

from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from msingi.platform import Platform

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
    return []


def _check_database(platform: "Platform") -> list[str]:
    from msingi.migrate import status

    try:
        behind = [line for line in status(platform) if line.behind]
    except SQLAlchemyError as error:
        return [f"database.url: cannot connect ({type(error).__name__}). Check address, user and password."]
    return [
        f"database: {line.plugin} is {line.behind} revisions behind. Run `msingi migrate`." for line in behind
    ]
