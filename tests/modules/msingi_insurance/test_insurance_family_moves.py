"""Families that move to another village: what goes with them, what stays, and who may register it."""

from typing import Any

import pytest
from sqlalchemy import update
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, premiums, till_of
from tests.modules.msingi_insurance.move_fixtures import (
    MOVE,
    everything,
    given,
    members,
    moved,
    village_of,
    villages,
)

from msingi.actor import Actor
from msingi.plugin import Plugin
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_insurance.events import FamilyMoved
from msingi_insurance.models.family import Family, FamilyMove, FormerNumber, Insuree, InsureePhoto
from msingi_insurance.models.policy import InsureePolicy, Policy, Premium
from msingi_insurance.models.renewals import PolicyRenewal
from msingi_insurance.models.suspensions import PolicyReinstatement, PolicySuspension
from msingi_insurance.plugin import EDIT_INSUREES, READ_INSUREES
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.cards import cards_below
from msingi_insurance.services.covers_book import covers_at
from msingi_insurance.services.family_credit import credits_of
from msingi_insurance.services.insurees import replace_number
from msingi_insurance.services.photos import add_photo
from msingi_insurance.services.policies import renew_policy
from msingi_insurance.services.policies_drafts import RenewalDraft
from msingi_insurance.services.policies_life import suspend_policy
from msingi_insurance.services.premium_returns import request_reversal
from msingi_insurance.services.premiums import receive_premium
from msingi_insurance.services.renewals import list_renewals
from msingi_registry import Household, Person

PICTURE = b"\x89PNG\r\n\x1a\n" + b"portrait"
LIST = """{ families { nodes { id village { code } moves { direction reason village { code } otherVillage { code } } } }
  insurees(orderBy: [ID_ASC]) { nodes { number person { givenName } identity { givenName sex birthDate } } }
  policies { nodes { id status covers { insureeId } } } }"""


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


def paid(till: Till, *new: Any) -> Policy:
    """A policy of a family of Pitoa that is paid in full."""
    policy = till.policy(*new)
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    return policy


@pytest.mark.rule("INS-8")
def test_a_family_moves_with_its_household_insurees_policies_and_what_hangs_on_them(
    till: Till, frozen_clock: FrozenClock
) -> None:
    policy = paid(till, till.scheme.child())
    head, child = (one.id for one in members(till, policy))
    till.act(lambda work: add_photo(work, head, PICTURE, taken_on=TODAY))
    till.act(lambda work: replace_number(work, child, "9999999999", reason="", expected_version=1))
    frozen_clock.move(days=360)
    till.act(list_renewals)

    data = till.scheme.run(MOVE, given(till, policy))["moveFamily"]

    assert data["family"]["village"] == {"code": "V3"}
    assert data["family"]["household"] == {"address": "Rue 7"}
    assert data["policyIds"] == [str(policy.id)]
    moving = (Family, Household, Insuree, FormerNumber, InsureePhoto, Policy, InsureePolicy, PolicyRenewal)
    assert {model.__name__: set(villages(till, model)) for model in moving} == {
        model.__name__: {"V3"} for model in moving
    }
    assert {model.__name__: set(villages(till, model)) for model in (Person, Premium)} == {
        "Person": {"V1"},
        "Premium": {"V1"},
    }


@pytest.mark.rule("INS-8", "POL-12")
def test_cover_policy_and_numbers_are_the_same_in_the_new_village(till: Till) -> None:
    policy = paid(till, till.scheme.child())
    ids = [one.id for one in members(till, policy)]

    def seen() -> Any:
        covers = till.act(lambda work: covers_at(work, ids, TODAY))
        state = till.get(policy)
        return (
            [(one.covered, one.cover_from, one.cover_to, one.members) for key in ids for one in covers[key]],
            [(one.number, one.is_head) for one in members(till, policy)],
            (state.status, state.value_minor, state.effective_date, state.expiry_date, state.officer_id),
        )

    before = seen()
    moved(till, policy)

    assert seen() == before
    assert before[0][0][:2] == (True, TODAY)


