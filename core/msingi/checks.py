"""What must be right before a start, beyond what stops the start by itself."""

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from msingi.errors import ConfigurationError
from msingi.profiles import SECRETS
from msingi.sayings import Saying

if TYPE_CHECKING:
    from msingi.platform import Platform

_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1"})
_NO_KEYS = Saying(
    "security.keys and security.index_key: not set. Make them with `{command}` and put them into the secret folder "
    "that {folder} names.",
    {"command": "msingi key", "folder": "MSINGI_SECRETS_DIR"},
)


def check_installation(platform: "Platform") -> list[Saying]:
    """Every problem found, in sentences that name the way out; empty when all is well.

    Raises:
        ConfigurationError: the schema cannot be assembled.

    """
    problems = [
        *_check_keys(platform),
        *_check_production(platform),
        *_check_roles(platform),
        *_check_languages(platform),
    ]
    if not problems:
        problems += _check_database(platform)
    assert platform.graphql.core  # noqa: S101 - assembling is the check
    return problems


def remarks_on(platform: "Platform") -> list[Saying]:
    """What is in order and still worth knowing: the modules are asked; the database fits this release."""
    from msingi.plugin_remarks import remarks_on_plugins

    with platform.work(writes=False) as work:
        told = [remark for answer in platform.hooks.remarks(work=work) for remark in answer]
        told += remarks_on_plugins(work)
    idle = [one.remark() for one in platform.unloadable]
    return [*_unspoken_languages(platform), *told, *_readable_secrets(), *idle]


def _check_keys(platform: "Platform") -> list[Saying]:
    security = platform.profile.security
    if not security.keys or not security.index_key.get_secret_value():
        return [_NO_KEYS]
    return []


def _check_production(platform: "Platform") -> list[Saying]:
    profile = platform.profile
    if profile.demo and profile.server.hosts != ["localhost", "127.0.0.1"]:
        return [
            Saying(
                "demo: on, while server.hosts names public hosts. A demonstration serves localhost only (attack 105)."
            )
        ]
    return [] if profile.demo or set(profile.server.hosts) <= _LOCAL_HOSTS else _check_proxy(platform)


def _check_proxy(platform: "Platform") -> list[Saying]:
    """Behind a proxy every caller has its address, unless the profile says which addresses to believe."""
    server, problems = platform.profile.server, []
    if not server.trusted_proxies:
        text = (
            "server.trusted_proxies: not set. Name the address of the proxy that ends TLS, or every caller shares one "
            "rate limit and one lock-out."
        )
        problems.append(Saying(text))
    if not server.metrics_token.get_secret_value():
        text = "server.metrics_token: not set. Behind a proxy everybody could read /metrics (attack 109)."
        problems.append(Saying(text))
    return problems


def refuse_wrong_roles(platform: "Platform") -> None:
    """Stop a server or a worker whose profile names roles or permissions that nobody declares.

    Raises:
        ConfigurationError: a role that needs a second factor is misspelt, or a role grants what does not exist.

    """
    if problems := _check_roles(platform):
        first, *more = problems
        raise ConfigurationError(first.text, *more, **first.values)


def _check_roles(platform: "Platform") -> list[Saying]:
    from msingi.rbac.roles import roles_of

    try:
        known = roles_of(platform)
    except ConfigurationError as error:
        return list(error.sayings)
    text = "security.second_factor_roles: there is no role “{role}”; check the spelling."
    named = platform.profile.security.second_factor_roles
    return [Saying(text, {"role": role}) for role in named if role not in known]


def _check_languages(platform: "Platform") -> list[Saying]:
    from babel.localedata import exists

    text = "languages: there is no language “{language}”. Write codes of ISO 639, such as fr or sw."
    return [Saying(text, {"language": code}) for code in platform.profile.languages if not exists(code)]


def _readable_secrets() -> list[Saying]:
    """Secret files that other users of this machine may read or write."""
    folder = os.environ.get(SECRETS)
    if not folder:
        return []
    others = stat.S_IRWXG | stat.S_IRWXO
    files = [
        path for path in sorted(Path(folder).iterdir()) if path.is_file() and path.stat().st_mode & others
    ]
    text = (
        "Other users of this machine may read these secret files: {files}. Take that right away: `{command}`."
    )
    names = ", ".join(path.name for path in files)
    return [Saying(text, {"files": names, "command": f"chmod 600 {folder}/*"})] if files else []


def _unspoken_languages(platform: "Platform") -> list[Saying]:
    """The languages that no catalogue translates into: texts appear in the first one that has them."""
    text = (
        "languages: no catalogue holds texts in “{language}”; they appear in another language of the profile."
    )
    spoken = platform.texts.translated
    return [Saying(text, {"language": code}) for code in platform.profile.languages if code not in spoken]


def _check_database(platform: "Platform") -> list[Saying]:
    from msingi.kernel.readiness import lagging, refuse_absent, refuse_unfit, refuse_unmarked, told_lag

    try:
        refuse_absent(platform)
        refuse_unfit(platform)
        if behind := [told_lag(line) for line in lagging(platform)]:
            return behind
        refuse_unmarked(platform)
    except ConfigurationError as error:
        return list(error.sayings)
    return []
