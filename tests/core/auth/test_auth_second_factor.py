"""The second factor: enrolment, codes that die, backup codes, roles that demand it (CH-74, attack 46)."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest

from msingi.actor import ANONYMOUS
from msingi.auth.services.accounts import reset_second_factor
from msingi.auth.services.second_factor import confirm_totp, disable_totp, enrol_totp

PASSWORD = "un mil et sept baobabs"


@pytest.fixture
def strict(make_town: Callable[..., Any]) -> Any:
    """A town where accountants must use a second factor."""
    from msingi.testing import KEYS

    return make_town(security=KEYS | {"second_factor_roles": ["accountant"]})


@pytest.mark.rule("attack 46")
def test_a_second_factor_is_asked_once_it_is_set_up(town: Any) -> None:
    town.person()
    generator, _ = town.enrol()

    assert town.refused_login("amina", PASSWORD) == "auth.code_needed"
    result = town.login("amina", code=generator.at(town.clock()))
    assert town.actor(result.token).name == "amina"


@pytest.mark.rule("attack 46")
def test_a_code_works_once_and_kills_the_window_before(town: Any) -> None:
    town.person()
    generator, _ = town.enrol()
    now, before = generator.at(town.clock()), generator.at(town.clock(), counter_offset=-1)
    town.login("amina", code=now)

    assert town.refused_login("amina", PASSWORD, code=now) == "auth.wrong_code"
    assert town.refused_login("amina", PASSWORD, code=before) == "auth.wrong_code"


@pytest.mark.rule("attack 46")
def test_the_code_that_completed_the_enrolment_opens_nothing_more(town: Any) -> None:
    town.person()
    token = town.login("amina").token
    begun = town.ask(token, lambda work: enrol_totp(work, PASSWORD))
    code = pyotp.TOTP(begun.secret).at(town.clock())

    town.ask(token, lambda work: confirm_totp(work, code))

    assert town.refused_login("amina", PASSWORD, code=code) == "auth.wrong_code"


def test_a_backup_code_works_once(town: Any) -> None:
    town.person()
    _, enrolled = town.enrol()
    code = enrolled.backup_codes[3]

    assert town.login("amina", code=code.upper()).user.username == "amina"
    assert town.refused_login("amina", PASSWORD, code=code) == "auth.wrong_code"
    assert town.audited("auth.backup_code_used") == 1


@pytest.mark.rule("attack 39")
def test_enrolment_ends_every_session_and_opens_a_new_one(town: Any) -> None:
    town.person()
    other = town.login("amina").token

    _, enrolled = town.enrol()

    assert town.is_dead(other)
    assert town.actor(enrolled.token).name == "amina"
    assert len(set(enrolled.backup_codes)) == 10


def test_enrolment_needs_the_password(town: Any) -> None:
    town.person()
    token = town.login("amina").token

    assert town.refused(lambda: town.ask(token, lambda work: enrol_totp(work, "wrong"))) == "auth.wrong_login"
    assert town.refused(lambda: town.ask(token, lambda work: confirm_totp(work, "123456"))) == (
        "auth.second_factor_state"
    )


def test_a_wrong_first_code_confirms_nothing(town: Any) -> None:
    town.person()
    token = town.login("amina").token
    town.ask(token, lambda work: enrol_totp(work, PASSWORD))

    assert (
        town.refused(lambda: town.ask(token, lambda work: confirm_totp(work, "000000"))) == "auth.wrong_code"
    )
    assert town.login("amina").user.username == "amina"


@pytest.mark.rule("attack 46")
def test_who_has_the_password_only_cannot_enrol_again(town: Any) -> None:
    town.person()
    town.enrol()

    def enrol() -> None:
        with town.platform.work(ANONYMOUS, origin=town.origin()) as work:
            enrol_totp(work, PASSWORD, username="amina")

    assert town.refused(enrol) == "auth.second_factor_state"


@pytest.mark.rule("attack 46")
def test_switching_it_off_needs_a_fresh_sign_in_with_it(town: Any) -> None:
    town.person()
    generator, _ = town.enrol()
    token = town.login("amina", code=generator.at(town.clock())).token
    town.clock.move(minutes=5, seconds=1)

    remove = lambda work: disable_totp(work, PASSWORD)  # noqa: E731
    assert town.refused(lambda: town.ask(token, remove)) == "auth.fresh_login_needed"
    assert town.refused_login("amina", PASSWORD) == "auth.code_needed"

    token = town.login("amina", code=generator.at(town.clock())).token
    assert (
        town.refused(lambda: town.ask(token, lambda work: disable_totp(work, "wrong"))) == "auth.wrong_login"
    )
    after = town.ask(token, remove)
    assert town.is_dead(token)
    assert town.actor(after.token).name == "amina"
    assert town.login("amina").user.username == "amina"
    assert town.audited("auth.second_factor_removed") == 1


@pytest.mark.rule("CH-74")
def test_a_role_that_demands_it_opens_nothing_without(strict: Any) -> None:
    user = strict.person()
    token = strict.login("amina").token
    strict.grant(user, "accountant", "claims.pay")

    assert strict.is_dead(token)
    assert strict.refused_login("amina", PASSWORD) == "auth.enrolment_needed"
    assert strict.refused_login("amina", PASSWORD, code="123456") == "auth.enrolment_needed"


@pytest.mark.rule("CH-74")
def test_a_demanded_second_factor_is_set_up_before_the_first_sign_in(strict: Any) -> None:
    user = strict.person()
    strict.grant(user, "accountant", "claims.pay")
    with strict.platform.work(ANONYMOUS, origin=strict.origin()) as work:
        enrolment = enrol_totp(work, PASSWORD, username="amina")
    code = pyotp.TOTP(enrolment.secret).at(strict.clock())

    assert strict.refused_login("amina", PASSWORD, code="000000") == "auth.wrong_code"
    result = strict.login("amina", code=code)

    assert len(result.backup_codes) == 10
    assert strict.actor(result.token).holds("claims.pay")
    assert strict.refused_login("amina", PASSWORD, code=code) == "auth.wrong_code"
    assert strict.refused(lambda: strict.ask(result.token, lambda work: disable_totp(work, PASSWORD))) == (
        "auth.second_factor_required"
    )


@pytest.mark.rule("CH-74")
def test_a_demanded_second_factor_does_not_skip_the_first_password(strict: Any) -> None:
    one_time = strict.invite("amina")
    user = strict.system(lambda work: work.session.query(_user()).one())
    strict.grant(user, "accountant", "claims.pay")
    with strict.platform.work(ANONYMOUS, origin=strict.origin()) as work:
        secret = enrol_totp(work, one_time, username="amina").secret
    code = pyotp.TOTP(secret).at(strict.clock())

    assert strict.refused_login("amina", one_time) == "auth.enrolment_needed"
    assert strict.refused_login("amina", one_time, code=code) == "auth.password_change_needed"
    assert strict.login("amina", one_time, code=code, new_password=PASSWORD).user.username == "amina"


def test_an_administrator_removes_a_lost_second_factor(town: Any) -> None:
    user = town.person()
    _, enrolled = town.enrol()

    town.system(lambda work: reset_second_factor(work, user.id))

    assert town.is_dead(enrolled.token)
    assert town.login("amina").user.username == "amina"
    assert town.audited("auth.second_factor_reset") == 1


def _user() -> Any:
    from msingi.auth.models import User

    return User
