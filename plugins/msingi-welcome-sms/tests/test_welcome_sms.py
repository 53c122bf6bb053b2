"""Welcome messages: one per household with a telephone, written with it, sent once, seen where it may be."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from msingi import Plugin
from msingi.errors import ConfigurationError
from msingi.i18n import Texts
from msingi.migrate import differences
from msingi.platform import Platform, folder_of
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform
from msingi_registry.plugin import LIST_PERSONS, READ_PERSONS, REGISTER_PERSONS
from msingi_registry.plugin import plugin as registry
from msingi_welcome_sms.models import WelcomeSms
from msingi_welcome_sms.plugin import READ, plugin
from msingi_welcome_sms.rules import welcome
from msingi_welcome_sms.services import send_waiting
from msingi_welcome_sms.settings import Settings

REGISTER = "mutation ($input: HouseholdDraft!) { registerHousehold(input: $input) { household { id code } } }"
SEEN = "{ households { nodes { code welcomeSms { text language sentAt } } } }"
TEXTS = {"fr": "Ménage {code} : bienvenue.", "en": "Household {code}: welcome."}
Run = Callable[..., dict[str, Any]]

gateway = Plugin("gateway")
outbox: list[tuple[str, str]] = []


@gateway.answer
def send_sms(phone: str, text: str) -> bool:
    """Take every message."""
    outbox.append((phone, text))
    return True


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    outbox.clear()
    return make_platform(registry, plugin, gateway, plugins={"welcome_sms": {"texts": TEXTS}})


@pytest.fixture
def places(platform: Platform) -> dict[str, UUID]:
    return _places(platform)


def test_a_household_is_welcomed_once_in_its_language(
    platform: Platform, run: Run, as_user: AsUser, places: dict[str, UUID]
) -> None:
    clerk = as_user(REGISTER_PERSONS, READ_PERSONS, LIST_PERSONS, READ, at=places["N"])

    code = _code(run(REGISTER, _draft(places["N"], languages=["en"]), actor=clerk))
    platform.jobs.run_pending()
    platform.jobs.run_pending()

    assert outbox == [("+237677000001", f"Household {code}: welcome.")]
    (seen,) = run(SEEN, actor=clerk)["data"]["households"]["nodes"]
    assert seen["welcomeSms"]["text"] == f"Household {code}: welcome."
    assert seen["welcomeSms"]["sentAt"] is not None


def test_a_message_waits_until_there_is_a_gateway(make_platform: MakePlatform, as_user: AsUser) -> None:
    without = make_platform(registry, plugin, modules=["registry", "welcome_sms"])
    outbox.clear()
    places = _places(without)
    clerk = as_user(REGISTER_PERSONS, READ_PERSONS, at=places["N"])
    without.graphql.run(REGISTER, _draft(places["N"]), actor=clerk)
    without.jobs.run_pending()
    with without.work() as work:
        assert send_waiting(work) == 0

    later = make_platform(registry, plugin, gateway)
    with later.work() as work:
        assert send_waiting(work) == 1
        assert send_waiting(work) == 0

    assert [phone for phone, _ in outbox] == ["+237677000001"]


def test_a_household_without_a_telephone_gets_no_message(
    platform: Platform, run: Run, as_user: AsUser, places: dict[str, UUID]
) -> None:
    clerk = as_user(REGISTER_PERSONS, READ_PERSONS, at=places["N"])

    run(REGISTER, _draft(places["N"], phone=None), actor=clerk)

    assert _messages(platform) == 0


def test_a_refused_household_leaves_no_message(
    platform: Platform, run: Run, as_user: AsUser, places: dict[str, UUID]
) -> None:
    clerk = as_user(REGISTER_PERSONS, READ_PERSONS, at=places["N"])

    refused = run(REGISTER, _draft(places["S"]), actor=clerk)

    assert refused["errors"][0]["extensions"]["code"] == "core.not_found"
    assert _messages(platform) == 0


def test_messages_of_another_region_are_invisible(run: Run, as_user: AsUser, places: dict[str, UUID]) -> None:
    run(REGISTER, _draft(places["N"]), actor=as_user(REGISTER_PERSONS, READ_PERSONS, at=places["N"]))

    listed = run("{ welcomeMessages { totalCount nodes { text } } }", actor=as_user(READ, at=places["S"]))

    assert listed["data"]["welcomeMessages"] == {"totalCount": 0, "nodes": []}


def test_the_text_is_in_the_first_language_that_fits() -> None:
    assert welcome(TEXTS, "H1", spoken=["sg", "en"], offered=["fr"]).language == "en"
    assert welcome(TEXTS, "H1", spoken=["sg"], offered=["fr", "en"]).text == "Ménage H1 : bienvenue."
    assert welcome({"ar": "{code}"}, "H1", spoken=[], offered=["fr"]).language == "ar"


def test_a_text_with_other_braces_stops_no_registration() -> None:
    assert welcome({"fr": "{code} {nom} {"}, "H1", spoken=[], offered=["fr"]).text == "H1 {nom} {"


@pytest.mark.parametrize("text", ["Welcome.", "{code}" + "x" * 140])
def test_a_text_that_cannot_be_sent_stops_the_start(make_platform: MakePlatform, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"plugins\.welcome_sms\.texts"):
        make_platform(registry, plugin, plugins={"welcome_sms": {"texts": {"en": text}}})


def test_the_tables_are_as_the_models_say(platform: Platform) -> None:
    assert differences(platform, plugin) == []


def _places(platform: Platform) -> dict[str, UUID]:
    with platform.work() as work:
        return add_places(
            work, [NewPlace("C", "Country"), NewPlace("N", "North", "C"), NewPlace("S", "South", "C")]
        )


def _draft(
    place: UUID, *, phone: str | None = "677 00 00 01", languages: list[str] | None = None
) -> dict[str, Any]:
    head = {"role": "HEAD", "givenName": "Awa", "familyName": "Mbarga", "ageYears": 40, "sex": "FEMALE"}
    head |= {"phone": phone, "languages": languages or []}
    return {"input": {"jurisdictionId": str(place), "members": [head]}}


def _code(answer: dict[str, Any]) -> str:
    return str(answer["data"]["registerHousehold"]["household"]["code"])


def _messages(platform: Platform) -> int:
    with platform.work() as work:
        return work.session.scalar(select(func.count()).select_from(WelcomeSms)) or 0


def test_every_permission_and_setting_speaks_french() -> None:
    texts = Texts([folder_of(plugin) / "locale"], ["fr", "en"])
    told = [permission.description for permission in plugin.contributions.permissions]
    told += [field.description or "" for field in Settings.model_fields.values()]

    assert [text for text in told if texts.get(text, "fr") == text] == []
