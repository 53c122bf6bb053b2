"""The GraphQL face: signing in, oneself, accounts, tokens; and what must not be seen."""

from typing import Any

import pyotp
import pytest

from msingi.actor import ANONYMOUS, Actor
from msingi.auth import errors
from msingi.auth.plugin import CREATE_TOKENS, MANAGE_USERS, READ_CONTACTS, READ_USERS
from msingi.errors import DomainError
from msingi.testing import AsUser

PASSWORD = "un mil et sept baobabs"
LOGIN = (
    "mutation ($name: String!, $word: String!) { login(username: $name, password: $word) { token userId } }"
)


def run(town: Any, query: str, actor: Actor = ANONYMOUS, **variables: Any) -> Any:
    response = town.platform.graphql.run(query, variables, actor=actor, origin=town.origin())
    return (
        [error["extensions"]["code"] for error in response["errors"]]
        if response.get("errors")
        else response["data"]
    )


def test_sign_in_me_and_sign_out(town: Any) -> None:
    user = town.person(language="fr")
    town.grant(user, "reader", "auth.read_users")
    signed = run(town, LOGIN, name="amina", word=PASSWORD)["login"]
    actor = town.actor(signed["token"])

    me = run(
        town,
        "{ me { id username displayName language secondFactor permissions grants { place permissions } } }",
        actor,
    )["me"]
    assert me == {
        "id": str(user.id),
        "username": "amina",
        "displayName": "Amina D.",
        "language": "fr",
        "secondFactor": False,
        "permissions": ["auth.read_users"],
        "grants": [{"place": "North", "permissions": ["auth.read_users"]}],
    }
    assert signed["userId"] == str(user.id)

    assert run(town, "mutation { logout }", actor) == {"logout": True}
    assert town.is_dead(signed["token"])


def test_nobody_has_no_self(town: Any) -> None:
    assert run(town, "{ me { id } }") == ["core.not_authenticated"]
    assert run(town, "mutation { logout }") == ["core.not_authenticated"]


@pytest.mark.rule("attack 4", "attack 44")
def test_aliases_end_with_the_first_wrong_attempt_and_all_count(town: Any) -> None:
    town.person()
    guess = 'login(username: "amina", password: "guess") { token }'
    document = "mutation { " + " ".join(f"a{number}: {guess}" for number in range(6)) + " }"

    codes = [run(town, document) for _ in range(5)]

    assert codes == [["auth.wrong_login"]] * 4 + [["auth.try_later"]]
    assert town.audited("auth.login_failed") == 4
    assert run(town, LOGIN, name="amina", word=PASSWORD) == ["auth.try_later"]


@pytest.mark.rule("attack 4", "attack 46")
def test_a_right_guess_among_wrong_ones_opens_nothing(town: Any) -> None:
    town.person()
    document = (
        'mutation { a: login(username: "amina", password: "guess") { token } '
        f'b: login(username: "amina", password: "{PASSWORD}") {{ token }} }}'
    )

    response = town.platform.graphql.run(document, {}, actor=ANONYMOUS, origin=town.origin())

    assert "msi_" not in str(response)


@pytest.mark.rule("attack 45")
def test_the_answer_tells_nothing_about_the_account(town: Any) -> None:
    town.person()

    answers = [
        town.platform.graphql.run(
            LOGIN, {"name": name, "word": "wrong"}, actor=ANONYMOUS, origin=town.origin(), language="fr"
        )
        for name in ("amina", "nobody")
    ]

    assert answers[0] == answers[1]
    assert answers[0]["errors"][0]["message"].startswith("Le nom d'utilisateur ou le mot de passe est faux")


def test_an_administrator_creates_and_closes_an_account(town: Any, as_user: AsUser) -> None:
    chief = as_user(MANAGE_USERS, READ_USERS, at=town.places["north"])
    made = run(
        town,
        "mutation ($user: NewUser!) { createUser(user: $user) "
        "{ oneTimePassword user { id username status version email } } }",
        chief,
        user={
            "username": "Bouba",
            "displayName": "Bouba N.",
            "jurisdictionId": str(town.places["north"]),
            "email": "b@sante.test",
        },
    )["createUser"]
    assert (made["user"]["username"], made["user"]["status"], made["user"]["email"]) == (
        "bouba",
        "INVITED",
        None,
    )
    town.login("bouba", made["oneTimePassword"], new_password=PASSWORD)

    closed = run(
        town,
        'mutation ($id: UUID!) { setUserStatus(userId: $id, status: SUSPENDED, reason: "left") { status } }',
        chief,
        id=made["user"]["id"],
    )

    assert closed == {"setUserStatus": {"status": "SUSPENDED"}}
    assert town.refused_login("bouba", PASSWORD) == "auth.wrong_login"


@pytest.mark.rule("attack 15", "attack 19")
def test_accounts_are_listed_in_ones_places_only(town: Any, as_user: AsUser) -> None:
    town.person("amina", phone="+237699000001")
    town.person("bouba", at="south")
    query = "{ users { totalCount nodes { username phone lockedUntil hasSecondFactor lastLoginAt } } }"

    plain = run(town, query, as_user(READ_USERS, at=town.places["north"]))["users"]
    assert (plain["totalCount"], [node["username"] for node in plain["nodes"]]) == (1, ["amina"])
    assert (plain["nodes"][0]["phone"], plain["nodes"][0]["hasSecondFactor"]) == (None, False)
    assert plain["nodes"][0]["lastLoginAt"].startswith("2026-03-02T09:00:00")

    trusted = as_user(READ_USERS, READ_CONTACTS, at=town.places["north"])
    assert run(town, query, trusted)["users"]["nodes"][0]["phone"] == "+237699000001"
    assert run(town, query, as_user(at=town.places["north"])) == ["core.forbidden"]


