"""What administrators do to accounts: in their places, never above themselves, always in the trail."""

from typing import Any

import pytest
from sqlalchemy import select

from msingi.auth.errors import UnknownLanguage
from msingi.auth.handlers import is_subject_active
from msingi.auth.models import User, UserStatus
from msingi.auth.plugin import MANAGE_USERS
from msingi.auth.services.accounts import (
    NewUser,
    UserChanges,
    contact_index,
    create_user,
    reset_password,
    set_user_status,
    unlock_user,
    update_user,
)
from msingi.ids import new_id
from msingi.testing import AsUser
from msingi.work import Work

PASSWORD = "un mil et sept baobabs"


def within(town: Any, actor: Any, act: Any) -> Any:
    with town.platform.work(actor) as work, work.allowed(MANAGE_USERS):
        return act(work)


def wish(town: Any, username: str = "bouba", at: str = "north", **more: Any) -> NewUser:
    return NewUser(username=username, display_name="Bouba", jurisdiction_id=town.places[at], **more)


def test_an_administrator_creates_an_invited_account(town: Any, as_user: AsUser) -> None:
    chief = as_user(MANAGE_USERS, at=town.places["north"])

    user, one_time = within(town, chief, lambda work: create_user(work, wish(town, "Bouba")))

    assert (user.username, user.status, user.generation, user.must_change_password) == (
        "bouba",
        UserStatus.INVITED,
        1,
        True,
    )
    assert town.login("bouba", one_time, new_password=PASSWORD).user.id == user.id


@pytest.mark.rule("attack 25")
def test_not_in_another_district(town: Any, as_user: AsUser) -> None:
    chief = as_user(MANAGE_USERS, at=town.places["north"])

    code = town.refused(lambda: within(town, chief, lambda work: create_user(work, wish(town, at="south"))))

    assert code == "core.forbidden"
    assert town.system(lambda work: work.session.scalars(select(User)).all()) == []


@pytest.mark.parametrize(
    ("username", "code"), [("AMINA", "auth.username_taken"), ("a b", "auth.invalid_username")]
)
def test_a_user_name_is_unique_and_well_formed(town: Any, username: str, code: str) -> None:
    town.person("amina", at="south")

    assert town.refused(lambda: town.system(lambda work: create_user(work, wish(town, username)))) == code


@pytest.mark.rule("attack 22")
def test_nothing_else_can_be_set_in_the_wish(town: Any) -> None:
    with pytest.raises(ValueError, match="status"):
        wish(town, status="active")


@pytest.mark.rule("attack 99")
def test_contacts_are_sealed_and_findable(town: Any) -> None:
    from sqlalchemy import text

    user = town.system(
        lambda work: create_user(work, wish(town, phone="+237 699 00 00 01", email="B@sante.cm"))[0]
    )

    def read(work: Work) -> tuple[Any, Any]:
        raw = work.session.connection().execute(text("SELECT phone, email FROM auth_user")).one()
        found = select(User).where(User.phone_index == contact_index(work, "phone", "+237699000001"))
        return raw, work.session.scalars(found).one()

    raw, found = town.system(read)
    assert b"699" not in bytes(raw[0])
    assert b"sante" not in bytes(raw[1])
    assert (found.id, found.phone, found.email) == (user.id, "+237 699 00 00 01", "B@sante.cm")


@pytest.mark.rule("attack 15")
def test_an_account_elsewhere_does_not_exist(town: Any, as_user: AsUser) -> None:
    user = town.person(at="south")
    chief = as_user(MANAGE_USERS, at=town.places["north"])

    codes = {
        town.refused(lambda act=act, target=target: within(town, chief, lambda work: act(work, target)))
        for target in (user.id, new_id())
        for act in (
            lambda work, target: set_user_status(work, target, UserStatus.SUSPENDED, reason="x"),
            reset_password,
            unlock_user,
        )
    }

    assert codes == {"core.not_found"}
    assert town.login("amina").user.status is UserStatus.ACTIVE


@pytest.mark.rule("attack 25")
def test_nobody_decides_over_wider_rights(town: Any, as_user: AsUser) -> None:
    user = town.person()
    town.grant(user, "payer", "claims.pay")
    chief = as_user(MANAGE_USERS, at=town.places["north"])
    act = lambda work: reset_password(work, user.id)  # noqa: E731

    assert town.refused(lambda: within(town, chief, act)) == "auth.wider_rights"
    elsewhere = as_user(MANAGE_USERS, "claims.pay", at=town.places["south"])
    assert town.refused(lambda: within(town, elsewhere, act)) == "core.not_found"
    assert town.login("amina").user.id == user.id

    equal = as_user(MANAGE_USERS, "claims.pay", at=town.places["north"])
    above = as_user(MANAGE_USERS, "claims.pay", at=town.places["land"])
    assert within(town, equal, act)[0].id == user.id
    assert within(town, above, act)[0].id == user.id


