"""A small country for the tests of places, roles and grants."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from msingi.actor import Actor, ActorKind
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.access import compile_grants
from msingi.rbac.grants import grant_role
from msingi.rbac.roles import sync_roles
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places

Places = dict[str, UUID]
Appoint = Callable[..., Actor]


@pytest.fixture
def places(platform: Platform) -> Places:
    """Country C; regions R1, R2; districts D1, D2 (in R1) and D3 (in R2); facilities F1..F3, one in each."""
    with platform.work() as work:
        sync_roles(work)
        return add_places(
            work,
            [
                NewPlace("F1", "Centre de santé 1", "D1", "facility"),
                NewPlace("F2", "Centre de santé 2", "D2", "facility"),
                NewPlace("F3", "Centre de santé 3", "D3", "facility"),
                NewPlace("D1", "District 1", "R1"),
                NewPlace("D2", "District 2", "R1"),
                NewPlace("D3", "District 3", "R2"),
                NewPlace("R1", "Région 1", "C"),
                NewPlace("R2", "Région 2", "C"),
                NewPlace("C", "Pays"),
            ],
        )


@pytest.fixture
def appoint(platform: Platform, places: Places) -> Appoint:
    """Give a new user a role at a place and return the actor that the platform makes of it."""

    def make(role: str, code: str, *, until: date | None = None) -> Actor:
        user = new_id()
        with platform.work() as work:
            grant_role(work, user, role=role, jurisdiction_id=places[code], valid_to=until)
            grants = compile_grants(work, user, status_active=True)
        return Actor(ActorKind.USER, id=user, name=role, grants=grants)

    return make
