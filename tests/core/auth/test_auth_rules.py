"""The pure rules: passwords, tokens, codes, brakes, user names, statuses."""

from datetime import UTC, date, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.auth.models import UserStatus
from msingi.auth.rules.hashing import HashCost, hash_password, is_outdated, password_matches
from msingi.auth.rules.lockout import (
    Brakes,
    Count,
    account_wait,
    address_wait,
    locked_until,
    network_of,
    next_account_count,
    next_address_count,
)
from msingi.auth.rules.passwords import PasswordFlaw, common_passwords, flaw_of, normal_password
from msingi.auth.rules.statuses import STEPS, is_open, may_become, may_prove_itself
from msingi.auth.rules.tokens import (
    TokenFlaw,
    TokenKind,
    api_token_flaw,
    is_allowed_from,
    kind_of,
    new_token,
    one_time_password,
    token_hash,
)
from msingi.auth.rules.totp import (
    enrolment_address,
    matching_step,
    new_backup_codes,
    new_secret,
    normal_backup_code,
)
from msingi.auth.rules.usernames import normal_username

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHEAP = HashCost(8, 1, 1)
BRAKES = Brakes(4, 10, timedelta(minutes=15), 100, timedelta(minutes=15), timedelta(hours=24))


@pytest.mark.rule("attack 49")
@pytest.mark.parametrize(
    ("password", "flaw"),
    [
        ("sept baobabs", None),
        ("رقصة تحت المطر", None),
        ("日本語の長い合言葉", None),
        ("🌍🌕🐘🦁🌴🥁🎺🌺", None),
        ("x7$kPq2!", None),
        ("a" * 7, PasswordFlaw.TOO_SHORT),
        ("sept bo", PasswordFlaw.TOO_SHORT),
        ("k7" * 65, PasswordFlaw.TOO_LONG),
        ("x" * 1_000_000, PasswordFlaw.TOO_LONG),
        ("\ud800 no text at all", PasswordFlaw.NOT_TEXT),
        ("aaaaaaaaaaaa", PasswordFlaw.TOO_SIMPLE),
        ("azertyuiop", PasswordFlaw.TOO_SIMPLE),
        ("87654321", PasswordFlaw.TOO_SIMPLE),
        ("brixbrixbrix", PasswordFlaw.TOO_SIMPLE),
        ("motdepasse", PasswordFlaw.TOO_COMMON),
        ("Mot de passe", PasswordFlaw.TOO_COMMON),
        ("MotDePasse2026!", PasswordFlaw.TOO_COMMON),
        ("P@ssw0rd", PasswordFlaw.TOO_COMMON),
        ("Yaoundé2025", PasswordFlaw.TOO_COMMON),
        ("bienvenue1", PasswordFlaw.TOO_COMMON),
        ("amina.diallo-x9", PasswordFlaw.OWN_NAME),
    ],
)
def test_which_passwords_are_refused(password: str, flaw: PasswordFlaw | None) -> None:
    assert flaw_of(password, personal=["amina.diallo", "T"]) == flaw


def test_a_country_may_ask_for_longer_passwords_never_shorter_ones() -> None:
    assert flaw_of("x7$kPq2!Lw", minimum=12) is PasswordFlaw.TOO_SHORT
    assert flaw_of("x7$kPq2", minimum=4) is PasswordFlaw.TOO_SHORT


@pytest.mark.rule("attack 49")
def test_the_list_of_usual_passwords_is_in_normal_form() -> None:
    words = common_passwords()

    assert len(words) > 600
    assert all(word.isascii() and word == word.lower() for word in words)
    assert {"motdepasse", "azerty", "doudou", "password", "karibu"} <= words


def test_the_two_ways_to_write_an_accent_are_one_password() -> None:
    composed, apart = "\u00e9t\u00e9 \u00e0 Bangui", "e\u0301te\u0301 a\u0300 Bangui"

    assert password_matches(
        hash_password(normal_password(composed) or "", CHEAP), normal_password(apart) or "", CHEAP
    )


