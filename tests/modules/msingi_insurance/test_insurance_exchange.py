"""Files of the field: read safely, taken in family by family, answered with codes; master data for one officer."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from tests.modules.msingi_insurance.exchange_fixtures import archive, document, family
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, premiums, till_of
from typer.testing import CliRunner

from msingi.kernel.services import discard_job
from msingi.tabular import TabularError, read_xml_tree
from msingi.testing import AsUser, MakePlatform
from msingi_insurance.exchange.at_once import import_enrolments
from msingi_insurance.exchange.enrolment_file import read_enrolment_file
from msingi_insurance.exchange.master_data import master_data
from msingi_insurance.exchange.photo_files import open_package, read_photo_name
from msingi_insurance.exchange.renewal_files import read_feedback, read_renewals
from msingi_insurance.exchange.uploads import forget_discarded, keep_file
from msingi_insurance.models.exchange import FieldUpload
from msingi_insurance.models.family import Family, Insuree, InsureePhoto
from msingi_insurance.models.findings import EnrolmentFinding
from msingi_insurance.models.policy import Policy
from msingi_insurance.payment_errors import FileRefused, OfficerNotThere
from msingi_insurance.plugin import READ_FINDINGS
from msingi_insurance.rules.fraud import FraudSign
from msingi_insurance.rules.states import PolicyStatus, Relationship
from msingi_insurance.services.fraud_findings import find_signs
from msingi_insurance.services.premiums import receive_premium


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Enrolment>&b;</Enrolment>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Enrolment>&f;</Enrolment>"""


@pytest.mark.rule("CLM-F3", "attack 69", "attack 64")
@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        OUTSIDE,
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://example.org/x.dtd"><Enrolment/>',
        b"<?xml-stylesheet href='x'?><Enrolment/>",
        b"<a><b><c><d><e><f><g><h><i/></h></g></f></e></d></c></b></a>",
        b"<Enrolment><FileInfo>",
        b"<Enrolment>" + b"x" * 10_001 + b"</Enrolment>",
        b"",
        b"not xml",
        b"\xff\xfe<\x00",
    ],
)
def test_a_harmful_document_is_refused_before_anything_of_it_is_used(content: bytes) -> None:
    with pytest.raises(TabularError):
        read_xml_tree(content)


@pytest.mark.rule("CLM-F3")
def test_indentation_is_no_text_however_long_the_document() -> None:
    content = (
        b"<Claims>\n"
        + b"        <Claim>\n            <Code> A 1 </Code>\n        </Claim>\n" * 1_000
        + b"</Claims>"
    )

    root = read_xml_tree(content)

    assert (root.text, len(root.children), root.children[-1].value("Code")) == ("", 1_000, "A 1")


@pytest.mark.rule("attack 69")
@given(st.binary(max_size=300))
def test_any_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises((FileRefused, TabularError)):
        read_enrolment_file(b"<Enrolment>" + content)


@pytest.mark.rule("CLM-F3", "attack 64", "attack 67", "attack 68")
def test_a_package_gives_photos_by_their_names_and_nothing_else() -> None:
    content = archive(
        {
            "file.xml": document(),
            "Images/0001_E1_20260302_4.05_9.70.jpg": b"jpeg",
            "../../etc/passwd": b"x",
            "0002_E1_20261302.jpg": b"no such day",
        }
    )

    package = open_package(content)

    assert package.document == document()
    assert [(photo.number, photo.officer_code, photo.taken_on) for photo in package.photos] == [
        ("0001", "E1", TODAY)
    ]
    assert package.ignored == ("*", "0002_E1_20261302.jpg")
    assert read_photo_name("0001_E1_20260302.png") == ("0001", "E1", TODAY)
    for bad in (
        archive({"a.jpg": b""}),
        archive({"a.xml": b"", "b.xml": b""}),
        archive({"a.xml": b"0" * (201 * 1024 * 1024)}),
        content[:-30],
        b"PK\x03\x04",
    ):
        with pytest.raises(FileRefused):
            open_package(bad)


