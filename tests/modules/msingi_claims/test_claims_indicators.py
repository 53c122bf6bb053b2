"""P1 to P12 and D1 to D9 of February 2026, every number worked out by hand; and the same as files."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL
from tests.modules.msingi_claims.payment_fixtures import Counter, counter_of

from msingi.errors import DomainError
from msingi.http.rest import RestRequest
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_claims.indicator_doors import indicator_file
from msingi_claims.models.facility_side import Feedback, FeedbackPrompt
from msingi_claims.plugin import READ_REPORTS
from msingi_claims.rules.bills import BankOutcome
from msingi_claims.services.entry import delete_claim
from msingi_claims.services.indicators import Window, indicators
from msingi_claims.services.rejection import reject_claims
from msingi_insurance import Officer, Policy, PolicyStatus, Product, ProductVersion, Stage
from msingi_insurance.services.policies_life import reinstate_policy, suspend_policy

FEBRUARY = Window(date(2026, 2, 1), date(2026, 2, 28))
ASK = """query($place:UUID,$product:UUID){indicators(since:"2026-02-01",until:"2026-02-28",
    placeId:$place,productId:$product){code label kind value}}"""


@pytest.fixture
def counter(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Counter:
    """The policies and claims whose arithmetic stands in the tests."""
    counter = counter_of(make_platform, as_user, frozen_clock, COVERS_ALL)
    ada, cecile, colette = _policies(counter)
    _claims(counter, ada, cecile, colette)
    return counter


@pytest.mark.rule("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11", "P12")
def test_the_counts_of_a_month_are_those_worked_out_by_hand(counter: Counter) -> None:
    found = _ask(counter)

    assert {code: found[code] for code in (f"P{number}" for number in range(1, 13))} == {
        "P1": 5,  # A to its last day, B, C, D, F
        "P2": 1,  # C
        "P3": 1,  # D, although it was reinstated
        "P4": 1,  # A
        "P5": 2,  # B renews A; F follows a product that was converted
        "P6": 5,  # of A and B 1, C 2, D 1, F 1
        "P7": 2,  # both of C
        "P8": 1095,  # 730 for B and 365 for C; the other 365 came in January
        "P9": 102,  # A 28 of 365 days of 365, B 9 of 365 of 730, C 28 of 365 of 730
        "P10": 4,  # paid, valuated, rejected, entered; not the deleted one
        "P11": 400,  # 300 and 100
        "P12": 1,
    }


@pytest.mark.rule("D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9")
def test_the_ratios_of_a_month_are_those_worked_out_by_hand(counter: Counter) -> None:
    found = _ask(counter)

    assert {code: found[code] for code in (f"D{number}" for number in range(1, 10))} == {
        "D1": Decimal("3.9216"),  # 400 / 102
        "D2": 2,  # 2 / 1
        "D3": Decimal("0.3333"),  # 1 / 3: A, D and the product before F on 31 January
        "D4": 18,  # from 12 February, when it was submitted, to 2 March
        "D5": Decimal("0.75"),  # (4 - 1) / 4
        "D6": Decimal("0.8"),  # 4 / 5
        "D7": 100,  # 400 / 4
        "D8": 4,
        "D9": Decimal("0.5"),  # 1 of 2
    }


@pytest.mark.rule("P1", "P10", "TZA-06", "TZA-13")
def test_indicators_are_those_of_a_place_a_product_and_the_readers_scope(
    counter: Counter, as_user: AsUser
) -> None:
    scheme = counter.scheme
    product = scheme.act(lambda work: work.get(ProductVersion, scheme.product_version).product_id)
    guider = as_user(READ_REPORTS, at=scheme.places["D2"])

    of_product = _ask(counter, product=str(product))
    assert {code: of_product[code] for code in ("P1", "P5", "P6", "P10", "P11", "D3")} == {
        "P1": 5,
        "P5": 2,
        "P6": 5,
        "P10": 2,
        "P11": 400,
        "D3": Decimal("0.5"),
    }
    for found in (_ask(counter, place=str(scheme.places["D2"])), _ask(counter, actor=guider)):
        assert {code: found[code] for code in ("P1", "P8", "P10", "P11", "D1", "D7")} == {
            "P1": 0,
            "P8": 0,
            "P10": 1,
            "P11": 100,
            "D1": None,
            "D7": 100,
        }


@pytest.mark.rule("P1", "TZA-06")
def test_indicators_cost_the_same_statements_however_much_there_is(counter: Counter) -> None:
    scheme = counter.scheme

    with scheme.statements() as full:
        scheme.act(lambda work: indicators(work, FEBRUARY))
    with scheme.statements() as empty:
        scheme.act(lambda work: indicators(work, Window(date(2030, 1, 1), date(2030, 1, 1))))

    assert len(full) == len(empty) == 12
    with pytest.raises(DomainError) as turned:
        scheme.act(lambda work: indicators(work, Window(FEBRUARY.until, FEBRUARY.since)))
    assert turned.value.code == "report.period_turned"


@pytest.mark.rule("TZA-06")
def test_indicators_are_exported_in_the_readers_language(counter: Counter) -> None:
    query = {"since": "2026-02-01", "until": "2026-02-28"}

    def export(work: Work, form: str) -> bytes:
        work.language = "fr"
        return indicator_file(work, RestRequest({"form": form}, query)).content

    table = counter.scheme.act(lambda work: export(work, "csv")).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert rows[0] == ["Code", "Indicateur", "Valeur"]
    assert rows[1] == ["P1", "Polices actives le dernier jour de la période", "5"]
    assert [row[0] for row in rows[1:]] == [
        *(f"P{n}" for n in range(1, 13)),
        *(f"D{n}" for n in range(1, 10)),
    ]
    assert counter.scheme.act(lambda work: export(work, "xlsx")).startswith(b"PK")
    assert counter.scheme.act(lambda work: export(work, "pdf")).startswith(b"%PDF")


def _ask(counter: Counter, *, actor: Any = None, **variables: str) -> dict[str, Decimal | None]:
    found = counter.scheme.run(ASK, variables, actor=actor or counter.maker)["indicators"]
    return {one["code"]: None if one["value"] is None else Decimal(one["value"]) for one in found}


def _policies(counter: Counter) -> tuple[UUID, UUID, UUID]:
    scheme = counter.scheme
    (ada,), (cecile, colette), (dina,), (flore,) = (scheme.family(size) for size in (1, 2, 1, 1))
    a = scheme.insure([ada], **_days(date(2025, 3, 1), date(2026, 2, 28)))
    b = scheme.insure([ada], **_days(date(2026, 2, 20), date(2027, 2, 19)), previous_policy_id=a)
    c = scheme.insure([cecile, colette], stage=Stage.NEW, **_days(date(2026, 2, 1), date(2027, 1, 31)))
    d = scheme.insure([dina], **_days(date(2025, 6, 1), date(2026, 5, 31)))
    current = scheme.product_version
    before = scheme.sell({"other_services": {}}, code="OLD")
    scheme.product_version = current
    scheme.act(lambda work: _convert(work, before, current))
    scheme.insure([flore], before, **_days(date(2025, 2, 1), date(2026, 1, 31)), status=PolicyStatus.EXPIRED)
    scheme.insure([flore], **_days(date(2026, 2, 1), date(2027, 1, 31)))
    (eve,) = scheme.family()
    idle = scheme.insure([eve], **_days(date(2026, 2, 1), date(2027, 1, 31)), status=PolicyStatus.IDLE)
    scheme.act(lambda work: _unpaid(work, idle))
    for policy, amount, day in (
        *((a, 365, date(2025, 3, 1)), (b, 730, date(2026, 2, 20))),
        *((c, 365, date(2026, 1, 31)), (c, 365, date(2026, 2, 10))),
    ):
        counter.contribute(policy, amount, on=day)
    counter.at(2026, 2, 3, 9)
    scheme.act(lambda work: _suspend_for_a_moment(work, d))
    return ada, cecile, colette


def _claims(counter: Counter, ada: UUID, cecile: UUID, colette: UUID) -> None:
    scheme = counter.scheme
    counter.at(2026, 2, 10, 9)
    paid = scheme.enter(ada, ("SV1", 3), date_from=date(2026, 2, 10))
    counter.processed(ada, ("SV1", 1), date_from=date(2026, 1, 15))
    counter.at(2026, 2, 12, 9)
    scheme.submit(paid)
    scheme.process(paid)
    counter.at(2026, 2, 14, 9)
    abroad = {"facility_id": scheme.centre, "actor": counter.maker}
    unpaid = counter.processed(cecile, ("SV1", 1), date_from=date(2026, 2, 12), **abroad)
    rejected = scheme.submitted(colette, ("SV1", 1), date_from=date(2026, 2, 13))
    scheme.act(lambda work: reject_claims(work, [rejected], reason="no"))
    scheme.enter(cecile, ("SV2", 1), date_from=date(2026, 2, 14))
    void = scheme.enter(ada, ("SV2", 1), date_from=date(2026, 2, 14))
    scheme.act(lambda work: delete_claim(work, void, reason="x", expected_version=1))
    scheme.act(lambda work: _hear(work, scheme.places["V1"], paid, unpaid))
    counter.at(2026, 3, 2, 9)
    counter.batch()
    counter.account(scheme.hospital)
    counter.fund(1_000)
    counter.answer(counter.sent(), outcome=BankOutcome.PAID)


def _days(first: date, last: date) -> dict[str, Any]:
    return {"enrol_date": first, "start_date": first, "effective_date": first, "expiry_date": last}


def _convert(work: Work, before: UUID, after: UUID) -> None:
    old, new = (work.get(ProductVersion, version).product_id for version in (before, after))
    work.get(Product, old).conversion_product_id = new


def _unpaid(work: Work, policy_id: UUID) -> None:
    from msingi_insurance import InsureePolicy

    work.get(Policy, policy_id).effective_date = None
    for cover in work.session.scalars(select(InsureePolicy).where(InsureePolicy.policy_id == policy_id)):
        cover.effective_date = None


def _suspend_for_a_moment(work: Work, policy_id: UUID) -> None:
    suspended = suspend_policy(work, policy_id, reason="not paid", expected_version=1)
    reinstate_policy(work, policy_id, reason="paid", expected_version=suspended.version)


def _hear(work: Work, village: UUID, *claims: UUID) -> None:
    officer = work.add(Officer(jurisdiction_id=village, code="E1", name="E1"))
    work.session.flush()
    for claim_id in claims:
        work.add(
            FeedbackPrompt(
                jurisdiction_id=village, claim_id=claim_id, officer_id=officer.id, prompted_at=work.now()
            )
        )
    work.add(
        Feedback(
            jurisdiction_id=village,
            claim_id=claims[0],
            officer_id=officer.id,
            care_rendered=True,
            payment_asked=False,
            drug_prescribed=False,
            drug_received=False,
            mark=4,
            heard_on=work.today(),
            delivered_at=work.now(),
        )
    )
