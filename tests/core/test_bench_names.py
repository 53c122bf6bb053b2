"""A benchmark of a plugin does not take the name of another one."""

import pytest

from msingi.bench import collect
from msingi.errors import ConfigurationError
from msingi.plugin import Plugin


@pytest.mark.parametrize("name", ["permission_check", "sales"])
def test_two_benchmarks_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    plugins = {one: Plugin(one) for one in ("market", "shop")}
    plugins["shop"].benchmark(name)(len)
    if name == "sales":
        plugins["market"].benchmark(name)(len)
    monkeypatch.setattr(collect, "installed_plugins", lambda: plugins)
    monkeypatch.setattr(collect, "load_parts", lambda *_loading: None)

    with pytest.raises(ConfigurationError, match=f"shop: {name} is declared twice"):
        collect.known_benchmarks()
