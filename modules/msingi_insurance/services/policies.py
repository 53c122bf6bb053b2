"""Policies: enrolled, renewed, quoted, deleted; their value and dates come from the rules (POL-1..POL-3, PRM-*)."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select

from msingi.ids import new_id
from msingi.money import Money
from msingi.new_records import write_records
from msingi.work import Work
from msingi_insurance.errors import EnrolledLater
from msingi_insurance.events import PolicyEnrolled
from msingi_insurance.models.family import Family
from msingi_insurance.models.policy import InsureePolicy, Policy, Premium
from msingi_insurance.models.renewals import PolicyRenewal
from msingi_insurance.rules.life import check_deletion
from msingi_insurance.rules.premium import QuoteWarning
from msingi_insurance.rules.states import PolicyStatus, Stage
from msingi_insurance.rules.trace import render
from msingi_insurance.services.covers import locked_family
from msingi_insurance.services.officers import officer_at_desk
from msingi_insurance.services.policies_drafts import PolicyDraft, RenewalDraft
from msingi_insurance.services.policies_payment import activate_if_paid
from msingi_insurance.services.policies_quotes import Offer, offer_to
from msingi_insurance.services.policies_renewal import renewal_offer
from msingi_registry import CodeScheme, make_code

POLICY_CODE: Final = CodeScheme(name="policy", prefix="P", digits=10)
"""Numbers of policies, such as P1234567890 and two check digits."""


@dataclass(frozen=True, slots=True)
class EnrolledPolicy:
    """A new policy, and what the clerk should know."""

    policy: Policy
    warnings: tuple[QuoteWarning, ...]
    explanation: tuple[str, ...]


def enrol_policy(work: Work, draft: PolicyDraft) -> EnrolledPolicy:
    """Enrol a family under a product: value, dates, and a row of cover for each member within the maximum (POL-1..POL-4).

    A policy that costs nothing is paid at once. More members than the maximum is a warning (PRM-8).

    Raises:
        NotFound: the family is not visible, or there is no such officer.
        OfficerNotThere: the officer, named or the caller, does not work there (TZA-14).
        EnrolledLater, ProductNotSold, NobodyToCover, NotAMember, PlanNotOffered: the policy cannot be sold.

    """
    family = locked_family(work, draft.family_id)
    enrolled = _day(work, draft.enrol_date)
    officer_id = officer_at_desk(work, family.jurisdiction_id, enrolled, named=draft.officer_id)
    offer = _first_offer(work, family, draft, enrolled)
    policy = new_policy(family, offer, stage=Stage.NEW, enrolled=enrolled, officer_id=officer_id)
    return save_policy(work, policy, offer)


def renew_policy(work: Work, draft: RenewalDraft) -> EnrolledPolicy:
    """Renew a policy under the product that follows it, at a value computed anew (POL-8, D-27).

    Raises:
        NotFound: the policy is not visible, or there is no such officer.
        OfficerNotThere: the officer, named or the caller, does not work there (TZA-14).
        DomainError: a refusal of ``renew_paid``.

    """
    before = work.get(Policy, draft.policy_id)
    enrolled = draft.enrol_date or work.today()
    officer_id = officer_at_desk(work, before.jurisdiction_id, enrolled, named=draft.officer_id)
    return renew_paid(work, draft.model_copy(update={"officer_id": officer_id}))


def renew_paid(work: Work, draft: RenewalDraft) -> EnrolledPolicy:
    """Renew a policy whose money is there already, whoever took it and whether he or she still works.

    Raises:
        NotFound: the policy is not visible.
        PolicyStepRefused: it is neither active nor expired.
        AlreadyRenewed, RenewalTooEarly: a later policy follows, or the end is far.
        EnrolledLater, ProductNotSold, NobodyToCover, NotAMember, PlanNotOffered: the renewal cannot be sold.

    """
    before = work.get(Policy, draft.policy_id)
    _lock_renewal(work, before.id)
    family = locked_family(work, before.family_id)
    enrolled = _day(work, draft.enrol_date)
    offer = renewal_offer(
        work, before, family, enrolled=enrolled, plan=draft.plan_wish(), named=draft.insuree_ids
    )
    officer_id = draft.officer_id or before.officer_id
    policy = new_policy(family, offer, stage=Stage.RENEWAL, enrolled=enrolled, officer_id=officer_id)
    policy.previous_policy_id = before.id
    return save_policy(work, policy, offer)


def _lock_renewal(work: Work, policy_id: UUID) -> None:
    """Lock what the renewal list says of a policy before the family, as answers and moves of families do."""
    entry = select(PolicyRenewal.id).where(PolicyRenewal.policy_id == policy_id)
    with work.everywhere():
        work.session.execute(entry.with_for_update())


def quote_policy(work: Work, draft: PolicyDraft) -> Offer:
    """What a policy would cost and cover; nothing is written.

    Raises:
        NotFound: the family is not visible.
        ProductNotSold, NobodyToCover, NotAMember, PlanNotOffered: the policy cannot be sold.

    """
    family = work.get(Family, draft.family_id)
    return _first_offer(work, family, draft, draft.enrol_date or work.today())


def delete_policy(work: Work, policy_id: UUID, *, expected_version: int) -> UUID:
    """Delete a policy that nobody paid for, with its rows of cover; returns its id.

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        PolicyHasPremiums: it has contributions (POL-11, D-18).

    """
    policy = work.get(Policy, policy_id, expected_version=expected_version)
    with work.everywhere():
        premiums = work.session.scalar(select(func.count()).where(Premium.policy_id == policy.id))
    check_deletion(premiums=int(premiums or 0))
    work.session.execute(delete(InsureePolicy).where(InsureePolicy.policy_id == policy.id))
    work.session.delete(policy)
    work.session.flush()
    return policy_id


def _first_offer(work: Work, family: Family, draft: PolicyDraft, enrolled: date) -> Offer:
    return offer_to(
        work,
        family,
        draft.product_id,
        stage=Stage.NEW,
        enrolled=enrolled,
        plan=draft.plan_wish(),
        named=draft.insuree_ids,
    )


def _day(work: Work, enrol_date: date | None) -> date:
    today = work.today()
    if enrol_date is not None and enrol_date > today:
        raise EnrolledLater
    return enrol_date or today


def new_policy(
    family: Family, offer: Offer, *, stage: Stage, enrolled: date, officer_id: UUID | None
) -> Policy:
    """A policy as it was offered, not saved yet."""
    quoted = offer.quote
    product = offer.sale.product
    return Policy(
        id=new_id(),
        jurisdiction_id=family.jurisdiction_id,
        code=make_code(POLICY_CODE),
        family_id=family.id,
        product_id=product.id,
        product_version_id=offer.sale.version_id,
        stage=stage,
        status=PolicyStatus.IDLE,
        enrol_date=enrolled,
        start_date=quoted.period.start,
        expiry_date=quoted.period.expiry,
        value_minor=Money.rounded(quoted.value, product.currency).minor,
        currency=product.currency,
        value_rule=offer.value_rule,
        plan_id=offer.plan_id,
        officer_id=officer_id,
        named_insurees=[str(insuree) for insuree in offer.named] or None,
        left_out=[str(insuree) for insuree in offer.left_out] or None,
    )


def save_policy(work: Work, policy: Policy, offer: Offer) -> EnrolledPolicy:
    """Save a policy with a row of cover for each member within the maximum; one that costs nothing is active at once."""
    warnings = warnings_of(work, offer)
    rows = (
        InsureePolicy(
            jurisdiction_id=policy.jurisdiction_id,
            insuree_id=UUID(member),
            policy_id=policy.id,
            enrolment_date=policy.enrol_date,
            start_date=policy.start_date,
            expiry_date=policy.expiry_date,
        )
        for member in offer.quote.covered
    )
    write_records(work, [policy, *rows])
    work.emit(
        PolicyEnrolled(
            policy_id=policy.id,
            family_id=policy.family_id,
            product_id=policy.product_id,
            previous_policy_id=policy.previous_policy_id,
            jurisdiction_id=policy.jurisdiction_id,
        )
    )
    if policy.value_minor == 0:
        activate_if_paid(work, [policy.id])
    return EnrolledPolicy(policy, warnings, explained(work, offer))


def warnings_of(work: Work, offer: Offer) -> tuple[QuoteWarning, ...]:
    """What the clerk should know of a policy that is sold, or may be; asked before it is saved."""
    held = (
        select(InsureePolicy.id)
        .join(Policy, Policy.id == InsureePolicy.policy_id)
        .where(
            InsureePolicy.insuree_id.in_(sorted(map(UUID, offer.quote.covered))),
            InsureePolicy.valid_to.is_(None),
            InsureePolicy.expiry_date >= offer.quote.period.start,
            InsureePolicy.start_date <= offer.quote.period.expiry,
            Policy.product_id == offer.sale.product.id,
            Policy.status != PolicyStatus.EXPIRED,
        )
    )
    with work.everywhere():
        again = work.session.scalar(held.limit(1)) is not None
    return (*offer.quote.warnings, *((QuoteWarning.COVERED_ALREADY,) if again else ()))


def explained(work: Work, offer: Offer) -> tuple[str, ...]:
    """Why the policy costs and covers what it does, in the reader's language (INS-A4)."""
    return tuple(
        render(
            offer.quote.steps,
            work.platform.texts,
            language=work.language,
            currency=offer.sale.product.currency,
        )
    )
