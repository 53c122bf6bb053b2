"""A platform full of records in two regions, asked through the engine and over HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

import garden
import pytest
from starlette.testclient import TestClient
from tests.attacks.tables_filled import World, fill, settle
from tests.core.http.conftest import HEADERS, PASSWORD

from msingi.actor import Actor
from msingi.auth.services.accounts import NewUser, create_user
from msingi.auth.services.authentication import authenticate
from msingi.discovery import GROUP
from msingi.http import create_app
from msingi.platform import Platform
from msingi.plugin import Plugin
from msingi.rbac.grants import grant_role
from msingi.rbac.models import Policy, Role
from msingi.testing import MakePlatform

ROOMY = {"requests_per_minute": 600_000, "cost_limit": 10_000_000}
LOGIN = "mutation($u: String!, $p: String!, $n: String) { login(username: $u, password: $p, newPassword: $n) { token } }"


def shipped() -> list[Plugin[Any]]:
    """Every module that is installed, the garden first."""
    return [garden.plugin, *(entry.load() for entry in entry_points(group=GROUP))]


@dataclass(frozen=True)
class Served:
    """A served world, a user of the north who holds every permission there, and the same user's token."""

    world: World
    client: TestClient
    token: str
    northerner: Actor

    @property
    def platform(self) -> Platform:
        return self.world.platform

    def engine(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Ask as the northerner through the engine."""
        return self.platform.graphql.run(query, variables, actor=self.northerner)

    def http(self, query: str, variables: dict[str, Any]) -> Any:
        """Ask as the northerner over HTTP."""
        headers = {**HEADERS, "accept-language": "fr", "authorization": f"Bearer {self.token}"}
        return self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


def sign_in(
    platform: Platform, client: TestClient, world: World, name: str, permissions: set[str], at: str
) -> str:
    """Create a user with exactly these permissions at a place and return a token of theirs."""
    with platform.work() as work:
        role = work.add(Role(name=f"role_{name}", labels={}, preset=False))
        work.session.flush()
        for permission in sorted(permissions):
            module, _, action = permission.partition(".")
            work.add(Policy(role_id=role.id, module=module, action=action))
        wish = NewUser(username=name, display_name=name, jurisdiction_id=world.places[at])
        user, once = create_user(work, wish)
        grant_role(work, user.id, role=role.name, jurisdiction_id=world.places[at])
    variables = {"u": name, "p": once, "n": PASSWORD}
    reply = client.post("/graphql", json={"query": LOGIN, "variables": variables}, headers=HEADERS)
    return str(reply.json()["data"]["login"]["token"])


@pytest.fixture
def make_served(make_platform: MakePlatform) -> Iterator[Callable[..., Served]]:
    """Serve the garden and these modules, with records of the regions named."""
    clients: list[TestClient] = []

    def make(*modules: str, regions: tuple[str, ...] = ("north", "south")) -> Served:
        platform = make_platform(
            *shipped(), modules=["garden", *modules], server=ROOMY, jobs={"embedded_workers": 0}
        )
        world = settle(platform)
        client = TestClient(create_app(platform), base_url="http://localhost")
        clients.append(client)
        client.__enter__()
        token = sign_in(platform, client, world, "northerner", set(platform.permissions), "north")
        fill(world, *regions)
        return Served(world, client, token, authenticate(platform, token, ""))

    yield make
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def served(make_served: Callable[..., Served]) -> Served:
    """Everything that is installed, in one platform: also the fields that modules add to each other's types."""
    return make_served(*(plugin.name for plugin in shipped()[1:]))
