"""Policies: enrolled, paid, confirmed, suspended, renewed, expired, and read for claims."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.insurance_fixtures import Scheme, pay, scheme_of, sold

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.rules.cover import CoverReason
from msingi_insurance.rules.life import UNPAID
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.covers_book import covers_at
from msingi_insurance.services.policies_daily import expire_chunk, suspend_chunk
from msingi_insurance.services.policies_payment import activate_if_paid

ENROL = """mutation ($input: PolicyDraft!) { enrolPolicy(input: $input) { warnings explanation policy {
  id version code status value startDate expiryDate effectiveDate stage covers { insureeId effectiveDate } } } }"""
QUOTE = "query ($input: PolicyDraft!) { quotePolicy(input: $input) { warnings } }"
RENEW = """mutation ($input: RenewalDraft!) { renewPolicy(input: $input) { policy {
  id stage status value startDate previousPolicyId productId } } }"""
SHOW = """query ($id: UUID!) { policy(id: $id) { status version effectiveDate statusBefore statusReason
  covers { effectiveDate validTo insuree { isHead } } } }"""


@pytest.fixture
def scheme(make_platform: MakePlatform, as_user: AsUser) -> Scheme:
    return scheme_of(make_platform, as_user)


def enrol(scheme: Scheme, family_id: Any, product: str, **fields: Any) -> Any:
    given = {"familyId": str(family_id), "productId": product, **fields}
    return scheme.run(ENROL, {"input": given})["enrolPolicy"]


@pytest.mark.rule("POL-1")
def test_who_has_a_policy_of_the_same_product_on_these_days_is_told_and_not_refused(scheme: Scheme) -> None:
    product, other = sold(scheme), sold(scheme, code="OTHER")
    family_id = str(scheme.enrol(scheme.child()).family.id)
    wish = {"input": {"familyId": family_id, "productId": product}}

    first = enrol(scheme, family_id, product, enrolDate="2026-02-01")
    quoted = scheme.run(QUOTE, wish)["quotePolicy"]
    again = enrol(scheme, family_id, product)
    beside = enrol(scheme, family_id, other)
    elsewhere = enrol(scheme, scheme.enrol().family.id, product)

    assert (first["policy"]["expiryDate"], again["policy"]["startDate"]) == ("2027-01-31", "2026-03-02")
    assert (quoted["warnings"], again["warnings"]) == (["COVERED_ALREADY"], ["COVERED_ALREADY"])
    assert [made["warnings"] for made in (first, beside, elsewhere)] == [[], [], []]


@pytest.mark.rule("POL-1", "POL-3", "POL-4", "PRM-4")
def test_a_policy_is_idle_until_it_is_paid_in_full(scheme: Scheme) -> None:
    product = sold(scheme)
    made = scheme.enrol(scheme.child())

    policy = enrol(scheme, made.family.id, product)["policy"]

    assert (policy["status"], policy["value"], policy["stage"]) == ("IDLE", "500 XAF", "NEW")
    assert (policy["startDate"], policy["expiryDate"]) == ("2026-03-02", "2027-03-01")
    assert [row["effectiveDate"] for row in policy["covers"]] == [None, None]
    pay(scheme, policy["id"], 499)
    assert scheme.run(SHOW, {"id": policy["id"]})["policy"]["status"] == "IDLE"
    pay(scheme, policy["id"], 1)
    paid = scheme.run(SHOW, {"id": policy["id"]})["policy"]
    assert (paid["status"], paid["effectiveDate"]) == ("ACTIVE", "2026-03-02")
    assert [row["effectiveDate"] for row in paid["covers"]] == ["2026-03-02", "2026-03-02"]


@pytest.mark.rule("PRM-8", "PRM-2", "INS-1")
def test_members_above_the_maximum_are_warned_of_and_not_covered(scheme: Scheme) -> None:
    product = sold(scheme, max_members=2)
    made = scheme.enrol(scheme.child(), scheme.child())

    policy = enrol(scheme, made.family.id, product)
    add = "mutation ($family: UUID!, $input: InsureeDraft!) { addFamilyMember(familyId: $family, input: $input) { warnings } }"
    newborn = {"givenName": "Bello", "familyName": "Hamadou", "sex": "MALE", "birthDate": "2026-02-01"}
    added = scheme.run(add, {"family": str(made.family.id), "input": {**newborn, "relationship": "CHILD"}})

    assert policy["warnings"] == ["ABOVE_MAX_MEMBERS"]
    assert len(policy["policy"]["covers"]) == 2
    assert added["addFamilyMember"]["warnings"] == ["ABOVE_MAX_MEMBERS"]


@pytest.mark.rule("INS-1", "POL-12", "D-17")
def test_an_added_member_is_covered_from_the_day_and_corrections_change_nothing(
    scheme: Scheme, frozen_clock: FrozenClock
) -> None:
    product = sold(scheme)
    made = scheme.enrol()
    policy = enrol(scheme, made.family.id, product)["policy"]
    pay(scheme, policy["id"], 300)
    frozen_clock.move(days=30)
    add = """mutation ($family: UUID!, $input: InsureeDraft!) {
      addFamilyMember(familyId: $family, input: $input) { insuree { id version } } }"""
    child = {"givenName": "Bello", "familyName": "Hamadou", "sex": "MALE", "birthDate": "2020-02-01"}
    added = scheme.run(add, {"family": str(made.family.id), "input": {**child, "relationship": "CHILD"}})
    before = scheme.run(SHOW, {"id": policy["id"]})["policy"]["covers"]
    frozen_clock.move(days=30)

    correct = """mutation ($id: UUID!, $input: InsureeChanges!) {
      correctInsuree(id: $id, input: $input, expectedVersion: 1) { profession } }"""
    scheme.run(correct, {"id": added["addFamilyMember"]["insuree"]["id"], "input": {"profession": "farmer"}})

    assert sorted(row["effectiveDate"] for row in before) == ["2026-03-02", "2026-04-01"]
    assert scheme.run(SHOW, {"id": policy["id"]})["policy"]["covers"] == before


@pytest.mark.rule("INS-3", "POL-5", "PRD-7")
def test_cover_ends_with_the_day_of_death_and_with_leaving(scheme: Scheme, frozen_clock: FrozenClock) -> None:
    product = sold(scheme)
    made = scheme.enrol(scheme.child(), scheme.child())
    policy = enrol(scheme, made.family.id, product)["policy"]
    pay(scheme, policy["id"], 700)
    frozen_clock.move(days=10)
    head, first, second = made.insurees
    death = (
        'mutation ($id: UUID!) { recordDeath(id: $id, deathDate: "2026-03-08", expectedVersion: 1) { id } }'
    )
    remove = "mutation ($id: UUID!) { removeInsuree(id: $id, expectedVersion: 1) { familyId } }"
    scheme.run(death, {"id": str(first.person_id)})
    scheme.run(remove, {"id": str(second.id)})

    def reasons(day: date) -> list[CoverReason]:
        ids = [head.id, first.id, second.id]
        found = scheme.act(lambda work: covers_at(work, ids, day))
        return [found[insuree_id][0].reason for insuree_id in ids]

    covered = CoverReason.COVERED

    def seen(day: date) -> tuple[int, list[date]]:
        found = scheme.act(lambda work: covers_at(work, [head.id, first.id, second.id], day))
        return found[head.id][0].members, [found[one.id][0].cover_to for one in made.insurees]

    assert reasons(date(2026, 3, 8)) == [covered, covered, covered]
    assert reasons(date(2026, 3, 9)) == [covered, CoverReason.PERSON_NOT_ALIVE, covered]
    assert reasons(date(2026, 3, 12)) == [covered, CoverReason.PERSON_NOT_ALIVE, CoverReason.RECORD_NOT_VALID]
    ends = [date(2027, 3, 1), date(2026, 3, 8), date(2026, 3, 11)]
    assert [seen(date(2026, 3, day)) for day in (8, 9, 12)] == [(3, ends), (2, ends), (1, ends)]
    rows = scheme.run(SHOW, {"id": policy["id"]})["policy"]["covers"]
    assert sorted(str(row["validTo"]) for row in rows) == ["2026-03-09", "2026-03-12", "None"]


@pytest.mark.rule("POL-4", "POL-11")
def test_steps_go_through_the_table_and_need_their_reason(scheme: Scheme) -> None:
    product = sold(scheme)
    policy = enrol(scheme, scheme.enrol().family.id, product)["policy"]
    step = "mutation ($id: UUID!, $v: Int!, $why: String!) {{ {0}(id: $id, expectedVersion: $v, reason: $why) {{ status version effectiveDate }} }}"
    enforce, suspend, reinstate = (
        step.format(name) for name in ("enforcePolicy", "suspendPolicy", "reinstatePolicy")
    )
    confirm = "mutation ($id: UUID!, $v: Int!) { confirmPolicy(id: $id, expectedVersion: $v) { status } }"

    assert scheme.refused(enforce, {"id": policy["id"], "v": 1, "why": " "}) == "insurance.reason_required"
    assert scheme.refused(confirm, {"id": policy["id"], "v": 1}) == "insurance.policy_step_refused"
    made = scheme.run(enforce, {"id": policy["id"], "v": 1, "why": "flood"})["enforcePolicy"]
    assert (made["status"], made["effectiveDate"]) == ("ACTIVE", "2026-03-02")
    stopped = scheme.run(suspend, {"id": policy["id"], "v": made["version"], "why": "cheque bounced"})
    version = stopped["suspendPolicy"]["version"]
    assert scheme.refused(suspend, {"id": policy["id"], "v": version - 1, "why": "x"}) == "core.stale_version"
    again = scheme.run(reinstate, {"id": policy["id"], "v": version, "why": "paid"})["reinstatePolicy"]
    assert (again["status"], again["effectiveDate"]) == ("ACTIVE", "2026-03-02")


@pytest.mark.rule("POL-4")
def test_a_scheme_may_confirm_what_is_paid(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user, activation="confirmation")
    policy = enrol(scheme, scheme.enrol().family.id, sold(scheme))["policy"]
    pay(scheme, policy["id"], 300)
    confirm = "mutation ($id: UUID!, $v: Int!) { confirmPolicy(id: $id, expectedVersion: $v) { status effectiveDate } }"

    ready = scheme.run(SHOW, {"id": policy["id"]})["policy"]
    made = scheme.run(confirm, {"id": policy["id"], "v": ready["version"]})["confirmPolicy"]

    assert (ready["status"], ready["covers"][0]["effectiveDate"]) == ("READY", None)
    assert made == {"status": "ACTIVE", "effectiveDate": "2026-03-02"}


@pytest.mark.rule("POL-11", "D-18")
def test_a_policy_with_contributions_is_never_deleted(scheme: Scheme) -> None:
    product = sold(scheme)
    paid, unpaid = (enrol(scheme, scheme.enrol().family.id, product)["policy"] for _ in range(2))
    pay(scheme, paid["id"], 100)
    delete = "mutation ($id: UUID!) { deletePolicy(id: $id, expectedVersion: 1) { id } }"

    assert scheme.refused(delete, {"id": paid["id"]}) == "insurance.policy_has_premiums"
    assert scheme.run(delete, {"id": unpaid["id"]})["deletePolicy"] == {"id": unpaid["id"]}
    left = scheme.act(lambda work: list(work.session.scalars(select(InsureePolicy.policy_id))))
    assert left == [UUID(paid["id"])]


@pytest.mark.rule("POL-8", "D-27", "PRD-1")
def test_d_27_a_renewal_follows_the_conversion_at_a_value_of_its_own(
    scheme: Scheme, frozen_clock: FrozenClock
) -> None:
    new = sold(scheme, code="NEW", premium_adult="450")
    old = sold(scheme, registration_fee="50")
    change = """mutation ($id: UUID!, $input: ProductChanges!) {
      changeProduct(id: $id, input: $input, expectedVersion: 1) { version } }"""
    family = scheme.enrol().family
    policy = enrol(scheme, family.id, old)["policy"]
    pay(scheme, policy["id"], 350)
    change = change.replace("expectedVersion: 1", "expectedVersion: 2")
    scheme.run(change, {"id": old, "input": {"dateTo": "2026-12-31", "conversionProductId": new}})

    early = scheme.refused(RENEW, {"input": {"policyId": policy["id"]}})
    frozen_clock.move(days=364)
    renewed = scheme.run(RENEW, {"input": {"policyId": policy["id"]}})["renewPolicy"]["policy"]

    assert early == "insurance.renewal_too_early"
    assert (renewed["stage"], renewed["value"], renewed["productId"]) == ("RENEWAL", "450 XAF", new)
    assert (renewed["previousPolicyId"], renewed["status"]) == (policy["id"], "IDLE")
    assert scheme.refused(RENEW, {"input": {"policyId": policy["id"]}}) == "insurance.already_renewed"


@pytest.mark.rule("POL-4", "POL-6")
def test_daily_work_expires_and_suspends_in_chunks(scheme: Scheme, frozen_clock: FrozenClock) -> None:
    product = sold(scheme, grace_period_payment=1, insurance_period=3)
    policies = [enrol(scheme, scheme.enrol().family.id, product)["policy"] for _ in range(3)]
    pay(scheme, policies[0]["id"], 300)

    assert scheme.act(lambda work: suspend_chunk(work, None)) == (0, None)
    frozen_clock.move(days=31)
    first, after = scheme.act(lambda work: suspend_chunk(work, None, most=1))
    second, end = scheme.act(lambda work: suspend_chunk(work, after))
    frozen_clock.move(days=70)
    with scheme.statements() as seen:
        expired = scheme.act(expire_chunk)

    assert (first, second, end) == (1, 1, None)
    assert expired == 3
    assert len(seen) <= 3
    states = scheme.act(
        lambda work: [
            (p.status, p.status_before, p.status_reason)
            for p in work.session.scalars(select(Policy).order_by(Policy.id))
        ]
    )
    unpaid = (PolicyStatus.EXPIRED, PolicyStatus.IDLE, UNPAID)
    assert states == [(PolicyStatus.EXPIRED, None, ""), unpaid, unpaid]


@pytest.mark.rule("POL-4")
def test_a_policy_covers_its_last_day_and_expires_on_the_next(
    scheme: Scheme, frozen_clock: FrozenClock
) -> None:
    policy = enrol(scheme, scheme.enrol().family.id, sold(scheme))["policy"]
    pay(scheme, policy["id"], 300)
    frozen_clock.move(days=364)

    on_last_day = scheme.act(expire_chunk)
    still = scheme.run(SHOW, {"id": policy["id"]})["policy"]["status"]
    frozen_clock.move(days=1)
    on_next_day = scheme.act(expire_chunk)

    assert (policy["expiryDate"], on_last_day, still, on_next_day) == ("2027-03-01", 0, "ACTIVE", 1)
    assert scheme.run(SHOW, {"id": policy["id"]})["policy"]["status"] == "EXPIRED"


@pytest.mark.rule("ADJ-11", "POL-5", "D-28")
def test_cover_of_many_is_read_in_three_statements(scheme: Scheme, frozen_clock: FrozenClock) -> None:
    product = sold(scheme)
    families = [scheme.enrol(scheme.child()) for _ in range(4)]
    for made in families:
        pay(scheme, enrol(scheme, made.family.id, product)["policy"]["id"], 500)
    ids = [insuree.id for made in families for insuree in made.insurees]
    frozen_clock.move(days=400)
    scheme.act(expire_chunk)

    with scheme.statements() as seen:
        found = scheme.act(lambda work: covers_at(work, ids, date(2026, 6, 1), lock=True))

    assert len(seen) <= 3
    covers = [found[insuree_id] for insuree_id in ids]
    assert {len(one) for one in covers} == {1}
    assert {(one[0].covered, one[0].status, one[0].members) for one in covers} == {
        (True, PolicyStatus.EXPIRED, 2)
    }
    assert scheme.act(lambda work: covers_at(work, ids[:1], date(2028, 1, 1))) == {ids[0]: ()}


@pytest.mark.rule("POL-4")
def test_many_policies_activate_with_a_fixed_number_of_statements(scheme: Scheme) -> None:
    product = sold(scheme, premium_adult="0")
    ids = [UUID(enrol(scheme, scheme.enrol().family.id, product)["policy"]["id"]) for _ in range(6)]

    def reset(work: Any) -> None:
        for policy in work.session.scalars(select(Policy)):
            policy.status, policy.effective_date = PolicyStatus.IDLE, None
        for row in work.session.scalars(select(InsureePolicy)):
            row.effective_date = None

    assert scheme.act(lambda work: {p.status for p in work.session.scalars(select(Policy))}) == {
        PolicyStatus.ACTIVE
    }
    scheme.act(reset)
    with scheme.statements() as seen:
        decisions = scheme.act(lambda work: activate_if_paid(work, ids))

    assert {one.status for one in decisions.values()} == {PolicyStatus.ACTIVE}
    assert len(seen) <= 13


@pytest.mark.rule("PRD-1")
def test_products_are_sold_in_their_window_and_place(scheme: Scheme) -> None:
    family = scheme.enrol(village="V3").family
    create = "mutation ($input: ProductDraft!) { createProduct(input: $input) { id } }"
    base = {"name": "x", "dateFrom": "2026-01-01", "terms": {"premium_adult": "1"}}
    here = scheme.run(create, {"input": {**base, "code": "D1", "jurisdictionId": str(scheme.places["D1"])}})
    late = {**base, "code": "OVER", "jurisdictionId": str(scheme.places["CM"]), "dateTo": "2026-01-31"}
    over = scheme.run(create, {"input": late})

    for product in (here, over):
        given = {"familyId": str(family.id), "productId": product["createProduct"]["id"]}
        assert scheme.refused(ENROL, {"input": given}) == "insurance.product_not_sold"
    tomorrow = str(date(2026, 3, 2) + timedelta(days=1))
    given = {"familyId": str(family.id), "productId": sold(scheme), "enrolDate": tomorrow}
    assert scheme.refused(ENROL, {"input": given}) == "insurance.enrolled_later"
