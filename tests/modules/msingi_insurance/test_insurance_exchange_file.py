"""What an enrolment file says of policies, homes and facilities is kept, and what is not kept is told by its name (CLM-F3)."""

from typing import Any

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_insurance.exchange_fixtures import archive, attached, document, family
from tests.modules.msingi_insurance.money_fixtures import VALUE, Till, francs, till_of
from tests.modules.msingi_registry.facility_fixtures import add_facility

from msingi.testing import AsUser, MakePlatform
from msingi_insurance.exchange.at_once import import_enrolments
from msingi_insurance.exchange.enrolment_file import MOST_FAMILIES, read_enrolment_file
from msingi_insurance.exchange.uploads import keep_file
from msingi_insurance.models.exchange import FieldUpload
from msingi_insurance.models.family import Insuree, InsureePhoto
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.payment_errors import FileRefused
from msingi_insurance.plugin import EXCHANGE_ENROLMENTS
from msingi_registry import Person

PICTURE = b"\xff\xd8\xff" + b"0" * 100


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


def read(till: Till, *families: str) -> list[dict[str, Any]]:
    return import_enrolments(till.scheme.platform, document(*families), dry_run=False)


def covered(till: Till) -> list[str]:
    """Numbers of those whom policies cover."""
    numbers = select(Insuree.number).join(InsureePolicy, InsureePolicy.insuree_id == Insuree.id)
    return sorted(till.act(lambda work: list(work.session.scalars(numbers))))


