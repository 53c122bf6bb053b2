"""A till whose families move, and where their records are afterwards."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from tests.modules.msingi_insurance.money_fixtures import Till

from msingi.actor import Actor
from msingi.db import Model
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.policy import Policy
from msingi_insurance.plugin import plugin as insurance
from msingi_insurance.services.family_moves import MovedFamily, move_family
from msingi_registry.plugin import plugin as registry

MOVE = """mutation ($family: UUID!, $to: UUID!, $v: Int!, $reason: String!) {
  moveFamily(familyId: $family, jurisdictionId: $to, expectedVersion: $v, reason: $reason, address: "Rue 7") {
    family { version village { code } household { address } } policyIds warnings { warning recordId name } } }"""


def everything(till: Till, place: str) -> Actor:
    """Somebody who holds every right of insurance and registry in a place."""
    rights = [one for plugin in (registry, insurance) for one in plugin.contributions.permissions]
    return till.user(*rights, at=place)


def given(till: Till, policy: Policy, village: str = "V3", **others: Any) -> dict[str, Any]:
    """What the mutation is given to move the family of a policy."""
    place = str(till.scheme.places[village])
    return {"family": str(policy.family_id), "to": place, "v": 1, "reason": "work", **others}


def moved(till: Till, policy: Policy, village: str = "V3", *, version: int = 1) -> MovedFamily:
    """The family of a policy in another village."""
    place = till.scheme.places[village]
    result: MovedFamily = till.act(
        lambda work: move_family(work, policy.family_id, place, reason="work", expected_version=version)
    )
    return result


def members(till: Till, policy: Policy) -> list[Insuree]:
    """The insurees of the family of a policy, the head first."""
    statement = select(Insuree).where(Insuree.family_id == policy.family_id)
    with till.scheme.platform.work() as work:
        return list(work.session.scalars(statement.order_by(Insuree.is_head.desc(), Insuree.id)))


def villages(till: Till, model: type[Model], **values: Any) -> list[str]:
    """The codes of the places of rows with these values, in the order of the rows."""
    codes = {place_id: code for code, place_id in till.scheme.places.items()}
    table: Any = model
    statement = select(table.jurisdiction_id).filter_by(**values).order_by(table.id)
    with till.scheme.platform.work() as work:
        return [codes[place_id] for place_id in work.session.scalars(statement)]


def village_of(till: Till, family_id: UUID) -> str:
    """The code of the village of a family."""
    return villages(till, Family, id=family_id)[0]
