"""A database is worked on only with the keys that it was filled with."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from msingi.checks import check_installation
from msingi.errors import ConfigurationError
from msingi.kernel.installation import refuse_mixing
from msingi.kernel.models import Installation
from msingi.kernel.readiness import refuse_unready
from msingi.kernel.resealing import reseal
from msingi.keyring import generate_key
from msingi.migrate import prepare
from msingi.platform import Platform
from msingi.testing import MakePlatform

OLD, NEW, INDEX = generate_key(), generate_key(), generate_key()
With = Callable[..., Platform]


@pytest.fixture
def with_keys(make_platform: MakePlatform) -> With:
    def make(*keys: str, index: str = INDEX) -> Platform:
        return make_platform(security={"keys": list(keys), "index_key": index})

    prepare(make(OLD))
    return make


@pytest.mark.rule("attack 98")
@pytest.mark.parametrize(
    ("keys", "index", "told"),
    [((OLD,), generate_key(), "security.index_key"), ((NEW,), INDEX, "security.keys")],
    ids=["another index key", "another key"],
)
def test_other_keys_are_refused_before_anything_is_written(
    with_keys: With, keys: tuple[str, ...], index: str, told: str
) -> None:
    wrong = with_keys(*keys, index=index)

    for step in (refuse_unready, prepare):
        with pytest.raises(ConfigurationError, match=told):
            step(wrong)
    assert [str(problem).partition(":")[0] for problem in check_installation(wrong)] == [told]


@pytest.mark.rule("attack 98")
def test_a_new_key_is_welcome_and_the_former_one_goes_after_the_sealing(with_keys: With) -> None:
    rotated = with_keys(NEW, OLD)
    refuse_mixing(rotated)
    with pytest.raises(ConfigurationError, match=r"security\.keys"):
        refuse_mixing(with_keys(NEW))

    with rotated.work() as work:
        reseal(work)

    refuse_mixing(with_keys(NEW))


@pytest.mark.rule("attack 98")
def test_a_database_from_before_gets_its_proof_with_the_next_migration(with_keys: With) -> None:
    platform = with_keys(OLD)
    with platform.work() as work:
        row = work.session.scalars(select(Installation)).one()
        row.key_proof = row.index_proof = None
    refuse_mixing(with_keys(NEW))

    prepare(platform)

    with pytest.raises(ConfigurationError, match=r"security\.keys"):
        refuse_mixing(with_keys(NEW))