def test_a_lock_is_seen_and_lifted(town: Any, as_user: AsUser) -> None:
    user = town.person()
    chief = as_user(MANAGE_USERS, READ_USERS, at=town.places["north"])
    for _ in range(10):
        town.refused_login("amina", "wrong")
        town.clock.move(seconds=40)
    query = "{ users { nodes { lockedUntil } } }"

    assert run(town, query, chief)["users"]["nodes"][0]["lockedUntil"] is not None
    run(town, "mutation ($id: UUID!) { unlockUser(userId: $id) { id } }", chief, id=str(user.id))

    assert run(town, query, chief)["users"]["nodes"][0]["lockedUntil"] is None


@pytest.mark.rule("attack 46")
def test_the_second_factor_through_the_door(town: Any) -> None:
    town.person()
    actor = town.actor(town.login("amina").token)
    begun = run(
        town,
        "mutation ($word: String!) { enrolSecondFactor(password: $word) { secret address } }",
        actor,
        word=PASSWORD,
    )["enrolSecondFactor"]
    code = pyotp.TOTP(begun["secret"]).at(town.clock())

    done = run(
        town,
        "mutation ($code: String!) { confirmSecondFactor(code: $code) { token backupCodes } }",
        actor,
        code=code,
    )["confirmSecondFactor"]

    assert len(done["backupCodes"]) == 10
    assert town.actor(done["token"]).name == "amina"
    assert run(town, LOGIN, name="amina", word=PASSWORD) == ["auth.code_needed"]


@pytest.mark.rule("attack 43")
def test_an_api_token_through_the_door(town: Any) -> None:
    user = town.person()
    town.grant(user, "clerk", CREATE_TOKENS.name, "auth.read_users")
    actor = town.actor(town.login("amina").token)
    create = (
        'mutation ($end: DateTime!) { createApiToken(name: "export", permissions: ["auth.read_users"], '
        "expiresAt: $end) { token apiToken { id name permissions } } }"
    )

    made = run(town, create, actor, end="2026-03-20T00:00:00Z")["createApiToken"]
    token = town.actor(made["token"])

    assert made["apiToken"]["permissions"] == ["auth.read_users"]
    assert token.grants.names() == {"auth.read_users"}
    assert run(town, create, token, end="2026-03-20T00:00:00Z") == ["core.forbidden"]
    assert run(town, LOGIN, token, name="amina", word=PASSWORD) == ["auth.session_needed"]
    listed = run(town, "{ myApiTokens { nodes { name revokedAt } } }", actor)["myApiTokens"]["nodes"]
    assert listed == [{"name": "export", "revokedAt": None}]

    revoke = "mutation ($id: UUID!) { revokeApiToken(tokenId: $id) { revokedAt } }"
    run(town, revoke, actor, id=made["apiToken"]["id"])
    assert town.is_dead(made["token"])


@pytest.mark.rule("attack 18", "attack 22")
def test_no_secret_column_is_in_the_schema(town: Any) -> None:
    fields = {
        name for kind in ("User", "ApiToken") for name in town.platform.graphql.core.type_map[kind].fields
    }

    assert not fields & {"passwordHash", "tokenHash", "generation", "emailIndex", "phoneIndex", "secret"}
    assert town.platform.graphql.run(
        "mutation ($user: NewUser!) { createUser(user: $user) { oneTimePassword } }",
        {"user": {"username": "x", "status": "ACTIVE"}},
        actor=ANONYMOUS,
    )["errors"]


@pytest.mark.parametrize(
    ("held", "lacking"), [((), "auth.manage_users"), ((MANAGE_USERS,), "auth.read_users")]
)
def test_the_refused_right_is_the_one_that_the_schema_names_first(
    town: Any, as_user: AsUser, held: tuple[Any, ...], lacking: str
) -> None:
    actor = as_user(CREATE_TOKENS, *held, at=town.places["north"])
    given = {"username": "x", "displayName": "X", "jurisdictionId": str(town.places["north"])}

    answer = town.platform.graphql.run(
        "mutation ($user: NewUser!) { createUser(user: $user) { oneTimePassword } }",
        {"user": given},
        actor=actor,
        origin=town.origin(),
    )

    assert [error["extensions"]["params"] for error in answer["errors"]] == [{"permission": lacking}]


@pytest.mark.parametrize(
    "mutation",
    [
        'resetPassword(userId: "00000000-0000-7000-8000-000000000000") { oneTimePassword }',
        'updateUser(userId: "00000000-0000-7000-8000-000000000000", changes: {displayName: "x"}) { id }',
        'unlockUser(userId: "00000000-0000-7000-8000-000000000000") { id }',
        'resetSecondFactor(userId: "00000000-0000-7000-8000-000000000000") { id }',
        'bindIdentity(userId: "00000000-0000-7000-8000-000000000000", subject: "x") { id }',
        'unbindIdentities(userId: "00000000-0000-7000-8000-000000000000") { id }',
        'setUserStatus(userId: "00000000-0000-7000-8000-000000000000", status: ACTIVE) { id }',
    ],
)
def test_administration_needs_its_right(town: Any, as_user: AsUser, mutation: str) -> None:
    assert run(town, f"mutation {{ {mutation} }}", as_user(READ_USERS, at=town.places["north"])) == [
        "core.forbidden"
    ]
    assert run(town, f"mutation {{ {mutation} }}") == ["core.not_authenticated"]


def test_every_refusal_speaks_french(town: Any) -> None:
    refusals = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, DomainError) and kind is not DomainError
    ]

    assert len(refusals) == 21
    assert all(kind.code.startswith("auth.") for kind in refusals)
    for kind in refusals:
        assert town.platform.texts.get(kind.template, "fr") != kind.template
