"""An application served in process, with users who can sign in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import garden
import pytest
from starlette.testclient import TestClient

from msingi.auth.services.accounts import NewUser, create_user
from msingi.http import create_app
from msingi.platform import Platform
from msingi.plugin import Permission
from msingi.rbac.grants import grant_role
from msingi.rbac.models import Policy, Role
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import MakePlatform

PASSWORD = "Mvog-Mbi 1976 sous la pluie"
HEADERS = {"x-msingi-request": "1", "accept-language": "en", "host": "localhost"}


@dataclass(frozen=True)
class Village:
    """A served platform with two regions."""

    platform: Platform
    client: TestClient
    places: dict[str, UUID]

    def post(self, query: str, variables: dict[str, Any] | None = None, *, token: str | None = None) -> Any:
        headers = {**HEADERS, **({"authorization": f"Bearer {token}"} if token else {})}
        return self.client.post(
            "/graphql", json={"query": query, "variables": variables or {}}, headers=headers
        )


@pytest.fixture
def village(make_platform: MakePlatform) -> Iterator[Village]:
    platform = make_platform(garden.plugin)
    with platform.work() as work:
        places = add_places(
            work,
            [
                NewPlace(code="CM", name="Cameroun"),
                NewPlace(code="north", name="Nord", parent="CM"),
                NewPlace(code="south", name="Sud", parent="CM"),
            ],
        )
    app = create_app(platform)
    with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 50_000)) as client:
        yield Village(platform, client, places)


@pytest.fixture
def sign_in(village: Village) -> Callable[..., str]:
    """Create a user with exactly these permissions at a place and return a token of theirs."""

    def make(username: str, *permissions: Permission, at: str = "north") -> str:
        with village.platform.work() as work:
            role = work.add(Role(name=f"role_{username}", labels={"en": username}, preset=False))
            work.session.flush()
            for permission in permissions:
                module, _, action = permission.name.partition(".")
                work.add(Policy(role_id=role.id, module=module, action=action))
            wish = NewUser(username=username, display_name=username, jurisdiction_id=village.places[at])
            user, once = create_user(work, wish)
            grant_role(work, user.id, role=role.name, jurisdiction_id=village.places[at])
        login = "mutation($u: String!, $p: String!, $n: String) { login(username: $u, password: $p, newPassword: $n) { token } }"
        reply = village.post(login, {"u": username, "p": once, "n": PASSWORD})
        return str(reply.json()["data"]["login"]["token"])

    return make
