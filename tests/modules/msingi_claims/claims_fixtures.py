"""A small scheme for tests of claims: two facilities, a catalogue with prices, products, families and policies."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import event, select
from tests.modules.msingi_claims.claims_catalogue_fixtures import START, add_catalogue
from tests.modules.msingi_registry.facility_fixtures import add_facility

from msingi.actor import Actor
from msingi.ids import new_id
from msingi.money import Money
from msingi.platform import Platform
from msingi.plugin import Permission
from msingi.rbac.grants import grant_role
from msingi.rbac.models import Policy as RolePolicy
from msingi.rbac.models import Role
from msingi.rbac.rules import NewPlace, split_name
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_catalogue.plugin import plugin as catalogue
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.states import Channel
from msingi_claims.plugin import ENTER_CLAIMS, REVIEW_CLAIMS
from msingi_claims.plugin import plugin as claims
from msingi_claims.services.drafts import ClaimDraft, LineDraft
from msingi_claims.services.entry import enter_claim
from msingi_claims.services.reviews import LineVerdict, deliver_reviews, save_review
from msingi_claims.services.submission import Outcome, process_claims, submit_claims
from msingi_insurance import (
    Family,
    Insuree,
    InsureePolicy,
    LineKind,
    Officer,
    OfficerVillage,
    Policy,
    PolicyStatus,
    Product,
    ProductVersion,
    Stage,
    Terms,
)
from msingi_insurance.plugin import plugin as insurance
from msingi_ledger.plugin import plugin as ledger
from msingi_registry import Facility, Household, Person, Sex
from msingi_registry.plugin import plugin as registry

ITEM, SERVICE = LineKind.ITEM, LineKind.SERVICE
VISIT = date(2026, 2, 10)
COVERS_ALL: dict[str, Any] = {"other_items": {}, "other_services": {}}
"""Terms that pay for everything at the price of the list."""


@dataclass
class Scheme:
    """A platform with claims, and what tests do with it; amounts are in XAF, which has no minor unit."""

    platform: Platform
    places: dict[str, UUID]
    hospital: UUID
    centre: UUID
    clerk: Actor
    """Enters and submits at the hospital."""
    officer: Actor
    """Does everything else, in the district."""
    national: Actor
    """Does everything in the whole country."""
    product_version: UUID = field(default_factory=new_id)
    made: int = 0

    def act(self, step: Callable[[Work], Any]) -> Any:
        """What a service returns, saved, with the rights of the system."""
        with self.platform.work() as work:
            return step(work)

    def as_actor(self, actor: Actor, permission: Any, step: Callable[[Work], Any]) -> Any:
        """What a service returns, saved, with the rights of an actor."""
        with self.platform.work(actor) as work, work.allowed(permission):
            return step(work)

    def appoint(self, actor: Actor, *permissions: Permission) -> Actor:
        """The actor, whose rights to these (all when none is named) are written down, so that others can look them up."""
        wanted = {one.name for one in permissions} or actor.grants.names()

        def grant(work: Work) -> None:
            for root in actor.grants.by_root:
                role = work.add(Role(name=f"R{new_id().hex[-12:]}", preset=False))
                work.session.flush()
                for name in sorted(wanted):
                    module, action = split_name(name)
                    work.add(RolePolicy(role_id=role.id, module=module, action=action))
                grant_role(work, actor.id or new_id(), role=role.name, jurisdiction_id=root)

        self.act(grant)
        return actor

    def sell(self, terms: dict[str, Any], *, code: str = "P1") -> UUID:
        """A product with these terms; returns its version, by which later policies are sold."""

        def add(work: Work) -> UUID:
            product = work.add(
                Product(
                    jurisdiction_id=self.places["CM"], code=code, name=code, currency="XAF", date_from=START
                )
            )
            work.session.flush()
            document = Terms.model_validate(terms).model_dump(mode="json")
            version = work.add(
                ProductVersion(
                    product_id=product.id,
                    number=1,
                    valid_from=START,
                    terms=document,
                    digest="0" * 64,
                    made_at=work.now(),
                )
            )
            work.session.flush()
            product.current_version_id = version.id
            return version.id

        self.product_version = self.act(add)
        return self.product_version

    def add_officer(self, code: str = "O1") -> None:
        """An officer with a telephone who serves the district of the patients."""

        def add(work: Work) -> None:
            district = self.places["D1"]
            officer = work.add(
                Officer(jurisdiction_id=district, code=code, name="Officer", phone="+237650000000")
            )
            work.session.flush()
            work.add(OfficerVillage(jurisdiction_id=district, officer_id=officer.id))

        self.act(add)

    def family(self, members: int = 1, **person: Any) -> list[UUID]:
        """Insurees of one family without a policy."""
        return list(self.act(lambda work: _add_family(self, work, members, person)))

    def insure(self, insurees: list[UUID], version: UUID | None = None, **fields: Any) -> UUID:
        """A policy of 2025 and 2026 that covers them."""
        return UUID(str(self.act(lambda work: _add_policy(self, work, insurees, version, fields))))

    def patient(self, **person: Any) -> UUID:
        """An insured adult."""
        (insuree,) = self.family(**person)
        self.insure([insuree])
        return insuree

    def draft(
        self, insuree: UUID, *lines: tuple[str, Any] | tuple[str, Any, int], **fields: Any
    ) -> ClaimDraft:
        """A claim of the hospital; a line is a code, a quantity and a price, by default 100."""
        self.made += 1
        values: dict[str, Any] = {
            "code": f"C{self.made:05}",
            "facility_id": self.hospital,
            "insuree_id": insuree,
            "diagnosis": "A00",
            "date_from": VISIT,
            "lines": [_line(*line) for line in lines or (("SV1", 1),)],
        }
        return ClaimDraft(**(values | fields))

    def enter(self, insuree: UUID, *lines: Any, actor: Actor | None = None, **fields: Any) -> UUID:
        """A claim that is entered."""
        draft = self.draft(insuree, *lines, **fields)
        return UUID(
            str(
                self.as_actor(
                    actor or self.clerk,
                    ENTER_CLAIMS,
                    lambda work: enter_claim(work, draft, channel=Channel.WEB),
                )
            )
        )

    def submit(self, *claim_ids: UUID) -> list[Outcome]:
        """Claims submitted together."""
        found: list[Outcome] = self.act(lambda work: submit_claims(work, claim_ids))
        return found

    def submitted(self, insuree: UUID, *lines: Any, **fields: Any) -> UUID:
        """A claim that is submitted."""
        claim_id = self.enter(insuree, *lines, **fields)
        self.submit(claim_id)
        return claim_id

    def process(self, *claim_ids: UUID) -> list[Outcome]:
        """Claims processed together, by the system."""
        found: list[Outcome] = self.act(lambda work: process_claims(work, claim_ids))
        return found

    def run_review(self, claim_id: UUID, *verdicts: LineVerdict) -> None:
        """Save and deliver the review of a selected claim, as the officer."""
        version = self.claim(claim_id).version
        self.as_actor(
            self.officer,
            REVIEW_CLAIMS,
            lambda work: save_review(work, claim_id, verdicts, adjustment="", expected_version=version),
        )
        self.as_actor(self.officer, REVIEW_CLAIMS, lambda work: deliver_reviews(work, [claim_id]))

    def claim(self, claim_id: UUID) -> Claim:
        """A claim as it is stored."""
        found: Claim = self.act(lambda work: work.get(Claim, claim_id))
        return found

    def lines(self, claim_id: UUID) -> list[ClaimLine]:
        """Its lines in their order."""
        statement = select(ClaimLine).where(ClaimLine.claim_id == claim_id).order_by(ClaimLine.position)
        found: list[ClaimLine] = self.act(lambda work: list(work.session.scalars(statement)))
        return found

    def run(self, query: str, variables: dict[str, Any] | None = None, *, actor: Actor | None = None) -> Any:
        """The data of a document, executed without refusal."""
        answer = self.platform.graphql.run(query, variables or {}, actor=actor or self.officer)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def refused(
        self, query: str, variables: dict[str, Any] | None = None, *, actor: Actor | None = None
    ) -> str:
        """The code of the refusal of a document."""
        answer = self.platform.graphql.run(query, variables or {}, actor=actor or self.officer)
        return str(answer["errors"][0]["extensions"]["code"])

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The SQL statements of a block, without those that begin and end transactions."""
        seen: list[str] = []

        def note(*values: Any) -> None:
            if not str(values[2]).startswith(("BEGIN", "COMMIT", "ROLLBACK")):
                seen.append(str(values[2]))

        engine = self.platform.database.read
        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)


