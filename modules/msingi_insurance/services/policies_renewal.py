"""What the renewal of a policy is on a day, if it can be renewed then: step, later policies, product, window (POL-8)."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from msingi.work import Work
from msingi_insurance.errors import AlreadyRenewed, RenewalTooEarly
from msingi_insurance.hooks import calendar_of
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product
from msingi_insurance.rules.life import PolicyStep, check_step
from msingi_insurance.rules.periods import ONE_DAY
from msingi_insurance.rules.refusals import PolicyStepRefused
from msingi_insurance.rules.renewal import are_for_others, intended_product, window_opens
from msingi_insurance.rules.states import PolicyStatus, Stage
from msingi_insurance.services.policies_payment import facts_of
from msingi_insurance.services.policies_plans import PlanWish
from msingi_insurance.services.policies_quotes import Offer, offer_to, window_of
from msingi_insurance.settings import InsuranceSettings


def renewal_offer(
    work: Work,
    before: Policy,
    family: Family,
    *,
    enrolled: date,
    plan: PlanWish | None = None,
    named: Collection[UUID] | None = None,
) -> Offer:
    """What the renewal of a policy costs and covers, priced for the day of enrolment.

    ``named`` are the members whom it is for; left out it is for those of the policy before it.

    Raises:
        PolicyStepRefused: the policy is neither active nor expired, or somebody suspended it before it expired.
        AlreadyRenewed, RenewalTooEarly: a later policy follows, or the end is far.
        ProductNotSold, NotStartedHere, NobodyToCover, NotAMember, PlanNotOffered: the renewal cannot be sold.

    """
    check_step(before.status, PolicyStep.RENEW)
    if facts_of(before).is_held:
        raise PolicyStepRefused(status=PolicyStatus.SUSPENDED.value, step=PolicyStep.RENEW.value)
    product_id = _following_product(work, before, on=max(enrolled, before.expiry_date + ONE_DAY))
    _refuse_followed(work, before, product_id)
    offer = offer_to(
        work,
        family,
        product_id,
        stage=Stage.RENEWAL,
        enrolled=enrolled,
        previous_expiry=before.expiry_date,
        plan=plan,
        named=_named_before(work, before) if named is None else named,
    )
    _refuse_early(work, before, offer, enrolled)
    return offer


def _named_before(work: Work, before: Policy) -> Collection[UUID] | None:
    """The members of the family but those whom a policy left out; None where it left out nobody."""
    if before.left_out is None:
        return None
    statement = select(Insuree.id).where(
        Insuree.family_id == before.family_id,
        Insuree.valid_to.is_(None),
        Insuree.id.not_in([UUID(text) for text in before.left_out]),
    )
    return work.session.scalars(statement).all()


def _following_product(work: Work, policy: Policy, *, on: date) -> UUID:
    """The product of a renewal: the same one, or the end of its conversions when it is sold no more (POL-8)."""
    windows = {str(one.id): window_of(one) for one in work.session.scalars(select(Product))}
    return UUID(intended_product(str(policy.product_id), windows, on=on))


def _refuse_followed(work: Work, policy: Policy, product_id: UUID) -> None:
    later = select(Policy.previous_policy_id, Policy.named_insurees).where(
        Policy.family_id == policy.family_id,
        Policy.id != policy.id,
        or_(
            Policy.previous_policy_id == policy.id,
            Policy.product_id.in_([policy.product_id, product_id])
            & (Policy.expiry_date > policy.expiry_date),
        ),
    )
    for before_it, named in work.session.execute(later):
        if before_it == policy.id or not are_for_others(policy.named_insurees, named):
            raise AlreadyRenewed


def _refuse_early(work: Work, policy: Policy, offer: Offer, enrolled: date) -> None:
    days = work.settings(InsuranceSettings).renewal_days
    earliest = window_opens(policy.expiry_date, offer.terms, days=days, calendar=calendar_of(work))
    if enrolled < earliest:
        raise RenewalTooEarly(earliest=earliest.isoformat())