@pytest.mark.rule("INS-8", "TZA-13")
def test_the_new_district_sees_and_serves_the_family_and_the_old_one_no_longer(till: Till) -> None:
    policy = paid(till, till.scheme.child())
    old, new = everything(till, "D1"), everything(till, "D2")
    moved(till, policy)

    there, here = till.scheme.run(LIST, actor=new), till.scheme.run(LIST, actor=old)

    (family,) = there["families"]["nodes"]
    assert family["village"] == {"code": "V3"}
    assert family["moves"] == [
        {"direction": "CAME", "reason": "work", "village": {"code": "V3"}, "otherVillage": {"code": "V1"}}
    ]
    first, second = there["insurees"]["nodes"]
    assert (first["person"], second["person"]) == (None, None)
    assert (second["identity"]["sex"], second["identity"]["birthDate"]) == ("MALE", "2016-01-05")
    assert [len(one["covers"]) for one in there["policies"]["nodes"]] == [2]
    assert {name: found["nodes"] for name, found in here.items()} == {
        "families": [],
        "insurees": [],
        "policies": [],
    }
    correct = (
        'mutation ($id: UUID!) { correctFamily(id: $id, expectedVersion: 2, input: {ethnicity: "x"}) { id } }'
    )
    assert till.scheme.refused(correct, {"id": str(policy.family_id)}, actor=old) == "core.not_found"
    assert till.scheme.run(correct, {"id": str(policy.family_id)}, actor=new)


@pytest.mark.rule("INS-8", "INS-1", "INS-5")
def test_the_new_district_heads_removes_and_renews_though_the_persons_are_registered_elsewhere(
    till: Till, frozen_clock: FrozenClock
) -> None:
    policy = paid(till, till.scheme.child(birth_date="1985-01-05"), till.scheme.child())
    head, second, third = members(till, policy)
    moved(till, policy)
    new = everything(till, "D2")
    change = """mutation ($f: UUID!, $i: UUID!) {
      changeFamilyHead(familyId: $f, insureeId: $i, expectedVersion: 2) { version } }"""
    remove = "mutation ($id: UUID!) { removeInsuree(id: $id, expectedVersion: 2) { familyId } }"
    quote = "mutation ($i: RenewalDraft!) { renewPolicy(input: $i) { policy { value jurisdictionId covers { insureeId } } } }"

    till.scheme.run(change, {"f": str(policy.family_id), "i": str(second.id)}, actor=new)
    till.scheme.run(remove, {"id": str(third.id)}, actor=new)
    frozen_clock.move(days=360)
    renewed = till.scheme.run(quote, {"i": {"policyId": str(policy.id)}}, actor=new)["renewPolicy"]["policy"]

    assert renewed["value"] == "1000 XAF"
    assert {row["insureeId"] for row in renewed["covers"]} == {str(head.id), str(second.id)}
    assert renewed["jurisdictionId"] == str(till.scheme.places["V3"])


@pytest.mark.rule("INS-8", "CLM-F7", "INS-4")
def test_cards_and_photos_of_the_family_are_those_of_the_new_district(till: Till) -> None:
    policy = paid(till)
    (head,) = members(till, policy)
    moved(till, policy)
    outdated = "{ insurees { nodes { photoOutdated } } }"

    def numbers(place: str) -> list[str]:
        with till.scheme.platform.work(everything(till, place)) as work, work.allowed(READ_INSUREES):
            page = cards_below(work, till.scheme.places["CM"], on=TODAY, most=10)
            return [card.number for card in page.cards]

    assert (numbers("D1"), numbers("D2")) == ([], [head.number])
    data = till.scheme.run(outdated, actor=everything(till, "D2"))
    assert data["insurees"]["nodes"] == [{"photoOutdated": True}]


@pytest.mark.rule("INS-8", "TZA-06")
def test_the_new_district_counts_those_whom_it_insures_though_they_are_registered_elsewhere(
    till: Till,
) -> None:
    report = """{ report(name: "insurance.cover", by: ["sex"], since: "2020-01-01", until: "2030-12-31") {
      rows { cells } } }"""
    policy = paid(till, till.scheme.child())
    moved(till, policy)

    def told(place: str) -> list[list[str]]:
        rows = till.scheme.run(report, actor=everything(till, place))["report"]["rows"]
        return [row["cells"] for row in rows]

    assert sum(int(count) for _, count in told("D2")) == 2
    assert (told("D1"), told("D2")) == ([], told("CM"))


