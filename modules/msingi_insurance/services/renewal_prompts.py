"""What the renewal list says of policies: product and officer of the day, what is wrong, whom to photograph (POL-8, D-16)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from msingi.work import Work
from msingi_insurance.hooks import calendar_of
from msingi_insurance.models.family import Insuree
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.models.product import Product
from msingi_insurance.rules.periods import ONE_DAY
from msingi_insurance.rules.renewal import (
    OfficerPost,
    Portrait,
    ProductWindow,
    RenewalPrompt,
    outdated_photos,
    prompt_renewal,
)
from msingi_insurance.services.officers import officer_posts
from msingi_insurance.services.policies_quotes import window_of
from msingi_insurance.settings import InsuranceSettings
from msingi_registry import Person


@dataclass(frozen=True, slots=True)
class Ground:
    """What every prompt of a run needs: products and officers by id as text."""

    products: Mapping[str, ProductWindow]
    officers: Mapping[str, OfficerPost]


def ground_of(work: Work) -> Ground:
    """The products and officers of today, in two statements."""
    products = {str(product.id): window_of(product) for product in work.session.scalars(select(Product))}
    officers, _ = officer_posts(work)
    return Ground(products, officers)


def prompts_of(work: Work, policies: Sequence[Policy], ground: Ground) -> dict[UUID, RenewalPrompt]:
    """The prompt of each policy, by its id; one statement whatever their number."""
    photos = _outdated(work, policies)
    return {policy.id: _prompt(policy, ground, photos[policy.id], work.today()) for policy in policies}


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


def _prompt(policy: Policy, ground: Ground, photos: Sequence[str], today: date) -> RenewalPrompt:
    return prompt_renewal(
        str(policy.product_id),
        str(policy.officer_id) if policy.officer_id else None,
        expiry=policy.expiry_date,
        products=ground.products,
        officers=ground.officers,
        outdated_photos=photos,
        today=today,
    )
