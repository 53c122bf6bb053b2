"""A small country with the registry for tests of persons, and what tests do in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select

from msingi.actor import EVERYWHERE
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import MakePlatform
from msingi.work import Work
from msingi_registry.models.household import HouseholdRole
from msingi_registry.models.person import Sex
from msingi_registry.plugin import plugin as registry
from msingi_registry.services.drafts import HouseholdDraft, MemberDraft, PersonDraft


@dataclass(frozen=True)
class Country:
    """A platform with the registry, and two districts."""

    platform: Platform
    mokolo: UUID
    garoua: UUID

    def draft(self, **fields: Any) -> PersonDraft:
        """A woman of Mokolo, unless the fields say otherwise."""
        values: dict[str, Any] = {
            "jurisdiction_id": self.mokolo,
            "given_name": "Aïssatou",
            "family_name": "Hamadou",
            "sex": Sex.FEMALE,
            "birth_date": "1990-05-12",
        }
        return PersonDraft(**(values | fields))


@pytest.fixture
def country(make_platform: MakePlatform) -> Country:
    """The registry over an empty country."""
    return country_of(make_platform(registry))


def country_of(platform: Platform) -> Country:
    """Two districts below a country."""
    with platform.work() as work:
        places = [
            NewPlace(code="CM", name="Cameroun"),
            NewPlace(code="MOK", name="Mokolo", parent="CM"),
            NewPlace(code="GAR", name="Garoua", parent="CM"),
        ]
        ids = add_places(work, places)
    return Country(platform, ids["MOK"], ids["GAR"])


def count(work: Work, model: Any) -> int:
    """Rows of a model in the whole country."""
    return int(work.session.scalar(select(func.count()).select_from(model)) or 0)


def household(country: Country) -> HouseholdDraft:
    """Four people of Mokolo."""
    return HouseholdDraft(
        jurisdiction_id=country.mokolo,
        address="Quartier Haoussa",
        members=[
            MemberDraft(
                given_name="Marie",
                family_name="Ngono",
                sex=Sex.FEMALE,
                birth_date="1980-05-12",
                role=HouseholdRole.HEAD,
            ),
            MemberDraft(
                given_name="Jean",
                family_name="Mbarga",
                sex=Sex.MALE,
                birth_date="1978",
                role=HouseholdRole.SPOUSE,
            ),
            MemberDraft(
                given_name="Paul",
                family_name="Mbarga",
                sex=Sex.MALE,
                birth_date="2010-01",
                role=HouseholdRole.CHILD,
                mother_member=0,
            ),
            MemberDraft(
                given_name="Aline",
                family_name="Mbarga",
                age_years=3,
                role=HouseholdRole.CHILD,
                mother_member=0,
            ),
        ],
    )


def statements_of(country: Country, step: Callable[[Work], object]) -> list[str]:
    """The SQL statements of one unit of work, without those that begin and end it."""
    engine = country.platform.database.write
    seen: list[str] = []

    def note(*values: Any) -> None:
        if not str(values[2]).startswith("BEGIN"):
            seen.append(str(values[2]))

    with country.platform.work() as work:
        work.session.info["scope"] = EVERYWHERE
        event.listen(engine, "before_cursor_execute", note)
        step(work)
        event.remove(engine, "before_cursor_execute", note)
    return seen
