"""Faults of earlier systems that the platform itself keeps out of claims, insurance and ledger (D-19 to D-37)."""

from base64 import urlsafe_b64decode
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import Float, Numeric, update
from tests.modules.msingi_claims.claims_fixtures import scheme_of

from msingi.actor import Actor, ActorKind, GrantSet
from msingi.auth.rules.hashing import HashCost, hash_password, password_matches
from msingi.db import Model
from msingi.errors import ConfigurationError, Forbidden
from msingi.http.rest import RestRequest
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.plugin import PUBLIC
from msingi.profiles import Profile
from msingi.testing import KEYS, AsUser, MakePlatform, small_profile
from msingi.work import Work
from msingi_catalogue import MedicalItem, renew_register
from msingi_claims.errors import SeveralMistakes, UnknownEntry
from msingi_claims.facility_errors import WrongFileType
from msingi_claims.models.states import Channel
from msingi_claims.plugin import LOAD_CLAIMS, SUBMIT_CLAIMS
from msingi_claims.plugin import plugin as claims
from msingi_claims.routes import take_json
from msingi_claims.services import paper
from msingi_claims.services.attaching import media_type_of
from msingi_claims.services.entry import enter_claims
from msingi_claims.services.restoring import restore_claim
from msingi_insurance.plugin import plugin as insurance
from msingi_ledger.plugin import plugin as ledger


@pytest.mark.rule("D-19", "ADJ-7")
@pytest.mark.parametrize(("majority", "paid"), [(16, 50), (17, 100)])
def test_d_19_the_age_of_majority_of_the_scheme_is_that_of_its_claims(
    make_platform: MakePlatform, as_user: AsUser, majority: int, paid: int
) -> None:
    half = {"type": "C", "adult": "50", "child": "100"}
    terms = {"other_services": {"limitation": dict.fromkeys(("other", "emergency", "referral"), half)}}
    scheme = scheme_of(make_platform, as_user, terms, of_insurance={"age_of_majority": majority})

    claim_id = scheme.submitted(scheme.patient(birth_date=date(2010, 2, 10)))
    scheme.process(claim_id)

    # Sixteen on the day of the visit.
    assert [line.remunerated_minor for line in scheme.lines(claim_id)] == [paid]