@pytest.mark.rule("INS-8", "POL-8")
def test_an_expired_policy_that_was_renewed_stays_and_the_last_one_goes(
    till: Till, frozen_clock: FrozenClock
) -> None:
    policy = paid(till)
    frozen_clock.move(days=360)
    renewal = till.act(lambda work: renew_policy(work, RenewalDraft(policy_id=policy.id))).policy
    expired = update(Policy).where(Policy.id == policy.id).values(status=PolicyStatus.EXPIRED)
    till.act(lambda work: work.session.execute(expired))

    result = moved(till, policy)

    assert result.policy_ids == (renewal.id,)
    assert villages(till, Policy) == ["V1", "V3"]
    assert villages(till, InsureePolicy) == ["V1", "V3"]


@pytest.mark.rule("INS-8", "PAY-6")
def test_what_is_paid_later_counts_in_the_new_village_and_the_family_keeps_its_credit(till: Till) -> None:
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, 400)))
    moved(till, policy)

    till.act(lambda work: receive_premium(work, till.cash(policy, 700, officer_id=till.other.id)))

    assert villages(till, Premium) == ["V1", "V3"]
    assert [row.amount_minor for row in premiums(till.scheme)] == [400, 700]
    assert till.get(policy).status is PolicyStatus.ACTIVE
    assert till.act(lambda work: credits_of(work, [policy.family_id])) == {policy.family_id: francs(100)}
    assert till.balances() == {"1410": 1100, "4210": 1000, "2950": 100}


@pytest.mark.rule("INS-8", "PAY-6")
def test_a_contribution_of_before_is_taken_back_by_who_sees_both_villages(till: Till) -> None:
    policy = paid(till)
    moved(till, policy)
    (premium,) = premiums(till.scheme)
    request = till.act(lambda work: request_reversal(work, premium.id, reason="wrong family"))
    decide = "mutation ($id: UUID!) { approveReturn(id: $id) { state } }"

    for place in ("D1", "D2"):
        refused = till.scheme.refused(decide, {"id": str(request.id)}, actor=everything(till, place))
        assert refused == "core.not_found"
    data = till.scheme.run(decide, {"id": str(request.id)}, actor=everything(till, "R1"))

    assert data["approveReturn"] == {"state": "APPROVED"}
    assert till.get(policy).status is PolicyStatus.SUSPENDED
    assert villages(till, Premium) == ["V1", "V1"]


@pytest.mark.rule("INS-8", "POL-11", "P3")
def test_a_suspension_of_before_is_ended_by_the_new_district(till: Till) -> None:
    policy = paid(till)
    till.act(
        lambda work: suspend_policy(
            work, policy.id, reason="fraud?", expected_version=till.get(policy).version
        )
    )
    moved(till, policy)
    new = everything(till, "D2")
    end = """mutation ($id: UUID!, $v: Int!) { reinstatePolicy(id: $id, expectedVersion: $v, reason: "no fraud") { status } }"""

    data = till.scheme.run(end, {"id": str(policy.id), "v": till.get(policy).version}, actor=new)

    assert data["reinstatePolicy"] == {"status": "ACTIVE"}
    assert (villages(till, PolicySuspension), villages(till, PolicyReinstatement)) == (["V1"], ["V3"])


@pytest.mark.rule("INS-8", "TZA-14", "attack 15")
@pytest.mark.parametrize("place", ["D1", "D2", "V1", "V3"])
def test_who_does_not_see_both_villages_moves_nobody(till: Till, place: str) -> None:
    policy = paid(till)

    assert till.scheme.refused(MOVE, given(till, policy), actor=everything(till, place)) == "core.not_found"

    assert village_of(till, policy.family_id) == "V1"
    assert villages(till, FamilyMove) == []


