"""A password takes a while to prove: what others change in that time counts (attacks 40, 46)."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from msingi.actor import ANONYMOUS
from msingi.auth.models import TotpSecret
from msingi.auth.services import passwords, second_factor
from msingi.auth.services.accounts import reset_password
from msingi.auth.services.sessions import logout

PASSWORD = "un mil et sept baobabs"
WANTED = "le voleur garde les clefs 77"
Meanwhile = Callable[[ModuleType, Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Let something happen once, in the moment after a password was proven."""

    def place(module: ModuleType, act: Callable[[], object]) -> None:
        prove = module.prove_password

        def prove_and_wait(*arguments: Any) -> Any:
            proven = prove(*arguments)
            monkeypatch.setattr(module, "prove_password", prove)
            act()
            return proven

        monkeypatch.setattr(module, "prove_password", prove_and_wait)

    return place


@pytest.mark.rule("attack 40")
def test_a_password_change_does_not_outlive_a_reset(town: Any, meanwhile: Meanwhile) -> None:
    user = town.person()
    token = town.login("amina").token
    meanwhile(passwords, lambda: town.system(lambda work: reset_password(work, user.id)))

    code = town.refused(
        lambda: town.ask(token, lambda work: passwords.change_password(work, PASSWORD, WANTED))
    )

    assert code == "auth.wrong_login"
    assert town.refused_login("amina", WANTED) == "auth.wrong_login"


@pytest.mark.rule("attack 40")
def test_a_session_that_was_ended_changes_no_password(town: Any, meanwhile: Meanwhile) -> None:
    town.person()
    token, other = town.login("amina").token, town.login("amina").token
    meanwhile(passwords, lambda: town.ask(other, lambda work: logout(work, everywhere=True)))

    code = town.refused(
        lambda: town.ask(token, lambda work: passwords.change_password(work, PASSWORD, WANTED))
    )

    assert code == "core.not_authenticated"
    assert town.login("amina").user.username == "amina"


@pytest.mark.rule("attack 46")
def test_a_second_factor_that_was_confirmed_is_not_replaced(town: Any, meanwhile: Meanwhile) -> None:
    town.person()
    token = town.login("amina").token
    mine = town.ask(token, lambda work: second_factor.enrol_totp(work, PASSWORD))
    code = pyotp.TOTP(mine.secret).at(town.clock())
    meanwhile(second_factor, lambda: town.ask(token, lambda work: second_factor.confirm_totp(work, code)))

    def enrol_again() -> None:
        with town.platform.work(ANONYMOUS, origin=town.origin()) as work:
            second_factor.enrol_totp(work, PASSWORD, username="amina")

    assert town.refused(enrol_again) == "auth.second_factor_state"
    stored = town.system(lambda work: work.session.scalars(select(TotpSecret.secret)).one())
    assert stored == mine.secret
