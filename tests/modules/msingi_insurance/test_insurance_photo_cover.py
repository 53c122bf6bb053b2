"""Cover where the scheme wants a photo: none without it, and the first one counts as joining (INS-4, INS-1)."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, till_of

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.services.covers import CoverWarning
from msingi_insurance.services.families import EnrolledFamily, add_member
from msingi_insurance.services.photos import add_photo, reject_photo
from msingi_insurance.services.policies import enrol_policy
from msingi_insurance.services.policies_drafts import PolicyDraft
from msingi_insurance.services.premiums import receive_premium

PICTURE = b"\x89PNG\r\n\x1a\n" + b"portrait"


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user, terms={"max_members": 3}, photo_required=True)


def photograph(till: Till, insuree_id: UUID) -> UUID:
    photo = till.act(lambda work: add_photo(work, insuree_id, PICTURE, taken_on=work.today()))
    return UUID(str(photo.id))


def with_one_photo(till: Till) -> tuple[EnrolledFamily, Policy]:
    """A mother with a photo, a child without, and a paid policy."""
    made = till.scheme.enrol(till.scheme.child())
    photograph(till, made.insurees[0].id)
    draft = PolicyDraft(family_id=made.family.id, product_id=till.product.id, officer_id=till.officer.id)
    policy = till.act(lambda work: enrol_policy(work, draft)).policy
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    return made, policy


def covered(till: Till, policy: Policy) -> dict[UUID, InsureePolicy]:
    with till.scheme.platform.work() as work:
        rows = work.session.scalars(select(InsureePolicy).where(InsureePolicy.policy_id == policy.id))
        return {row.insuree_id: row for row in rows}


@pytest.mark.rule("INS-4", "INS-1", "POL-12")
def test_the_first_photo_covers_from_its_day_and_a_later_one_changes_nothing(
    till: Till, frozen_clock: FrozenClock
) -> None:
    made, policy = with_one_photo(till)
    mother, child = (insuree.id for insuree in made.insurees)
    before = set(covered(till, policy))
    frozen_clock.move(days=10)
    first = photograph(till, child)
    after = covered(till, policy)
    till.act(lambda work: reject_photo(work, first, reason="not a face"))
    photograph(till, child)

    assert before == {mother}
    assert after.keys() == {mother, child}
    row = after[child]
    joined = TODAY + timedelta(days=10)
    assert (row.enrolment_date, row.effective_date, row.expiry_date) == (joined, joined, policy.expiry_date)
    assert covered(till, policy).keys() == {mother, child}
    assert covered(till, policy)[child].version == row.version


@pytest.mark.rule("INS-4", "INS-1", "PRM-8")
def test_a_member_who_joins_without_a_photo_waits_for_it(till: Till) -> None:
    made, policy = with_one_photo(till)
    added = [till.act(lambda work: add_member(work, made.family.id, till.scheme.child())) for _ in range(2)]
    uncovered = covered(till, policy).keys()
    for joined in added:
        photograph(till, joined.insuree.id)
    photograph(till, made.insurees[1].id)

    assert [joined.warnings for joined in added] == [(CoverWarning.PHOTO_MISSING,)] * 2
    assert uncovered == {made.insurees[0].id}
    assert covered(till, policy).keys() == {made.insurees[0].id, *(joined.insuree.id for joined in added)}
