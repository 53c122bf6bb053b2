"""Claims that are sent again, claims beside wrong ones, and packages through every door (CLM-F1, CLM-F2, ADJ-2)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from tests.modules.msingi_claims.claims_catalogue_fixtures import START
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of
from tests.modules.msingi_claims.intake_fixtures import codes_of, record_of, send, xml_of

from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_catalogue import MedicalItem, MedicalService, PackageType, ServiceContent, renew_register
from msingi_claims.models.claim import Claim
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services.entry import delete_claim


@pytest.mark.rule("CLM-F2")
def test_a_claim_that_was_only_entered_is_submitted_when_its_content_comes_again(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    claim_id = scheme.enter(insuree, ("SV1", 1), ("MALE", 1), code="J1")

    (other,) = send(scheme, record_of(scheme, insuree, diagnosis="B00"))["claims"]
    standing = scheme.claim(claim_id).status
    (told,) = send(scheme, record_of(scheme, insuree))["claims"]

    assert (other["result"], other["resultCode"]) == ("error", 2)
    assert standing is ClaimStatus.ENTERED
    assert (told["result"], told["resultCode"], told["claimId"]) == ("success", 0, str(claim_id))
    assert [line["reason"] for line in told["lines"]] == [0, 4]
    assert scheme.claim(claim_id).status is ClaimStatus.CHECKED


@pytest.mark.rule("CLM-F2")
def test_the_code_of_a_deleted_claim_is_used_up(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    claim_id = scheme.enter(insuree, ("SV1", 1), ("MALE", 1), code="J1")
    scheme.act(lambda work: delete_claim(work, claim_id, reason="twice", expected_version=1))

    (told,) = send(scheme, record_of(scheme, insuree))["claims"]

    assert (told["result"], told["resultCode"]) == ("error", 2)
    assert told["errors"][0]["code"] == "claims.code_taken"
    assert scheme.claim(claim_id).status is ClaimStatus.VOID


@pytest.mark.rule("CLM-F2", "TZA-30")
def test_a_repeat_by_code_is_answered_with_every_line_as_the_first_time(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    (uninsured,) = scheme.family()
    records = [record_of(scheme, scheme.patient()), record_of(scheme, uninsured, code="J2")]

    first = send(scheme, records)
    again = send(scheme, records)

    assert [one["result"] for one in first["claims"]] == ["success", "rejected"]
    assert again == first


@pytest.mark.rule("CLM-F2")
@pytest.mark.parametrize(
    "change",
    [
        {"visit_type": "E"},
        {"further_diagnoses": ["B00"]},
        {"date_claimed": "2026-02-12"},
        {"date_to": "2026-02-11"},
        {"guarantee_number": "G1"},
        {"referral_code": "R1"},
        {"explanation": "twins"},
        {"administrator": "ADM"},
        {"pre_authorisation": "PA1"},
        {"lines": [{"kind": "service", "code": "SV1", "quantity": "2", "price": "100"}]},
        {"lines": [{"kind": "service", "code": "SV1", "quantity": "1", "price": "100", "explanation": "so"}]},
        {"lines": [{"kind": "service", "code": "SV1", "quantity": "1", "price": "100", "contents": []}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_claim_that_says_anything_else_the_second_time_is_a_conflict(
    make_platform: MakePlatform, as_user: AsUser, change: dict[str, Any]
) -> None:
    scheme = scheme_of(make_platform, as_user)
    line = {"kind": "service", "code": "SV1", "quantity": "1", "price": "100"}
    record = record_of(scheme, scheme.patient(), lines=[line], date_claimed="2026-02-11")
    send(scheme, record)

    (told,) = send(scheme, record | change)["claims"]

    assert (told["result"], told["resultCode"]) == ("error", 2)
    assert told["errors"][0]["code"] == "claims.other_content"


@pytest.mark.rule("CLM-F1")
def test_a_claim_that_cannot_be_read_holds_up_no_other(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    wrong = [{"quantity": "0"}, {"start": "31/02/2026"}, {"visit": "Z"}, {"service": ""}, {"item": ""}]
    claims = [xml_of(scheme, insuree, code=f"W{n}", **change) for n, change in enumerate(wrong)]
    good = xml_of(scheme, insuree, code="GOOD")

    told = send(scheme, f"<Claims>{''.join([*claims, good])}</Claims>", xml=True)["claims"]

    assert [(one["code"], one["result"], one["resultCode"]) for one in told] == [
        ("W0", "error", -1),
        ("W1", "error", -1),
        ("W2", "error", -1),
        ("W3", "error", 8),
        ("W4", "error", 7),
        ("GOOD", "success", 0),
    ]
    assert told[0]["errors"] == [
        {
            "code": "claims.wrong_value",
            "message": "Ligne 5, Items/Item[1]/ItemQuantity : écrivez un nombre supérieur à 0.",
        }
    ]
    assert scheme.act(lambda work: work.session.scalar(select(func.count(Claim.id)))) == 1


@pytest.mark.rule("CLM-F1")
def test_a_total_that_is_not_the_sum_of_the_lines_is_a_mistake_of_its_claim(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    claims = [
        xml_of(scheme, insuree, code="T1", total="400"),
        xml_of(scheme, insuree, code="T2", total="0"),
        xml_of(scheme, insuree, code="T3", total=""),
        xml_of(scheme, insuree, code="T4", total="300.00", start="15/02/2026"),
    ]

    told = send(scheme, f"<Claims>{''.join(claims)}</Claims>", xml=True)["claims"]

    assert [one["resultCode"] for one in told] == [-1, -1, 0, 0]
    assert told[0]["errors"] == [
        {
            "code": "claims.total_differs",
            "message": "Le total indiqué n'est pas la somme des lignes, qui est de 300.",
        }
    ]


@pytest.mark.rule("ADJ-2", "CLM-F1", "CLM-F2")
def test_a_package_held_what_the_register_says_unless_its_line_says_otherwise(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    scheme.act(_make_package)
    insuree = scheme.patient()
    line: dict[str, Any] = {"kind": "service", "code": "HOSP", "quantity": "1", "price": "100"}
    given = {"kind": "item", "code": "IT1", "quantity": "2"}
    said: list[dict[str, Any]] = [{}, {"contents": [given]}]
    said += [{"contents": [given | {"quantity": "1"}]}, {"contents": []}]
    told = [_sent(scheme, insuree, month, line | one) for month, one in enumerate(said, start=2)]
    in_xml = xml_of(scheme, insuree, service="HOSP", code="PX", start="15/02/2026")
    claim_id = UUID(send(scheme, in_xml, xml=True)["claims"][0]["claimId"])

    assert told == [100, 100, 0, 0]
    assert [line.remunerated_minor for line in scheme.lines(claim_id)] == [200, 100]
    assert _entered_by_hand(scheme, insuree) == 100


def _make_package(work: Work) -> None:
    """The service HOSP becomes a priced package of two items IT1."""
    package = update(MedicalService).where(MedicalService.code == "HOSP")
    work.session.execute(package.values(package_type=PackageType.PRICED))
    service, item = (
        work.session.scalar(select(model.id).where(model.code == code))
        for model, code in ((MedicalService, "HOSP"), (MedicalItem, "IT1"))
    )
    held = {"quantity": Decimal(2), "currency": "XAF", "price_minor": 50, "valid_from": START}
    work.insert_rows(
        ServiceContent, [{"service_id": service, "item_id": item, "sub_service_id": None, **held}]
    )
    renew_register(work)


def _sent(scheme: Scheme, insuree: UUID, number: int, line: dict[str, Any]) -> int | None:
    """What is paid for a line of a claim in the month of its number."""
    record = record_of(scheme, insuree, code=f"P{number}", date_from=f"2025-{number + 1:02}-10", lines=[line])
    (told,) = send(scheme, record)["claims"]
    return scheme.claim(UUID(told["claimId"])).approved_minor


def _entered_by_hand(scheme: Scheme, insuree: UUID) -> int | None:
    """What is paid for the package when a clerk enters it without saying what it held."""
    draft = {
        "code": "HAND",
        "facilityId": str(scheme.hospital),
        "insuranceNumber": codes_of(scheme, insuree)["number"],
        "diagnosis": "A00",
        "dateFrom": "2025-10-10",
        "lines": [{"kind": "SERVICE", "code": "HOSP", "quantity": "1", "price": "100 XAF"}],
    }
    made = scheme.run("mutation($d:ClaimDraft!){createClaim(input:$d){id}}", {"d": draft}, actor=scheme.clerk)
    claim_id = UUID(made["createClaim"]["id"])
    scheme.submit(claim_id)
    return scheme.claim(claim_id).approved_minor
