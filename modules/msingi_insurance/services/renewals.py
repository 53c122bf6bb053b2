"""The renewal list: made set-wise each day, for each officer, with what is wrong and whom to photograph (POL-8, D-16)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select

from msingi.work import Work
from msingi_insurance.hooks import calendar_of
from msingi_insurance.models.family import Insuree
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.models.product import Product
from msingi_insurance.models.renewals import PolicyRenewal
from msingi_insurance.payment_events import RenewalDue
from msingi_insurance.rules.periods import ONE_DAY
from msingi_insurance.rules.renewal import (
    RENEWABLE,
    OfficerPost,
    Portrait,
    ProductWindow,
    RenewalPrompt,
    intended_product,
    is_due,
    outdated_photos,
    prompt_renewal,
)
from msingi_insurance.services.officers import officer_posts
from msingi_insurance.services.policies_quotes import window_of
from msingi_insurance.settings import InsuranceSettings
from msingi_registry import Person

CHUNK: Final = 500
"""Policies that are looked at in one step."""
MESSAGE_DAYS: Final = (30, 14, 7, 0)
"""Days before the end of cover at which the family is told."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every prompt of a run needs: products and officers by id as text."""

    products: Mapping[str, ProductWindow]
    officers: Mapping[str, OfficerPost]


@dataclass(frozen=True, slots=True)
class Listed:
    """What one step did; ``after`` is the last policy looked at, None when there is no further one."""

    count: int
    after: UUID | None


def horizon(work: Work) -> int:
    """Days ahead for which policies are noticed: for the first message, or for the officers' list."""
    return max(MESSAGE_DAYS[0], work.settings(InsuranceSettings).renewal_days)


def list_renewals(work: Work, after: UUID | None = None) -> Listed:
    """Put the next policies that end soon on the list; a fixed number of statements whatever their number."""
    days = horizon(work)
    policies = work.session.scalars(_ending(work.today() + timedelta(days=days), after)).all()
    if not policies:
        return Listed(0, None)
    ground = _ground(work)
    later = _later_policies(work, policies)
    due = [policy for policy in policies if _is_due(work, policy, ground, later, days)]
    photos = _outdated(work, due)
    rows = [_row(work, policy, ground, photos.get(policy.id, ())) for policy in due]
    work.insert_rows(PolicyRenewal, rows)
    return Listed(len(rows), policies[-1].id if len(policies) == CHUNK else None)


def tell_renewals(work: Work, after: UUID | None = None) -> Listed:
    """Tell, once for each of 30, 14, 7 and 0 days, that cover ends; messages are sent by who listens."""
    last = work.today() + timedelta(days=MESSAGE_DAYS[0])
    statement = (
        select(PolicyRenewal, Policy.family_id)
        .join(Policy, Policy.id == PolicyRenewal.policy_id)
        .where(
            PolicyRenewal.response.is_(None),
            PolicyRenewal.renewed_policy_id.is_(None),
            PolicyRenewal.renewal_date > work.today(),
            PolicyRenewal.renewal_date <= last + ONE_DAY,
        )
        .order_by(PolicyRenewal.id)
        .limit(CHUNK)
    )
    if after is not None:
        statement = statement.where(PolicyRenewal.id > after)
    rows = work.session.execute(statement).all()
    told = sum(_tell(work, renewal, family_id) for renewal, family_id in rows)
    work.session.flush()
    return Listed(told, rows[-1][0].id if len(rows) == CHUNK else None)


def renewals_to_ask(work: Work) -> Select[PolicyRenewal]:
    """What officers are to ask now: noticed, near enough, not answered and not renewed."""
    last = work.today() + timedelta(days=work.settings(InsuranceSettings).renewal_days)
    return select(PolicyRenewal).where(
        PolicyRenewal.response.is_(None),
        PolicyRenewal.renewed_policy_id.is_(None),
        PolicyRenewal.renewal_date <= last + ONE_DAY,
    )


def mark_renewed(work: Work, previous_policy_id: UUID, policy_id: UUID) -> None:
    """Take a renewed policy off the list, whoever renewed it."""
    with work.everywhere():
        renewal = work.session.scalar(
            select(PolicyRenewal).where(PolicyRenewal.policy_id == previous_policy_id)
        )
        if renewal is not None:
            renewal.renewed_policy_id, renewal.response = policy_id, renewal.response or 0
            renewal.response_on = renewal.response_on or work.today()
            work.session.flush()


