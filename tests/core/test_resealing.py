"""Key rotation on a running database: old values are sealed again, then the old key can go."""

import pytest

from msingi.auth.models import User
from msingi.auth.services.accounts import NewUser, create_user
from msingi.kernel.resealing import reseal
from msingi.keyring import generate_key
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import MakePlatform

OLD, NEW, INDEX = generate_key(), generate_key(), generate_key()


@pytest.mark.rule("attack 98")
def test_old_values_are_sealed_again_and_the_old_key_can_go(make_platform: MakePlatform) -> None:
    before = make_platform(security={"keys": [OLD], "index_key": INDEX})
    with before.work() as work:
        place = add_places(work, [NewPlace(code="CM", name="Cameroun")])["CM"]
        user, _ = create_user(
            work, NewUser(username="awa", display_name="Awa", jurisdiction_id=place, phone="+237670000001")
        )

    rotated = make_platform(security={"keys": [NEW, OLD], "index_key": INDEX})
    with rotated.work() as work:
        counts = reseal(work)
    with rotated.work() as work:
        again = reseal(work)

    after = make_platform(security={"keys": [NEW], "index_key": INDEX})
    with after.work(writes=False) as work:
        assert work.get(User, user.id).phone == "+237670000001"
    assert counts["auth_user.phone"] == 1
    assert again == {}