@pytest.mark.rule("D-21", "D-30")
def test_d_21_no_permission_at_all_opens_nothing(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.submitted(scheme.patient())
    empty = Actor(
        ActorKind.USER, id=new_id(), name="nobody", grants=GrantSet({scheme.places["CM"]: frozenset()})
    )
    bare = Actor(ActorKind.USER, id=new_id(), name="nobody", grants=GrantSet())

    for actor in (empty, bare):
        for document in (
            "{claims{totalCount}}",
            "{ledgerAccounts{totalCount}}",
            "{policies{totalCount}}",
            f'mutation{{submitClaim(id:"{claim_id}"){{status}}}}',
            f'mutation{{processClaims(ids:["{claim_id}"]){{jobId}}}}',
        ):
            assert scheme.refused(document, actor=actor) == "core.forbidden", document


@pytest.mark.rule("D-24")
def test_d_24_every_mistake_of_a_claim_is_told_not_the_last_one(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    wrong: dict[str, Any] = {
        "diagnosis": "ZZZ",
        "further_diagnoses": ["YYY"],
        "administrator": "NOBODY",
        "pre_authorisation": "NONE",
        "facility_id": new_id(),
    }
    draft = scheme.draft(new_id(), ("NOPE", 1), ("IT10", 99), **wrong)

    told = scheme.act(lambda work: enter_claims(work, [draft], channel=Channel.API)).refusals[0]

    assert [problem.code for problem in told] == [
        "core.not_found",
        "claims.unknown_patient",
        *["claims.unknown_diagnosis"] * 2,
        "claims.unknown_administrator",
        "claims.consent_not_given",
        "claims.unknown_entry",
        "claims.quantity_too_large",
    ]


@pytest.mark.rule("D-24")
def test_d_24_the_doors_tell_every_mistake_and_one_alone_keeps_its_code(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    claim_id = scheme.enter(insuree, code="OLD")
    create = "mutation($d:ClaimDraft!){createClaim(input:$d){id}}"
    update = f'mutation($d:ClaimDraft!){{updateClaim(id:"{claim_id}",input:$d,expectedVersion:1){{id}}}}'
    draft = {
        "code": "NEW",
        "facilityId": str(scheme.hospital),
        "insureeId": str(insuree),
        "diagnosis": "ZZZ",
        "dateFrom": "2026-02-10",
        "lines": [{"kind": "SERVICE", "code": "SV1", "quantity": "1", "price": "100 XAF"}],
    }
    wrong = draft | {"insureeId": str(new_id()), "furtherDiagnoses": ["YYY"]}

    for document in (create, update):
        answer = scheme.platform.graphql.run(document, {"d": wrong}, actor=scheme.clerk, language="en")
        assert answer["errors"][0]["message"] == (
            "Several things are wrong. There is no insured person with this number. "
            "The diagnosis ZZZ is not in the register. The diagnosis YYY is not in the register."
        )
        assert answer["errors"][0]["extensions"]["code"] == "claims.several_mistakes"
        assert answer["errors"][0]["extensions"]["params"]["codes"] == (
            "claims.unknown_patient, claims.unknown_diagnosis"
        )
        assert scheme.refused(document, {"d": draft}, actor=scheme.clerk) == "claims.unknown_diagnosis"


@pytest.mark.rule("D-24", "TZA-25")
def test_d_24_paper_and_restored_claims_tell_every_mistake_too(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, code_length=6)
    bundle = paper.PaperBatchDraft(number="B1", facility_id=scheme.hospital, expected=1)
    batch_id = scheme.act(lambda work: paper.open_batch(work, bundle).id)
    wrong = scheme.draft(new_id(), code="P1", diagnosis="ZZZ")
    rejected = scheme.submitted(*scheme.family(), ("IT10", 5), code="C1")
    scheme.act(_allow_one)

    for step, codes in (
        (lambda work: paper.key_claim(work, batch_id, wrong), "unknown_patient, unknown_diagnosis"),
        (lambda work: restore_claim(work, rejected, code="TOO-LONG"), "code_too_long, quantity_too_large"),
    ):
        with pytest.raises(SeveralMistakes) as refusal:
            scheme.act(step)
        assert str(refusal.value.params["codes"]).replace("claims.", "") == codes


def _allow_one(work: Work) -> None:
    """From now on at most one IT10 may be claimed on a line."""
    item = update(MedicalItem).where(MedicalItem.code == "IT10")
    work.session.execute(item.values(max_quantity=Decimal(1)))
    renew_register(work)


@pytest.mark.rule("D-24")
def test_d_24_a_flood_of_mistakes_is_counted() -> None:
    problems = [UnknownEntry(position=n, code="NOPE") for n in range(1, 24)]

    told = str(SeveralMistakes.of(problems))

    assert told.count("is not in the register.") == 20
    assert told.endswith("Line 20: NOPE is not in the register. And 3 more.")


@pytest.mark.rule("D-25", "attack 98")
def test_d_25_the_configured_secret_is_the_one_that_is_used_and_a_file_is_named_by_what_it_is() -> None:
    platform = Platform(small_profile(), plugins=[])

    assert platform.keyring.index_key == urlsafe_b64decode(str(KEYS["index_key"]))
    for archive in (b"PK\x03\x04", b"\x1f\x8b\x08", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"):
        with pytest.raises(WrongFileType):
            media_type_of(archive + b" invoice.pdf")


@pytest.mark.rule("D-29", "attack 49")
def test_d_29_a_password_is_hashed_slowly_with_a_salt_of_its_own() -> None:
    cost = HashCost(memory_kib=8, passes=1).at_least_recommended()
    one, other = (hash_password("correct horse", cost) for _ in range(2))

    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other
    assert password_matches(one, "correct horse", cost)
    assert not password_matches(one, "correct hors", cost)


@pytest.mark.rule("D-31", "D-30")
def test_d_31_every_door_of_claims_insurance_and_ledger_asks_for_a_right() -> None:
    doors = [
        (plugin.name, door.method, door.path, door.allow)
        for plugin in (claims, insurance, ledger)
        for door in plugin.contributions.routes
    ]

    assert len(doors) >= 10
    assert [door for door in doors if door[3] == PUBLIC] == []
    assert [door[2] for door in doors if door[3].name.partition(".")[0] != door[0]] == []


@pytest.mark.rule("D-33", "D-30")
def test_d_33_a_system_that_loads_claims_needs_the_right_to_submit_them_too(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    request = RestRequest(path={}, query={}, body=orjson.dumps([]))

    for names, passes in (((LOAD_CLAIMS,), False), ((LOAD_CLAIMS, SUBMIT_CLAIMS), True)):
        actor = as_user(*names, at=scheme.places["D1"])
        with scheme.platform.work(actor) as work, work.allowed(LOAD_CLAIMS):
            if passes:
                assert take_json(work, request) == {"claims": []}
            else:
                with pytest.raises(Forbidden):
                    take_json(work, request)


@pytest.mark.rule("D-35")
def test_d_35_no_column_of_claims_insurance_or_ledger_is_floating_point(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme_of(make_platform, as_user)
    tables = [
        table
        for table in Model.metadata.tables.values()
        if table.name.partition("_")[0] in {"claims", "insurance", "ledger", "catalogue"}
    ]
    floats = [
        column for table in tables for column in table.columns if isinstance(column.type, Float | Numeric)
    ]

    assert len(tables) > 40
    assert floats == []


@pytest.mark.rule("D-36")
@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"claims": {"restore_mots": 1}}, r"plugins\.claims\.restore_mots"),
        ({"insurance": {"age_of_majorty": 18}}, r"plugins\.insurance\.age_of_majorty"),
        ({"ledger": {"longest_hold": 9}}, r"plugins\.ledger\.longest_hold"),
        ({"clams": {}}, r"plugins\.clams"),
    ],
)
def test_d_36_a_misspelt_setting_stops_the_start(settings: dict[str, Any], place: str) -> None:
    modules = ["registry", "catalogue", "ledger", "insurance", "claims"]

    with pytest.raises(ConfigurationError, match=place):
        Platform(small_profile(modules=modules, plugins=settings))


@pytest.mark.rule("D-37", "attack 98")
def test_d_37_nothing_ships_with_a_secret_an_open_host_or_a_demonstration() -> None:
    values = small_profile().model_dump(exclude={"security", "demo", "server"})
    shipped = Profile(**values)

    assert (shipped.security.keys, shipped.security.index_key.get_secret_value()) == ([], "")
    assert shipped.server.hosts == ["localhost", "127.0.0.1"]
    assert shipped.demo is False
    with pytest.raises(ConfigurationError):
        _ = Platform(shipped, plugins=[]).keyring
