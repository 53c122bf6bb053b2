"""Renewals: who is asked, for which product, by which officer, with which warnings."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_insurance.rules.refusals import ConversionCycle, SubstitutionCycle
from msingi_insurance.rules.renewal import (
    OfficerPost,
    PhotoAges,
    Portrait,
    ProductWindow,
    RenewalResult,
    RenewalWarning,
    UploadedRenewal,
    check_conversion,
    check_substitution,
    intended_product,
    is_due,
    is_renewed_on,
    judge_upload,
    outdated_photos,
    prompt_renewal,
    standing_officer,
)
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.rules.terms import Terms

TODAY = date(2021, 6, 1)
EXPIRY = date(2021, 6, 10)
NEXT = date(2021, 6, 11)
SOLD = ProductWindow("CHF", date(2019, 1, 1))
OLD = ProductWindow("OLD", date(2015, 1, 1), date(2021, 6, 10), "MID")
MID = ProductWindow("MID", date(2015, 1, 1), date(2020, 12, 31), "CHF")
PRODUCTS = {each.code: each for each in (SOLD, OLD, MID)}
AMINA = OfficerPost("AMINA")


@pytest.mark.rule("POL-8")
@pytest.mark.parametrize(
    ("status", "expiry", "later", "due"),
    [
        (PolicyStatus.ACTIVE, TODAY + timedelta(days=14), False, True),
        (PolicyStatus.ACTIVE, TODAY + timedelta(days=15), False, False),
        (PolicyStatus.EXPIRED, TODAY - timedelta(days=40), False, True),
        (PolicyStatus.ACTIVE, TODAY, True, False),
        (PolicyStatus.IDLE, TODAY, False, False),
        (PolicyStatus.SUSPENDED, TODAY, False, False),
    ],
)
def test_policies_are_listed_two_weeks_before_their_end(
    status: PolicyStatus, expiry: date, *, later: bool, due: bool
) -> None:
    assert is_due(status, expiry=expiry, today=TODAY, has_later_policy=later) is due


@pytest.mark.rule("POL-8", "D-16")
def test_d_16_a_product_that_is_sold_is_offered_without_a_warning() -> None:
    prompt = prompt_renewal("CHF", "AMINA", expiry=EXPIRY, products=PRODUCTS, officers={"AMINA": AMINA})

    assert (prompt.product, prompt.renewal_date, prompt.warnings) == ("CHF", NEXT, RenewalWarning.NONE)


@pytest.mark.rule("POL-8", "D-16", "PRD-1")
def test_d_16_the_end_of_the_chain_is_offered_only_when_the_window_is_over() -> None:
    assert intended_product("OLD", PRODUCTS, on=EXPIRY) == "OLD"
    assert intended_product("OLD", PRODUCTS, on=NEXT) == "CHF"


@pytest.mark.rule("POL-8")
def test_warnings_add_up() -> None:
    left = OfficerPost("BARU", works_to=EXPIRY)
    closed = {"OLD": replace(OLD, conversion=None)}

    def warned(product: str, officer: str | None, **known: OfficerPost) -> int:
        products = {**PRODUCTS, **closed}
        return int(
            prompt_renewal(product, officer, expiry=EXPIRY, products=products, officers=known).warnings
        )

    assert warned("CHF", None) == 2
    assert warned("CHF", "BARU", BARU=left) == 4
    assert warned("OLD", "BARU", BARU=left) == 5
    assert warned("OLD", "GONE") == 3


@pytest.mark.rule("POL-8")
def test_the_officer_who_left_is_replaced_by_the_end_of_the_chain() -> None:
    gone = date(2021, 1, 1)
    officers = {
        "A": OfficerPost("A", gone, "B"),
        "B": OfficerPost("B", gone, "C"),
        "C": OfficerPost("C"),
        "X": OfficerPost("X", gone, "Y"),
        "Y": OfficerPost("Y", gone, "X"),
    }

    assert standing_officer("A", officers, on=NEXT) == officers["C"]
    assert standing_officer("C", officers, on=NEXT) == officers["C"]
    assert standing_officer("X", officers, on=NEXT) == officers["Y"]
    assert standing_officer(None, officers, on=NEXT) is None


codes = st.sampled_from("ABCDE")


@pytest.mark.rule("POL-8", "PRD-1")
@given(st.dictionaries(codes, st.none() | codes), codes)
def test_chains_end_whatever_the_circles(links: dict[str, str | None], first: str) -> None:
    over = date(2020, 1, 1)
    products = {code: ProductWindow(code, over, over, link) for code, link in links.items()}
    officers = {code: OfficerPost(code, over, link) for code, link in links.items()}

    assert intended_product(first, products, on=TODAY) in {first, *links, *links.values()}
    found = standing_officer(first, officers, on=TODAY)
    assert (found is not None) is (first in links)


@pytest.mark.rule("PRD-1", "POL-8")
def test_a_chain_that_leads_back_is_refused() -> None:
    chain = {"B": "C", "C": "A", "D": "D"}

    check_conversion("A", "D", chain)
    check_conversion("A", None, chain)
    for following in ("A", "B", "C"):
        with pytest.raises(ConversionCycle):
            check_conversion("A", following, chain)
    with pytest.raises(SubstitutionCycle):
        check_substitution("A", "C", chain)


@pytest.mark.rule("POL-8", "INS-4")
def test_photos_age_faster_on_children() -> None:
    adult, child = date(1980, 1, 1), date(2015, 1, 1)
    portraits = [
        Portrait("adult on the day", adult, date(2016, 6, 1)),
        Portrait("adult too old", adult, date(2016, 5, 31)),
        Portrait("child on the day", child, date(2020, 6, 1)),
        Portrait("child too old", child, date(2020, 5, 31)),
        Portrait("none", adult, None),
    ]

    assert outdated_photos(portraits, on=TODAY, ages=PhotoAges(), age_of_majority=18) == (
        "adult too old",
        "child too old",
        "none",
    )


UPLOAD = UploadedRenewal(
    status=PolicyStatus.EXPIRED,
    receipt_taken=False,
    accepted=True,
    has_later_policy=False,
    paid_on=NEXT,
    last_day=NEXT,
)


@pytest.mark.rule("POL-9")
@pytest.mark.parametrize(
    ("upload", "result"),
    [
        (UPLOAD, 0),
        (replace(UPLOAD, receipt_taken=True, has_later_policy=True), -1),
        (replace(UPLOAD, paid_on=NEXT + timedelta(days=1)), -2),
        (replace(UPLOAD, accepted=False), -3),
        (replace(UPLOAD, status=PolicyStatus.SUSPENDED), -3),
        (replace(UPLOAD, has_later_policy=True), -4),
    ],
)
def test_an_uploaded_renewal_is_answered_with_a_code(upload: UploadedRenewal, result: int) -> None:
    assert judge_upload(upload) == result
    assert RenewalResult.FATAL.value == -5


@pytest.mark.rule("PRM-5", "PRD-2")
@pytest.mark.parametrize(
    ("status", "day", "renewed"),
    [
        (PolicyStatus.ACTIVE, EXPIRY - timedelta(days=15), False),
        (PolicyStatus.ACTIVE, EXPIRY - timedelta(days=14), True),
        (PolicyStatus.EXPIRED, date(2021, 9, 10), True),
        (PolicyStatus.EXPIRED, date(2021, 9, 11), False),
        (PolicyStatus.SUSPENDED, NEXT, False),
        (PolicyStatus.READY, NEXT, False),
    ],
)
def test_what_follows_in_the_window_or_within_the_recurrence_is_a_renewal(
    status: PolicyStatus, day: date, *, renewed: bool
) -> None:
    terms = Terms.model_validate({"insurance_period": 12, "recurrence": 3})

    assert is_renewed_on(day, status, EXPIRY, terms, days=14) is renewed
