"""Country profiles: one typed configuration from layered TOML files, environment and secret files."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from msingi.errors import ConfigurationError
from msingi.profile_files import profile_path, settings_folder
from msingi.sayings import Saying
from msingi.setting_sources import EnvironmentSource, SecretFilesSource

PREFIX = "MSINGI__"
SECRETS = "MSINGI_SECRETS_DIR"
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Texts = dict[LanguageCode, str]
_REASONS = {
    "extra_forbidden": Saying("unknown setting; check the spelling"),
    "missing": Saying("required, but not set"),
}


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class Country(_Section):
    """Which country this is."""

    iso2: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2 code")
    iso3: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 3166-1 alpha-3 code")
    names: Texts = Field(description="Name of the country by language")


class Branding(_Section):
    """The country's own names for the application; no product name appears in code or templates (CH-90)."""

    application: Texts = Field(description="Name of the application by language")
    abbreviation: str = Field(description="Short name of the application")
    organisation: Texts = Field(description="Name of the ministry or programme by language")
    domain: str = Field(default="", description="Public domain name, without scheme")


class Level(_Section):
    """One level of the jurisdiction tree, from the country down (FR-5)."""

    code: str = Field(pattern=r"^[a-z_]+$", description="Stable code of the level")
    names: Texts = Field(description="Name of the level by language")


class DatabaseSettings(_Section):
    """Where the data live."""

    url: SecretStr = Field(
        default=SecretStr("sqlite:///msingi.db"), description="SQLAlchemy URL: sqlite or postgresql"
    )
    pool_size: int = Field(default=10, ge=1, le=200, description="Connections per process")
    pool_timeout: float = Field(
        default=10.0, gt=0, le=60, description="Seconds to wait for a connection (F38)"
    )
    statement_seconds: int = Field(
        default=60,
        ge=1,
        le=3600,
        description="The database ends a statement that runs longer, in seconds (F39); migrations may take any time",
    )
    synchronous: Literal["FULL", "NORMAL"] = Field(
        default="FULL", description="SQLite durability; FULL survives power cuts"
    )


class SecuritySettings(_Section):
    """Keys, sessions and lock-out. There is no default secret (attack 98)."""

    keys: list[SecretStr] = Field(
        default_factory=list, description="Keys that seal personal columns, newest first"
    )
    index_key: SecretStr = Field(default=SecretStr(""), description="Key of the blind indexes; never changes")
    session_hours: float = Field(default=10.0, gt=0, le=72, description="Life of a session, in hours")
    session_idle_minutes: int = Field(default=60, ge=5, le=720, description="A session idle this long ends")
    password_min_length: int = Field(default=10, ge=8, le=64, description="Shortest password accepted")
    second_factor_roles: list[str] = Field(
        default_factory=list, description="Roles that must use a second factor (CH-74)"
    )
    lock_after: int = Field(
        default=10, ge=3, le=50, description="Wrong passwords per account before the slow-down locks"
    )
    lock_minutes: int = Field(
        default=15, ge=1, le=1440, description="Minutes until a locked account opens by itself"
    )


class OidcSettings(_Section):
    """An OpenID Connect issuer whose tokens are accepted; none by default."""

    issuer: str = Field(default="", description="Issuer URL, compared exactly; empty switches OIDC off")
    audience: str = Field(default="", description="Audience that a token must carry")
    jwks_url: str = Field(default="", description="Where the issuer publishes its keys")
    algorithm: Literal["RS256", "ES256", "EdDSA"] = Field(
        default="RS256", description="The one accepted algorithm"
    )


