"""Asks for consent before care is given, and decides on it: two different people."""

import secrets
from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.errors import NotFound
from msingi.money import MixedCurrencies, Money
from msingi.work import Work
from msingi_claims.errors import OwnClaim, UnknownPatient
from msingi_claims.facility_errors import ConsentDecided
from msingi_claims.models.facility_side import ClaimAdministrator, PreAuthorisation
from msingi_claims.models.states import PreAuthorisationState
from msingi_claims.plugin import DECIDE_CONSENT
from msingi_claims.services.adding import add_now
from msingi_claims.services.rights import refuse_inside
from msingi_insurance import Insuree, LineKind
from msingi_registry import Facility

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class ConsentRequest(BaseModel):
    """What a facility wants to give, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    insuree_id: UUID = Field(description="The patient.")
    facility_id: UUID = Field(description="The facility.")
    kind: LineKind = Field(description="Item or service.")
    code: str = Field(min_length=1, max_length=50, description="Code in the catalogue.")
    quantity: Annotated[Decimal, Field(gt=0, le=99_999, decimal_places=2)] = Field(description="How many.")
    reason: str = Field(min_length=1, max_length=1000, description="Why the care is needed.")


class ConsentDecision(BaseModel):
    """What the scheme decides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    granted: bool = Field(description="Whether it agrees.")
    valid_from: date | None = Field(default=None, description="First day on which the care may be given.")
    valid_to: date | None = Field(default=None, description="Last day on which the care may be given.")
    amount: Money | None = Field(default=None, description="The most that is agreed to.")
    words: str = Field(default="", max_length=1000, description="The decision in words.")


class AdministratorDraft(BaseModel):
    """Who answers for the claims of a facility."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(min_length=1, max_length=20, description="Code.")
    name: str = Field(min_length=1, max_length=100, description="Name.")
    facility_id: UUID = Field(description="The facility.")
    user_id: UUID | None = Field(default=None, description="The account, when there is one.")
    phone: str | None = Field(default=None, max_length=30, description="Telephone number.")
    email: str | None = Field(default=None, max_length=100, description="E-mail address.")


def request_consent(work: Work, request: ConsentRequest) -> PreAuthorisation:
    """Ask for consent; it gets a number that claims name."""
    facility = work.get(Facility, request.facility_id)
    with work.everywhere():
        if work.find(Insuree, request.insuree_id) is None:
            raise UnknownPatient
    return add_now(
        work,
        PreAuthorisation(
            jurisdiction_id=facility.jurisdiction_id,
            number="PA" + "".join(secrets.choice(_ALPHABET) for _ in range(10)),
            currency=work.platform.profile.currency,
            requested_at=work.now(),
            requested_by=work.actor.id,
            **request.model_dump(),
        ),
    )


def decide_consent(
    work: Work, consent_id: UUID, decision: ConsentDecision, *, expected_version: int
) -> PreAuthorisation:
    """Agree or not, once; never by who asked, nor by a right of the facility itself.

    Raises:
        ConsentDecided: it was decided before.
        OwnClaim, OwnFacility: the actor asked, or belongs to the facility.
        MixedCurrencies: the amount is in another currency than the scheme's.

    """
    consent = work.get(PreAuthorisation, consent_id, expected_version=expected_version)
    if consent.state is not PreAuthorisationState.REQUESTED:
        raise ConsentDecided
    if work.actor.id is not None and consent.requested_by == work.actor.id:
        raise OwnClaim
    refuse_inside(work, DECIDE_CONSENT, [consent])
    if decision.amount is not None and decision.amount.currency != consent.currency:
        raise MixedCurrencies(left=decision.amount.currency, right=consent.currency)
    consent.state = PreAuthorisationState.GRANTED if decision.granted else PreAuthorisationState.REFUSED
    consent.valid_from = decision.valid_from or work.today()
    consent.valid_to = decision.valid_to or date.max
    consent.amount_minor = None if decision.amount is None else decision.amount.minor
    consent.decision, consent.decided_at, consent.decided_by = decision.words, work.now(), work.actor.id
    return consent


def name_administrator(work: Work, draft: AdministratorDraft) -> ClaimAdministrator:
    """Name who answers for the claims of a facility."""
    facility = work.find(Facility, draft.facility_id)
    if facility is None:
        raise NotFound(type="Facility")
    return add_now(work, ClaimAdministrator(jurisdiction_id=facility.jurisdiction_id, **draft.model_dump()))


def end_administrator(
    work: Work, administrator_id: UUID, *, last_day: date, expected_version: int
) -> ClaimAdministrator:
    """End the office of a claim administrator; earlier claims keep the name."""
    administrator = work.get(ClaimAdministrator, administrator_id, expected_version=expected_version)
    administrator.valid_to = last_day
    return administrator