def claims_platform(
    make_platform: MakePlatform, *, of_insurance: Mapping[str, Any] | None = None, **settings: Any
) -> Platform:
    """A platform with claims under these settings; a second one of a test shares the database."""
    given = {"claims": settings, "insurance": of_insurance}
    plugins = {name: values for name, values in given.items() if values}
    return make_platform(
        registry, catalogue, ledger, insurance, claims, plugins=plugins, jobs={"backend": "embedded"}
    )


def scheme_of(
    make_platform: MakePlatform, as_user: AsUser, terms: dict[str, Any] | None = None, **settings: Any
) -> Scheme:
    """A scheme with one product; further keywords are settings of claims, and ``of_insurance`` those of insurance."""
    platform = claims_platform(make_platform, **settings)
    with platform.work() as work:
        places = dict(
            add_places(
                work,
                [
                    NewPlace(code="CM", name="Cameroun"),
                    NewPlace(code="D1", name="Garoua", parent="CM"),
                    NewPlace(code="D2", name="Guider", parent="CM"),
                    NewPlace(code="V1", name="Pitoa", parent="D1"),
                ],
            )
        )
        hospital = add_facility(work, "Hôpital de Garoua", "D1", standard_type="Hospital")
        centre = add_facility(work, "CSI de Guider", "D2", type="CSI")
        leaf = work.get(Facility, hospital).jurisdiction_id
        add_catalogue(work, places["CM"])
    every = [
        p for plugin in (registry, catalogue, insurance, claims) for p in plugin.contributions.permissions
    ]
    clerk, officer, national = (as_user(*every, at=place) for place in (leaf, places["D1"], places["CM"]))
    scheme = Scheme(platform, places, hospital, centre, clerk, officer, national)
    scheme.sell(COVERS_ALL if terms is None else terms)
    return scheme