class ServerSettings(_Section):
    """The HTTP edge."""

    hosts: list[str] = Field(
        default_factory=lambda: ["localhost", "127.0.0.1"], description="Accepted Host headers"
    )
    origins: list[str] = Field(
        default_factory=list, description="Browser origins that may call from elsewhere (CORS)"
    )
    trusted_proxies: list[str] = Field(
        default_factory=list, description="Addresses whose X-Forwarded headers count"
    )
    body_limit: int = Field(default=1_000_000, ge=10_000, description="Largest request body, in bytes")
    threads: int = Field(default=16, ge=1, le=200, description="Operations at work at once per process")
    requests_per_minute: int = Field(
        default=1200, ge=10, description="Requests per minute and caller, counted by each process"
    )
    cost_limit: int = Field(default=20_000, ge=100, description="Largest cost of one GraphQL operation")
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="Bearer token for /metrics outside localhost"
    )
    tell_statements: bool = Field(
        default=False,
        description="Measurements: answers tell how many statements they took, in a header that ends in -statements",
    )


class JobSettings(_Section):
    """Durable jobs."""

    backend: Literal["auto", "embedded", "procrastinate"] = Field(
        default="auto", description="auto: procrastinate on PostgreSQL, embedded on SQLite"
    )
    embedded_workers: int = Field(
        default=1, ge=0, le=8, description="Worker threads inside the server process"
    )
    lease_seconds: float = Field(
        default=60.0, gt=0, le=3600, description="A worker silent this long loses its job to another"
    )
    poll_seconds: float = Field(
        default=2.0, gt=0, le=60, description="Longest sleep of an idle worker between two looks"
    )


class Profile(BaseSettings):
    """The whole configuration of one installation."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__", validate_default=True
    )

    name: str = Field(description="Short name of the profile")
    demo: bool = Field(
        default=False, description="Demonstration: explorer, demo users, generated keys; never over real data"
    )
    country: Country
    branding: Branding
    languages: list[LanguageCode] = Field(
        min_length=1, description="Languages offered, first one is the default"
    )
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code of the country's money")
    timezone: str = Field(description="IANA time zone")
    working_days: list[int] = Field(default=[1, 2, 3, 4, 5], description="ISO weekdays worked, 1 is Monday")
    levels: list[Level] = Field(min_length=1, description="Jurisdiction levels from the country (0) down")
    modules: list[str] = Field(default_factory=list, description="Enabled modules and plugins, by name")
    roles: dict[str, list[str]] = Field(
        default_factory=dict, description="Permissions added to a role preset, or a new role"
    )
    plugins: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="Settings of each plugin, by its name"
    )
    database: DatabaseSettings = DatabaseSettings()
    security: SecuritySettings = SecuritySettings()
    oidc: OidcSettings = OidcSettings()
    server: ServerSettings = ServerSettings()
    jobs: JobSettings = JobSettings()
    _file: str = ""

    @property
    def source(self) -> str:
        """The name of the country file; that of the profile where there is no file."""
        return self._file or self.name

    def read_from(self, file: Path) -> Self:
        """The same profile, which remembers its country file."""
        self._file = file.name
        return self

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(Saying("there is no time zone “{zone}”", {"zone": value})) from error
        return value

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, value: str) -> str:
        from msingi.currencies import EXPONENTS

        if value not in EXPONENTS:
            raise ValueError(Saying("{currency} is not an active ISO 4217 currency", {"currency": value}))
        return value

    @field_validator("working_days")
    @classmethod
    def _days_of_a_week(cls, value: list[int]) -> list[int]:
        if len(set(value)) != len(value) or not set(value) <= set(range(1, 8)):
            raise ValueError(Saying("working days are numbers from 1 (Monday) to 7 (Sunday), each once"))
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order of the layers, the strongest first: arguments, secret files, environment, country, base."""
        return (init_settings, env_settings)


