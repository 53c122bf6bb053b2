"""A text that its column does not take is refused alike on both engines."""

from typing import Any

import garden
import pytest
from sqlalchemy import func, select

from msingi.errors import InvalidInput
from msingi.platform import Platform
from msingi.rbac.models import Jurisdiction
from msingi.testing import AsUser, MakePlatform

LONG = "N" * 201


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden.plugin)


@pytest.mark.rule("attack 57")
def test_a_mutation_with_an_overlong_text_names_the_field_and_writes_nothing(
    platform: Platform, as_user: AsUser
) -> None:
    actor = as_user(*platform.permissions, national=True)
    add = 'mutation($name: String!) { addPlace(code: "CM", name: $name) { name } }'

    refused: dict[str, Any] = platform.graphql.run(add, {"name": LONG}, actor=actor, language="en")

    assert refused["data"] is None
    assert refused["errors"][0]["extensions"]["code"] == "core.invalid_input"
    assert refused["errors"][0]["message"] == "Some fields are not valid: name: at most 200 characters."
    with platform.work() as work:
        assert work.session.scalar(select(func.count()).select_from(Jurisdiction)) == 0


@pytest.mark.rule("attack 57")
def test_new_and_changed_records_and_bulk_rows_are_all_measured(platform: Platform) -> None:
    with platform.work() as work:
        work.add(garden.Owner(name="x" * 50))
    with pytest.raises(InvalidInput), platform.work() as work:
        work.add(garden.Owner(name="x" * 51))
    with pytest.raises(InvalidInput), platform.work() as work:
        work.insert_rows(garden.Owner, [{"name": "short"}, {"name": "x" * 51}])
    with pytest.raises(InvalidInput), platform.work() as work:
        work.session.scalars(select(garden.Owner)).one().name = "y" * 51

    with platform.work() as work:
        assert work.session.scalars(select(garden.Owner.name)).all() == ["x" * 50]
