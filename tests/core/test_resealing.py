"""Key rotation on a running database: old values are sealed again, then the old key can go."""

import pytest
from sqlalchemy import event

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


@pytest.mark.rule("attack 98", "F40")
def test_what_somebody_writes_meanwhile_is_not_overwritten(
    make_platform: MakePlatform, engine_name: str
) -> None:
    if engine_name == "sqlite":
        pytest.skip("writers of a file take turns")
    keys = {"keys": [NEW, OLD], "index_key": INDEX}
    with make_platform(security={"keys": [OLD], "index_key": INDEX}).work() as work:
        place = add_places(work, [NewPlace(code="CM", name="Cameroun")])["CM"]
        wish = NewUser(username="awa", display_name="Awa", jurisdiction_id=place, phone="+237670000001")
        user, _ = create_user(work, wish)
    rotated, other = make_platform(security=keys), make_platform(security=keys)
    changed: list[str] = []

    @event.listens_for(rotated.database.write, "after_cursor_execute")
    def change(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT auth_user.id, auth_user.phone") and not changed:
            changed.append(statement)
            with other.work() as beside:
                beside.get(User, user.id).phone = "+237699999999"

    with rotated.work() as work:
        reseal(work)

    assert len(changed) == 1
    with other.work(writes=False) as work:
        assert work.get(User, user.id).phone == "+237699999999"