def load_profile(
    name: str,
    *,
    overrides: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Profile:
    """Load ``settings/base.toml`` < ``settings/<name>.toml`` < environment < secret files < ``overrides``.

    ``name`` is the name of a shipped profile or the path of a TOML file. Secret files lie in the folder that
    ``MSINGI_SECRETS_DIR`` names, one file per setting, e.g. ``security__index_key``.

    Raises:
        ConfigurationError: a file is missing, a key is unknown or a value is wrong; the dotted path is named.

    """
    environment = os.environ if environment is None else environment
    paths = [settings_folder() / "base.toml", profile_path(name)]
    _refuse_unknown_environment(environment)
    source = _layered(paths, environment, overrides or {})
    try:
        loaded = source()
    except ValidationError as error:
        raise wrong_settings(error, paths[1].name) from None
    except TOMLDecodeError as error:
        raise ConfigurationError(
            "{file} is not valid TOML: {reason}.", file=_broken(paths), reason=error
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            "{file} is not written in UTF-8. Save it again as UTF-8.", file=_broken(paths)
        ) from None
    return loaded.read_from(paths[1])


def _broken(paths: Iterable[Path]) -> str:
    """The name of the first file that cannot be read as TOML."""
    for path in paths:
        try:
            tomllib.loads(path.read_text(encoding="utf-8"))
        except (TOMLDecodeError, UnicodeDecodeError):
            return path.name
    return "a settings file"


def _layered(
    paths: list[Path], environment: Mapping[str, str], overrides: Mapping[str, Any]
) -> type[Profile]:
    secrets_folder = environment.get(SECRETS)
    if secrets_folder and not Path(secrets_folder).is_dir():
        raise ConfigurationError(
            "{variable}: there is no folder {folder}.", variable=SECRETS, folder=secrets_folder
        )

    class Layered(Profile):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            told = EnvironmentSource(settings_cls)
            told.env_vars = {key.lower(): value for key, value in environment.items()}
            toml = [TomlConfigSettingsSource(settings_cls, path) for path in reversed(paths)]
            secret = [SecretFilesSource(file_secret_settings, secrets_folder)] if secrets_folder else []
            return (InitSettingsSource(settings_cls, dict(overrides)), *secret, told, *toml)

    return Layered


def wrong_settings(error: ValidationError, where: str, prefix: str = "") -> ConfigurationError:
    """Every problem with its dotted path, as an administrator reads it; values are not told, for one may be secret."""
    from msingi.cases.problems import problem_of

    lines = []
    for problem in error.errors(include_url=False, include_input=False):
        path = prefix + ".".join(str(part) for part in problem["loc"])
        found = problem_of(path, problem["type"], problem.get("ctx", {}))
        reason = _REASONS.get(problem["type"]) or _own_words(problem) or Saying(found.saying, found.values)
        lines.append(Saying("  {path}: {reason}", {"path": path, "reason": reason}))
    return ConfigurationError("The settings in {where} are not valid:", *lines, where=where)


def _own_words(problem: Any) -> Saying | None:
    """What a validator of ours said."""
    cause = problem.get("ctx", {}).get("error")
    said = cause.args[0] if isinstance(cause, ValueError) and cause.args else None
    return said if isinstance(said, Saying) else None


def _refuse_unknown_environment(environment: Mapping[str, str]) -> None:
    for name in environment:
        first = name.removeprefix(PREFIX).partition("__")[0].lower()
        if name.startswith(PREFIX) and first not in Profile.model_fields:
            raise ConfigurationError(
                "The environment variable {name} names no setting: “{first}” is unknown.",
                name=name,
                first=first,
            )


def differing(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[str]:
    """The settings in which two installations differ: ``path: left -> right``."""
    one, other = _flat(left), _flat(right)
    paths = sorted(one.keys() | other.keys())
    return [
        f"{path}: {one.get(path)!r} -> {other.get(path)!r}"
        for path in paths
        if one.get(path) != other.get(path)
    ]


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    if isinstance(value, dict) and value:
        return {
            path: leaf
            for key, inner in value.items()
            for path, leaf in _flat(inner, f"{prefix}.{key}").items()
        }
    if isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        return {
            path: leaf
            for n, inner in enumerate(value)
            for path, leaf in _flat(inner, f"{prefix}.{n}").items()
        }
    return {prefix.removeprefix("."): value}