@pytest.mark.rule("CLM-F3")
def test_what_a_device_wrote_of_a_family_is_kept(till: Till) -> None:
    written = "<Ethnicity>Bamoun</Ethnicity><Poverty>1</Poverty><FamilyAddress>Near the well</FamilyAddress>"
    filed = family("1").replace("</LocationCode>", f"</LocationCode>{written}")

    import_enrolments(till.scheme.platform, document(filed), dry_run=False)

    with till.scheme.platform.work() as work, work.everywhere():
        kept = work.session.scalars(select(Family).where(Family.ethnicity != "")).one()
    assert (kept.ethnicity, kept.poverty) == ("Bamoun", True)


@pytest.mark.rule("CLM-F3", "PRM-1")
def test_every_relationship_that_devices_know_is_read(till: Till) -> None:
    """Codes 1 to 8 of the scheme's register; code 3 is an uncle or an aunt."""
    family_of = [
        family(str(code)).replace("<Relationship>4</Relationship>", f"<Relationship>{code}</Relationship>")
        for code in range(1, 10)
    ]
    outcomes = import_enrolments(till.scheme.platform, document(*family_of), dry_run=False)
    with till.scheme.platform.work() as work:
        found = set(
            work.session.scalars(select(Insuree.relationship_to_head).where(Insuree.is_head.is_(False)))
        )

    assert [outcome["code"] for outcome in outcomes] == [0] * 8 + [-400]
    assert found == set(Relationship)


@pytest.mark.rule("CLM-F3")
def test_each_family_of_a_file_is_enrolled_by_itself_and_gets_its_code(till: Till) -> None:
    content = document(
        family("1", number="N1", receipt="A1"),
        family("2", village="V3"),
        family("3", head="0"),
        family("4", number="N1"),
        family("5", product="NONE"),
        family("6", receipt="A1"),
        family("7").replace("2026-03-01", "yesterday"),
        family("8", village="V2"),
    )
    platform = till.scheme.platform

    trial = import_enrolments(platform, content, dry_run=True)
    nothing = till.act(lambda work: work.session.scalars(select(Family)).all())
    outcomes = import_enrolments(platform, content, dry_run=False)
    again = import_enrolments(platform, document(family("1", number="N1", receipt="A1")), dry_run=False)

    assert [outcome["code"] for outcome in outcomes] == [0, -1, -2, -3, -4, -5, -400, 0]
    assert [outcome["code"] for outcome in trial] == [outcome["code"] for outcome in outcomes]
    assert [outcome["reason"] for outcome in trial] == [outcome["reason"] for outcome in outcomes]
    assert (list(nothing), [outcome["code"] for outcome in again]) == ([], [-3])
    assert [outcome["reason"] for outcome in outcomes][3:6] == [
        "insurance.number_refused",
        "core.not_found",
        "insurance.receipt_taken",
    ]
    with platform.work() as work:
        policies = work.session.scalars(select(Policy)).all()
        insurees = work.session.scalars(select(Insuree)).all()
    assert {policy.status for policy in policies} == {PolicyStatus.ACTIVE}
    assert (len(policies), len(insurees)) == (2, 4)
    assert till.balances() == {"1410": 2 * VALUE, "4210": 2 * VALUE}


@pytest.mark.rule("CLM-F3", "ID-12")
def test_a_person_in_two_families_of_a_file_is_told_with_both_in_every_run(till: Till) -> None:
    first = family("1")
    son = first.partition("<InsureeId>12")[2].partition("</Insuree>")[0]
    other = family("2").partition("<InsureeId>22")[2].partition("</Insuree>")[0]
    second = family("2").replace(
        other, son.replace("<FamilyId>1<", "<FamilyId>2<").replace("<LastName>Ba", "<LastName>BÁ")
    )
    content = document(first, second, family("3"))
    platform = till.scheme.platform

    trial = import_enrolments(platform, content, dry_run=True)
    outcomes = import_enrolments(platform, content, dry_run=False)

    told = [(one["code"], one["reason"], one["repeated"]) for one in outcomes]
    assert told == [
        (0, "", ("12 = 2/22",)),
        (-3, "registry.possible_duplicate", ("22 = 1/12",)),
        (0, "", ()),
    ]
    assert [(one["code"], one["reason"], one["repeated"]) for one in trial] == told


