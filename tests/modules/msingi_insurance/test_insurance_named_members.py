"""Policies for members who are named: they alone count for value, cover, photo and renewal (PRM-4, INS-1, POL-8)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.insurance_fixtures import Scheme, pay, scheme_of, sold

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_insurance.models.family import Insuree
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.models.product import Product
from msingi_insurance.models.renewals import PolicyRenewal
from msingi_insurance.services.families import EnrolledFamily, add_member, move_insuree, remove_insuree
from msingi_insurance.services.payment_lookup import Named, find_named
from msingi_insurance.services.payment_renewals import renewal_value
from msingi_insurance.services.photos import add_photo
from msingi_insurance.services.renewals import list_renewals

ENROL = """mutation ($input: PolicyDraft!) { enrolPolicy(input: $input) { policy {
  id value covers { insureeId } } } }"""
RENEW = "mutation ($input: RenewalDraft!) { renewPolicy(input: $input) { policy { id value } } }"
YEAR_LESS_A_DAY = (date(2027, 3, 1) - date(2026, 3, 2)).days
PICTURE = b"\x89PNG\r\n\x1a\n" + b"portrait"


@pytest.fixture
def scheme(make_platform: MakePlatform, as_user: AsUser) -> Scheme:
    return scheme_of(make_platform, as_user)


def draft(made: EnrolledFamily, product: str, *members: UUID) -> dict[str, Any]:
    named = {"insureeIds": [str(member) for member in members]} if members else {}
    return {"input": {"familyId": str(made.family.id), "productId": product, **named}}


def covered(scheme: Scheme, policy_id: str) -> set[UUID]:
    statement = select(InsureePolicy.insuree_id).where(InsureePolicy.policy_id == UUID(policy_id))
    return set(scheme.act(lambda work: work.session.scalars(statement).all()))


def ids(made: EnrolledFamily) -> Sequence[UUID]:
    return [insuree.id for insuree in made.insurees]


@pytest.mark.rule("PRM-4", "PRM-8", "INS-1")
def test_members_who_are_named_alone_pay_and_are_covered(scheme: Scheme) -> None:
    product = sold(scheme)
    made = scheme.enrol(scheme.child(), scheme.child())
    head, child, _ = ids(made)

    named = scheme.run(ENROL, draft(made, product, head, child))["enrolPolicy"]["policy"]
    whole = scheme.run(ENROL, draft(made, sold(scheme, code="B"), *ids(made)))["enrolPolicy"]["policy"]

    assert (named["value"], covered(scheme, named["id"])) == ("500 XAF", {head, child})
    assert (whole["value"], covered(scheme, whole["id"])) == ("700 XAF", set(ids(made)))
    kept = select(Policy.named_insurees, Policy.left_out).order_by(Policy.id)
    assert scheme.act(lambda work: [tuple(row) for row in work.session.execute(kept)]) == [
        (sorted(map(str, (head, child))), [str(ids(made)[2])]),
        (None, None),
    ]


@pytest.mark.rule("PRM-4", "attack 15")
def test_nobody_of_another_family_is_named(scheme: Scheme) -> None:
    product = sold(scheme)
    made, other = scheme.enrol(scheme.child()), scheme.enrol()

    code = scheme.refused(ENROL, draft(made, product, ids(made)[0], ids(other)[0]))

    assert code == "insurance.not_a_member"
    assert not scheme.act(lambda work: work.session.scalars(select(Policy)).all())


@pytest.mark.rule("POL-8", "INS-1", "PRM-4")
def test_a_renewal_is_for_those_of_the_policy_before_it(scheme: Scheme, frozen_clock: FrozenClock) -> None:
    product = sold(scheme)
    made = scheme.enrol(scheme.child(), scheme.child(), scheme.child())
    head, leaves, stays, left_out = ids(made)
    policy = scheme.run(ENROL, draft(made, product, head, leaves, stays))["enrolPolicy"]["policy"]
    pay(scheme, policy["id"], 700)
    newborn = scheme.act(lambda work: add_member(work, made.family.id, scheme.child())).insuree.id
    scheme.act(lambda work: remove_insuree(work, leaves, close_cover=True, expected_version=1))
    frozen_clock.move(days=YEAR_LESS_A_DAY)

    before = scheme.act(lambda work: work.get(Policy, UUID(policy["id"])))
    asked = scheme.act(lambda work: renewal_value(work, before, on=work.today()))
    renewed = scheme.run(RENEW, {"input": {"policyId": policy["id"]}})["renewPolicy"]["policy"]

    assert (str(asked), renewed["value"]) == ("700 XAF", "700 XAF")
    assert covered(scheme, renewed["id"]) == {head, stays, newborn}
    assert left_out not in covered(scheme, policy["id"])


@pytest.mark.rule("POL-8", "PRM-4")
def test_a_renewal_may_name_others(scheme: Scheme, frozen_clock: FrozenClock) -> None:
    product = sold(scheme)
    made = scheme.enrol(scheme.child())
    policy = scheme.run(ENROL, draft(made, product, ids(made)[0]))["enrolPolicy"]["policy"]
    pay(scheme, policy["id"], 300)
    frozen_clock.move(days=YEAR_LESS_A_DAY)

    given = {"policyId": policy["id"], "insureeIds": [str(insuree) for insuree in ids(made)]}
    renewed = scheme.run(RENEW, {"input": given})["renewPolicy"]["policy"]

    assert (renewed["value"], covered(scheme, renewed["id"])) == ("500 XAF", set(ids(made)))


@pytest.fixture
def photos(make_platform: MakePlatform, as_user: AsUser) -> Scheme:
    """A scheme that covers nobody without a photo."""
    return scheme_of(make_platform, as_user, photo_required=True)


def photograph(scheme: Scheme, *insurees: UUID) -> None:
    def take(work: Work) -> None:
        for insuree_id in insurees:
            add_photo(work, insuree_id, PICTURE, taken_on=work.today())

    scheme.act(take)


def move(scheme: Scheme, insuree_id: UUID, family_id: UUID) -> None:
    version = scheme.act(lambda work: work.get(Insuree, insuree_id)).version
    scheme.act(
        lambda work: move_insuree(work, insuree_id, family_id, relationship=None, expected_version=version)
    )


def newborn(scheme: Scheme, made: EnrolledFamily) -> UUID:
    added: UUID = scheme.act(lambda work: add_member(work, made.family.id, scheme.child())).insuree.id
    return added


@pytest.mark.rule("INS-4", "INS-1")
def test_a_first_photo_covers_nobody_by_a_policy_for_others(
    photos: Scheme, frozen_clock: FrozenClock
) -> None:
    made = photos.enrol(photos.child(), photos.child())
    head, named, left_out = ids(made)
    photograph(photos, head)
    policy = photos.run(ENROL, draft(made, sold(photos), head, named))["enrolPolicy"]["policy"]
    same_day = newborn(photos, made)
    frozen_clock.move(days=1)
    later = newborn(photos, made)
    photograph(photos, named, left_out, same_day, later)

    assert covered(photos, policy["id"]) == {head, named, same_day, later}


@pytest.mark.rule("INS-4", "INS-1")
def test_who_moves_in_later_is_covered_however_long_in_the_scheme(
    photos: Scheme, frozen_clock: FrozenClock
) -> None:
    made, other = photos.enrol(photos.child(), photos.child()), photos.enrol(photos.child())
    head, child, _ = ids(made)
    photograph(photos, head, child)
    policy = photos.run(ENROL, draft(made, sold(photos), head, child))["enrolPolicy"]["policy"]
    frozen_clock.move(days=5)
    mover = ids(other)[1]
    move(photos, mover, made.family.id)
    photograph(photos, mover)

    assert covered(photos, policy["id"]) == {head, child, mover}


@pytest.mark.rule("INS-4", "PRM-4")
def test_a_policy_of_an_earlier_day_leaves_out_whom_it_did_not_name(
    photos: Scheme, frozen_clock: FrozenClock
) -> None:
    made = photos.enrol(photos.child(), photos.child())
    head, child, left_out = ids(made)
    photograph(photos, head, child)
    entered = photos.act(lambda work: work.get(Insuree, left_out)).valid_from
    frozen_clock.move(days=5)
    asked = draft(made, sold(photos), head, child)
    asked["input"]["enrolDate"] = (entered - timedelta(days=1)).isoformat()
    policy = photos.run(ENROL, asked)["enrolPolicy"]["policy"]
    photograph(photos, left_out)

    assert covered(photos, policy["id"]) == {head, child}


@pytest.mark.rule("INS-1", "INS-5", "PRM-4")
def test_who_was_left_out_gets_no_cover_by_moving_out_and_in(
    scheme: Scheme, frozen_clock: FrozenClock
) -> None:
    made, other = scheme.enrol(scheme.child(), scheme.child()), scheme.enrol()
    head, child, left_out = ids(made)
    policy = scheme.run(ENROL, draft(made, sold(scheme), head, child))["enrolPolicy"]["policy"]
    pay(scheme, policy["id"], 500)
    frozen_clock.move(days=5)
    move(scheme, left_out, made.family.id)
    assert covered(scheme, policy["id"]) == {head, child}
    move(scheme, left_out, other.family.id)
    move(scheme, left_out, made.family.id)

    assert covered(scheme, policy["id"]) == {head, child}


@pytest.mark.rule("POL-8", "INS-4")
def test_a_newborn_without_a_photo_is_in_the_renewal(photos: Scheme, frozen_clock: FrozenClock) -> None:
    made = photos.enrol(photos.child(), photos.child())
    head, child, _ = ids(made)
    photograph(photos, head, child)
    policy = photos.run(ENROL, draft(made, sold(photos), head, child))["enrolPolicy"]["policy"]
    pay(photos, policy["id"], 500)
    frozen_clock.move(days=300)
    born = newborn(photos, made)
    frozen_clock.move(days=YEAR_LESS_A_DAY - 300)
    renewed = photos.run(RENEW, {"input": {"policyId": policy["id"]}})["renewPolicy"]["policy"]
    photograph(photos, born)

    assert (renewed["value"], covered(photos, renewed["id"])) == ("500 XAF", {head, child, born})


@pytest.mark.rule("POL-8", "PAY-3", "PAY-5")
def test_policies_for_different_members_neither_follow_nor_pay_each_other(
    scheme: Scheme, frozen_clock: FrozenClock
) -> None:
    """The parents first, the child a month later: each is renewed and paid by itself."""
    product = sold(scheme)
    made = scheme.enrol(scheme.child(), scheme.child())
    head, other, child = ids(made)
    first = scheme.run(ENROL, draft(made, product, head, other))["enrolPolicy"]["policy"]["id"]
    pay(scheme, first, 500)
    frozen_clock.move(days=30)
    second = scheme.run(ENROL, draft(made, product, child))["enrolPolicy"]["policy"]["id"]

    def paid_with(number: str) -> UUID:
        def look(work: Work) -> UUID:
            named = Named(number, work.get(Product, UUID(product)).code)
            found = find_named(work, [named], officer_id=None).payable(named, work.today())
            assert found is not None
            return found.policy.id

        policy_id: UUID = scheme.act(look)
        return policy_id

    numbers = [insuree.number or "" for insuree in made.insurees]
    assert [paid_with(number) for number in numbers] == [UUID(first), UUID(first), UUID(second)]
    pay(scheme, second, 200)
    frozen_clock.move(days=YEAR_LESS_A_DAY - 30)
    scheme.act(list_renewals)
    listed = scheme.act(lambda work: set(work.session.scalars(select(PolicyRenewal.policy_id))))
    assert UUID(first) in listed

    renewed = scheme.run(RENEW, {"input": {"policyId": first}})["renewPolicy"]["policy"]["id"]
    assert covered(scheme, renewed) == {head, other}
    assert scheme.refused(RENEW, {"input": {"policyId": first}}) == "insurance.already_renewed"
    pay(scheme, renewed, 500)
    frozen_clock.move(days=30)
    again = scheme.run(RENEW, {"input": {"policyId": second}})["renewPolicy"]["policy"]["id"]
    assert covered(scheme, again) == {child}


@pytest.mark.rule("POL-8")
def test_a_newborn_in_both_policies_of_a_family_keeps_neither_from_its_renewal(
    scheme: Scheme, frozen_clock: FrozenClock
) -> None:
    product = sold(scheme)
    made = scheme.enrol(scheme.child(), scheme.child())
    mother, father, _ = ids(made)
    policies = [
        scheme.run(ENROL, draft(made, product, one))["enrolPolicy"]["policy"]["id"]
        for one in (mother, father)
    ]
    for policy in policies:
        pay(scheme, policy, 500)
    born = newborn(scheme, made)

    for _year in range(2):
        frozen_clock.move(days=YEAR_LESS_A_DAY)
        policies = [
            scheme.run(RENEW, {"input": {"policyId": policy}})["renewPolicy"]["policy"]["id"]
            for policy in policies
        ]
        for policy in policies:
            pay(scheme, policy, 1000)

    assert [covered(scheme, policy) for policy in policies] == [{mother, born}, {father, born}]