@pytest.mark.rule("CLM-F3", "PRM-4", "PRM-8")
def test_a_policy_covers_those_whom_the_file_attaches_to_it(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    till = till_of(
        make_platform, as_user, terms={"lump_sum": None, "premium_adult": "300", "premium_child": "200"}
    )
    both = family("1", number="N1").replace("<LastName>", "<CHFID>K1</CHFID><LastName>", 2)
    both = both.replace("<CHFID>N1</CHFID><CHFID>K1</CHFID>", "<CHFID>N1</CHFID>")
    other = family("2", number="N2").replace("<LastName>", "<CHFID>K2</CHFID><LastName>", 2)
    other = other.replace("<CHFID>N2</CHFID><CHFID>K2</CHFID>", "<CHFID>N2</CHFID>")

    outcomes = read(till, both + attached(("11", "1"), ("11", "1")), other)

    values = till.act(
        lambda work: [policy.value for policy in work.session.scalars(select(Policy).order_by(Policy.id))]
    )
    assert [outcome["code"] for outcome in outcomes] == [0, 0]
    assert covered(till) == ["K2", "N1", "N2"]
    assert values == [francs(300), francs(500)]


@pytest.mark.rule("CLM-F3")
@pytest.mark.parametrize("insuree", ["21", "99", ""])
def test_a_policy_for_somebody_of_another_family_refuses_the_family(till: Till, insuree: str) -> None:
    outcomes = read(till, family("1") + attached(("11", "1"), (insuree, "1")), family("2"))

    assert [(outcome["code"], outcome["reason"]) for outcome in outcomes] == [
        (-4, "insurance.not_a_member"),
        (0, ""),
    ]
    assert len(covered(till)) == 2


@pytest.mark.rule("CLM-F3")
def test_a_record_of_no_family_or_policy_is_answered_by_itself(till: Till) -> None:
    stray = family("2").partition("</Families>")[2]
    lonely = "<Premiums><Premium><PolicyId>9</PolicyId><Amount>5</Amount></Premium></Premiums>"

    outcomes = read(till, family("1"), stray, lonely, attached(("11", "8")))

    assert [(outcome["family"], outcome["code"], outcome["reason"]) for outcome in outcomes] == [
        ("1", 0, ""),
        ("2", -3, "Insuree/FamilyId"),
        ("2", -4, "Policy/FamilyId"),
        ("", -5, "Premium/PolicyId"),
        ("", -4, "InsureePolicy/PolicyId"),
    ]
    assert till.balances() == {"1410": VALUE, "4210": VALUE}


@pytest.mark.rule("CLM-F3")
def test_a_key_that_two_records_bear_leaves_both_unread(till: Till) -> None:
    twice = family("2").replace("<PolicyId>2<", "<PolicyId>1<")

    policies = read(till, family("1"), twice)
    families = read(till, family("3"), family("3"))

    assert [(outcome["code"], outcome["reason"]) for outcome in policies] == [(-400, "PolicyId")] * 2
    assert [(outcome["code"], outcome["reason"]) for outcome in families] == [(-400, "FamilyId")] * 2
    assert till.balances() == {}


@pytest.mark.rule("CLM-F3", "INS-6")
def test_home_and_facility_of_choice_are_kept(till: Till) -> None:
    with till.scheme.platform.work() as work:
        facility = add_facility(work, "CSI de Lagdo", "V2")
    said = f"<CurrentAddress>Behind the mosque</CurrentAddress><HFID>{facility}</HFID>"

    outcomes = read(till, family("1").replace("<isHead>1", f"{said}<isHead>1"))

    homes = select(Person.residence, Insuree.first_service_point_id).join(
        Insuree, Insuree.person_id == Person.id
    )
    with till.scheme.platform.work() as work:
        kept = [tuple(row) for row in work.session.execute(homes.order_by(Insuree.is_head.desc()))]
    assert (outcomes[0]["code"], outcomes[0]["not_kept"]) == (0, ())
    assert kept == [("Behind the mosque", facility), ("", None)]


@pytest.mark.rule("CLM-F3", "INS-6")
def test_a_facility_of_choice_that_nobody_knows_refuses_the_family(till: Till) -> None:
    unknown = "<HFID>018f0000-0000-7000-8000-000000000001</HFID>"

    (outcome,) = read(till, family("1").replace("<isHead>1", f"{unknown}<isHead>1"))

    assert (outcome["code"], outcome["reason"]) == (-3, "core.not_found")


@pytest.mark.rule("CLM-F3")
def test_what_is_not_kept_of_a_family_is_named(till: Till) -> None:
    person = "<Email>a@example.org</Email><HFID>17</HFID><passport>P1</passport><Phone/><isHead>1"
    filed = (
        family("1")
        .replace("</LocationCode>", "</LocationCode><isOffline>1</isOffline>")
        .replace("<isHead>1", person)
        .replace("</EnrollDate>", "</EnrollDate><PolicyValue>7</PolicyValue>")
    )

    (outcome,) = read(till, filed)
    (trial,) = import_enrolments(till.scheme.platform, document(filed), dry_run=True)

    assert outcome["not_kept"] == (
        "Family/isOffline",
        "Insuree/Email",
        "Insuree/HFID",
        "Insuree/passport",
        "Policy/PolicyValue",
    )
    assert trial["not_kept"] == ()  # it is enrolled by now, and a refused family keeps nothing at all


@pytest.mark.rule("CLM-F3")
def test_what_belongs_to_no_family_is_named_once_for_the_file(till: Till) -> None:
    text = document(family("1", number="N1")).replace(
        b"</Enrolment>", b"<Attachments><a>1</a></Attachments></Enrolment>"
    )
    names = (
        *("N1_E1_20260301_9.301234_13.401234.jpg", "N1_E1_20260302.jpg", "N7_E1_20260301.jpg"),
        *("notes.txt", "Jean Dupont VIH.jpg"),
    )
    content = archive({"f.xml": text, **dict.fromkeys(names, PICTURE)})
    platform = till.scheme.platform
    heard: list[str] = []

    with platform.work() as work:
        upload = keep_file(work, content, dry_run=False)
    platform.jobs.run_pending()
    import_enrolments(platform, content, dry_run=True, tell_left=heard.extend)

    left = [
        "*.jpg",
        "*.txt",
        "Enrolment/Attachments",
        "FileInfo/UserId",
        "N1_E1_20260301.jpg",
        "N7_E1_20260301.jpg",
    ]
    with platform.work() as work:
        kept = work.get(FieldUpload, upload.id)
        photo = work.session.scalars(select(InsureePhoto.taken_on)).one()
    assert (kept.not_kept, heard, photo.day) == (left, left, 2)
    query = "query { enrolmentUploads { nodes { notKept outcomes { code notKept } } } }"
    (shown,) = till.scheme.run(query, actor=till.user(EXCHANGE_ENROLMENTS))["enrolmentUploads"]["nodes"]
    assert shown == {"notKept": left, "outcomes": [{"code": 0, "notKept": []}]}


@pytest.mark.rule("CLM-F3")
def test_a_section_that_comes_again_is_told_and_not_read() -> None:
    text = document(family("1")).replace(
        b"</Enrolment>", b"<families><Family><FamilyId>2</FamilyId></Family></families></Enrolment>"
    )

    file = read_enrolment_file(text)

    assert ([one.key for one in file.families], file.not_kept) == (
        ["1"],
        ("Enrolment/families", "FileInfo/UserId"),
    )


@pytest.mark.rule("CLM-F3", "POL-7", "INS-2")
def test_a_dry_run_answers_what_repeats_inside_the_file_as_the_real_run(till: Till) -> None:
    families = (
        family("1", number="N1", receipt="A1", product="NONE"),
        family("2", number="N1", receipt="A1"),
        family("3", number=" N1 "),
        family("4", receipt="A1"),
        family("5", receipt=""),
        family("6", receipt=""),
        family("7", number="N7", receipt="A1"),
        family("8", number="N7", receipt="A8"),
    )
    content, platform = document(*families), till.scheme.platform

    trial = import_enrolments(platform, content, dry_run=True)
    with platform.work() as work:
        upload = keep_file(work, content, dry_run=True)
    platform.jobs.run_pending()
    real = import_enrolments(platform, content, dry_run=False)

    with platform.work() as work:
        queued = work.get(FieldUpload, upload.id).outcomes
    answers = [[(one["code"], one["reason"]) for one in outcomes] for outcomes in (trial, queued, real)]
    assert [code for code, _ in answers[2]] == [-4, 0, -3, -5, 0, 0, -5, 0]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.rule("CLM-F3", "F2")
def test_a_dry_run_that_was_cut_off_begins_again(till: Till) -> None:
    content, platform = document(family("1", number="N1"), family("2", number="N1")), till.scheme.platform
    with platform.work() as work:
        upload = keep_file(work, content, dry_run=True)
        work.session.flush()
        work.get(FieldUpload, upload.id).outcomes = [
            {"family": "1", "code": 0, "reason": "", "family_id": ""}
        ]

    platform.jobs.run_pending()

    with platform.work() as work:
        outcomes = work.get(FieldUpload, upload.id).outcomes
    assert [outcome["code"] for outcome in outcomes] == [0, -3]


@pytest.mark.rule("CLM-F3")
def test_attributes_and_parts_of_a_value_are_told_too(till: Till) -> None:
    filed = (
        family("1")
        .replace("<Family>", '<Family Poverty="1">')
        .replace("<OtherNames>Mo", '<OtherNames lang="fr">Mo')
        .replace("<Insuree><InsureeId>11", "<Insuree><Phone><Number>677</Number></Phone><InsureeId>11")
    )

    (outcome,) = read(till, filed)

    assert (outcome["code"], outcome["not_kept"]) == (
        0,
        ("Family/@Poverty", "Insuree/OtherNames/@lang", "Insuree/Phone/Number"),
    )


@pytest.mark.rule("CLM-F3")
def test_records_without_a_key_belong_to_nobody(till: Till) -> None:
    """Two families, one of them without its key, a person without one, money and a member without those of a policy."""
    stranger = (
        "<Insurees><Insuree><InsureeId>99</InsureeId><LastName>Stranger</LastName><OtherNames>Some</OtherNames>"
        "<DOB>1970-01-01</DOB><Gender>M</Gender><isHead>0</isHead></Insuree></Insurees>"
    )
    money = "<Premiums><Premium><Amount>700</Amount><PayDate>2026-03-02</PayDate></Premium></Premiums>"
    keyless = family("2").replace("<FamilyId>2</FamilyId>", "<FamilyId></FamilyId>")
    unsaid = family("3").replace("<PolicyId>3</PolicyId>", "<PolicyId></PolicyId>")

    outcomes = read(till, family("1"), keyless, unsaid, stranger, money)

    assert [(each["family"], each["code"]) for each in outcomes] == [
        *(("1", 0), ("", -400), ("3", 0)),
        *(("", -3), ("", -4), ("", -5)),
    ]
    with till.scheme.platform.work() as work:
        people = work.session.scalars(select(func.count()).select_from(Insuree)).one()
    assert (people, till.balances()) == (4, {"1410": VALUE, "4210": VALUE})


@pytest.mark.rule("CLM-F3")
def test_nobody_is_attached_to_a_policy_by_an_empty_key(till: Till) -> None:
    nobody = family("1").replace("<InsureeId>12</InsureeId>", "<InsureeId></InsureeId>")

    (outcome,) = read(till, nobody, attached(("", "1")))

    assert (outcome["code"], outcome["reason"]) == (-4, "insurance.not_a_member")


@pytest.mark.rule("CLM-F3")
def test_strays_are_counted_by_themselves() -> None:
    held = "".join(f"<Family><FamilyId>{key}</FamilyId></Family>" for key in range(MOST_FAMILIES))
    stray = "<Premiums><Premium><PolicyId>x</PolicyId></Premium></Premiums>"
    file = read_enrolment_file(document(f"<Families>{held}</Families>", stray))
    assert (len(file.families), file.count) == (MOST_FAMILIES + 1, MOST_FAMILIES)

    lost = "".join(f"<Insuree><FamilyId>{key}</FamilyId></Insuree>" for key in range(MOST_FAMILIES + 1))
    with pytest.raises(FileRefused, match="does not hold"):
        read_enrolment_file(document(f"<Insurees>{lost}</Insurees>"))
