"""What an installation refuses before it serves anybody: modules, permissions, keys, demonstrations."""

import json
from pathlib import Path
from typing import Any

import garden
import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from msingi.audit.models import AuditEntry
from msingi.auth.models import User
from msingi.auth.services.accounts import NewUser, create_user
from msingi.cli.settings import app as settings_command
from msingi.errors import ConfigurationError
from msingi.http import create_app
from msingi.kernel.installation import mark
from msingi.kernel.models import JobRecord, JobState
from msingi.keyring import Keyring, KeyringError, generate_key
from msingi.migrate import prepare
from msingi.platform import Platform
from msingi.plugin import Permission, Plugin
from msingi.profile_files import settings_folder
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import KEYS, AsUser, MakePlatform
from msingi.work import Work

PLANT = "mutation($input: TreeInput!) { plantTree(input: $input) { id label } }"


def _other(platform: Platform, **changes: Any) -> Platform:
    """Another server on the same database."""
    return Platform(
        platform.profile.model_copy(update=changes), plugins=[garden.plugin], clock=platform.clock
    )


@pytest.mark.rule("attack 27")
def test_a_disabled_module_is_gone_and_its_data_come_back(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    with_garden = make_platform(garden.plugin)
    actor = as_user(garden.READ, garden.PLANT)
    with with_garden.work() as work:
        place = add_places(work, [NewPlace(code="CM", name="Cameroun")])["CM"]
    wish = {"input": {"label": "baobab", "kind": "MANGO", "jurisdictionId": str(place)}}
    planted = with_garden.graphql.run(PLANT, wish, actor=actor)["data"]["plantTree"]
    without = _other(with_garden, modules=[])

    refused = without.graphql.run(PLANT, wish, actor=actor)
    without.jobs.run_pending()

    with without.work(writes=False) as work:
        columns = (JobRecord.state, JobRecord.error_code)
        job = work.session.execute(select(*columns).where(JobRecord.name == "after.garden.water_tree")).one()
        lines = work.session.scalar(select(func.count()).where(AuditEntry.entity == "garden_tree"))
    assert "data" not in refused
    assert {"Tree", "Owner", "TreeInput"} & set(without.graphql.core.type_map) == set()
    assert [name for name in without.permissions if name.startswith("garden.")] == []
    assert tuple(job) == (JobState.PARKED, "core.unknown_job")
    assert lines == 1
    again = _other(with_garden)
    found = again.graphql.run(
        "query($id: UUID!) { tree(id: $id) { id label } }", {"id": planted["id"]}, actor=actor
    )
    assert found["data"]["tree"] == planted
    without.close()
    again.close()


@pytest.mark.rule("attack 28")
@pytest.mark.parametrize("allow", [None, "thief.read", Permission("thief.read", "Undeclared"), garden.READ])
def test_an_operation_without_a_declared_permission_refuses_to_load(
    make_platform: MakePlatform, allow: Any
) -> None:
    thief = Plugin("thief")

    @thief.query(allow=allow)
    def loot(work: Work) -> int:
        """Everything."""
        return 1

    with pytest.raises(ConfigurationError, match="loot has no permission"):
        make_platform(thief)


@pytest.mark.rule("attack 28")
def test_a_route_or_extension_without_a_permission_refuses_to_load(make_platform: MakePlatform) -> None:
    for name, declare in (("by_route", "route"), ("by_extension", "extend")):
        thief = Plugin(f"thief_{declare}")
        nothing: Any = None

        def steal(*_given: object) -> Any:
            """Everything."""

        steal.__qualname__ = name
        decorate = (
            thief.route("GET", "/all", allow=nothing)
            if declare == "route"
            else thief.extend(User, allow=nothing)
        )
        decorate(steal)
        with pytest.raises(ConfigurationError, match=f"{name} has no permission"):
            make_platform(thief)


@pytest.mark.rule("attack 98")
@pytest.mark.parametrize(
    "security",
    [
        {},
        {"keys": [], "index_key": generate_key()},
        {"keys": ["short"], "index_key": generate_key()},
        {"keys": [generate_key()]},
    ],
)
def test_without_proper_keys_nothing_starts(make_platform: MakePlatform, security: dict[str, Any]) -> None:
    profile = make_platform(demo=False).profile
    keyless = type(profile)(**profile.model_dump() | {"security": security, "database": profile.database})

    with pytest.raises(ConfigurationError, match=r"key"):
        create_app(Platform(keyless, plugins=[]))


@pytest.mark.rule("attack 98")
def test_no_shipped_profile_holds_a_secret() -> None:
    texts = [path.read_text(encoding="utf-8") for path in settings_folder().glob("*.toml")]

    assert texts
    for text in texts:
        for word in ("index_key", "keys =", "metrics_token", "password ="):
            assert word not in text


@pytest.mark.rule("attack 98")
def test_settings_are_shown_with_their_secrets_masked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, token = generate_key(), "scraper-token-4711"
    monkeypatch.setenv("MSINGI__SECURITY__KEYS", json.dumps([secret]))
    monkeypatch.setenv("MSINGI__SECURITY__INDEX_KEY", secret)
    monkeypatch.setenv("MSINGI__SERVER__METRICS_TOKEN", token)
    database = f"postgresql://msingi:hunter2@db.example/{tmp_path.name}"

    shown = CliRunner().invoke(settings_command, ["show", "--profile", "cameroon", "--database", database])

    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.output)["security"]["index_key"] == "**********"
    for hidden in (secret, token, "hunter2"):
        assert hidden not in shown.output


