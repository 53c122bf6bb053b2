"""From a token to an actor: one statement, status before role, and API tokens that stay small."""

from datetime import timedelta
from typing import Any, NoReturn

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import DBAPIError

from msingi import turns
from msingi.actor import ActorKind
from msingi.auth.jobs import forget_old_sessions
from msingi.auth.models import AttemptCount, KnownAddress, User, UserSession, UserStatus
from msingi.auth.rules.tokens import TokenKind, new_token
from msingi.auth.services.accounts import reset_password, set_user_status
from msingi.auth.services.api_tokens import create_api_token, own_api_tokens, revoke_api_token
from msingi.auth.services.authentication import authenticate
from msingi.auth.services.passwords import change_password
from msingi.auth.services.second_factor import disable_totp, enrol_totp
from msingi.auth.services.sessions import logout
from msingi.errors import NotAuthenticated
from msingi.platform import Platform
from msingi.work import Work

PASSWORD = "un mil et sept baobabs"


def make_token(town: Any, session: str, *permissions: str, **wish: Any) -> str:
    def create(work: Work) -> str:
        expires = work.now() + timedelta(days=30)
        return create_api_token(work, "export", permissions=permissions, expires_at=expires, **wish)[1]

    made: str = town.ask(session, create)
    return made


@pytest.mark.parametrize(
    "token",
    ["", "msi_short", "a.b.c", "Bearer x", new_token(TokenKind.SESSION), new_token(TokenKind.API)],
    ids=["empty", "short", "jwt", "scheme", "session", "api"],
)
def test_an_unknown_token_is_nobody(town: Any, token: str) -> None:
    assert town.is_dead(token)


def test_a_session_costs_one_statement(town: Any) -> None:
    user = town.person()
    town.grant(user, "reader", "claims.read")
    token = town.login("amina").token
    assert town.actor(token).holds("claims.read")

    sent = town.statements_of(lambda: town.actor(token))

    assert len(sent) == 1
    assert "FROM auth_session JOIN auth_user" in " ".join(sent[0].split())


def test_the_last_use_is_written_once_a_minute(town: Any) -> None:
    town.person()
    token = town.login("amina").token
    town.clock.move(seconds=59)
    assert not any("UPDATE" in sent for sent in town.statements_of(lambda: town.actor(token)))

    town.clock.move(seconds=1)
    sent = town.statements_of(lambda: town.actor(token))

    assert sum("UPDATE auth_session" in statement for statement in sent) == 1
    assert not any("UPDATE" in sent for sent in town.statements_of(lambda: town.actor(token)))


@pytest.mark.rule("attack 40")
def test_a_session_that_only_an_open_stream_looks_at_grows_idle(town: Any) -> None:
    town.person()
    token = town.login("amina").token
    looked = []

    for _ in range(3):
        town.clock.move(minutes=25)
        try:
            looked.append(authenticate(town.platform, token, is_use=False).name)
        except NotAuthenticated:
            looked.append("")

    assert looked == ["amina", "amina", ""]


