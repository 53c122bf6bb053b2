"""What a country decides about payment gateways and pools of references."""

from typing import Literal

from pydantic import Field, SecretStr

from msingi.plugin import PluginSettings
from msingi_insurance.rules.family import CountryListName


class GatewaySettings(PluginSettings):
    """A gateway that issues payment references or reports payments."""

    notice_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Secret under which the gateway signs plain notices (HMAC-SHA256); empty: a plugin verifies them",
    )
    channel: Literal["B", "C", "M"] = Field(
        default="M",
        description="How money that only its statement reports was paid: B bank, C cash, M mobile (PAY-5)",
    )
    valid_days: int = Field(
        default=30, ge=1, le=366, description="Days for which a reference can be paid (PG-7)"
    )


class PoolSettings(PluginSettings):
    """The pool of references of one product (PAY-9)."""

    gateway: str = Field(min_length=1, max_length=32, description="The gateway that fills it")
    threshold: int = Field(
        default=50, ge=1, le=100_000, description="With fewer free numbers the pool is filled up"
    )
    batch: int = Field(default=200, ge=1, le=10_000, description="Numbers asked for at once")


class PaymentSettings(PluginSettings):
    """Payments of contributions through gateways."""

    gateways: dict[str, GatewaySettings] = Field(
        default_factory=dict, description="Gateways by their short name"
    )
    default_gateway: str = Field(
        default="", description="The gateway that is asked when a payment names none"
    )
    pools: dict[str, PoolSettings] = Field(
        default_factory=dict, description="Pools of references by code of the product"
    )
    exact_amounts: bool = Field(
        default=False,
        description="Whether an amount other than the expected one goes to suspense instead of being shared (PG-4)",
    )
    silence_minutes: int = Field(
        default=15,
        ge=1,
        le=10_080,
        description="Minutes after which a silent gateway is asked what became of it",
    )
    reference_lists: dict[CountryListName, dict[str, dict[str, str]]] = Field(
        default_factory=dict,
        description="Lists that forms and devices show, e.g. professions: code, then name by language; no other code passes (INS-3)",
    )