def _ending(last: date, after: UUID | None) -> Select[Policy]:
    noticed = select(PolicyRenewal.id).where(PolicyRenewal.policy_id == Policy.id)
    statement = (
        select(Policy)
        .where(Policy.status.in_(RENEWABLE), Policy.expiry_date <= last, ~noticed.exists())
        .order_by(Policy.id)
        .limit(CHUNK)
    )
    return statement if after is None else statement.where(Policy.id > after)


def _ground(work: Work) -> _Ground:
    products = {str(product.id): window_of(product) for product in work.session.scalars(select(Product))}
    officers, _ = officer_posts(work)
    return _Ground(products, officers)


def _later_policies(work: Work, policies: Sequence[Policy]) -> Mapping[UUID, Sequence[Any]]:
    """The other policies of the families that end later or follow, by family; in one statement."""
    families = {policy.family_id for policy in policies}
    columns = select(
        Policy.id, Policy.family_id, Policy.product_id, Policy.expiry_date, Policy.previous_policy_id
    )
    first = min(policy.expiry_date for policy in policies)
    ids = [policy.id for policy in policies]
    later = or_(Policy.expiry_date > first, Policy.previous_policy_id.in_(ids))
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in work.session.execute(columns.where(Policy.family_id.in_(families), later)):
        found[row.family_id].append(row)
    return found


def _is_due(
    work: Work, policy: Policy, ground: _Ground, later: Mapping[UUID, Sequence[Any]], days: int
) -> bool:
    follows = policy.expiry_date + ONE_DAY
    intended = intended_product(str(policy.product_id), ground.products, on=follows)
    products = {str(policy.product_id), intended}
    has_later = any(
        row.previous_policy_id == policy.id
        or (str(row.product_id) in products and row.expiry_date > policy.expiry_date)
        for row in later.get(policy.family_id, ())
        if row.id != policy.id
    )
    return is_due(
        policy.status,
        expiry=policy.expiry_date,
        today=work.today(),
        has_later_policy=has_later,
        days=days,
    )


def _outdated(work: Work, policies: Sequence[Policy]) -> dict[UUID, tuple[str, ...]]:
    """Members to photograph, by policy, in one statement (INS-4)."""
    if not policies:
        return {}
    statement = (
        select(InsureePolicy.policy_id, Insuree.id, Insuree.photo_on, Person.birth_date)
        .join(Insuree, Insuree.id == InsureePolicy.insuree_id)
        .join(Person, Person.id == Insuree.person_id)
        .where(
            InsureePolicy.policy_id.in_([policy.id for policy in policies]), InsureePolicy.valid_to.is_(None)
        )
        .order_by(InsureePolicy.id)
    )
    portraits: dict[UUID, list[Portrait]] = defaultdict(list)
    for row in work.session.execute(statement):
        portraits[row.policy_id].append(Portrait(str(row.id), row.birth_date or date.min, row.photo_on))
    settings, calendar = work.settings(InsuranceSettings), calendar_of(work)
    return {
        policy.id: outdated_photos(
            portraits.get(policy.id, ()),
            on=policy.expiry_date + ONE_DAY,
            ages=settings.photo_ages,
            age_of_majority=settings.age_of_majority,
            calendar=calendar,
        )
        for policy in policies
    }


def _row(work: Work, policy: Policy, ground: _Ground, photos: Sequence[str]) -> dict[str, Any]:
    prompt: RenewalPrompt = prompt_renewal(
        str(policy.product_id),
        str(policy.officer_id) if policy.officer_id else None,
        expiry=policy.expiry_date,
        products=ground.products,
        officers=ground.officers,
        outdated_photos=photos,
    )
    return {
        "jurisdiction_id": policy.jurisdiction_id,
        "policy_id": policy.id,
        "officer_id": UUID(prompt.officer) if prompt.officer else None,
        "product_id": UUID(prompt.product),
        "prompt_date": work.today(),
        "renewal_date": prompt.renewal_date,
        "warnings": int(prompt.warnings),
        "outdated_photos": list(prompt.outdated_photos),
    }


def _tell(work: Work, renewal: PolicyRenewal, family_id: UUID) -> bool:
    last_day = renewal.renewal_date - ONE_DAY
    left = (last_day - work.today()).days
    reached = min((days for days in MESSAGE_DAYS if left <= days), default=None)
    if reached is None or (renewal.told_days is not None and renewal.told_days <= reached):
        return False
    renewal.told_days, renewal.told_at = reached, work.now()
    work.emit(
        RenewalDue(
            renewal_id=renewal.id,
            policy_id=renewal.policy_id,
            family_id=family_id,
            officer_id=renewal.officer_id,
            days=reached,
            last_day=last_day,
        )
    )
    return True
