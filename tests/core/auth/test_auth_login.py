"""Signing in: the one answer to every failure, the first password, the sessions that come out of it."""

from typing import Any

import argon2
import pytest
from sqlalchemy import select

from msingi.actor import ANONYMOUS, Actor, ActorKind
from msingi.auth.models import AttemptCount, User, UserSession, UserStatus
from msingi.auth.rules.tokens import token_hash
from msingi.auth.services.login import login
from msingi.auth.services.passwords import change_password
from msingi.auth.services.sessions import cookie_order, logout
from msingi.work import Work

PASSWORD = "un mil et sept baobabs"


def test_a_right_password_opens_a_session(town: Any) -> None:
    user = town.person()

    result = town.login("amina")

    actor = town.actor(result.token)
    assert (actor.kind, actor.id, actor.name) == (ActorKind.USER, user.id, "amina")
    assert (result.expires_at - town.clock()).total_seconds() == 10 * 3600
    assert town.audited("auth.login") == 2


def test_the_database_holds_no_token(town: Any) -> None:
    town.person()
    result = town.login("amina")

    with town.platform.work() as work:
        hashes = set(work.session.scalars(select(UserSession.token_hash)))

    assert token_hash(result.token) in hashes
    assert result.token not in hashes
    assert result.token not in repr(result)


def test_a_user_name_is_read_in_its_normal_form(town: Any) -> None:
    town.person("amina")

    assert town.login(" AMINA ").user.username == "amina"


@pytest.mark.rule("attack 23")
def test_an_invited_person_gets_nothing_but_the_wish_for_a_password(town: Any) -> None:
    one_time = town.invite("amina")

    assert town.refused_login("amina", one_time) == "auth.password_change_needed"
    with town.platform.work() as work:
        assert work.session.scalars(select(UserSession)).all() == []

    user = town.login("amina", one_time, new_password=PASSWORD).user
    assert (user.status, user.must_change_password) == (UserStatus.ACTIVE, False)
    assert town.refused_login("amina", one_time) == "auth.wrong_login"


def test_a_one_time_password_ends_after_a_week(town: Any) -> None:
    one_time = town.invite("amina")
    town.clock.move(days=7, seconds=1)

    assert town.refused_login("amina", one_time, new_password=PASSWORD) == "auth.wrong_login"


@pytest.mark.rule("attack 23", "attack 45")
@pytest.mark.parametrize("status", [UserStatus.SUSPENDED, UserStatus.EXPIRED, UserStatus.TRANSFERRED])
def test_only_an_open_account_signs_in(town: Any, status: UserStatus) -> None:
    user = town.person()
    town.set_status(user, status)

    assert town.refused_login("amina", PASSWORD) == "auth.wrong_login"


@pytest.mark.rule("attack 23")
def test_an_account_closes_after_its_last_day(town: Any) -> None:
    user = town.person(valid_to=town.clock().date())
    token = town.login("amina").token
    town.clock.move(days=1)

    assert town.is_dead(token)
    assert town.refused_login(user.username, PASSWORD) == "auth.wrong_login"


@pytest.mark.rule("attack 45")
def test_every_failure_has_the_same_text_and_the_same_work(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.person("amina")
    suspended = town.person("bouba")
    town.set_status(suspended, UserStatus.SUSPENDED)
    verified: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counting(hasher: argon2.PasswordHasher, stored: str, password: str) -> bool:
        verified.append(stored)
        return verify(hasher, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counting)
    tries = [
        ("nobody", "wrong"),
        ("amina", "wrong"),
        ("bouba", PASSWORD),
        ("?!", "wrong"),
        ("x" * 9999, "y" * 9999),
    ]
    answers, work = set(), []
    for username, password in tries:
        before = len(verified)
        answers.add(town.refused_login(username, password, address=username[:20]))
        work.append(len(verified) - before)

    assert answers == {"auth.wrong_login"}
    assert work == [1, 1, 1, 1, 1]
    assert {stored.split("$")[3] for stored in verified} == {"m=8,t=1,p=1"}
    assert town.audited("auth.login_failed") == 5


@pytest.mark.rule("attack 45")
def test_the_true_reason_is_in_the_trail_only(town: Any) -> None:
    from msingi.audit.models import AuditEntry

    town.refused_login("nobody", "wrong")

    with town.platform.work() as work:
        line = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "auth.login_failed")).one()
        assert (line.changes, line.entity_id) == ({"reason": "unknown"}, None)


def test_what_was_typed_as_a_name_is_not_stored(town: Any) -> None:
    town.refused_login("my-own-secret", "x")

    with town.platform.work() as work:
        keys = set(work.session.scalars(select(AttemptCount.key)))

    assert len(keys) == 2
    assert not any("secret" in key for key in keys)


