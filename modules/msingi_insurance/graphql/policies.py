"""GraphQL operations on policies and whom they cover."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.plugin import (
    CONFIRM_POLICIES,
    DELETE_POLICIES,
    ENFORCE_POLICIES,
    ENROL_POLICIES,
    READ_POLICIES,
    SUSPEND_POLICIES,
    plugin,
)
from msingi_insurance.rules.premium import QuoteWarning
from msingi_insurance.services import policies as selling
from msingi_insurance.services import policies_life as life
from msingi_insurance.services.policies_drafts import PolicyDraft, RenewalDraft

plugin.expose(
    Policy,
    *("id", "code", "jurisdiction_id", "family_id", "family", "product_id", "product"),
    *("product_version_id", "stage", "status", "status_before", "status_reason", "enrol_date"),
    *("start_date", "effective_date", "expiry_date", "value", "currency", "value_rule", "officer_id"),
    *("plan_id", "previous_policy_id", "version"),
    allow=READ_POLICIES,
)
plugin.expose(
    InsureePolicy,
    *("id", "jurisdiction_id", "insuree_id", "insuree", "policy_id", "policy", "enrolment_date"),
    *("start_date", "effective_date", "expiry_date", "valid_to", "version"),
    allow=READ_POLICIES,
)


@dataclass(frozen=True, slots=True)
class PolicyEnrolment:
    """A policy that was just enrolled or renewed."""

    policy: Policy = field(metadata={"doc": "The policy."})
    warnings: list[QuoteWarning] = field(metadata={"doc": "What the clerk should know."})
    explanation: list[str] = field(metadata={"doc": "Why it costs and covers what it does."})


@dataclass(frozen=True, slots=True)
class PolicyQuote:
    """What a policy would cost and cover."""

    value: Money = field(metadata={"doc": "What it would cost."})
    start_date: date = field(metadata={"doc": "First day of the insurance period."})
    expiry_date: date = field(metadata={"doc": "Last day of cover."})
    last_payment_date: date = field(metadata={"doc": "Last day on which the full value may arrive."})
    covered: list[UUID] = field(metadata={"doc": "Insurees who would be covered."})
    not_covered: list[UUID] = field(metadata={"doc": "Insurees above the maximum."})
    warnings: list[QuoteWarning] = field(metadata={"doc": "What the clerk should know."})
    explanation: list[str] = field(metadata={"doc": "Why it costs and covers what it does."})


@dataclass(frozen=True, slots=True)
class PolicyDeleted:
    """A policy that was deleted."""

    id: UUID = field(metadata={"doc": "The policy that was."})


@plugin.connection(
    Policy,
    allow=READ_POLICIES,
    where=(
        *("id", "code", "family_id", "product_id", "stage", "status", "enrol_date", "start_date"),
        *("effective_date", "expiry_date", "officer_id", "previous_policy_id"),
    ),
    order=("id", "expiry_date", "enrol_date", "start_date"),
)
def policies(work: Work) -> Select[Policy]:  # noqa: ARG001 - every connection receives it
    """Policies in the reader's places."""
    return select(Policy)


@plugin.query(allow=READ_POLICIES)
def policy(work: Work, id: UUID) -> Policy | None:  # noqa: A002 - the name callers see
    """One policy."""
    return work.find(Policy, id)


@plugin.query(allow=ENROL_POLICIES)
def quote_policy(work: Work, input: PolicyDraft) -> PolicyQuote:  # noqa: A002
    """What a policy would cost and cover; nothing is written."""
    offer = selling.quote_policy(work, input)
    quoted = offer.quote
    return PolicyQuote(
        value=Money.rounded(quoted.value, offer.sale.product.currency),
        start_date=quoted.period.start,
        expiry_date=quoted.period.expiry,
        last_payment_date=quoted.period.last_payment,
        covered=[UUID(member) for member in quoted.covered],
        not_covered=[UUID(member) for member in quoted.dropped],
        warnings=list(selling.warnings_of(work, offer)),
        explanation=list(selling.explained(work, offer)),
    )


@plugin.mutation(allow=ENROL_POLICIES)
def enrol_policy(work: Work, input: PolicyDraft) -> PolicyEnrolment:  # noqa: A002
    """Enrol a family under a product."""
    return _enrolment(selling.enrol_policy(work, input))


@plugin.mutation(allow=ENROL_POLICIES)
def renew_policy(work: Work, input: RenewalDraft) -> PolicyEnrolment:  # noqa: A002
    """Renew a policy under the product that follows it, at a value computed anew."""
    return _enrolment(selling.renew_policy(work, input))


@plugin.mutation(allow=CONFIRM_POLICIES)
def confirm_policy(work: Work, id: UUID, expected_version: int) -> Policy:  # noqa: A002
    """Make a paid policy that waits for it active."""
    return life.confirm_policy(work, id, expected_version=expected_version)


@plugin.mutation(allow=ENFORCE_POLICIES)
def enforce_policy(work: Work, id: UUID, reason: str, expected_version: int) -> Policy:  # noqa: A002
    """Make an idle policy active although it is not fully paid."""
    return life.enforce_policy(work, id, reason=reason, expected_version=expected_version)


@plugin.mutation(allow=SUSPEND_POLICIES)
def suspend_policy(work: Work, id: UUID, reason: str, expected_version: int) -> Policy:  # noqa: A002
    """Suspend a policy; its members are not covered until it is reinstated. One suspended for missing money is held."""
    return life.suspend_policy(work, id, reason=reason, expected_version=expected_version)


@plugin.mutation(allow=SUSPEND_POLICIES)
def reinstate_policy(work: Work, id: UUID, reason: str, expected_version: int) -> Policy:  # noqa: A002
    """Give a suspended policy the status of before."""
    return life.reinstate_policy(work, id, reason=reason, expected_version=expected_version)


@plugin.mutation(allow=DELETE_POLICIES)
def delete_policy(work: Work, id: UUID, expected_version: int) -> PolicyDeleted:  # noqa: A002
    """Delete a policy that nobody paid for."""
    return PolicyDeleted(selling.delete_policy(work, id, expected_version=expected_version))


@plugin.extend(Policy, allow=READ_POLICIES)
def covers(parents: Sequence[Policy], work: Work) -> dict[UUID, list[InsureePolicy]]:
    """Whom the policy covers, from when to when."""
    return work.children(InsureePolicy.policy_id, parents)


@plugin.extend(Family, allow=READ_POLICIES, name="policies")
def family_policies(parents: Sequence[Family], work: Work) -> dict[UUID, list[Policy]]:
    """The policies of the family, the latest end first."""
    return work.children(Policy.family_id, parents, order_by=Policy.expiry_date.desc())


@plugin.extend(Insuree, allow=READ_POLICIES, name="covers")
def insuree_covers(parents: Sequence[Insuree], work: Work) -> dict[UUID, list[InsureePolicy]]:
    """The rows of cover of the insuree, the latest end first."""
    return work.children(InsureePolicy.insuree_id, parents, order_by=InsureePolicy.expiry_date.desc())


def _enrolment(made: selling.EnrolledPolicy) -> PolicyEnrolment:
    return PolicyEnrolment(made.policy, list(made.warnings), list(made.explanation))
