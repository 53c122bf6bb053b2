"""Policy holders: corrected, closed, joined and left by members; their own people see and prepare what is theirs."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from tests.modules.msingi_insurance.contract_fixtures import holder_with, plan
from tests.modules.msingi_insurance.money_fixtures import TODAY, Till, francs, till_of

from msingi.actor import Actor
from msingi.auth.services.accounts import NewUser, create_user
from msingi.errors import NotFound
from msingi.ids import new_id
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.models.contracts import (
    Contract,
    ContractLine,
    PlanBundle,
    PlanBundleItem,
    PolicyHolderMember,
)
from msingi_insurance.models.family import Insuree
from msingi_insurance.payment_errors import DutiesConflict, EndsBeforeItBegins, HolderClosed
from msingi_insurance.plugin import ACT_FOR_HOLDERS, APPROVE_CONTRACTS, EDIT_CONTRACTS, READ_CONTRACTS
from msingi_insurance.rules.contract import ContractState
from msingi_insurance.services.contracts import (
    ContractDraft,
    approve_contract,
    counter_contract,
    create_contract,
    renew_contract,
    submit_contract,
)
from msingi_insurance.services.holder_users import add_user, remove_user
from msingi_insurance.services.plans import BundleChanges, PlanDraft, change_bundle, end_plan
from msingi_insurance.services.policy_holders import (
    HolderChanges,
    HolderDraft,
    create_holder,
    end_members,
    update_holder,
)

YEAR_END = date(2026, 12, 31)
OWN = """{ ownPolicyHolders { id code name closedOn bundles { code name } memberCount contracts {
  code amendment state dateFrom dateTo notified  due  paymentDue reason } } }"""
MEMBERS = """query($holder: UUID!, $first: Int!, $after: String) {
  ownMembers(holderId: $holder, first: $first, after: $after) {
    insuranceNumber bundle income  coveredTo } }"""
DECLARE = """mutation($holder: UUID!, $members: [DeclaredMember!]!) {
  declareOwnMembers(holderId: $holder, members: $members) }"""
WITHDRAW = """mutation($holder: UUID!, $numbers: [String!]!, $day: LocalDate!) {
  withdrawOwnMembers(holderId: $holder, insuranceNumbers: $numbers, lastDay: $day) }"""
PREPARE = "mutation($input: ContractDraft!) { createOwnContract(input: $input) { id state } }"
SEND = "mutation($id: UUID!) { submitOwnContract(id: $id) { id state notified  } }"


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


@pytest.fixture
def income(till: Till) -> UUID:
    return plan(till, "INCOME", "contribution_from_income", percent="2.5")


def _account(till: Till, name: str) -> UUID:
    place = till.scheme.places["V1"]
    wish = NewUser(username=name, display_name=name, jurisdiction_id=place)
    made: UUID = till.act(lambda work: create_user(work, wish))[0].id
    return made


def _agent(till: Till, *holders: UUID, name: str = "agent") -> Actor:
    """Somebody who acts for these policy holders and may do nothing else."""
    account = _account(till, name)
    for holder in holders:
        till.act(lambda work, holder=holder: add_user(work, holder, account))
    actor = till.user(ACT_FOR_HOLDERS, at="V3")
    return Actor(actor.kind, id=account, name=name, grants=actor.grants)


def _draft(holder_id: UUID, first: date = TODAY, last: date = YEAR_END) -> ContractDraft:
    return ContractDraft(holder_id=holder_id, date_from=first, date_to=last)


def _numbers(till: Till) -> list[str]:
    with till.scheme.platform.work() as work:
        return list(work.session.scalars(select(Insuree.number).order_by(Insuree.number)))


def test_a_correction_changes_what_it_names_and_a_stale_one_is_refused(till: Till, income: UUID) -> None:
    holder_id = holder_with(till, 10_000, plans=(income,))
    update = """mutation($id: UUID!, $input: HolderChanges!, $version: Int) {
      updatePolicyHolder(id: $id, input: $input, expectedVersion: $version) {
        name legalForm address phone closedOn version } }"""
    given: dict[str, Any] = {"id": str(holder_id), "input": {"name": " Acme  SA ", "phone": "+237650000001"}}
    chief = till.user(READ_CONTRACTS, EDIT_CONTRACTS)

    first = till.scheme.run(update, given | {"version": 1}, actor=chief)
    cleared = till.scheme.run(
        update, {"id": str(holder_id), "input": {"phone": None, "name": None}}, actor=chief
    )
    stale = till.scheme.refused(update, given | {"version": 1}, actor=chief)

    assert first["updatePolicyHolder"] == {
        "name": "Acme SA",
        "legalForm": "",
        "address": "",
        "phone": "+237650000001",
        "closedOn": None,
        "version": 2,
    }
    assert (cleared["updatePolicyHolder"]["phone"], cleared["updatePolicyHolder"]["name"]) == (
        None,
        "Acme SA",
    )
    assert stale == "core.stale_version"


@pytest.mark.rule("PRM-7")
def test_a_closed_holder_is_covered_until_the_day_before(till: Till, income: UUID) -> None:
    holder_id = holder_with(till, 10_000, plans=(income,))
    drafted = till.act(lambda work: create_contract(work, _draft(holder_id)))
    short = till.act(lambda work: create_contract(work, _draft(holder_id, last=date(2026, 6, 30))))
    till.act(lambda work: update_holder(work, holder_id, HolderChanges(closed_on=date(2026, 7, 1))))

    with pytest.raises(HolderClosed) as refusal:
        till.act(lambda work: create_contract(work, _draft(holder_id)))
    with pytest.raises(HolderClosed):
        till.act(lambda work: submit_contract(work, drafted.id))
    submitted = till.act(lambda work: submit_contract(work, short.id))
    till.act(lambda work: update_holder(work, holder_id, HolderChanges(closed_on=date(2026, 6, 30))))
    with pytest.raises(HolderClosed):
        till.act(lambda work: approve_contract(work, short.id))

    assert refusal.value.params == {"code": "ACME", "closed_on": date(2026, 7, 1)}
    assert submitted.state is ContractState.NEGOTIABLE


@pytest.mark.rule("PRM-7")
def test_who_left_is_in_no_contract_that_begins_later(till: Till, income: UUID) -> None:
    holder_id = holder_with(till, 10_000, 20_000, plans=(income,))
    with till.scheme.platform.work() as work:
        stays, leaves = work.session.scalars(
            select(PolicyHolderMember.insuree_id).order_by(PolicyHolderMember.income_minor)
        )

    ended = till.act(lambda work: end_members(work, holder_id, [leaves], last_day=TODAY))
    with pytest.raises(NotFound):
        till.act(lambda work: end_members(work, holder_id, [stays, new_id()], last_day=TODAY))
    same_day = till.act(lambda work: create_contract(work, _draft(holder_id)))
    next_day = till.act(lambda work: create_contract(work, _draft(holder_id, date(2026, 3, 3))))
    for contract in (same_day, next_day):
        till.act(lambda work, contract=contract: submit_contract(work, contract.id))

    assert [member.valid_to for member in ended] == [date(2026, 3, 3)]
    with till.scheme.platform.work() as work:
        lines = work.session.execute(select(ContractLine.contract_id, ContractLine.insuree_id)).all()
    assert set(map(tuple, lines)) == {
        (same_day.id, stays),
        (same_day.id, leaves),
        (next_day.id, stays),
    }


@pytest.mark.rule("PRM-7")
def test_a_plan_ends_and_a_bundle_holds_other_plans(till: Till, income: UUID) -> None:
    holder_id = holder_with(till, 10_000, plans=(income,))
    dearer = plan(till, "DEARER", "contribution_from_income", percent="5")
    with till.scheme.platform.work() as work:
        bundle_id = work.session.scalars(select(PlanBundleItem.bundle_id)).one()
    contract = till.act(lambda work: create_contract(work, _draft(holder_id, last=date(2026, 4, 1))))

    before = till.act(lambda work: submit_contract(work, contract.id)).notified
    till.act(lambda work: counter_contract(work, contract.id, reason="other plan"))
    changes = BundleChanges(name="New", plan_ids=[dearer])
    changed = till.act(lambda work: change_bundle(work, bundle_id, changes, expected_version=1))
    after = till.act(lambda work: submit_contract(work, contract.id)).notified
    ended = till.act(lambda work: end_plan(work, dearer, last_day=date(2026, 1, 31)))
    with pytest.raises(EndsBeforeItBegins):
        till.act(lambda work: end_plan(work, dearer, last_day=date(2025, 12, 31)))
    with pytest.raises(NotFound):
        till.act(lambda work: change_bundle(work, bundle_id, BundleChanges(plan_ids=[new_id()])))
    with pytest.raises(ValidationError):
        PlanDraft(
            code="X", name="X", rule="contribution_from_income", parameters={}, product_id=till.product.id,
            valid_from=TODAY, valid_to=date(2026, 3, 1),
        )  # fmt: skip

    assert (before, after) == (francs(250), francs(500))
    assert (changed.name, changed.version, ended.valid_to) == ("New", 2, date(2026, 1, 31))


@pytest.mark.rule("attack 24")
def test_own_people_prepare_a_contract_that_the_scheme_approves(till: Till, income: UUID) -> None:
    holder_id = holder_with(till, 10_000, plans=(income,))
    till.scheme.enrol()
    known, new = _numbers(till)
    agent = _agent(till, holder_id)
    members = [
        {"insuranceNumber": f" {new}", "bundle": "B1", "income": "20000 XAF"},
        {"insuranceNumber": known, "bundle": "B1", "income": "12000 XAF"},
    ]

    declared = till.scheme.run(DECLARE, {"holder": str(holder_id), "members": members}, actor=agent)
    page = till.scheme.run(MEMBERS, {"holder": str(holder_id), "first": 1}, actor=agent)["ownMembers"]
    following = {"holder": str(holder_id), "first": 9, "after": page[0]["insuranceNumber"]}
    rest = till.scheme.run(MEMBERS, following, actor=agent)["ownMembers"]
    draft = {"holderId": str(holder_id), "dateFrom": "2026-03-02", "dateTo": "2026-04-01"}
    made = till.scheme.run(PREPARE, {"input": draft}, actor=agent)["createOwnContract"]
    sent = till.scheme.run(SEND, {"id": made["id"]}, actor=agent)["submitOwnContract"]
    (own,) = till.scheme.run(OWN, actor=agent)["ownPolicyHolders"]
    leave = {"holder": str(holder_id), "numbers": [known], "day": "2026-03-02"}
    early = [
        till.scheme.refused(query, variables, actor=agent)
        for query, variables in ((WITHDRAW, leave), (DECLARE, {"holder": str(holder_id), "members": members}))
    ]
    till.act(lambda work: counter_contract(work, UUID(made["id"]), reason="one of them left"))
    withdrawn = till.scheme.run(WITHDRAW, leave, actor=agent)

    assert declared == {"declareOwnMembers": 2}
    assert [(one["insuranceNumber"], one["income"]) for one in (*page, *rest)] == sorted(
        [(known, "12000 XAF"), (new, "20000 XAF")]
    )
    assert (made["state"], sent["state"], sent["notified"]) == ("DRAFT", "NEGOTIABLE", "800 XAF")
    assert (own["code"], own["memberCount"], len(own["contracts"])) == ("ACME", 2, 1)
    assert own["contracts"][0]["notified"] == "800 XAF"
    assert early == ["insurance.contract_before_approval"] * 2
    assert withdrawn == {"withdrawOwnMembers": 1}


@pytest.mark.rule("attack 16")
def test_who_acts_for_one_holder_reaches_no_other(till: Till, income: UUID) -> None:
    ours = holder_with(till, 10_000, plans=(income,))
    draft = HolderDraft(code="OTHER", name="Other", jurisdiction_id=till.scheme.places["V3"])
    theirs = till.act(lambda work: create_holder(work, draft)).id
    foreign = till.act(lambda work: create_contract(work, _draft(theirs))).id
    own = till.act(lambda work: create_contract(work, _draft(ours))).id
    agent, stranger = _agent(till, ours), _agent(till, name="stranger")
    number = _numbers(till)[0]
    member = {"insuranceNumber": number, "bundle": "B1"}
    asked: list[tuple[Actor, str, dict[str, Any]]] = [
        (agent, MEMBERS, {"holder": str(theirs), "first": 5}),
        (agent, DECLARE, {"holder": str(theirs), "members": [member]}),
        (agent, WITHDRAW, {"holder": str(theirs), "numbers": [number], "day": "2026-03-02"}),
        (agent, PREPARE, {"input": _plain(_draft(theirs))}),
        (agent, SEND, {"id": str(foreign)}),
        (stranger, SEND, {"id": str(own)}),
        (stranger, MEMBERS, {"holder": str(ours), "first": 5}),
    ]

    refusals = {till.scheme.refused(query, variables, actor=actor) for actor, query, variables in asked}

    assert refusals == {"core.not_found"}
    assert till.scheme.run(OWN, actor=stranger) == {"ownPolicyHolders": []}
    assert till.scheme.refused(OWN, actor=till.user(READ_CONTRACTS, EDIT_CONTRACTS)) == "core.forbidden"


def test_a_declaration_names_the_lines_of_unknown_numbers_and_of_foreign_bundles(
    till: Till, income: UUID
) -> None:
    ours = holder_with(till, 10_000, plans=(income,))
    agent = _agent(till, ours)
    elsewhere = PlanBundle(code="B2", name="Other", jurisdiction_id=till.scheme.places["D2"])
    till.act(lambda work: work.add(elsewhere))
    member = {"insuranceNumber": _numbers(till)[0], "bundle": "B1"}

    unknown, not_offered = (
        till.scheme.platform.graphql.run(
            DECLARE, {"holder": str(ours), "members": [member, member | wrong]}, actor=agent
        )["errors"][0]["extensions"]
        for wrong in ({"insuranceNumber": "X"}, {"bundle": "B2"})
    )
    (shown,) = till.scheme.run(OWN, actor=agent)["ownPolicyHolders"]

    assert unknown == {"code": "insurance.numbers_unknown", "params": {"lines": "2"}}
    assert not_offered == {
        "code": "insurance.bundle_not_offered",
        "params": {"lines": "2", "known": "B1"},
    }
    assert shown["bundles"] == [{"code": "B1", "name": "Bundle"}]


@pytest.mark.rule("attack 24")
def test_who_acts_for_a_holder_approves_nothing_of_it(till: Till, income: UUID) -> None:
    ours = holder_with(till, 10_000, plans=(income,))
    own = till.act(lambda work: create_contract(work, _draft(ours))).id
    agent, chief = _agent(till, ours), till.user(APPROVE_CONTRACTS)
    judge = Actor(chief.kind, id=agent.id, name="judge", grants=chief.grants)
    till.act(lambda work: submit_contract(work, own))

    with (
        pytest.raises(DutiesConflict),
        till.scheme.platform.work(judge) as work,
        work.allowed(APPROVE_CONTRACTS),
    ):
        approve_contract(work, own)
    till.act(lambda work: remove_user(work, ours, _id(agent)))
    with pytest.raises(NotFound):
        till.act(lambda work: remove_user(work, ours, _id(agent)))
    with pytest.raises(NotFound):
        till.act(lambda work: add_user(work, ours, new_id()))

    assert till.scheme.run(OWN, actor=agent) == {"ownPolicyHolders": []}


def test_accounts_of_a_holder_are_named_and_shown_to_those_who_prepare_contracts(
    till: Till, income: UUID
) -> None:
    holder_id, account = holder_with(till, 10_000, plans=(income,)), _account(till, "agent")
    chief, reader = till.user(READ_CONTRACTS, EDIT_CONTRACTS), till.user(READ_CONTRACTS)
    change = "mutation($holder: UUID!, $user: UUID!) { %s(holderId: $holder, userId: $user) { id } }"
    named = {"holder": str(holder_id), "user": str(account)}
    users = "{ policyHolders { nodes { users { userId } } } }"

    for _ in range(2):
        till.scheme.run(change % "addPolicyHolderUser", named, actor=chief)
    shown = till.scheme.run(users, actor=chief)["policyHolders"]["nodes"]
    hidden = till.scheme.refused(users, actor=reader)
    till.scheme.run(change % "removePolicyHolderUser", named, actor=chief)

    assert shown == [{"users": [{"userId": str(account)}]}]
    assert hidden == "core.forbidden"
    assert till.scheme.run(users, actor=chief)["policyHolders"]["nodes"] == [{"users": []}]


def test_a_holder_that_was_closed_meanwhile_is_not_renewed(
    till: Till, income: UUID, frozen_clock: FrozenClock
) -> None:
    holder_id = holder_with(till, 10_000, plans=(income,))
    contract = till.act(lambda work: create_contract(work, _draft(holder_id, last=date(2026, 4, 1))))

    def make_effective(work: Any) -> None:
        work.get(Contract, contract.id).state = ContractState.EFFECTIVE

    till.act(make_effective)
    till.act(lambda work: update_holder(work, holder_id, HolderChanges(closed_on=date(2026, 4, 15))))
    frozen_clock.move(days=20)

    with pytest.raises(HolderClosed):
        till.act(lambda work: renew_contract(work, contract.id))


def _id(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id


def _plain(draft: ContractDraft) -> dict[str, str]:
    return {"holderId": str(draft.holder_id), "dateFrom": "2026-03-02", "dateTo": "2026-12-31"}