@pytest.mark.rule("attack 57")
def test_a_lone_surrogate_is_a_wrong_login(town: Any) -> None:
    town.person()

    assert town.refused_login("amina", "\ud800") == "auth.wrong_login"
    assert town.refused_login("\ud800", PASSWORD) == "auth.wrong_login"


@pytest.mark.rule("attack 39")
def test_the_token_changes_at_login_and_at_a_new_password(town: Any) -> None:
    town.person()
    first = town.login("amina").token

    second = town.ask(first, lambda work: login(work, "amina", PASSWORD)).token

    assert second != first
    assert town.is_dead(first)
    third = town.ask(second, lambda work: change_password(work, PASSWORD, "sept mille et un baobabs")).token
    assert town.is_dead(second)
    assert town.actor(third).name == "amina"


@pytest.mark.rule("attack 40")
def test_logout_kills_the_token_at_once(town: Any) -> None:
    town.person()
    here, there = town.login("amina").token, town.login("amina").token

    town.ask(here, logout)

    assert town.is_dead(here)
    assert town.actor(there).name == "amina"
    assert town.audited("auth.logout") == 1


@pytest.mark.rule("attack 40")
def test_logout_everywhere_kills_every_token(town: Any) -> None:
    town.person()
    here, there = town.login("amina").token, town.login("amina").token

    town.ask(here, lambda work: logout(work, everywhere=True))

    assert town.is_dead(here)
    assert town.is_dead(there)


@pytest.mark.rule("attack 40")
def test_a_new_password_kills_every_other_token(town: Any) -> None:
    town.person()
    here, there = town.login("amina").token, town.login("amina").token

    town.ask(here, lambda work: change_password(work, PASSWORD, "sept mille et un baobabs"))

    assert town.is_dead(here)
    assert town.is_dead(there)
    assert town.refused_login("amina", PASSWORD) == "auth.wrong_login"


def test_a_weak_or_unchanged_password_changes_nothing(town: Any) -> None:
    town.person()
    token = town.login("amina").token

    for wanted in ("motdepasse", PASSWORD, "court"):
        change = lambda work, wanted=wanted: change_password(work, PASSWORD, wanted)  # noqa: E731
        assert town.refused(lambda change=change: town.ask(token, change)) == "auth.weak_password"

    assert town.actor(token).name == "amina"
    assert town.login("amina").user.username == "amina"


@pytest.mark.rule("attack 4")
def test_guessing_the_present_password_counts_like_signing_in(town: Any) -> None:
    town.person()
    token = town.login("amina").token

    codes = [
        town.refused(
            lambda: town.ask(token, lambda work: change_password(work, "guess", "sept mille baobabs"))
        )
        for _ in range(5)
    ]

    assert codes == ["auth.wrong_login"] * 4 + ["auth.try_later"]


@pytest.mark.rule("attack 49")
def test_an_old_hash_is_renewed_at_the_next_sign_in(make_town: Any) -> None:
    cheap = make_town()
    cheap.person()
    before = _stored(cheap)

    dearer = make_town_again(cheap)
    dearer.login("amina")

    assert before.split("$")[3] == "m=8,t=1,p=1"
    assert _stored(dearer).split("$")[3] == "m=16,t=2,p=1"
    assert dearer.login("amina").user.username == "amina"
    dearer.platform.close()


def make_town_again(town: Any) -> Any:
    from msingi.platform import Platform

    profile = town.platform.profile.model_copy(
        update={"plugins": {"auth": {"hash_memory_kib": 16, "hash_passes": 2}}}
    )
    return type(town)(Platform(profile, plugins=[], clock=town.clock), town.clock, town.places)


def _stored(town: Any) -> str:
    with town.platform.work() as work:
        return work.session.scalars(select(User.password_hash)).one() or ""


def test_a_proof_comes_first_in_its_transaction(town: Any) -> None:
    user = town.person()

    def late(work: Work) -> None:
        work.get(User, user.id)
        login(work, "amina", PASSWORD)

    assert town.refused(lambda: town.system(late)) == "auth.alone_only"


def test_the_edge_learns_what_to_do_with_the_cookie(town: Any) -> None:
    town.person()

    with town.platform.work(ANONYMOUS, origin=town.origin()) as work:
        assert cookie_order(work) is None
        result = login(work, "amina", PASSWORD)
        order = cookie_order(work)
    assert order is not None
    assert (order.token, order.expires_at) == (result.token, result.expires_at)

    with town.platform.work(town.actor(result.token)) as work:
        logout(work)
        order = cookie_order(work)
    assert order is not None
    assert order.token is None


@pytest.mark.rule("attack 43")
def test_an_api_token_cannot_sign_in(town: Any) -> None:
    user = town.person()

    with town.platform.work(Actor(ActorKind.TOKEN, id=user.id)) as work:
        assert town.refused(lambda: login(work, "amina", PASSWORD)) == "auth.session_needed"
