"""Insurees: numbers by the scheme's rule, status, search, photos, pseudonyms, and lists without a query per row."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.modules.msingi_insurance.insurance_fixtures import Scheme, scheme_of

from msingi.errors import ConfigurationError, DomainError
from msingi.http.rest import FileReply, RestRequest
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.photo_routes import fetch_photo, send_photo
from msingi_insurance.plugin import EDIT_INSUREES, READ_PHOTOS
from msingi_insurance.services.photos import MOST_BYTES
from msingi_insurance.settings import InsuranceSettings

JPEG = b"\xff\xd8\xff\xe0" + b"portrait" * 40
LIST = """{ insurees(first: 100) { nodes { id number currentVillage { code name path { code name } }
  family { id village { code name path { code name } } } } } }"""
STATUS = """mutation ($id: UUID!, $input: StatusChange!) {
  changeInsureeStatus(id: $id, input: $input, expectedVersion: 1) { status statusOn statusReason } }"""


@pytest.fixture
def scheme(make_platform: MakePlatform, as_user: AsUser) -> Scheme:
    return scheme_of(make_platform, as_user)


def code_of(refused: pytest.ExceptionInfo[DomainError]) -> str:
    return refused.value.code


@pytest.mark.rule("INS-2")
def test_numbers_follow_the_rule_of_the_country(make_platform: MakePlatform, as_user: AsUser) -> None:
    """Tanzania CHF: nine digits, the last is the first eight modulo 7."""
    scheme = scheme_of(make_platform, as_user, number_length=9, number_modulus=7)
    made = scheme.enrol(scheme.child(), head=scheme.head(number="123456782"))

    given, drawn = (insuree.number for insuree in made.insurees)
    assert given == "123456782"
    assert int(drawn[:8]) % 7 == int(drawn[8])
    for number, code in {"123456781": 4, "12345678": 3, " ": 2, "123456782": 1}.items():
        with pytest.raises(DomainError) as refused:
            scheme.enrol(head=scheme.head(number=number))
        assert (code_of(refused), refused.value.params["reason"]) == ("insurance.number_refused", code)


@pytest.mark.rule("INS-2")
def test_a_wrong_validator_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match="code 6"):
        InsuranceSettings(number_validator="no_such_module:check")
    with pytest.raises(ConfigurationError, match="code 7"):
        InsuranceSettings(number_validator="json:no_such_function")


@pytest.mark.rule("INS-3", "INS-6")
def test_fields_are_mandatory_or_hidden_as_the_scheme_says(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    controls = {"firstServicePointId": "mandatory", "profession": "hidden"}
    scheme = scheme_of(make_platform, as_user, insuree_fields=controls)

    with pytest.raises(DomainError) as missing:
        scheme.enrol()
    with pytest.raises(DomainError) as unknown:
        scheme.enrol(head=scheme.head(first_service_point_id=scheme.places["V1"]))
    assert (code_of(missing), code_of(unknown)) == ("insurance.field_required", "core.not_found")


@pytest.mark.rule("INS-3")
def test_a_status_needs_a_reason_of_its_kind_and_a_day(scheme: Scheme) -> None:
    insuree = str(scheme.enrol().insurees[0].id)

    def change(**given: Any) -> dict[str, Any]:
        return {"id": insuree, "input": given}

    wrong = change(status="DEAD", on="2026-03-01", reason="moved_away")
    assert scheme.refused(STATUS, wrong) == "insurance.status_reason_invalid"
    late = change(status="INACTIVE", on="2026-04-01", reason="moved_away")
    assert scheme.refused(STATUS, late) == "insurance.status_date_invalid"
    right = change(status="INACTIVE", on="2026-03-01", reason="moved_away")
    assert scheme.run(STATUS, right)["changeInsureeStatus"] == {
        "status": "INACTIVE",
        "statusOn": "2026-03-01",
        "statusReason": "moved_away",
    }


@pytest.mark.rule("INS-7")
def test_a_programme_holds_persons_without_their_names(make_platform: MakePlatform, as_user: AsUser) -> None:
    def draft(scheme: Scheme) -> Any:
        number = {"type": "programme_number", "value": "HIV-000123"}
        return scheme.head(given_name="", family_name="", birth_date="1988", identifiers=[number])

    held = scheme_of(make_platform, as_user, pseudonymous=True)
    insuree = held.enrol(head=draft(held)).insurees[0]

    assert insuree.is_pseudonymous
    shown = held.run("{ insurees { nodes { number person { givenName familyName birthDate sex } } } }")
    assert shown["insurees"]["nodes"] == [
        {
            "number": insuree.number,
            "person": {"givenName": "", "familyName": "", "birthDate": "1988-01-01", "sex": "FEMALE"},
        }
    ]
    with pytest.raises(DomainError) as nameless:
        held.enrol(head=held.head(given_name="", family_name=""))
    assert code_of(nameless) == "registry.name_missing"


@pytest.mark.rule("INS-7")
def test_other_schemes_ask_for_names(scheme: Scheme) -> None:
    number = {"type": "programme_number", "value": "HIV-000123"}

    with pytest.raises(DomainError) as nameless:
        scheme.enrol(head=scheme.head(given_name="", family_name="", identifiers=[number]))

    assert code_of(nameless) == "insurance.name_required"


@pytest.mark.rule("TZA-03")
def test_insurees_are_found_by_number_name_and_phone(scheme: Scheme) -> None:
    head = scheme.head(given_name="Salamatou", family_name="Essomba", phone="+237 677 12 34 56")
    made = scheme.enrol(head=head)
    scheme.enrol()
    number = made.insurees[0].number

    for arguments in (
        f'(where: {{ number: {{ eq: "{number}" }} }})',
        '(name: "salamatu esomba")',
        '(phone: "677123456")',
    ):
        found = scheme.run(f"{{ insurees{arguments} {{ nodes {{ number }} }} }}")
        assert found["insurees"]["nodes"] == [{"number": number}]


@pytest.mark.rule("TZA-03")
def test_a_list_of_insurees_costs_no_query_per_row(scheme: Scheme) -> None:
    """L4 of the performance goals: at most seven statements with the one that reads the session."""
    for village in ("V1", "V2", "V3"):
        for _ in range(3):
            scheme.enrol(scheme.child(), village=village)

    scheme.run(LIST)
    with scheme.statements() as seen:
        data = scheme.run(LIST)

    numbers = [one["number"] for one in data["insurees"]["nodes"]]
    assert numbers == sorted(numbers)
    assert len(numbers) == 18
    path = [place["code"] for place in data["insurees"]["nodes"][0]["currentVillage"]["path"]]
    assert path[:2] == ["CM", "R1"]
    assert len(seen) <= 6


@pytest.mark.rule("INS-4", "attack 65", "attack 89", "attack 99")
def test_photos_are_sealed_dated_and_known_by_their_digest(scheme: Scheme, frozen_clock: FrozenClock) -> None:
    one, other = (scheme.enrol().insurees[0].id for _ in range(2))
    show = """query ($id: UUID!) { insuree(id: $id) { photoOn photoOutdated
      photos { id takenOn rejected othersWithThisPicture } } }"""

    def send(insuree_id: UUID, body: bytes, **query: str) -> Any:
        with scheme.platform.work(scheme.clerk) as work, work.allowed(EDIT_INSUREES):
            return send_photo(work, RestRequest({"insuree_id": str(insuree_id)}, query, body))

    assert scheme.run(show, {"id": str(one)})["insuree"]["photoOutdated"] is True
    first = send(one, JPEG)
    send(other, JPEG)
    for body in (b"GIF89a", JPEG + b"x" * MOST_BYTES):
        with pytest.raises(DomainError) as refused:
            send(one, body)
        assert code_of(refused) == "insurance.photo_refused"
    shown = scheme.run(show, {"id": str(one)})["insuree"]
    assert (shown["photoOn"], shown["photoOutdated"]) == ("2026-03-02", False)
    assert shown["photos"][0]["othersWithThisPicture"] == 1
    with scheme.platform.work(scheme.clerk) as work, work.allowed(READ_PHOTOS):
        reply = fetch_photo(work, RestRequest({"insuree_id": str(one)}, {}))
    assert isinstance(reply, FileReply)
    assert (reply.content, reply.media_type, reply.filename) == (JPEG, "image/jpeg", "photo.jpeg")
    stored = scheme.act(
        lambda work: work.session.execute(text("SELECT content FROM insurance_photo")).scalars().all()
    )
    assert all(b"portrait" not in bytes(content) for content in stored)
    reject = 'mutation ($id: UUID!) { rejectInsureePhoto(photoId: $id, reason: "not a face") { rejected } }'
    assert scheme.run(reject, {"id": str(first["id"])})["rejectInsureePhoto"] == {"rejected": "not a face"}
    assert scheme.run(show, {"id": str(one)})["insuree"]["photoOn"] is None
    frozen_clock.move(days=5 * 366)
    assert scheme.run(show, {"id": str(other)})["insuree"]["photoOutdated"] is True


@pytest.mark.rule("INS-1")
def test_a_registered_person_joins_once(scheme: Scheme) -> None:
    made = scheme.enrol(scheme.child())
    _, child = made.insurees
    other = scheme.enrol().family
    add = """mutation ($family: UUID!, $person: UUID!) {
      addFamilyMember(familyId: $family, input: { personId: $person, relationship: CHILD }) {
        insuree { number familyId } } }"""
    given = {"family": str(other.id), "person": str(child.person_id)}

    assert scheme.refused(add, given) == "insurance.already_insured"
    remove = "mutation ($id: UUID!) { removeInsuree(id: $id, expectedVersion: 1) { id } }"
    scheme.run(remove, {"id": str(child.id)})
    joined = scheme.run(add, given)["addFamilyMember"]["insuree"]
    assert joined == {"number": child.number, "familyId": str(other.id)}
    assert date(2026, 3, 2) == child.valid_from
