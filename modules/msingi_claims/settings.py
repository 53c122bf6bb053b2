"""What a country decides about claims."""

from decimal import Decimal

from pydantic import Field

from msingi.plugin import PluginSettings
from msingi_claims.rules.codes import CareTypeCheck, FindingKind
from msingi_claims.rules.plausibility import REFUSING


class ClaimsSettings(PluginSettings):
    """Settings of claims."""

    code_length: int = Field(default=20, ge=1, le=50, description="Most characters of a claim's code")
    explain_quantities: bool = Field(
        default=False,
        description="Whether a service that was given more than once needs an explanation of the claim",
    )
    care_type_check: CareTypeCheck = Field(
        default=CareTypeCheck.CLAIM, description="What the care type of a line is compared with (check 10)"
    )
    refuse_duplicates: bool = Field(
        default=True,
        description="Whether a duplicated claim is refused until a reviewer releases it (check 6)",
    )
    hospital_types: list[str] = Field(
        default_factory=lambda: ["Hospital"],
        description="Shared types of facilities whose care counts as hospital care (PRD-9)",
    )
    refuse_findings: list[FindingKind] = Field(
        default_factory=lambda: list(REFUSING),
        description=(
            "Kinds of findings that refuse a claim until a reviewer releases it, others only mark it: double_claim "
            "(code 6), after_death (7); similar_claim, split_claim, frequency, ghost and those of plugins (20)"
        ),
    )
    review_findings: bool = Field(
        default=True,
        description="Whether a claim with a finding goes to a reviewer always, whatever sample or selection say",
    )
    double_days: int = Field(
        default=1,
        ge=0,
        le=31,
        description="Most days between two claims of one visit at two facilities (attack 84)",
    )
    split_days: int = Field(
        default=2, ge=0, le=31, description="Days between claims that may be parts of one visit (attack 85)"
    )
    busy_days: int = Field(
        default=30, ge=1, le=366, description="Days in which the visits of a patient are counted"
    )
    busy_visits: int = Field(
        default=15, ge=2, le=1000, description="More visits than this in those days are a finding"
    )
    confirm_scoring: bool = Field(
        default=True, description="Whether a person confirms what a scoring plugin refuses (code -2)"
    )
    review_percent: Decimal = Field(
        default=Decimal(5),
        ge=0,
        le=100,
        description="Share of idle claims selected at random, in percent (CLM-4)",
    )
    review_variance: Decimal = Field(
        default=Decimal(100),
        ge=0,
        le=10_000,
        description="Percent above the average that selects a claim (CLM-4)",
    )
    review_days: int = Field(default=10, ge=1, le=365, description="Days until a review is due (CLM-7)")
    restore_most: int = Field(
        default=2, ge=0, le=20, description="How many times rejected care may be claimed again"
    )
    attachment_hosts: list[str] = Field(
        default_factory=list,
        description="Hosts on which attachments may be kept, by their whole names (D-23)",
    )
    attachment_bytes: int = Field(
        default=5_000_000, ge=1000, le=20_000_000, description="Most bytes of an attached file"
    )
    attachments_most: int = Field(default=10, ge=1, le=100, description="Most attachments of a claim")
    lines_most: int = Field(default=200, ge=1, le=1000, description="Most lines of a claim")
    direct_most: int = Field(
        default=1000, ge=1, le=1000, description="Most claims that one request handles; more become a job"
    )
    paying_account: str = Field(
        default="",
        max_length=34,
        description="Account from which facilities are paid, for the files of the bank",
    )
    paying_bank: str = Field(
        default="", max_length=35, description="Code of the bank that keeps that account"
    )
    relative_index_cap: Decimal | None = Field(
        default=Decimal(1), ge=0, description="Largest index of relative prices; null for none (BAT-3)"
    )
    part_size: int = Field(
        default=1000, ge=1, le=1000, description="Claims that a large run handles in one transaction (F2)"
    )