@pytest.mark.rule("attack 49")
def test_a_hash_tells_its_cost_and_ages() -> None:
    stored = hash_password("sept baobabs", CHEAP)

    assert stored.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert not is_outdated(stored, CHEAP)
    assert is_outdated(stored, HashCost())
    assert CHEAP.at_least_recommended() == HashCost(19_456, 2, 1)
    assert HashCost(65_536, 3, 4).at_least_recommended() == HashCost(65_536, 3, 4)


def test_no_hash_and_a_broken_hash_match_nothing() -> None:
    assert not password_matches(None, "nobody has this password", CHEAP)
    assert not password_matches("broken", "x", CHEAP)


def test_tokens_are_long_prefixed_and_all_different() -> None:
    tokens = {new_token(TokenKind.SESSION) for _ in range(200)}

    assert len(tokens) == 200
    assert {kind_of(token) for token in tokens} == {TokenKind.SESSION}
    assert {len(token) for token in tokens} == {47}
    assert kind_of(new_token(TokenKind.API)) is TokenKind.API
    assert len(token_hash(next(iter(tokens)))) == 64


@pytest.mark.parametrize(
    "text", ["", "msi_", "msi_" + "a" * 42, "msx_" + "a" * 43, "msi_" + "é" * 43, "a.b.c"]
)
def test_what_is_no_token(text: str) -> None:
    assert kind_of(text) is None


def test_one_time_passwords_pass_the_rules() -> None:
    assert all(flaw_of(one_time_password()) is None for _ in range(100))


@pytest.mark.rule("attack 43")
@pytest.mark.parametrize(
    ("permissions", "days", "addresses", "flaw"),
    [
        ({"claims.read"}, 30, ["10.2.0.0/16", "::1"], None),
        (set(), 30, [], TokenFlaw.NO_PERMISSION),
        ({"claims.read", "claims.pay"}, 30, [], TokenFlaw.FOREIGN_PERMISSION),
        ({"claims.read"}, 0, [], TokenFlaw.WRONG_EXPIRY),
        ({"claims.read"}, 366, [], TokenFlaw.WRONG_EXPIRY),
        ({"claims.read"}, 30, ["10.2.0.1/16"], TokenFlaw.WRONG_ADDRESS),
        ({"claims.read"}, 30, ["everywhere"], TokenFlaw.WRONG_ADDRESS),
        ({"claims.read"}, 30, ["10.0.0.1"] * 21, TokenFlaw.WRONG_ADDRESS),
    ],
)
def test_which_api_tokens_may_be_created(
    permissions: set[str], days: int, addresses: list[str], flaw: TokenFlaw | None
) -> None:
    found = api_token_flaw(
        permissions=frozenset(permissions),
        held=frozenset({"claims.read"}),
        addresses=addresses,
        life=(NOW, NOW + timedelta(days=days)),
        longest=timedelta(days=365),
    )

    assert found == flaw


@pytest.mark.rule("attack 43")
@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("10.2.3.4", True),
        ("::ffff:10.2.3.4", True),
        ("10.3.0.1", False),
        ("", False),
        ("x", False),
        ("::1", False),
    ],
)
def test_a_token_works_from_its_networks_only(address: str, *, allowed: bool) -> None:
    assert is_allowed_from(["10.2.0.0/16"], address) is allowed
    assert is_allowed_from([], address)


@pytest.mark.rule("attack 46")
def test_a_code_fits_one_step_around_now_and_never_twice() -> None:
    secret = new_secret()
    generator = pyotp.TOTP(secret)
    step = generator.timecode(NOW)
    codes = {offset: generator.generate_otp(step + offset) for offset in (-2, -1, 0, 1, 2)}

    fits = {offset: matching_step(secret, code, now=NOW, last_step=0) for offset, code in codes.items()}
    assert fits == {-2: None, -1: step - 1, 0: step, 1: step + 1, 2: None}
    assert matching_step(secret, codes[0], now=NOW, last_step=step) is None
    assert matching_step(secret, codes[-1], now=NOW, last_step=step) is None
    assert matching_step(secret, codes[1], now=NOW, last_step=step) == step + 1


@pytest.mark.rule("attack 46")
@pytest.mark.parametrize(
    "code",
    ["", "12345", "1234567", "12345\uff16", "\u0660\u0661\u0662\u0663\u0664\u0665", "12 345", "abcdef"],
)
def test_what_is_no_code(code: str) -> None:
    assert matching_step(new_secret(), code, now=NOW, last_step=0) is None


