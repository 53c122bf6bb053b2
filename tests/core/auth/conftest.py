"""A country with one district, and people who sign in to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import event, func, select

from msingi.actor import ANONYMOUS, SYSTEM, Actor
from msingi.audit.models import AuditEntry
from msingi.auth.models import User, UserStatus
from msingi.auth.services.accounts import NewUser, create_user
from msingi.auth.services.authentication import authenticate
from msingi.auth.services.login import login
from msingi.auth.services.second_factor import confirm_totp, enrol_totp
from msingi.auth.services.sessions import LoginResult
from msingi.errors import DomainError, NotAuthenticated
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.models import Grant, Policy, Role
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.rbac.version import raise_version
from msingi.testing import FrozenClock, MakePlatform
from msingi.work import Origin, Work

CHEAP = {"hash_memory_kib": 8, "hash_passes": 1}
PASSWORD = "un mil et sept baobabs"


@dataclass
class Town:
    """A platform with people, seen from the door: every call is a request of its own."""

    platform: Platform
    clock: FrozenClock
    places: dict[str, UUID]

    def origin(self, address: str = "10.0.0.1") -> Origin:
        return Origin(new_id(), address=address, door="graphql")

    def person(self, username: str = "amina", at: str = "north", **wish: Any) -> User:
        """An active account whose person has chosen ``PASSWORD``."""
        one_time = self.invite(username, at, **wish)
        return self.login(username, one_time, address="10.9.9.9", new_password=PASSWORD).user

    def invite(self, username: str = "amina", at: str = "north", **wish: Any) -> str:
        new = NewUser(username=username, display_name="Amina D.", jurisdiction_id=self.places[at], **wish)
        with self.platform.work(SYSTEM) as work:
            return create_user(work, new)[1]

    def login(
        self, username: str, password: str = PASSWORD, *, address: str = "10.0.0.1", **more: Any
    ) -> LoginResult:
        with self.platform.work(ANONYMOUS, origin=self.origin(address)) as work:
            return login(work, username, password, **more)

    def refused(self, act: Callable[[], object]) -> str:
        """The code of the refusal that the act meets."""
        with pytest.raises(DomainError) as caught:
            act()
        return caught.value.code

    def refused_login(self, username: str, password: str, **more: Any) -> str:
        return self.refused(lambda: self.login(username, password, **more))

    def actor(self, token: str, address: str = "10.0.0.1") -> Actor:
        return authenticate(self.platform, token, address)

    def is_dead(self, token: str) -> bool:
        try:
            self.actor(token)
        except NotAuthenticated:
            return True
        return False

    def ask(self, token: str, act: Callable[[Work], Any], address: str = "10.0.0.1") -> Any:
        """Do something as the bearer of a token."""
        with self.platform.work(self.actor(token), origin=self.origin(address)) as work:
            return act(work)

    def system(self, act: Callable[[Work], Any]) -> Any:
        with self.platform.work(SYSTEM) as work:
            return act(work)

    def enrol(self, username: str = "amina") -> tuple[pyotp.TOTP, LoginResult]:
        """Set up the second factor of a person; the clock moves past the code that was used."""
        token = self.login(username).token
        enrolment = self.ask(token, lambda work: enrol_totp(work, PASSWORD))
        generator = pyotp.TOTP(enrolment.secret)
        result = self.ask(token, lambda work: confirm_totp(work, generator.at(self.clock())))
        self.clock.move(seconds=90)
        return generator, result

    def set_status(self, user: User, status: UserStatus) -> None:
        self.system(lambda work: setattr(work.get(User, user.id), "status", status))

    def grant(self, user: User, role: str, *permissions: str, at: str = "north") -> None:
        """Give a role with these permissions, made on the way."""

        def give(work: Work) -> None:
            record = work.session.scalar(select(Role).where(Role.name == role))
            if record is None:
                record = work.add(Role(name=role, preset=False))
                work.session.flush()
                for permission in permissions:
                    module, _, action = permission.partition(".")
                    work.add(Policy(role_id=record.id, module=module, action=action))
            work.add(
                Grant(
                    subject_id=user.id,
                    role_id=record.id,
                    jurisdiction_id=self.places[at],
                    valid_from=work.today() - timedelta(days=1),
                )
            )
            raise_version(work)

        self.system(give)

    def audited(self, action: str) -> int:
        """How many audit lines bear this action."""

        def count(work: Work) -> int:
            statement = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
            return work.session.scalar(statement) or 0

        found: int = self.system(count)
        return found

    def statements_of(self, act: Callable[[], object]) -> list[str]:
        """The SQL statements that an act sends."""
        engine, sent = self.platform.database.read, []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT")):
                sent.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return sent


@pytest.fixture
def make_town(make_platform: MakePlatform, frozen_clock: FrozenClock) -> Callable[..., Town]:
    """A factory of towns with settings of their own."""

    def make(**overrides: Any) -> Town:
        platform = make_platform(**({"plugins": {"auth": CHEAP}} | overrides))
        with platform.work(SYSTEM) as work:
            codes = add_places(
                work,
                [
                    NewPlace("land", "Land"),
                    NewPlace("north", "North", "land"),
                    NewPlace("south", "South", "land"),
                ],
            )
        return Town(platform, frozen_clock, dict(codes))

    return make


@pytest.fixture
def town(make_town: Callable[..., Town]) -> Town:
    """A town with the usual settings."""
    return make_town()
