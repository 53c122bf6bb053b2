"""Health IDs are leased, issued and resolved; records are corrected; cards are issued, revoked and recognised."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from tests.modules.msingi_registry.person_fixtures import Country, country, country_of

from msingi.audit.models import AuditEntry
from msingi.errors import DomainError, NotFound, StaleVersion
from msingi.http.rest import RestRequest
from msingi.keyring import generate_key
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_registry.errors import (
    CardAlreadyRevoked,
    CardKeyMissing,
    IdentifierTaken,
    PersonMerged,
    UhidNotAvailable,
)
from msingi_registry.models.identifier import Card, CardState, Uhid, UhidState
from msingi_registry.models.person import Person, PersonStatus
from msingi_registry.plugin import EDIT_PERSONS, PRINT_CARDS, READ_PERSONS, REGISTER_PERSONS
from msingi_registry.plugin import plugin as registry
from msingi_registry.routes import card_keys, card_pdf
from msingi_registry.rules.card import MAX_CARD_BYTES
from msingi_registry.services.cards import check_card, issue_card, public_keys, revoke_card
from msingi_registry.services.drafts import IdentifierDraft, PersonChanges
from msingi_registry.services.identifiers import add_identifier
from msingi_registry.services.persons import (
    AccessBasis,
    open_person,
    record_death,
    update_person,
)
from msingi_registry.services.registration import register_person
from msingi_registry.services.search import PersonQuery, search_persons
from msingi_registry.services.uhids import lease_block, resolve_uhid, uhids_of

__all__ = ["country"]


@pytest.mark.rule("ID-2")
def test_a_device_gets_a_block_and_no_second_one_while_it_has_enough(country: Country) -> None:
    with country.platform.work() as work:
        block, values = lease_block(work, device="tablet-1", jurisdiction_id=country.mokolo)
        again, none = lease_block(work, device="tablet-1", jurisdiction_id=country.mokolo)
        other, others = lease_block(work, device="tablet-2", jurisdiction_id=country.mokolo)

    assert block is not None
    assert other is not None
    assert (len(values), block.size) == (500, 500)
    assert (again, none) == (None, [])
    assert not set(values) & set(others)


@pytest.mark.rule("ID-2")
def test_a_device_that_used_half_of_its_block_gets_the_next(make_platform: MakePlatform) -> None:
    settings = {"registry": {"uhid_block_size": 4, "uhid_refill_below": 3}}
    country = country_of(make_platform(registry, plugins=settings))
    with country.platform.work() as work:
        _, values = lease_block(work, device="tablet-1", jurisdiction_id=country.mokolo)
        register_person(work, country.draft(uhid=values[0]))
        _, none = lease_block(work, device="tablet-1", jurisdiction_id=country.mokolo)
        register_person(work, country.draft(uhid=values[1], given_name="Odile", family_name="Kamga"))

        _, fresh = lease_block(work, device="tablet-1", jurisdiction_id=country.mokolo)

    assert none == []
    assert len(fresh) == 4
    assert not set(fresh) & set(values)


@pytest.mark.rule("ID-2", "ID-3")
def test_a_health_id_of_a_block_is_issued_once(country: Country) -> None:
    with country.platform.work() as work:
        _, values = lease_block(work, device="tablet-1", jurisdiction_id=country.mokolo)
        person = register_person(work, country.draft(uhid=f" {values[0]} "))
        other = country.draft(given_name="Odile", family_name="Kamga")

        with pytest.raises(UhidNotAvailable):
            register_person(work, other.model_copy(update={"uhid": values[0]}))

        assert uhids_of(work, [person.id]) == {person.id: values[0]}


@pytest.mark.rule("ID-3")
def test_a_health_id_is_unique_by_an_index(country: Country) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft())
        (value,) = uhids_of(work, [person.id]).values()

    with pytest.raises(IntegrityError), country.platform.work() as work:
        work.add(Uhid(value=value, state=UhidState.RESERVED))


@pytest.mark.rule("ID-3")
@pytest.mark.parametrize("state", [UhidState.REVOKED, UhidState.MERGED])
def test_a_retired_health_id_leads_to_the_person_who_carries_on(country: Country, state: UhidState) -> None:
    with country.platform.work() as work:
        persons = [
            register_person(work, country.draft(given_name=name, family_name="", birth_date=None))
            for name in ("Odile", "Zita", "Marthe")
        ]
        uhids = uhids_of(work, [person.id for person in persons])
        for loser, survivor in pairwise(persons):
            loser.status, loser.replaced_by_id = PersonStatus.MERGED, survivor.id
        work.session.execute(update(Uhid).where(Uhid.person_id == persons[0].id).values(state=state))

        assert resolve_uhid(work, uhids[persons[0].id]) == persons[2].id
        opened = open_person(work, persons[0].id, basis=AccessBasis.CARE)
        with pytest.raises(PersonMerged):
            update_person(work, persons[0].id, PersonChanges(residence="Maroua"), expected_version=2)

    assert opened is not None
    assert opened.id == persons[2].id


def test_a_stale_correction_is_refused(country: Country) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft())
        update_person(work, person.id, PersonChanges(residence="Quartier Haoussa"), expected_version=1)

        with pytest.raises(StaleVersion):
            update_person(work, person.id, PersonChanges(residence="Maroua"), expected_version=1)

    with country.platform.work() as work:
        stored = work.get(Person, person.id)
        assert (stored.residence, stored.version) == ("Quartier Haoussa", 2)


@pytest.mark.rule("attack 56")
@pytest.mark.parametrize(
    ("day", "code"),
    [(date(1990, 5, 11), "registry.death_before_birth"), (date(2026, 3, 3), "registry.death_in_future")],
)
def test_an_impossible_death_is_refused(country: Country, day: date, code: str) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft())

        with pytest.raises(DomainError) as refusal:
            record_death(work, person.id, death_date=day, expected_version=1)
        recorded = record_death(work, person.id, death_date=date(2026, 3, 1), expected_version=1)

    assert refusal.value.code == code
    assert recorded.death_date == date(2026, 3, 1)


@pytest.mark.rule("ID-4")
def test_an_identifier_unique_per_facility_may_repeat_elsewhere(country: Country) -> None:
    with country.platform.work() as work:
        first = register_person(work, country.draft())
        second = register_person(work, country.draft(given_name="Odile", family_name="Kamga"))

        def file_at(place: Any) -> IdentifierDraft:
            return IdentifierDraft(type="file_number", value="A 7", location_id=place)

        add_identifier(work, first.id, file_at(country.mokolo))
        add_identifier(work, second.id, file_at(country.garoua))
        with pytest.raises(IdentifierTaken):
            add_identifier(work, second.id, file_at(country.mokolo))


@pytest.mark.rule("ID-4")
def test_the_types_of_identifier_are_told_in_the_readers_language(country: Country, as_user: AsUser) -> None:
    asked = "{ identifierTypes { code label pattern location uniqueness } }"

    answer = country.platform.graphql.run(asked, actor=as_user(at=country.mokolo), language="en")

    assert answer["data"]["identifierTypes"][-1] == {
        "code": "file_number",
        "label": "File number",
        "pattern": "",
        "location": "REQUIRED",
        "uniqueness": "PER_LOCATION",
    }


@pytest.mark.rule("ID-4", "ID-12")
def test_an_identifier_given_in_error_ends_and_is_free_for_its_owner(
    country: Country, as_user: AsUser
) -> None:
    clerk = as_user(READ_PERSONS, EDIT_PERSONS, at=country.mokolo)
    stranger = as_user(READ_PERSONS, EDIT_PERSONS, at=country.garoua)
    number = IdentifierDraft(type="national_id", value="123456789")
    with country.platform.work() as work:
        wrong = register_person(work, country.draft())
        owner = register_person(work, country.draft(given_name="Odile", family_name="Kamga"))
        typed = add_identifier(work, wrong.id, number)
    with pytest.raises(DomainError), country.platform.work() as work:
        add_identifier(work, owner.id, number)
    end = 'mutation($id: UUID!) { endIdentifier(id: $id, reason: "typed for another") { state validTo } }'

    hidden = country.platform.graphql.run(end, {"id": str(typed.id)}, actor=stranger)
    ended = country.platform.graphql.run(end, {"id": str(typed.id)}, actor=clerk)
    again = country.platform.graphql.run(end, {"id": str(typed.id)}, actor=clerk)
    with country.platform.work() as work:
        moved = add_identifier(work, owner.id, number)
        found = search_persons(work, PersonQuery(code="123456789"))
        line = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "end")).one()

    assert hidden["errors"][0]["extensions"]["code"] == "core.not_found"
    assert ended["data"]["endIdentifier"] == {"state": "ENDED", "validTo": "2026-03-02"}
    assert again["errors"][0]["extensions"]["code"] == "registry.identifier_ended"
    assert (moved.person_id, [row.person_id for row in found]) == (owner.id, [owner.id])
    assert (line.entity_id, line.changes["reason"]) == (typed.id, "typed for another")


@pytest.mark.rule("ID-6", "CH-04")
def test_a_lost_card_is_replaced_under_the_same_health_id(country: Country) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft())
        (uhid,) = uhids_of(work, [person.id]).values()
        first = issue_card(work, person.id)
        revoke_card(work, first.id, reason="lost")
        second = issue_card(work, person.id)

        with pytest.raises(DomainError) as refusal:
            check_card(work, first.code)
        with pytest.raises(CardAlreadyRevoked):
            revoke_card(work, first.id, reason="lost")
        payload = check_card(work, second.code)

    assert refusal.value.code == "registry.card_revoked"
    assert (payload.uhid, payload.serial, payload.initials, payload.birth_year) == (uhid, 2, "AH", 1990)


@pytest.mark.rule("ID-6")
def test_a_new_card_revokes_the_one_before(country: Country) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft())
        issue_card(work, person.id)
        issue_card(work, person.id)
        work.session.flush()

        states = list(work.session.scalars(select(Card.state).order_by(Card.serial)))

    assert states == [CardState.REVOKED, CardState.VALID]


@pytest.mark.rule("ID-6")
@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (lambda code: code[:-1] + ("0" if code[-1] != "0" else "1"), "registry.card_"),
        (lambda code: code[5:], "registry.card_unreadable"),
        (lambda code: code + "A" * 500, "registry.card_oversized"),
    ],
)
def test_a_forged_card_is_refused(country: Country, forge: Callable[[str], str], code: str) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft())
        card = issue_card(work, person.id)

        with pytest.raises(DomainError) as refusal:
            check_card(work, forge(card.code))

    assert refusal.value.code.startswith(code)


@pytest.mark.rule("ID-6", "attack 98")
def test_only_a_demonstration_derives_its_card_key(make_platform: MakePlatform) -> None:
    real = country_of(make_platform(registry, demo=False))
    with real.platform.work() as work:
        person = register_person(work, real.draft())

        with pytest.raises(CardKeyMissing):
            issue_card(work, person.id)

        assert public_keys(work) == []


@pytest.mark.rule("ID-6")
def test_cards_of_a_former_key_stay_valid_until_it_is_revoked(make_platform: MakePlatform) -> None:
    old = country_of(make_platform(registry))
    with old.platform.work() as work:
        card = issue_card(work, register_person(work, old.draft()).id)
        (key,) = public_keys(work)
    fresh = {"card_key": generate_key()}
    kept = make_platform(registry, plugins={"registry": {**fresh, "former_card_keys": [key.public_key]}})
    forgotten = make_platform(registry, plugins={"registry": fresh})
    revoked = make_platform(
        registry,
        plugins={
            "registry": {**fresh, "former_card_keys": [key.public_key], "revoked_card_keys": [key.key_id]}
        },
    )

    with kept.work() as work:
        assert check_card(work, card.code).key_id == key.key_id
    for platform, code in ((forgotten, "registry.card_key_unknown"), (revoked, "registry.card_key_revoked")):
        with platform.work() as work, pytest.raises(DomainError) as refusal:
            check_card(work, card.code)
        assert refusal.value.code == code


@pytest.mark.rule("CH-04", "ID-6")
def test_the_card_is_printed_as_a_page(country: Country, as_user: AsUser) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft())
        card = issue_card(work, person.id)
    clerk = as_user(PRINT_CARDS, at=country.mokolo)

    def pdf(work: Work) -> Any:
        return card_pdf(work, RestRequest({"person_id": str(person.id)}, {}))

    with country.platform.work(clerk, writes=False, language="fr") as work, work.allowed(PRINT_CARDS):
        page = pdf(work)
    elsewhere = as_user(PRINT_CARDS, at=country.garoua)
    with (
        country.platform.work(elsewhere, writes=False) as work,
        work.allowed(PRINT_CARDS),
        pytest.raises(NotFound),
    ):
        pdf(work)

    assert page.content.startswith(b"%PDF-")
    assert (page.media_type, page.filename) == ("application/pdf", "card-1.pdf")
    assert len(card.code) <= 5 + MAX_CARD_BYTES * 3 // 2


@pytest.mark.rule("attack 57", "attack 59")
@pytest.mark.parametrize(
    ("device", "code"), [("tablet\x00", "text.invalid_character"), ("x" * 101, "text.too_long")]
)
def test_a_device_has_a_name_that_every_database_stores(country: Country, device: str, code: str) -> None:
    with country.platform.work() as work, pytest.raises(DomainError) as refusal:
        lease_block(work, device=device, jurisdiction_id=country.mokolo)

    assert refusal.value.code == code


@pytest.mark.rule("ID-6")
def test_the_public_keys_are_published_to_everybody(country: Country) -> None:
    with country.platform.work(writes=False) as work:
        published = card_keys(work, RestRequest({}, {}))
        (key,) = public_keys(work)

    assert published == {"keys": [{"keyId": key.key_id, "publicKey": key.public_key, "revoked": False}]}


@pytest.mark.rule("ID-2", "CH-04")
def test_blocks_and_cards_are_handed_out_over_graphql(country: Country, as_user: AsUser) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft())
    clerk = as_user(REGISTER_PERSONS, PRINT_CARDS, READ_PERSONS, at=country.mokolo)
    run = country.platform.graphql.run
    block = """mutation($at: UUID!) { allocateUhidBlock(device: "tablet-1", jurisdictionId: $at) { blockId uhids } }"""
    issue = "mutation($id: UUID!) { issueCard(personId: $id) { id serial code state } }"
    verify = "query($text: String!) { verifyCard(text: $text) { serial initials } }"

    leased = run(block, {"at": str(country.mokolo)}, actor=clerk)["data"]["allocateUhidBlock"]
    refused = run(block, {"at": str(country.garoua)}, actor=clerk)["errors"][0]["extensions"]["code"]
    card = run(issue, {"id": str(person.id)}, actor=clerk)["data"]["issueCard"]
    content = run(verify, {"text": card["code"]}, actor=clerk)["data"]["verifyCard"]

    assert len(leased["uhids"]) == 500
    assert refused == "core.forbidden"
    assert (card["serial"], card["state"]) == (1, "VALID")
    assert content == {"serial": 1, "initials": "AH"}
    with country.platform.work() as work:
        assert work.session.scalar(select(func.count()).select_from(Uhid)) == 501


@pytest.mark.rule("ID-6", "attack 57")
def test_a_scanned_code_is_read_as_it_stands_its_spaces_too(country: Country, as_user: AsUser) -> None:
    clerk = as_user(PRINT_CARDS, READ_PERSONS, at=country.mokolo)
    verify = "query($text: String!) { verifyCard(text: $text) { serial } }"
    with country.platform.work() as work:
        person = register_person(work, country.draft())
    tried = 0
    while tried < 500:
        with country.platform.work() as work:
            code = issue_card(work, person.id).code
        tried += 1
        if "  " in code or code.endswith(" "):
            break

    answer = country.platform.graphql.run(verify, {"text": f" {code}\r\n"}, actor=clerk)

    assert tried < 500
    assert answer["data"]["verifyCard"] == {"serial": tried}