def test_backup_codes_have_one_normal_form() -> None:
    codes = new_backup_codes()

    assert len(set(codes)) == 10
    assert [normal_backup_code(f" {code.upper()} ") for code in codes] == codes
    assert normal_backup_code("x" * 1_000_000) is None
    assert normal_backup_code("12345-67890") is None


def test_the_enrolment_address_names_account_and_issuer() -> None:
    address = enrolment_address("JBSWY3DPEHPK3PXP" * 2, account="amina", issuer="T")

    assert address == "otpauth://totp/T:amina?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=T"


@pytest.mark.rule("attack 44")
def test_the_brake_of_an_account_grows_then_locks() -> None:
    count = None
    waits = []
    for _ in range(12):
        count = next_account_count(count, BRAKES, NOW)
        waits.append(account_wait(count, BRAKES, NOW))

    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 900, 900, 900]


@pytest.mark.rule("attack 44")
def test_a_lock_ends_by_itself_and_is_forgotten_after_a_day() -> None:
    count = Count(10, NOW, NOW)

    assert locked_until(count, BRAKES) == NOW + timedelta(minutes=15)
    assert account_wait(count, BRAKES, NOW + timedelta(minutes=14, seconds=59)) == 1
    assert account_wait(count, BRAKES, NOW + timedelta(minutes=15)) == 0
    assert next_account_count(count, BRAKES, NOW + timedelta(minutes=15)).failures == 11
    assert next_account_count(count, BRAKES, NOW + timedelta(hours=24)).failures == 1


@pytest.mark.rule("attack 44")
def test_an_address_has_a_budget_per_window() -> None:
    count = None
    for second in range(100):
        assert address_wait(count, BRAKES, NOW + timedelta(seconds=second)) == 0
        count = next_address_count(count, BRAKES, NOW + timedelta(seconds=second))

    assert address_wait(count, BRAKES, NOW + timedelta(seconds=100)) == 800
    assert address_wait(count, BRAKES, NOW + timedelta(minutes=15)) == 0
    assert next_address_count(count, BRAKES, NOW + timedelta(minutes=15)).failures == 1


@pytest.mark.rule("attack 44")
@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
    ],
)
def test_a_customer_s_ipv6_network_is_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.rule("attack 44")
@given(st.lists(st.integers(min_value=0, max_value=4000), max_size=200))
def test_no_schedule_of_guesses_beats_the_lock(pauses: list[int]) -> None:
    """Whatever the rhythm, no more guesses are let through than ten and one per quarter of an hour."""
    now, count, guesses = NOW, None, 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        if account_wait(count, BRAKES, now) == 0:
            count = next_account_count(count, BRAKES, now)
            guesses += 1

    assert guesses <= 10 + (now - NOW).total_seconds() / 900


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Amina.Diallo", "amina.diallo"),
        (" chef-de_poste7 ", "chef-de_poste7"),
        ("amina@sante.cm", "amina@sante.cm"),
        ("\uff41\uff4d\uff49\uff4e\uff41", "amina"),
        ("ab", None),
        ("\u0430mina", None),
        ("amina diallo", None),
        (".amina", None),
        ("a" * 101, None),
        ("", None),
    ],
)
@pytest.mark.rule("attack 57")
def test_the_normal_form_of_user_names(typed: str, normal: str | None) -> None:
    assert normal_username(typed) == normal


@pytest.mark.rule("attack 23")
@pytest.mark.parametrize("status", UserStatus)
def test_status_comes_before_role(status: UserStatus) -> None:
    today = date(2026, 3, 2)

    assert is_open(status, None, today) is (status is UserStatus.ACTIVE)
    assert not is_open(status, date(2026, 3, 1), today)
    assert may_prove_itself(status, today, today) is (status in {UserStatus.ACTIVE, UserStatus.INVITED})


@pytest.mark.rule("attack 23")
def test_nobody_is_made_active_before_choosing_a_password() -> None:
    assert set(STEPS) == set(UserStatus)
    assert not may_become(UserStatus.INVITED, UserStatus.ACTIVE)
    assert not any(may_become(status, UserStatus.INVITED) for status in UserStatus)
    assert not any(may_become(status, status) for status in UserStatus)
