"""A small country with insurance for tests, and what tests do in it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import event

from msingi.actor import Actor
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.plugin import Plugin
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_catalogue.plugin import plugin as catalogue
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.plugin import plugin as insurance
from msingi_insurance.rules.states import PayType, Relationship
from msingi_insurance.services.families import EnrolledFamily, enrol_family
from msingi_insurance.services.families_drafts import FamilyDraft, InsureeDraft
from msingi_insurance.services.policies_payment import activate_if_paid
from msingi_ledger.plugin import plugin as ledger
from msingi_registry import Sex
from msingi_registry.plugin import plugin as registry

WOMEN = ("Aissatou", "Djenabou", "Fadimatou", "Hadja", "Kaltoumi", "Mairama", "Salamatou", "Zenabou")
SURNAMES = ("Hamadou", "Ngono", "Tchatchoua", "Mbarga", "Essomba", "Fotso", "Kamdem", "Bakari", "Oumarou")


@dataclass
class Scheme:
    """A platform with insurance, and a region with two districts of two villages."""

    platform: Platform
    places: dict[str, UUID]
    clerk: Actor
    made: int = field(default=0)

    def head(self, **fields: Any) -> InsureeDraft:
        """A woman whom nobody resembles, unless the fields say otherwise."""
        self.made += 1
        given = WOMEN[self.made % 8]
        values: dict[str, Any] = {
            "given_name": f"{given} {_word(self.made)}",
            "family_name": f"{SURNAMES[self.made % 9]} {_word(self.made * 7919)}",
            "sex": Sex.FEMALE,
            "birth_date": f"{1950 + self.made % 45}-{1 + self.made % 12:02}-{1 + self.made % 28:02}",
        }
        return InsureeDraft(**(values | fields))

    def child(self, **fields: Any) -> InsureeDraft:
        """A boy of ten."""
        values = {"relationship": Relationship.CHILD, "sex": Sex.MALE, "birth_date": "2016-01-05"}
        return self.head(**(values | fields))

    def draft(self, *members: InsureeDraft, village: str = "V1", **fields: Any) -> FamilyDraft:
        """A family of a village."""
        head = fields.pop("head", None) or self.head()
        return FamilyDraft(jurisdiction_id=self.places[village], head=head, members=list(members), **fields)

    def enrol(self, *members: InsureeDraft, **fields: Any) -> EnrolledFamily:
        """A family that is saved."""
        draft = self.draft(*members, **fields)
        with self.platform.work() as work:
            return enrol_family(work, draft)

    def run(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        actor: Actor | None = None,
        **details: Any,
    ) -> Any:
        """The data of a document, executed without refusal."""
        answer = self.platform.graphql.run(query, variables or {}, actor=actor or self.clerk, **details)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def refused(
        self, query: str, variables: dict[str, Any] | None = None, *, actor: Actor | None = None
    ) -> str:
        """The code of the refusal of a document."""
        answer = self.platform.graphql.run(query, variables or {}, actor=actor or self.clerk)
        return str(answer["errors"][0]["extensions"]["code"])

    def act(self, step: Callable[[Work], Any]) -> Any:
        """What a service returns, saved."""
        with self.platform.work() as work:
            return step(work)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The SQL statements of a block, without those that begin and end transactions."""
        seen: list[str] = []

        def note(*values: Any) -> None:
            if not str(values[2]).startswith(("BEGIN", "COMMIT")):
                seen.append(str(values[2]))

        engine = self.platform.database.read
        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)


def scheme_of(
    make_platform: MakePlatform, as_user: AsUser, *, plugins: Sequence[Plugin[Any]] = (), **settings: Any
) -> Scheme:
    """A scheme whose clerk holds every right of insurance and registry."""
    overrides = {"plugins": {"insurance": settings}} if settings else {}
    platform = make_platform(registry, catalogue, ledger, insurance, *plugins, **overrides)
    with platform.work() as work:
        places = add_places(
            work,
            [
                NewPlace(code="CM", name="Cameroun"),
                NewPlace(code="R1", name="Nord", parent="CM"),
                NewPlace(code="D1", name="Garoua", parent="R1"),
                NewPlace(code="D2", name="Guider", parent="R1"),
                NewPlace(code="V1", name="Pitoa", parent="D1"),
                NewPlace(code="V2", name="Lagdo", parent="D1"),
                NewPlace(code="V3", name="Mayo Oulo", parent="D2"),
                NewPlace(code="F1", name="CSI de Pitoa", parent="V1", kind="facility"),
            ],
        )
    rights = [p for plugin in (registry, insurance) for p in plugin.contributions.permissions]
    return Scheme(platform, places, as_user(*rights, at=places["CM"]))


def _word(number: int) -> str:
    """A pronounceable word for a number."""
    syllables = (
        "ba",
        "di",
        "fo",
        "gu",
        "ka",
        "li",
        "mo",
        "nu",
        "pe",
        "ri",
        "sa",
        "to",
        "vu",
        "we",
        "ya",
        "zi",
    )
    word = "".join(syllables[(number >> shift) & 15] for shift in (0, 4, 8, 12))
    return word.capitalize()


def product_input(place: UUID, **terms: Any) -> dict[str, Any]:
    """The input of a product that costs an adult 300 and a child 200 for a year."""
    return {
        "code": "CSU",
        "name": "Couverture",
        "jurisdictionId": str(place),
        "dateFrom": "2026-01-01",
        "terms": {"insurance_period": 12, "premium_adult": "300", "premium_child": "200", **terms},
    }


def sold(scheme: Scheme, *, code: str = "CSU", **terms: Any) -> str:
    """The id of a product that the whole country sells."""
    create = "mutation ($input: ProductDraft!) { createProduct(input: $input) { id } }"
    given = {**product_input(scheme.places["CM"], **terms), "code": code}
    return str(scheme.run(create, {"input": given})["createProduct"]["id"])


def pay(scheme: Scheme, policy_id: str, amount: int, *, on: date | None = None) -> None:
    """Write a contribution and take it in, without the ways that collect it."""

    def step(work: Work) -> None:
        policy = work.get(Policy, UUID(policy_id))
        work.insert_rows(
            Premium,
            [
                {
                    "jurisdiction_id": policy.jurisdiction_id,
                    "policy_id": policy.id,
                    "product_id": policy.product_id,
                    "amount_minor": amount,
                    "currency": policy.currency,
                    "receipt": str(new_id()),
                    "pay_date": on or work.today(),
                    "pay_type": PayType.CASH,
                    "is_photo_fee": False,
                    "credit_minor": 0,
                }
            ],
        )
        activate_if_paid(work, [policy.id])

    scheme.act(step)