def test_a_signed_in_read_does_not_wait_for_a_writer(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_to_wait(_seconds: float) -> NoReturn:
        raise AssertionError("it waits")

    town.person()
    token = town.login("amina").token
    town.clock.move(minutes=2)
    monkeypatch.setattr(turns, "sleep", refuse_to_wait)

    with town.platform.work() as work:
        work.session.execute(update(UserSession).values(second_factor=True))
        found = town.actor(token)

    assert found.name == "amina"


@pytest.mark.rule("F7")
def test_a_server_that_cannot_write_still_knows_its_users(town: Any) -> None:
    town.person()
    token = town.login("amina").token
    fill_disk(town.platform)
    town.clock.move(minutes=2)

    assert town.actor(token).name == "amina"
    with pytest.raises(DBAPIError, match="full"), town.platform.work() as work:
        work.session.execute(update(UserSession).values(used_at=work.now()))


def fill_disk(platform: Platform) -> None:
    """Make every later update of a session fail as it does when the disk is full."""
    if platform.database.is_sqlite:
        statements = [
            "CREATE TABLE filler (content BLOB)",
            (
                "CREATE TRIGGER fill AFTER UPDATE ON auth_session BEGIN "
                "INSERT INTO filler VALUES (zeroblob(1000000)); END"
            ),
        ]
    else:
        statements = [
            (
                "CREATE FUNCTION fill() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'disk full' "
                "USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql"
            ),
            "CREATE TRIGGER fill BEFORE UPDATE ON auth_session EXECUTE FUNCTION fill()",
        ]
    with platform.database.write.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    if platform.database.is_sqlite:
        platform.database.dispose()
        event.listen(
            platform.database.read, "connect", lambda raw, _record: raw.execute("PRAGMA max_page_count=1")
        )


def test_an_idle_session_ends_after_an_hour(town: Any) -> None:
    town.person()
    token = town.login("amina").token
    town.clock.move(minutes=59)
    assert town.actor(token).name == "amina"
    town.clock.move(minutes=59)
    assert town.actor(token).name == "amina"

    town.clock.move(minutes=60)

    assert town.is_dead(token)


def test_a_used_session_ends_after_ten_hours(town: Any) -> None:
    town.person()
    token = town.login("amina").token
    for _ in range(11):
        town.actor(token)
        town.clock.move(minutes=54)
    town.clock.move(minutes=6)

    assert town.is_dead(token)


@pytest.mark.rule("attack 40")
@pytest.mark.parametrize("status", [UserStatus.SUSPENDED, UserStatus.EXPIRED, UserStatus.TRANSFERRED])
def test_a_closed_account_loses_its_tokens_at_once_and_for_good(town: Any, status: UserStatus) -> None:
    user = town.person()
    town.grant(user, "reader", "claims.read")
    session = town.login("amina").token
    api = make_token(town, session, "claims.read")

    town.system(lambda work: set_user_status(work, user.id, status, reason="left"))
    assert town.is_dead(session)
    assert town.is_dead(api)

    town.system(lambda work: set_user_status(work, user.id, UserStatus.ACTIVE))
    assert town.is_dead(session)
    assert town.is_dead(api)
    assert town.login("amina").user.id == user.id


@pytest.mark.rule("attack 23")
@pytest.mark.parametrize("status", [status for status in UserStatus if status is not UserStatus.ACTIVE])
def test_a_token_of_an_account_that_is_not_active_opens_nothing(town: Any, status: UserStatus) -> None:
    """The status alone decides, even when nobody raised the generation."""
    user = town.person()
    town.grant(user, "reader", "claims.read")
    session = town.login("amina").token
    api = make_token(town, session, "claims.read")

    town.set_status(user, status)

    assert town.is_dead(session)
    assert town.is_dead(api)


@pytest.mark.rule("attack 40", "attack 42")
def test_a_password_reset_or_change_kills_sessions_and_api_tokens(town: Any) -> None:
    user = town.person()
    town.grant(user, "reader", "claims.read")
    session = town.login("amina").token
    api = make_token(town, session, "claims.read")
    town.ask(session, lambda work: change_password(work, PASSWORD, "sept mille et un baobabs"))
    assert town.is_dead(api)

    session = town.login("amina", "sept mille et un baobabs").token
    api = make_token(town, session, "claims.read")
    town.system(lambda work: reset_password(work, user.id))

    assert town.is_dead(session)
    assert town.is_dead(api)


@pytest.mark.rule("attack 43")
def test_an_api_token_carries_its_permissions_only(town: Any) -> None:
    user = town.person()
    town.grant(user, "clerk", "claims.read", "claims.submit")
    api = make_token(town, town.login("amina").token, "claims.read")

    actor = town.actor(api)

    assert (actor.kind, actor.id, actor.session_id) == (ActorKind.TOKEN, user.id, None)
    assert actor.grants.names() == {"claims.read"}
    assert actor.grants.scope("claims.read").roots == {town.places["north"]}


@pytest.mark.rule("attack 43")
def test_an_api_token_works_from_its_network_only(town: Any) -> None:
    user = town.person()
    town.grant(user, "clerk", "claims.read")
    api = make_token(town, town.login("amina").token, "claims.read", addresses=["10.0.0.0/24"])

    assert town.actor(api, "10.0.0.77").name == "amina"
    assert town.refused(lambda: town.actor(api, "10.0.1.1")) == "core.not_authenticated"
    assert town.audited("auth.token_refused") == 1


@pytest.mark.rule("attack 43")
def test_an_api_token_obtains_nothing_wider(town: Any) -> None:
    user = town.person()
    town.grant(user, "clerk", "claims.read", "claims.submit")
    api = make_token(town, town.login("amina").token, "claims.read")
    expires = town.clock() + timedelta(days=1)

    acts = [
        lambda work: create_api_token(work, "wider", permissions=["claims.read"], expires_at=expires),
        lambda work: change_password(work, PASSWORD, "sept mille et un baobabs"),
        lambda work: enrol_totp(work, PASSWORD),
        lambda work: disable_totp(work, PASSWORD),
        lambda work: revoke_api_token(work, work.session.scalars(own_api_tokens(work)).one().id),
        logout,
    ]
    assert {town.refused(lambda act=act: town.ask(api, act)) for act in acts} == {"auth.session_needed"}


@pytest.mark.rule("attack 43")
def test_a_token_with_foreign_permissions_is_not_created(town: Any) -> None:
    user = town.person()
    town.grant(user, "clerk", "claims.read")
    session = town.login("amina").token

    assert (
        town.refused(lambda: make_token(town, session, "claims.read", "claims.pay")) == "auth.invalid_token"
    )
    assert town.ask(session, lambda work: work.session.scalars(own_api_tokens(work)).all()) == []


@pytest.mark.rule("attack 43")
def test_a_token_shrinks_with_the_rights_of_its_owner(town: Any) -> None:
    from msingi.rbac.models import Grant
    from msingi.rbac.version import raise_version

    user = town.person()
    town.grant(user, "clerk", "claims.read")
    api = make_token(town, town.login("amina").token, "claims.read")

    def take_back(work: Work) -> None:
        work.session.scalars(select(Grant)).one().revoked_at = work.now()
        raise_version(work)

    town.system(take_back)

    assert town.actor(api).grants.names() == frozenset()


@pytest.mark.rule("attack 40")
def test_an_api_token_ends_when_revoked_or_expired(town: Any) -> None:
    user = town.person()
    town.grant(user, "clerk", "claims.read")
    session = town.login("amina").token
    first, second = make_token(town, session, "claims.read"), make_token(town, session, "claims.read")
    ids = town.ask(session, lambda work: [token.id for token in work.session.scalars(own_api_tokens(work))])

    town.ask(session, lambda work: revoke_api_token(work, min(ids)))
    assert town.is_dead(first)
    assert town.actor(second).name == "amina"

    town.clock.move(days=30)
    assert town.is_dead(second)


@pytest.mark.rule("attack 15", "attack 18")
def test_nobody_revokes_the_token_of_a_stranger(town: Any) -> None:
    user, other = town.person(), town.person("bouba")
    town.grant(user, "clerk", "claims.read")
    api = make_token(town, town.login("amina").token, "claims.read")
    token_id = town.ask(
        town.login("amina").token, lambda work: work.session.scalars(own_api_tokens(work)).one().id
    )
    stranger = town.login("bouba").token

    revoke = lambda work: revoke_api_token(work, token_id)  # noqa: E731
    assert town.refused(lambda: town.ask(stranger, revoke)) == "core.not_found"
    town.grant(other, "chief", "auth.manage_users", at="south")
    assert town.refused(lambda: town.ask(stranger, revoke)) == "core.not_found"
    assert town.actor(api).name == "amina"

    town.grant(other, "head", "auth.manage_users", at="north")
    town.ask(stranger, revoke)
    assert town.is_dead(api)


def test_old_sessions_and_attempts_are_tidied(town: Any) -> None:
    town.person()
    town.login("amina")
    town.refused_login("amina", "wrong", address="203.0.113.7")
    town.clock.move(days=29)
    fresh = town.login("amina").token
    town.clock.move(days=2)
    town.system(lambda work: forget_old_sessions(work, None))

    with town.platform.work() as work:
        assert len(work.session.scalars(select(UserSession)).all()) == 1
        assert work.session.scalars(select(AttemptCount)).all() == []
        assert len(work.session.scalars(select(KnownAddress)).all()) == 2
    assert town.is_dead(fresh)

    town.clock.move(days=400)
    town.system(lambda work: forget_old_sessions(work, None))
    with town.platform.work() as work:
        assert work.session.scalars(select(KnownAddress)).all() == []
        assert len(work.session.scalars(select(User)).all()) == 1