@pytest.mark.rule("attack 25")
def test_rights_in_another_place_are_wider_too(town: Any, as_user: AsUser) -> None:
    user = town.person()
    town.grant(user, "payer", "claims.pay", at="land")
    chief = as_user(MANAGE_USERS, "claims.pay", at=town.places["north"])

    assert town.refused(lambda: within(town, chief, lambda work: reset_password(work, user.id))) == (
        "auth.wider_rights"
    )


def test_nobody_suspends_himself(town: Any) -> None:
    user = town.person()
    town.grant(user, "chief", "auth.manage_users")
    actor = town.actor(town.login("amina").token)

    act = lambda work: set_user_status(work, user.id, UserStatus.SUSPENDED, reason="x")  # noqa: E731
    assert town.refused(lambda: within(town, actor, act)) == "auth.not_on_yourself"


def test_a_reset_gives_a_one_time_password_and_unlocks(town: Any) -> None:
    user = town.person()
    for _ in range(10):
        town.refused_login("amina", "wrong")
        town.clock.move(seconds=40)

    _, one_time = town.system(lambda work: reset_password(work, user.id))

    assert town.refused_login("amina", PASSWORD) == "auth.wrong_login"
    assert town.refused_login("amina", one_time) == "auth.password_change_needed"
    assert town.login("amina", one_time, new_password="sept mille baobabs").user.id == user.id
    assert town.audited("auth.password_reset") == 1


@pytest.mark.rule("attack 23")
def test_who_never_chose_a_password_is_not_activated_by_a_detour(town: Any) -> None:
    one_time = town.invite()
    user = town.system(lambda work: work.session.scalars(select(User)).one())
    town.system(lambda work: set_user_status(work, user.id, UserStatus.SUSPENDED, reason="mistake"))

    back = town.system(lambda work: set_user_status(work, user.id, UserStatus.ACTIVE))

    assert back.status is UserStatus.INVITED
    assert town.refused_login("amina", one_time) == "auth.password_change_needed"


def test_a_step_that_does_not_exist_is_refused(town: Any) -> None:
    user = town.person()

    code = town.refused(lambda: town.system(lambda work: set_user_status(work, user.id, UserStatus.INVITED)))

    assert code == "auth.status_change_refused"


def test_an_account_is_changed_in_part(town: Any) -> None:
    user = town.person(phone="+237699000001", email="a@sante.test")
    changes = UserChanges(display_name="Amina Diallo", phone="", valid_to=town.clock().date())

    town.system(lambda work: update_user(work, user.id, changes))

    def read(work: Work) -> tuple[Any, ...]:
        now = work.get(User, user.id)
        assert now.email_index == contact_index(work, "email", "a@sante.test")
        return now.display_name, now.phone, now.phone_index, now.email, now.valid_to

    assert town.system(read) == ("Amina Diallo", None, None, "a@sante.test", town.clock().date())
    town.clock.move(days=1)
    assert town.refused_login("amina", PASSWORD) == "auth.wrong_login"


def test_a_stale_copy_changes_nothing(town: Any) -> None:
    user = town.person()

    code = town.refused(
        lambda: town.system(
            lambda work: set_user_status(work, user.id, UserStatus.SUSPENDED, reason="x", expected_version=1)
        )
    )

    assert code == "core.stale_version"
    assert town.login("amina").user.status is UserStatus.ACTIVE


@pytest.mark.rule("attack 95")
def test_no_secret_reaches_the_trail(town: Any) -> None:
    from msingi.audit.models import AuditEntry

    user = town.person(phone="+237699000001")
    town.enrol()
    town.system(lambda work: reset_password(work, user.id))

    def secrets_in_trail(work: Work) -> tuple[int, str]:
        lines = work.session.scalars(select(AuditEntry.changes)).all()
        return len(lines), repr(lines)

    count, text = town.system(secrets_in_trail)
    assert count > 5
    assert "argon2" not in text
    assert "699000001" not in text
    assert PASSWORD not in text


@pytest.mark.rule("attack 23")
def test_the_policy_engine_learns_who_is_active(town: Any) -> None:
    user = town.person()

    assert town.system(lambda work: is_subject_active(work, user.id)) is True
    assert town.system(lambda work: is_subject_active(work, new_id())) is None
    town.set_status(user, UserStatus.SUSPENDED)
    assert town.system(lambda work: is_subject_active(work, user.id)) is False


def test_an_account_speaks_a_language_of_the_installation(town: Any, as_user: AsUser) -> None:
    chief = as_user(MANAGE_USERS, at=town.places["north"])
    user, _ = within(town, chief, lambda work: create_user(work, wish(town, language="fr")))

    for strange in ("de", "FR", ""):
        changes = UserChanges(language=strange)
        with pytest.raises(UnknownLanguage):
            within(town, chief, lambda work, changes=changes: update_user(work, user.id, changes))

    with town.platform.work(writes=False) as work:
        assert work.session.scalars(select(User.language).where(User.id == user.id)).all() == ["fr"]