@pytest.mark.rule("attack 98", "attack 99")
def test_a_new_key_seals_while_the_old_one_still_opens(make_platform: MakePlatform) -> None:
    old = make_platform()
    with old.work() as work:
        place = add_places(work, [NewPlace(code="CM", name="Cameroun")])["CM"]
        wish = NewUser(username="awa", display_name="Awa", jurisdiction_id=place, phone="+237677112233")
        user_id = create_user(work, wish)[0].id
    rotated = [generate_key(), *KEYS["keys"]]
    security = old.profile.security.model_validate({"keys": rotated, "index_key": KEYS["index_key"]})
    new = Platform(old.profile.model_copy(update={"security": security}), plugins=[], clock=old.clock)
    before = _sealed_phone(new)

    with new.work() as work:
        user = work.get(User, user_id)
        read = user.phone
        user.phone = "+237699445566"

    only_new = Keyring.from_text(rotated[:1], str(KEYS["index_key"]))
    assert read == "+237677112233"
    assert only_new.open(_sealed_phone(new)) == "+237699445566"
    with pytest.raises(KeyringError):
        only_new.open(before)
    new.close()


@pytest.mark.rule("attack 105")
@pytest.mark.parametrize("demo", [True, False])
def test_a_demonstration_and_real_data_never_share_a_database(
    make_platform: MakePlatform, *, demo: bool
) -> None:
    first = make_platform(garden.plugin, demo=demo)
    mark(first)
    other = _other(first, demo=not demo)

    for start in (create_app, prepare):
        with pytest.raises(ConfigurationError, match="demonstration"):
            start(other)
    create_app(first)
    other.close()


def test_money_of_another_currency_never_enters_a_database(make_platform: MakePlatform) -> None:
    first = make_platform(garden.plugin)
    mark(first)
    other = _other(first, currency="TZS")

    for start in (create_app, prepare):
        with pytest.raises(ConfigurationError) as refused:
            start(other)
        assert str(refused.value) == (
            "currency: the money in this database is XAF, the profile says TZS. An installation has one currency "
            "for its whole life: set currency to XAF, or begin with a new database."
        )
    create_app(first)
    other.close()


def _sealed_phone(platform: Platform) -> bytes:
    with platform.database.read.connect() as connection:
        return bytes(connection.exec_driver_sql("SELECT phone FROM auth_user").scalar_one())
