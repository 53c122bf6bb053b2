"""Two districts with a ward and visits in each, and somebody who sees the north only."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.actor import Actor
from msingi.db import Model, Scoped
from msingi.platform import Platform
from msingi.plugin import Plugin
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work

plugin = Plugin("scopetest")
SEE = plugin.permission("see", "See wards and visits")


class Ward(Scoped, Model):
    __tablename__ = "scopetest_ward"

    name: Mapped[str] = mapped_column(String(40))
    visits: Mapped[list["Visit"]] = relationship(back_populates="ward", lazy="raise")


class Visit(Scoped, Model):
    __tablename__ = "scopetest_visit"

    ward_id: Mapped[UUID] = mapped_column(ForeignKey("scopetest_ward.id"))
    note: Mapped[str] = mapped_column(String(40))
    ward: Mapped[Ward] = relationship(back_populates="visits", lazy="raise")


@dataclass(frozen=True)
class Land:
    """Two districts with one facility each; a ward and a visit in each facility, and one visit across."""

    platform: Platform
    north: UUID
    south: UUID
    clinic: UUID
    ward_north: UUID
    ward_south: UUID
    visit_north: UUID
    visit_south: UUID
    visit_across: UUID
    """In the north, but of a ward in the south."""


@pytest.fixture
def land(make_platform: MakePlatform) -> Land:
    platform = make_platform(plugin)
    Model.metadata.create_all(platform.database.write, tables=[Ward.__table__, Visit.__table__])  # type: ignore[list-item]
    with platform.work() as work:
        places = add_places(
            work,
            [
                NewPlace("C", "Country"),
                NewPlace("N", "North", "C"),
                NewPlace("S", "South", "C"),
                NewPlace("NF", "North clinic", "N", "facility"),
                NewPlace("SF", "South clinic", "S", "facility"),
            ],
        )
        north, south = (work.add(Ward(jurisdiction_id=places[code], name=code)) for code in ("NF", "SF"))
        work.session.flush()
        visits = [
            work.add(Visit(jurisdiction_id=places[code], ward_id=ward.id, note=code))
            for code, ward in (("NF", north), ("SF", south), ("NF", south))
        ]
    return Land(
        platform,
        *(places[code] for code in ("N", "S", "NF")),
        *(record.id for record in (north, south, *visits)),
    )


@pytest.fixture
def northerner(land: Land, as_user: AsUser) -> Actor:
    return as_user(SEE, at=land.north)


@pytest.fixture
def work(land: Land, northerner: Actor) -> Iterator[Work]:
    with land.platform.work(northerner) as opened, opened.allowed(SEE):
        yield opened


def notes_of(land: Land) -> list[tuple[UUID, str]]:
    """The notes of all visits, whoever asks."""
    with land.platform.work(writes=False) as system:
        rows = system.session.execute(select(Visit.id, Visit.note).order_by(Visit.id))
        return [(row.id, row.note) for row in rows]
