"""Policies for members who are named: they alone count for value, cover, photo and renewal (PRM-4, INS-1, POL-8)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.insurance_fixtures import Scheme, pay, scheme_of, sold

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.services.families import EnrolledFamily, add_member, remove_insuree
from msingi_insurance.services.payment_renewals import renewal_value
from msingi_insurance.services.photos import add_photo

ENROL = """mutation ($input: PolicyDraft!) { enrolPolicy(input: $input) { policy {
  id value covers { insureeId } } } }"""
RENEW = "mutation ($input: RenewalDraft!) { renewPolicy(input: $input) { policy { id value } } }"
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
    kept = scheme.act(lambda work: work.session.scalars(select(Policy.named_insurees).order_by(Policy.id)))
    assert list(kept) == [sorted(map(str, (head, child))), None]


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
    frozen_clock.move(days=(date(2027, 3, 1) - date(2026, 3, 2)).days)

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
    frozen_clock.move(days=(date(2027, 3, 1) - date(2026, 3, 2)).days)

    given = {"policyId": policy["id"], "insureeIds": [str(insuree) for insuree in ids(made)]}
    renewed = scheme.run(RENEW, {"input": given})["renewPolicy"]["policy"]

    assert (renewed["value"], covered(scheme, renewed["id"])) == ("500 XAF", set(ids(made)))


@pytest.mark.rule("INS-4", "INS-1")
def test_a_first_photo_covers_nobody_by_a_policy_for_others(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    scheme = scheme_of(make_platform, as_user, photo_required=True)
    made = scheme.enrol(scheme.child(), scheme.child())
    head, named, left_out = ids(made)

    def photograph(insuree_id: UUID) -> None:
        scheme.act(lambda work: add_photo(work, insuree_id, PICTURE, taken_on=work.today()))

    photograph(head)
    policy = scheme.run(ENROL, draft(made, sold(scheme), head, named))["enrolPolicy"]["policy"]
    frozen_clock.move(days=1)
    newborn = scheme.act(lambda work: add_member(work, made.family.id, scheme.child())).insuree.id
    for insuree_id in (named, left_out, newborn):
        photograph(insuree_id)

    assert covered(scheme, policy["id"]) == {head, named, newborn}
