"""Finds what a payment is for: insurees by number, products by code, policies by family and product (PAY-3, PAY-4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from msingi.rbac.tree_queries import chains_of
from msingi.work import Work
from msingi_insurance.models.family import FormerNumber, Insuree
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.officers import served_places
from msingi_insurance.services.premiums import PaidSoFar, paid_so_far


@dataclass(frozen=True, slots=True)
class Named:
    """What a line of a payment names, as it was written."""

    insuree_number: str
    product_code: str


@dataclass(frozen=True, slots=True)
class FoundPolicy:
    """A policy with what was paid for it."""

    policy: Policy
    paid: PaidSoFar

    @property
    def remaining_minor(self) -> int:
        """What is still to be paid."""
        return max(0, self.policy.value_minor - self.paid.paid_minor)


@dataclass(frozen=True, slots=True)
class Found:
    """What the registers know of the lines of one payment; everything by id, read at once."""

    insurees: Mapping[str, Insuree]
    products: Mapping[str, Product]
    policies: Mapping[tuple[UUID, UUID], Sequence[FoundPolicy]]
    chains: Mapping[UUID, Sequence[UUID]]
    officer: Officer | None
    served: frozenset[UUID]

    def policies_of(self, named: Named) -> Sequence[FoundPolicy]:
        """The policies of the family for the product, the latest first; those for others come in only where there is no other."""
        insuree, product = self.insurees.get(named.insuree_number), self.products.get(named.product_code)
        if insuree is None or insuree.family_id is None or product is None:
            return ()
        policies = self.policies.get((insuree.family_id, product.id), ())
        own = [found for found in policies if str(insuree.id) not in (found.policy.left_out or ())]
        return own or policies

    def payable(self, named: Named, day: date) -> FoundPolicy | None:
        """The policy that takes money on a day: the earliest with something to pay, else the latest that runs."""
        running = [
            found
            for found in self.policies_of(named)
            if found.policy.expiry_date >= day and found.policy.status is not PolicyStatus.EXPIRED
        ]
        owing = [found for found in running if found.remaining_minor]
        return owing[-1] if owing else next(iter(running), None)

    def allowed_here(self, named: Named, day: date) -> bool:
        """Whether the product is for the place of the insuree, or a policy of the family that runs still owes money (INS-8)."""
        running = self.payable(named, day)
        if running is not None and running.remaining_minor:
            return True
        insuree, product = self.insurees.get(named.insuree_number), self.products.get(named.product_code)
        if insuree is None or product is None:
            return True
        return product.jurisdiction_id in self.chains[insuree.jurisdiction_id]

    def officer_serves(self, named: Named) -> bool | None:
        """Whether the officer serves the place of the insuree; None without an officer."""
        insuree = self.insurees.get(named.insuree_number)
        if self.officer is None or insuree is None:
            return None
        return insuree.jurisdiction_id in self.served


def find_named(work: Work, lines: Sequence[Named], *, officer_id: UUID | None) -> Found:
    """Read everything that the lines name, in a number of statements that does not grow with them; all places count."""
    with work.everywhere():
        insurees = insurees_by_number(work, [line.insuree_number for line in lines])
        products = _products(work, {line.product_code for line in lines})
        families = {insuree.family_id for insuree in insurees.values() if insuree.family_id}
        policies = _policies(work, families, {product.id for product in products.values()})
        places = {insuree.jurisdiction_id for insuree in insurees.values()}
        officer = work.find(Officer, officer_id) if officer_id else None
        served = served_places(work, officer.id, places) if officer else set()
        chains = chains_of(work, places)
    return Found(insurees, products, policies, chains, officer, frozenset(served))


def insurees_by_number(work: Work, numbers: Iterable[str]) -> dict[str, Insuree]:
    """Insurees by the number they bear, or bore before (INS-7)."""
    wanted = {number for number in numbers if number}
    if not wanted:
        return {}
    statement = select(Insuree).where(Insuree.number.in_(wanted), Insuree.valid_to.is_(None))
    found = {insuree.number or "": insuree for insuree in work.session.scalars(statement)}
    former = (
        select(FormerNumber.number, Insuree)
        .join(Insuree, Insuree.id == FormerNumber.insuree_id)
        .where(FormerNumber.number.in_(wanted - found.keys()), Insuree.valid_to.is_(None))
    )
    bore = {row[0]: row[1] for row in work.session.execute(former)}
    return {**bore, **found}


def _products(work: Work, codes: Iterable[str]) -> dict[str, Product]:
    statement = select(Product).where(Product.code.in_(list(codes)), Product.closed_on.is_(None))
    return {product.code: product for product in work.session.scalars(statement)}


def _policies(
    work: Work, families: Iterable[UUID], products: Iterable[UUID]
) -> dict[tuple[UUID, UUID], list[FoundPolicy]]:
    statement = (
        select(Policy)
        .where(Policy.family_id.in_(list(families)), Policy.product_id.in_(list(products)))
        .order_by(Policy.start_date.desc(), Policy.id.desc())
    )
    policies = work.session.scalars(statement).all()
    paid = paid_so_far(work, [policy.id for policy in policies])
    found: dict[tuple[UUID, UUID], list[FoundPolicy]] = {}
    for policy in policies:
        found.setdefault((policy.family_id, policy.product_id), []).append(
            FoundPolicy(policy, paid[policy.id])
        )
    return found