@pytest.mark.rule("INS-8", "TZA-14")
def test_an_officer_moves_families_between_villages_where_he_works(till: Till) -> None:
    policy = paid(till)
    clerk = till.user(READ_INSUREES, EDIT_INSUREES, "registry.read_persons")
    officer = Actor(clerk.kind, id=till.officer.user_id, name="E1", grants=clerk.grants)

    refused = till.scheme.refused(MOVE, given(till, policy), actor=officer)
    data = till.scheme.run(MOVE, given(till, policy, "V2"), actor=officer)["moveFamily"]

    assert refused == "insurance.officer_not_there"
    assert data["family"]["village"] == {"code": "V2"}


@pytest.mark.rule("INS-8", "INS-1")
def test_a_move_needs_another_village_a_reason_and_the_version_of_now(till: Till) -> None:
    policy = paid(till)

    def code(village: str, **others: Any) -> str:
        return till.scheme.refused(MOVE, given(till, policy, village, **others))

    assert code("V1") == "insurance.lives_there"
    assert code("F1") == "insurance.family_place_invalid"
    assert code("V3", reason="  ") == "insurance.reason_required"
    assert code("V3", v=2) == "core.stale_version"
    assert village_of(till, policy.family_id) == "V1"


@pytest.mark.rule("INS-8")
def test_who_may_not_edit_insurees_moves_nobody(till: Till) -> None:
    policy = paid(till)
    reader = till.user(READ_INSUREES)

    assert till.scheme.refused(MOVE, given(till, policy), actor=reader) == "core.forbidden"
    assert village_of(till, policy.family_id) == "V1"


@pytest.mark.rule("INS-8")
def test_an_error_of_a_listener_undoes_the_whole_move(make_platform: MakePlatform, as_user: AsUser) -> None:
    listener = Plugin("listener", requires=["insurance"])

    @listener.on(FamilyMoved)
    def fail(event: FamilyMoved, work: Work) -> None:
        assert len(event.insuree_ids) == len(event.policy_ids) == 1
        raise RuntimeError

    def make(*plugins: Any, **overrides: Any) -> Any:
        return make_platform(*plugins, listener, **overrides)

    till = till_of(make, as_user)
    policy = paid(till)

    with pytest.raises(RuntimeError):
        moved(till, policy)

    assert {model.__name__: set(villages(till, model)) for model in (Family, Household, Insuree, Policy)} == {
        "Family": {"V1"},
        "Household": {"V1"},
        "Insuree": {"V1"},
        "Policy": {"V1"},
    }
    assert villages(till, FamilyMove) == []


@pytest.mark.rule("INS-8", "INS-A5")
def test_moves_are_kept_for_those_whom_the_family_left_and_for_those_to_whom_it_came(till: Till) -> None:
    policy = paid(till)
    moved(till, policy)
    moved(till, policy, "V2", version=2)
    ask = "{ familyMoves { nodes { familyId direction movedOn otherVillage { code } } } }"

    first, second = (
        [
            (one["familyId"], one["direction"], one["movedOn"], one["otherVillage"]["code"])
            for one in till.scheme.run(ask, actor=everything(till, place))["familyMoves"]["nodes"]
        ]
        for place in ("D1", "D2")
    )

    family, day = str(policy.family_id), "2026-03-02"
    assert sorted(first) == [(family, "CAME", day, "V3"), (family, "LEFT", day, "V3")]
    assert sorted(second) == [(family, "CAME", day, "V1"), (family, "LEFT", day, "V2")]


@pytest.mark.rule("INS-8")
def test_a_large_family_moves_in_as_many_statements_as_a_small_one(
    till: Till, frozen_clock: FrozenClock
) -> None:
    small = paid(till, till.scheme.child())
    large = paid(till, *(till.scheme.child() for _ in range(12)))
    frozen_clock.move(days=360)
    for policy in (large, small):
        till.act(lambda work, policy=policy: renew_policy(work, RenewalDraft(policy_id=policy.id)))
    moved(till, paid(till))  # what a process asks once
    counts = []
    for policy in (small, large):
        with till.scheme.statements() as seen:
            moved(till, policy)
        counts.append(len(seen))

    assert counts[0] == counts[1]
    assert counts[0] <= 27, counts