@pytest.mark.rule("CLM-F3", "INS-4")
def test_photos_of_a_package_are_kept_with_the_insurees_they_name(till: Till) -> None:
    picture = b"\xff\xd8\xff" + b"0" * 100
    content = archive({"f.xml": document(family("1", number="N1")), "N1_E1_20260301_4.1_9.7.jpg": picture})

    (outcome,) = import_enrolments(till.scheme.platform, content, dry_run=False)

    with till.scheme.platform.work() as work:
        photo = work.session.scalars(select(InsureePhoto)).one()
        insuree = work.get(Insuree, photo.insuree_id)
    assert outcome["code"] == 0
    assert (insuree.number, insuree.photo_on, photo.officer_id) == ("N1", date(2026, 3, 1), till.officer.id)


@pytest.mark.rule("CLM-F3", "F2")
def test_an_upload_is_read_as_a_job_and_only_once(till: Till) -> None:
    content = document(family("1", receipt="A1"), family("2", village="V3"))
    platform = till.scheme.platform

    with platform.work() as work:
        first = keep_file(work, content, dry_run=False)
    with platform.work() as work:
        second = keep_file(work, content, dry_run=False)
    platform.jobs.run_pending()

    with platform.work() as work:
        upload = work.get(FieldUpload, first.id)
    assert first.id == second.id
    assert upload.content is None
    assert [outcome["code"] for outcome in upload.outcomes] == [0, -1]
    assert len(premiums(till.scheme)) == 1
    with pytest.raises(OfficerNotThere):
        till.act(lambda work: keep_file(work, document(family("9"), officer="E9"), dry_run=True))


@pytest.mark.rule("CLM-F3", "attack 99")
def test_a_file_whose_job_was_discarded_is_forgotten_and_read_when_it_comes_again(till: Till) -> None:
    content = document(family("1", receipt="A1"))
    platform = till.scheme.platform
    with platform.work() as work:
        first, other = (
            keep_file(work, body, dry_run=False) for body in (content, document(family("2", receipt="A2")))
        )
        assert first.job_id is not None
        discard_job(work, first.job_id)

    with platform.work() as work:
        forget_discarded(work)
    with platform.work() as work:
        kept = {upload.id: upload.content is not None for upload in work.session.scalars(select(FieldUpload))}
        again = keep_file(work, content, dry_run=False)
    platform.jobs.run_pending()

    assert kept == {first.id: False, other.id: True}
    assert again.id == first.id
    with platform.work() as work:
        uploads = work.session.scalars(select(FieldUpload)).all()
        assert [(one.content, [outcome["code"] for outcome in one.outcomes]) for one in uploads] == [
            (None, [0]),
            (None, [0]),
        ]
    assert len(premiums(till.scheme)) == 2


@pytest.mark.rule("CLM-F4")
def test_renewal_and_feedback_files_are_read_in_both_forms() -> None:
    record = (
        "<RenewalId>{id}</RenewalId><Officer>E1</Officer><CHFID>N1</CHFID><ReceiptNo>R1</ReceiptNo>"
        "<ProductCode>CHF</ProductCode><Amount>1000</Amount><Date>2026-03-02</Date>"
        "<Discontinue>false</Discontinue><PayerId></PayerId><ControlNumber>99</ControlNumber>"
    ).format(id="018f0000-0000-7000-8000-000000000001")
    feedback = (
        "<feedback><Officer>E1</Officer><ClaimUUID>018f0000-0000-7000-8000-000000000002</ClaimUUID>"
        "<CHFID>N1</CHFID><Answers>10115</Answers><Date>2026-03-02</Date></feedback>"
    )

    (one,) = read_renewals(f"<Policy>{record}</Policy>".encode(), currency="XAF")
    many = read_renewals(f"<r><p>{record}</p><p>{record}</p></r>".encode(), currency="XAF")
    (said,) = read_feedback(feedback.encode())

    assert (str(one.amount), one.receipt, one.discontinue, one.reference) == ("1000 XAF", "R1", False, "99")
    assert many == [one, one]
    assert (said.answers, said.day, said.officer_code) == ("10115", TODAY, "E1")
    for broken in (
        record.replace("1000", "NaN"),
        record.replace("2026-03-02", "x"),
        record.replace("018f", "x"),
    ):
        with pytest.raises(FileRefused):
            read_renewals(f"<Policy>{broken}</Policy>".encode(), currency="XAF")
    with pytest.raises(FileRefused):
        read_feedback(feedback.replace("10115", "101").encode())


