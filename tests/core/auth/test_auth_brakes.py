"""Guessing is braked, and the brakes lock nobody out (attacks 4, 44, 46)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from msingi.actor import ANONYMOUS
from msingi.auth.models import AttemptCount
from msingi.auth.services.accounts import unlock_user
from msingi.auth.services.login import login
from msingi.errors import DomainError

PASSWORD = "un mil et sept baobabs"
STRANGER = "203.0.113.7"


def lock(town: Any, username: str = "amina", address: str = STRANGER) -> None:
    """Ten wrong attempts from one address, each after its wait."""
    for _ in range(10):
        assert town.refused_login(username, "wrong", address=address) == "auth.wrong_login"
        town.clock.move(seconds=40)


@pytest.mark.rule("attack 44")
def test_ten_wrong_attempts_lock_an_account_for_a_quarter_of_an_hour(town: Any) -> None:
    town.person()
    lock(town)

    assert town.refused_login("amina", PASSWORD, address=STRANGER) == "auth.try_later"
    assert town.audited("auth.locked") == 1
    assert town.audited("auth.login_delayed") == 1

    town.clock.move(minutes=15)
    assert town.login("amina", address=STRANGER).user.username == "amina"


@pytest.mark.rule("attack 44")
def test_a_locked_account_opens_where_it_was_opened_before(town: Any) -> None:
    town.person()
    town.login("amina", address="10.0.0.1")
    lock(town)

    assert town.refused_login("amina", PASSWORD, address="198.51.100.1") == "auth.try_later"
    assert town.login("amina", address="10.0.0.1").user.username == "amina"


@pytest.mark.rule("attack 44")
def test_a_known_address_has_a_brake_of_its_own(town: Any) -> None:
    town.person()
    town.login("amina", address="10.0.0.1")
    lock(town, address="10.0.0.1")

    assert town.refused_login("amina", PASSWORD, address="10.0.0.1") == "auth.try_later"
    assert town.login("amina", address="10.0.0.2").user.username == "amina"


@pytest.mark.rule("attack 44")
def test_an_address_is_forgotten_after_half_a_year(town: Any) -> None:
    town.person()
    town.login("amina", address="10.0.0.1")
    town.clock.move(days=181)
    lock(town)

    assert town.refused_login("amina", PASSWORD, address="10.0.0.1") == "auth.try_later"


@pytest.mark.rule("attack 44")
def test_an_administrator_unlocks(town: Any) -> None:
    user = town.person()
    town.login("amina", address="10.0.0.1")
    lock(town)
    lock(town, address="10.0.0.1")

    town.system(lambda work: unlock_user(work, user.id))

    assert town.login("amina", address=STRANGER).user.username == "amina"
    assert town.login("amina", address="10.0.0.1").user.username == "amina"
    assert town.audited("auth.unlocked") == 1


@pytest.mark.rule("attack 44")
def test_one_address_cannot_lock_a_country(town: Any) -> None:
    """A hundred attempts per window are all an address gets: ten accounts locked at most, of 22,000."""
    for _ in range(10):
        for number in range(10):
            assert town.refused_login(f"agent{number}", "wrong", address=STRANGER) == "auth.wrong_login"
        town.clock.move(seconds=40)

    spread = {town.refused_login(f"nurse{number}", "wrong", address=STRANGER) for number in range(30)}
    with town.platform.work() as work:
        counted = work.session.scalars(select(AttemptCount).where(AttemptCount.key.startswith("a:"))).all()

    assert spread == {"auth.try_later"}
    assert sorted(count.failures for count in counted if count.failures) == [10] * 10
    assert town.refused_login("nurse0", "wrong", address="198.51.100.1") == "auth.wrong_login"
    town.clock.move(minutes=15)
    assert town.refused_login("nurse1", "wrong", address=STRANGER) == "auth.wrong_login"


@pytest.mark.rule("attack 44", "attack 45")
def test_an_unknown_name_locks_like_a_known_one(town: Any) -> None:
    lock(town, "nobody")

    assert town.refused_login("nobody", "wrong", address="198.51.100.1") == "auth.try_later"


def test_success_forgets_the_wrong_attempts(town: Any) -> None:
    town.person()
    for _ in range(3):
        town.refused_login("amina", "wrong")
    town.login("amina")

    codes = [town.refused_login("amina", "wrong") for _ in range(5)]

    assert codes == ["auth.wrong_login"] * 4 + ["auth.try_later"]


@pytest.mark.rule("attack 4")
def test_many_attempts_in_one_operation_are_that_many(town: Any) -> None:
    town.person()

    with town.platform.work(ANONYMOUS, origin=town.origin()) as work:
        codes = [town.refused(lambda: login(work, "amina", "wrong")) for _ in range(6)]

    assert codes == ["auth.wrong_login"] * 4 + ["auth.try_later"] * 2
    assert town.refused_login("amina", PASSWORD) == "auth.try_later"


@pytest.mark.rule("attack 4")
def test_attempts_at_the_same_time_are_all_counted(town: Any) -> None:
    town.person()

    def guess(_number: int) -> str:
        try:
            town.login("amina", "wrong", address=STRANGER)
        except DomainError as refusal:
            return refusal.code
        return "opened"

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(guess, range(12)))

    assert sorted(codes) == ["auth.try_later"] * 8 + ["auth.wrong_login"] * 4


@pytest.mark.rule("attack 46")
def test_codes_cannot_be_guessed_even_with_the_password(town: Any) -> None:
    town.person()
    generator, _ = town.enrol()
    codes = []
    for _ in range(6):
        codes.append(town.refused_login("amina", PASSWORD, code="000000"))
        codes.append(town.refused_login("amina", PASSWORD))

    assert codes.count("auth.wrong_code") == 4
    assert codes[-1] == "auth.try_later"
    assert town.refused_login("amina", PASSWORD, code=generator.at(town.clock())) == "auth.try_later"