def _line(code: str, quantity: Any, price: int = 100) -> LineDraft:
    kind = ITEM if code.startswith("IT") else SERVICE
    return LineDraft(
        kind=kind, code=code, quantity=Decimal(str(quantity)), price=Money.from_minor(price, "XAF")
    )


def _add_family(scheme: Scheme, work: Work, members: int, person: dict[str, Any]) -> list[UUID]:
    village = scheme.places["V1"]
    household = work.add(Household(jurisdiction_id=village, code=f"H{new_id().hex[-10:]}", address=""))
    work.session.flush()
    family = work.add(Family(jurisdiction_id=village, household_id=household.id, valid_from=START))
    work.session.flush()
    ids: list[UUID] = []
    for place in range(members):
        values: dict[str, Any] = {
            "given_name": "Aïssatou",
            "family_name": "Hamadou",
            "sex": Sex.FEMALE,
            "birth_date": date(1990, 5, 12),
        }
        one = work.add(Person(jurisdiction_id=village, synthetic=True, **(values | person)))
        work.session.flush()
        insuree = work.add(
            Insuree(
                jurisdiction_id=village,
                person_id=one.id,
                number=f"N{one.id.hex[-12:]}",
                family_id=family.id,
                is_head=place == 0,
                valid_from=START,
            )
        )
        work.session.flush()
        ids.append(insuree.id)
    return ids


def _add_policy(
    scheme: Scheme, work: Work, insurees: list[UUID], version_id: UUID | None, fields: dict[str, Any]
) -> UUID:
    head = work.get(Insuree, insurees[0])
    version = work.get(ProductVersion, version_id or scheme.product_version)
    values: dict[str, Any] = {
        "stage": Stage.RENEWAL,
        "status": PolicyStatus.ACTIVE,
        "enrol_date": START,
        "start_date": START,
        "effective_date": START,
        "expiry_date": date(2026, 12, 31),
    }
    values |= fields
    policy = work.add(
        Policy(
            jurisdiction_id=head.jurisdiction_id,
            code=f"P{new_id().hex[-12:]}",
            family_id=head.family_id,
            product_id=version.product_id,
            product_version_id=version.id,
            value_minor=0,
            currency="XAF",
            **values,
        )
    )
    work.session.flush()
    for insuree in insurees:
        work.add(
            InsureePolicy(
                jurisdiction_id=head.jurisdiction_id,
                insuree_id=insuree,
                policy_id=policy.id,
                enrolment_date=policy.enrol_date,
                start_date=policy.start_date,
                effective_date=policy.effective_date,
                expiry_date=policy.expiry_date,
            )
        )
    return policy.id