@pytest.mark.rule("CLM-F5")
def test_master_data_are_those_of_one_officer_and_keep_their_version(till: Till) -> None:
    data = till.act(lambda work: master_data(work, "E1"))
    same = till.act(lambda work: master_data(work, "E1"))
    other = till.act(lambda work: master_data(work, "E2"))

    sections = {
        *("confirmationTypes", "controls", "education", "familyTypes", "hf", "identificationTypes"),
        *("languages", "locations", "officers", "payers", "products", "professions", "relations"),
        *("phoneDefaults", "genders"),
    }
    assert sections <= data.keys()
    assert data["version"] == same["version"] != other["version"]
    assert [place["code"] for place in data["locations"]] == ["CM", "R1", "D1", "V1", "V2"]
    assert [officer["code"] for officer in data["officers"]] == ["E1"]
    assert [product["code"] for product in data["products"]] == ["CHF"]
    assert json.dumps(data)


@pytest.mark.rule("CLM-F5")
def test_fixed_lists_have_their_names_in_the_languages_of_the_country(till: Till) -> None:
    data = till.act(lambda work: master_data(work, "E1"))

    assert data["format"] == 2
    assert data["genders"] == [
        {"code": "F", "names": {"fr": "Féminin", "en": "Female"}},
        {"code": "M", "names": {"fr": "Masculin", "en": "Male"}},
        {"code": "O", "names": {"fr": "Autre", "en": "Other"}},
    ]
    assert [entry["code"] for entry in data["relations"]] == list("12345678")
    assert data["relations"][6] == {"code": "7", "names": {"fr": "Autre parent", "en": "Other relative"}}
    for entry in data["relations"]:
        assert entry["names"]["fr"] != entry["names"]["en"]


@pytest.mark.rule("attack 89")
def test_signs_of_fraud_are_listed_where_they_happened(till: Till) -> None:
    one, two = till.policy(), till.policy(village="V2")

    def cash(policy: Any, receipt: str, day: date = TODAY) -> None:
        till.act(lambda work: receive_premium(work, till.cash(policy, 10, receipt=receipt, pay_date=day)))

    cash(one, "A-1")
    cash(two, "a 1")
    cash(one, "A-2")
    count = till.act(find_signs)
    again = till.act(find_signs)

    with till.scheme.platform.work() as work:
        found = list(work.session.scalars(select(EnrolmentFinding)))
    repeated = [finding for finding in found if finding.sign is FraudSign.RECEIPT_REPEATED]
    assert count == again == len(found)
    assert [finding.officers for finding in repeated] == [[str(till.officer.id)]]
    assert {len(finding.records) for finding in repeated} == {2}
    query = "query { enrolmentFindings { nodes { sign } } }"
    national = till.scheme.run(query, actor=till.user(READ_FINDINGS))["enrolmentFindings"]["nodes"]
    local = till.scheme.run(query, actor=till.user(READ_FINDINGS, at="D2"))["enrolmentFindings"]["nodes"]
    assert (len(national), local) == (count, [])


def test_the_commands_of_the_field_say_what_they_do() -> None:
    from msingi_insurance.commands import app

    shown = CliRunner().invoke(app, ["import", "enrolment", "--help"]).output

    assert "--dry-run" in shown
