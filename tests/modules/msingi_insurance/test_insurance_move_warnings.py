"""What a clerk is told of a move, money that is expected when a family moves, and two who move it at once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till
from tests.modules.msingi_insurance.move_fixtures import (
    everything,
    members,
    moved,
    village_of,
    villages,
)
from tests.modules.msingi_insurance.payment_fixtures import (
    gateway,
    intend,
    jobs,
    notice,
    references,
    stored,
    till,
    till_with,
)
from tests.modules.msingi_insurance.test_insurance_races import at_once
from tests.modules.msingi_registry.facility_fixtures import add_facility

from msingi.errors import StaleVersion
from msingi.testing import FrozenClock
from msingi_insurance.errors import ProductNotSold
from msingi_insurance.models.family import FamilyMove, Insuree
from msingi_insurance.models.payments import Payment, PaymentDetail, PaymentReference
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.rules.moves import MoveWarning
from msingi_insurance.rules.payments import PaymentState
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.families import add_member
from msingi_insurance.services.families_drafts import InsureeChanges
from msingi_insurance.services.family_moves import MovedFamily
from msingi_insurance.services.insurees import correct_insuree
from msingi_insurance.services.officers import OfficerChanges, update_officer
from msingi_insurance.services.payment_intents import IntentLine, PaymentIntent, prepare_payment
from msingi_insurance.services.payments import receive_payment
from msingi_insurance.services.policies import enrol_policy, renew_policy
from msingi_insurance.services.policies_drafts import PolicyDraft, RenewalDraft
from msingi_insurance.services.premiums import receive_premium
from msingi_insurance.services.products import create_product
from msingi_insurance.services.products_drafts import ProductDraft
from msingi_insurance.services.rollout import plan_rollout

__all__ = ["gateway", "till", "till_with"]


def told(result: MovedFamily) -> list[tuple[MoveWarning, str]]:
    return [(one.warning, one.name) for one in result.warnings]


def of_district(till: Till, **terms: Any) -> Policy:
    """A policy under a product that the district of Pitoa sells and the one of Guider does not."""
    draft = ProductDraft(
        code="CHF-1",
        name="Cover of Garoua",
        jurisdiction_id=till.scheme.places["D1"],
        date_from=date(2020, 1, 1),
        terms={"lump_sum": str(VALUE), "threshold": 6, "grace_period_payment": 1, **terms},
    )
    product = till.act(lambda work: create_product(work, draft))
    family = till.scheme.enrol().family
    given = PolicyDraft(family_id=family.id, product_id=product.id)
    policy: Policy = till.act(lambda work: enrol_policy(work, given)).policy
    return policy


@pytest.mark.rule("INS-8", "PRD-1")
def test_a_policy_of_a_product_that_is_not_sold_there_holds_and_is_not_renewed(
    till: Till, frozen_clock: FrozenClock
) -> None:
    policy = of_district(till)

    result = moved(till, policy)

    assert told(result) == [(MoveWarning.PRODUCT_NOT_SOLD_THERE, policy.code)]
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE, officer_id=till.other.id)))
    assert till.get(policy).status is PolicyStatus.ACTIVE
    frozen_clock.move(days=360)
    with pytest.raises(ProductNotSold):
        till.act(lambda work: renew_policy(work, RenewalDraft(policy_id=policy.id)))


@pytest.mark.rule("INS-8", "TZA-07")
def test_a_product_whose_wave_has_not_reached_the_new_village_is_told(till: Till) -> None:
    policy = till.policy()
    for place, first in (("D1", TODAY), ("D2", None)):
        till.act(
            lambda work, place=place, first=first: plan_rollout(
                work, till.product.id, till.scheme.places[place], wave=1, starts_on=first
            )
        )

    result = moved(till, policy)

    assert (MoveWarning.PRODUCT_NOT_SOLD_THERE, policy.code) in told(result)


@pytest.mark.rule("INS-8", "INS-6")
@pytest.mark.parametrize(("place", "expected"), [("D1", True), ("D2", False)])
def test_a_facility_of_choice_outside_the_place_above_the_village_is_told(
    till: Till, place: str, *, expected: bool
) -> None:
    policy = till.policy()
    (head,) = members(till, policy)
    facility = till.act(lambda work: add_facility(work, "CSI", place))
    changes = InsureeChanges(first_service_point_id=facility)
    till.act(lambda work: correct_insuree(work, head.id, changes, expected_version=1))

    result = moved(till, policy)

    assert ((MoveWarning.FACILITY_OUTSIDE, head.number) in told(result)) is expected
    assert members(till, policy)[0].first_service_point_id == facility


@pytest.mark.rule("INS-8", "PAY-9", "PAY-4")
def test_a_control_number_that_is_not_paid_goes_along_and_its_officer_is_told(till: Till) -> None:
    policy = till.policy()
    payment = intend(till, policy)
    jobs(till)
    (reference,) = references(till)

    result = moved(till, policy)

    assert told(result) == [
        (MoveWarning.OFFICER_NOT_THERE, policy.code),
        (MoveWarning.NUMBER_OF_OFFICER, reference.number),
    ]
    assert [villages(till, model) for model in (Payment, PaymentDetail, PaymentReference)] == [["V3"]] * 3
    actor = everything(till, "D2")
    data = till.scheme.run("{ payments { nodes { id } } }", actor=actor)
    assert data["payments"]["nodes"] == [{"id": str(payment.id)}]


@pytest.mark.rule("INS-8", "PAY-4", "PAY-5")
def test_money_under_a_number_pays_a_policy_whose_product_is_not_sold_in_the_new_village(till: Till) -> None:
    changes = OfficerChanges(place_ids=[till.scheme.places["R1"]])
    till.act(lambda work: update_officer(work, till.officer.id, changes))
    policy = of_district(till)
    line = IntentLine(insuree_number=members(till, policy)[0].number, product_code="CHF-1")
    intent = PaymentIntent(lines=[line], officer_id=till.officer.id)
    payment = till.act(lambda work: prepare_payment(work, intent))
    jobs(till)
    moved(till, policy)

    till.act(lambda work: receive_payment(work, notice(str(references(till)[0].number), VALUE)))
    jobs(till)

    assert stored(till, payment).state is PaymentState.MATCHED
    assert till.get(policy).status is PolicyStatus.ACTIVE


@pytest.mark.rule("INS-8", "PAY-7")
def test_money_that_came_before_stays_where_it_was_received(till: Till) -> None:
    policy = till.policy()
    payment = intend(till, policy)
    jobs(till)
    till.act(lambda work: receive_payment(work, notice(str(references(till)[0].number), VALUE)))
    jobs(till)
    assert stored(till, payment).state is PaymentState.MATCHED

    moved(till, policy)

    assert [villages(till, model) for model in (Payment, PaymentDetail, PaymentReference)] == [["V1"]] * 3


@pytest.mark.rule("INS-8", "attack 86")
def test_of_two_who_move_a_family_at_once_one_is_told_that_it_changed(till: Till) -> None:
    policy = till.policy(till.scheme.child())

    outcomes = at_once(2, lambda number: moved(till, policy, ("V2", "V3")[number]))

    assert [type(one) for one in outcomes if not isinstance(one, MovedFamily)] == [StaleVersion]
    village = village_of(till, policy.family_id)
    assert {*villages(till, Insuree), *villages(till, Policy), *villages(till, InsureePolicy)} == {village}
    assert sorted(villages(till, FamilyMove)) == sorted(["V1", village])


@pytest.mark.rule("INS-8", "attack 86")
def test_who_joins_while_the_family_moves_lives_in_its_new_village(till: Till) -> None:
    policy = till.policy()
    steps: list[Callable[[], Any]] = [
        lambda: moved(till, policy),
        lambda: till.act(lambda work: add_member(work, policy.family_id, till.scheme.child())),
    ]

    outcomes = at_once(2, lambda number: steps[number]())

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert villages(till, Insuree) == ["V3", "V3"]
    assert set(villages(till, InsureePolicy)) == {"V3"}
