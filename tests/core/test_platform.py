"""The platform: discovery, order, exact messages, and what a wrong installation is told."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import garden
import pytest
from pydantic import BaseModel, Field
from sqlalchemy import Select, select

from msingi import PUBLIC, Event, Plugin, Work
from msingi.errors import ConfigurationError
from msingi.graphql.schema import build_schema
from msingi.module_order import CORE_PLUGINS
from msingi.platform import Platform
from msingi.profile_files import profile_names
from msingi.profiles import differing, load_profile
from msingi.testing import small_profile

NO_ENVIRONMENT: dict[str, str] = {}

ROOT = Path(__file__).parents[2]


def test_plugins_start_after_what_they_require() -> None:
    roof, wall = Plugin("roof", requires=["wall"]), Plugin("wall", requires=["garden"])

    platform = Platform(
        small_profile(modules=["roof", "wall", "garden"]), plugins=[roof, wall, garden.plugin]
    )

    names = [plugin.name for plugin in platform.plugins]
    assert set(names[:4]) == set(CORE_PLUGINS)
    assert names[4:] == ["garden", "wall", "roof"]


def test_a_missing_requirement_stops_the_start_with_the_way_out() -> None:
    roof = Plugin("roof", requires=["wall"])

    with pytest.raises(ConfigurationError) as refusal:
        Platform(small_profile(modules=["roof"]), plugins=[roof])

    assert str(refusal.value) == (
        "modules: “roof” requires “wall”, which is not enabled. Add “wall” to modules or remove “roof”."
    )


def test_everything_that_is_missing_is_named_at_once() -> None:
    roof, wall = Plugin("roof", requires=["wall"]), Plugin("wall", requires=["stone", "sand"])

    with pytest.raises(ConfigurationError) as refusal:
        Platform(small_profile(modules=["roof"]), plugins=[roof, wall])

    assert str(refusal.value) == (
        "modules: “roof” requires “sand”, “stone”, “wall”, which are not enabled. "
        "Add them to modules or remove “roof”."
    )


def test_a_circle_is_named() -> None:
    roof, wall = Plugin("roof", requires=["wall"]), Plugin("wall", requires=["roof"])

    with pytest.raises(ConfigurationError, match=r"require each other in a circle: .*roof.*wall"):
        Platform(small_profile(modules=["roof", "wall"]), plugins=[roof, wall])


def test_unknown_modules_are_named_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Platform(small_profile(modules=["gardn", "garden", "pond"]), plugins=[garden.plugin])

    assert str(refusal.value) == "modules: not installed: “gardn”, “pond”. Installed modules: garden."


def test_two_plugins_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="Two plugins are called “twin”"):
        Platform(small_profile(modules=["twin"]), plugins=[Plugin("twin"), Plugin("twin")])


def test_glue_joins_as_soon_as_both_sides_are_enabled() -> None:
    wall, glue = Plugin("wall"), Plugin("garden_wall", requires=["garden", "wall"], glue=True)
    installed: list[Plugin[Any]] = [garden.plugin, wall, glue]

    both = Platform(small_profile(modules=["garden", "wall"]), plugins=installed)
    one = Platform(small_profile(modules=["wall"]), plugins=installed)

    assert glue in both.plugins
    assert glue not in one.plugins


def test_a_wrong_plugin_setting_is_named_by_its_dotted_path() -> None:
    profile = small_profile(modules=["garden"], plugins={"garden": {"talest": 3}})

    with pytest.raises(
        ConfigurationError, match=r"plugins\.garden\.talest: unknown setting; check the spelling"
    ):
        Platform(profile, plugins=[garden.plugin])


def test_settings_of_a_plugin_that_does_not_exist_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"plugins\.gardn: there is no plugin of this name"):
        Platform(small_profile(plugins={"gardn": {}}), plugins=[garden.plugin])


@pytest.mark.rule("attack 28")
def test_an_operation_without_a_permission_does_not_start() -> None:
    wrong = Plugin("wrong")
    wrong.query(allow=None)(len)  # type: ignore[arg-type]

    with pytest.raises(ConfigurationError, match="has no permission"):
        Platform(small_profile(modules=["wrong"]), plugins=[wrong])


def _twice_permitted(plugin: Plugin[Any]) -> None:
    plugin.permission("read", "Read it.")
    plugin.permission("read", "Read it all.")


def _twice_enqueued(plugin: Plugin[Any]) -> None:
    for _ in range(2):
        plugin.job(name="sweep")(len)


def _twice_opened(plugin: Plugin[Any]) -> None:
    for _ in range(2):
        plugin.route("GET", "/list", allow=PUBLIC)(len)


def _twice_told(plugin: Plugin[Any]) -> None:
    class Sold(Event):
        """Something was sold."""

    class Broken(Event):
        """Something broke."""

    for event in (Sold, Broken):
        plugin.after(event)(len)


def _twice_reported(plugin: Plugin[Any]) -> None:
    for _ in range(2):
        plugin.report("sales", title="Sales", allow=PUBLIC, by={}, sums=[])(lambda work: work)


def _twice_answered(plugin: Plugin[Any]) -> None:
    for _ in range(2):
        plugin.answer(_answer)


def _answer() -> None:
    """Answers a question."""


def _opened_by_other_names(plugin: Plugin[Any]) -> None:
    for path in ("/list/{id}", "/list/{key}"):
        plugin.route("GET", path, allow=PUBLIC)(len)


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (_twice_permitted, "shop: shop.read is declared twice"),
        (_twice_enqueued, "shop: shop.sweep is declared twice"),
        (_twice_opened, "shop: GET /list is declared twice"),
        (_twice_told, "shop: shop.len is declared twice"),
        (_twice_reported, "shop: shop.sales is declared twice"),
        (_twice_answered, "shop: _answer is declared twice"),
        (_opened_by_other_names, r"shop: GET /list/\{id\} is declared twice"),
        (
            lambda shop: shop.route("FETCH", "/x", allow=PUBLIC)(len),
            "can reach the door FETCH /x. Write one of GET",
        ),
        (lambda shop: shop.route("get", "/x", allow=PUBLIC)(len), "can reach the door get /x"),
        (lambda shop: shop.route("GET", "x", allow=PUBLIC)(len), "can reach the door GET x"),
        (lambda shop: shop.permission("read", " "), "shop: the permission shop.read has no sentence"),
        (lambda shop: shop.on(int)(len), "reacts to what is no Event"),
    ],
)
def test_what_would_hide_something_or_means_nothing_stops_the_start(
    mistake: Callable[[Any], object], said: str
) -> None:
    shop = Plugin("shop")
    mistake(shop)

    with pytest.raises(ConfigurationError, match=said):
        Platform(small_profile(modules=["shop"]), plugins=[shop])


def test_things_of_different_kinds_and_doors_of_different_methods_may_share_a_name() -> None:
    shop = Plugin("shop")
    shop.permission("sweep", "Sweep it.")
    shop.job(name="sweep")(len)
    for method, path in (
        ("GET", "/x/{id}"),
        ("POST", "/x/{id}"),
        ("GET", "/x/{id}/y"),
        ("GET", "/x/{id:path}"),
    ):
        shop.route(method, path, allow=PUBLIC)(len)

    assert Platform(small_profile(modules=["shop"]), plugins=[shop]).permissions["shop.sweep"]


def test_a_plugin_whose_name_prefixes_nothing_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="“Bad Name” is no name of a plugin"):
        Platform(small_profile(modules=["Bad Name"]), plugins=[Plugin("Bad Name")])


def test_a_field_defined_twice_names_both_owners() -> None:
    other = Plugin("other", requires=["garden"])

    @other.extend(garden.Tree, allow=garden.READ)
    def shade(trees: Sequence[garden.Tree], work: Work) -> dict[UUID, int]:
        """Another shade."""
        return {}

    platform = Platform(small_profile(modules=["garden", "other"]), plugins=[garden.plugin, other])

    with pytest.raises(ConfigurationError, match=r"Tree\.shade is defined by both “garden” and “other”"):
        build_schema(platform)


def test_an_answer_type_that_is_not_exposed_is_refused() -> None:
    other = Plugin("other")

    @other.query(allow=PUBLIC)
    def note(work: Work) -> garden.Note:
        """A note."""
        return garden.Note(text="")

    platform = Platform(small_profile(modules=["other"]), plugins=[other])

    with pytest.raises(ConfigurationError, match=r"other\.note: Note is not exposed"):
        build_schema(platform)


def test_a_list_of_a_model_that_is_not_exposed_is_refused() -> None:
    other = Plugin("other")
    read = other.permission("read", "Read")

    @other.connection(garden.Note, allow=read)
    def notes(work: Work) -> Select[tuple[garden.Note]]:
        """Notes."""
        return select(garden.Note)

    platform = Platform(small_profile(modules=["other"]), plugins=[other])

    with pytest.raises(ConfigurationError) as refused:
        build_schema(platform)

    assert str(refused.value) == (
        f"{__name__}.notes: a list of Note, which is not exposed. Expose it with the fields that it shows."
    )


def test_several_platforms_live_in_one_process() -> None:
    with_garden = Platform(small_profile(modules=["garden"]), plugins=[garden.plugin])
    without = Platform(small_profile(), plugins=[garden.plugin])

    assert "plantTree" in build_schema(with_garden).as_str()
    assert "plantTree" not in build_schema(without).as_str()
    assert "garden.plant" in with_garden.permissions
    assert "garden.plant" not in without.permissions


def test_an_installation_needs_no_test_tool() -> None:
    program = (
        "import sys; sys.modules.update({name: None for name in ('pytest', 'hypothesis', '_pytest')})\n"
        "from msingi.platform import Platform; from msingi.trial import small_profile\n"
        "from msingi.http import create_app\n"
        "create_app(Platform(small_profile(modules=['registry'])))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", profile_names())
def test_every_shipped_profile_loads_and_names_its_levels(name: str) -> None:
    profile = load_profile(name, environment=NO_ENVIRONMENT)

    assert profile.name == name
    assert profile.levels[0].code == "country"
    assert all("fr" in level.names and "en" in level.names for level in profile.levels)
    assert {"fr", "en"} <= set(profile.languages)
    assert profile.security.keys == []


@pytest.mark.rule("CH-90")
def test_the_application_bears_the_names_of_the_country() -> None:
    names = {
        load_profile(name, environment=NO_ENVIRONMENT).branding.application["fr"] for name in profile_names()
    }

    assert all("msingi" not in name.lower() for name in names)


def test_layers_override_one_another(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        (Path("settings") / "cameroon.toml").read_text() + "\n[server]\nthreads = 5\nbody_limit = 20000\n"
    )
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "security__index_key").write_text("from a file")

    profile = load_profile(
        str(own),
        environment={"MSINGI__SERVER__THREADS": "7", "MSINGI_SECRETS_DIR": str(secrets)},
        overrides={"name": "mine"},
    )

    assert (profile.name, profile.server.threads, profile.server.body_limit) == ("mine", 7, 20_000)
    assert profile.security.index_key.get_secret_value() == "from a file"
    assert profile.security.session_hours == 10.0


@pytest.mark.parametrize(
    ("environment", "overrides", "path"),
    [
        ({"MSINGI__SERVR__THREADS": "1"}, {}, "MSINGI__SERVR__THREADS"),
        ({"MSINGI__SERVER__THREDS": "1"}, {}, "server.threds"),
        ({}, {"timezone": "Africa/Duala"}, "timezone"),
        ({}, {"security": {"lock_after": 0}}, "security.lock_after"),
    ],
)
def test_a_typo_is_named_by_its_path(
    environment: dict[str, str], overrides: dict[str, object], path: str
) -> None:
    with pytest.raises(ConfigurationError, match=path.replace(".", r"\.")):
        load_profile("cameroon", environment=environment, overrides=overrides)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('currency = "XAF"', 'currency = "CFA"', "CFA is not an active ISO 4217 currency"),
        ('currency = "XAF"', 'currency = "XAF"\nworking_days = [1, 9]', "numbers from 1"),
        ('currency = "XAF"', 'currency = "XAF', r"mine\.toml is not valid TOML"),
    ],
)
def test_a_wrong_value_or_a_broken_file_is_named(tmp_path: Path, before: str, after: str, told: str) -> None:
    shipped = (ROOT / "settings" / "cameroon.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(shipped.replace(before, after), encoding="utf-8")

    with pytest.raises(ConfigurationError, match=told):
        load_profile(str(mine))


def test_an_unknown_profile_lists_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="algeria, burundi, cameroon, car, tanzania"):
        load_profile("atlantis", environment=NO_ENVIRONMENT)


@pytest.mark.rule("X-10")
def test_profiles_are_compared_setting_by_setting() -> None:
    left, right = (
        profile.model_dump(mode="json")
        for profile in (small_profile(), small_profile(currency="TZS", server={"threads": 3}))
    )

    assert differing(left, right) == ["currency: 'XAF' -> 'TZS'", "server.threads: 16 -> 3"]
    assert differing(left, left) == []


def test_two_types_of_one_name_stop_the_start() -> None:
    other = Plugin("other", requires=["garden"])

    class TreeInput(BaseModel):
        wish: int = Field(description="Something else.")

    @other.mutation(allow=garden.PLANT)
    def wish_tree(work: Work, input: TreeInput) -> int:  # noqa: A002 - the name that callers see
        """Wish for a tree."""
        return input.wish

    platform = Platform(small_profile(modules=["garden", "other"]), plugins=[garden.plugin, other])

    with pytest.raises(ConfigurationError, match="both define a type named TreeInput"):
        build_schema(platform)
