"""Settings of the registry: identifier types, blocks of health IDs, search and the card."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator

from msingi.plugin import PluginSettings
from msingi.sayings import Saying
from msingi_registry.refusal_texts import TEXTS
from msingi_registry.rules.blocks import BLOCK_SIZE, MAX_BLOCK, REFILL_BELOW
from msingi_registry.rules.checkdigits import CheckScheme
from msingi_registry.rules.identifier_types import (
    IdentifierType,
    LocationUse,
    NormalForm,
    Uniqueness,
    compiled_format,
)
from msingi_registry.rules.matching import IdentifierRole
from msingi_registry.rules.refusals import Refusal


@contextmanager
def _told() -> Iterator[None]:
    """Tell a refusal of a rule as a mistake of a setting."""
    try:
        yield
    except Refusal as refusal:
        raise ValueError(Saying(TEXTS[refusal.code], refusal.params)) from None


class IdentifierTypeSettings(PluginSettings):
    """One type of identifier that persons carry (ID-4)."""

    code: str = Field(pattern=r"^[a-z_]{2,32}$", description="Stable code of the type")
    system: str = Field(min_length=3, max_length=200, description="URI of the numbering system")
    labels: dict[str, str] = Field(default_factory=dict, description="Name of the type by language")
    pattern: str = Field(
        default="",
        description=(
            "Format of the whole value in normal form, such as [A-Z]\\d\\d: without anchors, groups, * and +; "
            "empty accepts any"
        ),
    )
    check: CheckScheme = Field(default=CheckScheme.NONE, description="Check digits of the value")
    uniqueness: Uniqueness = Field(
        default=Uniqueness.GLOBAL, description="Where a value belongs to one person only"
    )
    location: LocationUse = Field(default=LocationUse.NOT_USED, description="Whether a value names its place")
    form: NormalForm = Field(default=NormalForm.CODE, description="How a typed value is normalised")
    proves: IdentifierRole | None = Field(
        default=None, description="What an equal value proves when duplicates are looked for (ID-9)"
    )

    @field_validator("pattern")
    @classmethod
    def _is_quick_to_match(cls, pattern: str, others: ValidationInfo) -> str:
        with _told():
            compiled_format(others.data.get("code", ""), pattern)
        return pattern

    @model_validator(mode="after")
    def _is_a_rule(self) -> Self:
        with _told():
            self.rule()
        return self

    def rule(self) -> IdentifierType:
        """The rule that values of the type obey."""
        return IdentifierType(
            code=self.code,
            system=self.system,
            pattern=self.pattern,
            check=self.check,
            uniqueness=self.uniqueness,
            location=self.location,
            form=self.form,
        )


def _common_types() -> list[IdentifierTypeSettings]:
    return [
        IdentifierTypeSettings(
            code="national_id",
            system="urn:msingi:national-id",
            labels={"fr": "Carte nationale d'identité", "en": "National identity card"},
            proves=IdentifierRole.NATIONAL,
        ),
        IdentifierTypeSettings(
            code="insurance_number",
            system="urn:msingi:insurance-number",
            labels={"fr": "Numéro d'assuré", "en": "Insurance number"},
            proves=IdentifierRole.INSURANCE,
        ),
        IdentifierTypeSettings(
            code="birth_certificate",
            system="urn:msingi:birth-certificate",
            labels={"fr": "Acte de naissance", "en": "Birth certificate"},
            uniqueness=Uniqueness.NONE,
            form=NormalForm.TEXT,
        ),
        IdentifierTypeSettings(
            code="programme_number",
            system="urn:msingi:programme-number",
            labels={"fr": "Numéro de programme", "en": "Programme number"},
            uniqueness=Uniqueness.NONE,
            proves=IdentifierRole.PROGRAMME,
        ),
        IdentifierTypeSettings(
            code="file_number",
            system="urn:msingi:file-number",
            labels={"fr": "Numéro de dossier", "en": "File number"},
            uniqueness=Uniqueness.PER_LOCATION,
            location=LocationUse.REQUIRED,
            form=NormalForm.TEXT,
        ),
    ]


class RegistrySettings(PluginSettings):
    """Settings of the registry."""

    identifier_types: list[IdentifierTypeSettings] = Field(
        default_factory=_common_types, description="Types of identifier that persons carry (ID-4)"
    )
    uhid_block_size: int = Field(
        default=BLOCK_SIZE, ge=1, le=MAX_BLOCK, description="Health IDs leased to a device at once (ID-2)"
    )
    uhid_refill_below: int = Field(
        default=REFILL_BELOW,
        ge=1,
        le=MAX_BLOCK,
        description="A device with fewer unused health IDs gets a block",
    )
    searches_per_minute: int = Field(
        default=60, ge=1, le=6000, description="Person searches per user and minute (ID-23)"
    )
    card_key: SecretStr = Field(
        default=SecretStr(""),
        description="Ed25519 key that signs cards: 32 bytes of base64; a demonstration derives one when empty (ID-6)",
    )
    former_card_keys: list[str] = Field(
        default_factory=list,
        description="Public card keys, base64, that no longer sign but whose cards stay valid",
    )
    revoked_card_keys: list[str] = Field(
        default_factory=list, description="Ids of card keys whose cards are refused"
    )
