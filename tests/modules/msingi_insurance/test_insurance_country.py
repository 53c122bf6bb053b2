"""The products of a country file: one scheme for all regions, waves, and what differs in one of them."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_insurance.insurance_fixtures import Scheme
from typer.testing import CliRunner

from msingi.errors import DomainError
from msingi.profiles import load_profile
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_catalogue.plugin import plugin as catalogue
from msingi_insurance.models.policy import Premium
from msingi_insurance.models.product import Product, ProductVersion
from msingi_insurance.models.rollout import Rollout
from msingi_insurance.plugin import READ_PRODUCTS, READ_REPORTS
from msingi_insurance.plugin import plugin as insurance
from msingi_insurance.product_commands import app as products_app
from msingi_insurance.rules.states import PayType
from msingi_insurance.services.country_products import apply_country_products
from msingi_insurance.services.policies import enrol_policy
from msingi_insurance.services.policies_drafts import PolicyDraft
from msingi_ledger.plugin import plugin as ledger
from msingi_registry.plugin import plugin as registry

TANZANIA: dict[str, Any] = load_profile("tanzania", overrides={"demo": True}).plugins["insurance"]
REGIONS = sorted(code for wave in TANZANIA["products"][0]["waves"] for code in wave["places"])
DAR, SHINYANGA, LAST_WAVE = "TZ-02", "TZ-22", "TZ-30"
STATE = "query($p:UUID!,$on:LocalDate!){rolloutState(productId:$p,on:$on){places started}}"


@pytest.fixture
def scheme(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Scheme:
    """The 26 regions of the waves with a village each, and the products of the file; it is 30 June 2019."""
    frozen_clock.instant = datetime(2019, 6, 30, 9, tzinfo=UTC)
    platform = make_platform(
        *(registry, catalogue, ledger, insurance),
        plugins={"insurance": TANZANIA},
        currency="TZS",
        timezone="Africa/Dar_es_Salaam",
    )
    with platform.work() as work:
        tops = add_places(
            work, [NewPlace("TZ", "Tanzania"), *(NewPlace(code, code, "TZ") for code in REGIONS)]
        )
        villages = add_places(work, [NewPlace(f"V-{code}", code, code) for code in REGIONS])
        apply_country_products(work)
    rights = [p for plugin in (registry, insurance) for p in plugin.contributions.permissions]
    return Scheme(platform, {**tops, **villages}, as_user(*rights, at=tops["TZ"]))


@pytest.mark.rule("TZA-07")
def test_nineteen_of_twenty_six_regions_had_started_on_30_june_2019(scheme: Scheme, as_user: AsUser) -> None:
    asked = {"p": str(_product(scheme)), "on": "2019-06-30"}

    assert scheme.run(STATE, asked)["rolloutState"] == {"places": 26, "started": 19}
    assert scheme.run(STATE, {**asked, "on": "2018-06-30"})["rolloutState"]["started"] == 0
    assert scheme.run(STATE, {**asked, "on": "2019-10-01"})["rolloutState"]["started"] == 26
    of_dar = as_user(READ_PRODUCTS, at=scheme.places[DAR])
    assert scheme.run(STATE, asked, actor=of_dar)["rolloutState"] == {"places": 1, "started": 1}


@pytest.mark.rule("TZA-07", "TZA-13")
def test_nobody_is_enrolled_where_the_product_has_not_started(scheme: Scheme) -> None:
    enrolled = _enrol(scheme, SHINYANGA)

    with pytest.raises(DomainError) as refusal:
        _enrol(scheme, LAST_WAVE)

    assert (refusal.value.code, refusal.value.params) == (
        "insurance.not_started_here",
        {"product": "ICHF", "day": "2019-06-30"},
    )
    assert enrolled.policy.value.amount == Decimal("30000.00")


@pytest.mark.rule("TZA-12", "TZA-18")
def test_one_product_serves_every_region_and_one_of_them_contributes_more(scheme: Scheme) -> None:
    first, six = _enrol(scheme, SHINYANGA), _enrol(scheme, DAR, members=5)

    assert str(first.policy.value) == "30000.00 TZS"
    assert str(six.policy.value) == "150000.00 TZS"
    assert first.policy.product_version_id == six.policy.product_version_id
    assert len(scheme.act(lambda work: work.session.scalars(select(Product)).all())) == 1


@pytest.mark.rule("TZA-12")
def test_applying_the_products_of_a_country_again_changes_nothing(scheme: Scheme) -> None:
    before = _picture(scheme)

    with scheme.statements() as statements:
        applied = scheme.act(apply_country_products)

    assert (applied.added, applied.followed, applied.unchanged) == ([], [], ["ICHF"])
    assert _picture(scheme) == before
    assert len(statements) < len(REGIONS)


@pytest.mark.rule("TZA-06", "TZA-13")
def test_reports_of_insurance_are_grouped_by_region_product_and_month_within_the_readers_scope(
    scheme: Scheme, as_user: AsUser
) -> None:
    for region, amount in ((SHINYANGA, 30_000), (DAR, 150_000)):
        policy = _enrol(scheme, region).policy
        scheme.act(partial(_pay, policy, amount))
    everybody = as_user(READ_REPORTS, at=scheme.places["TZ"])
    of_dar = as_user(READ_REPORTS, at=scheme.places[DAR])

    assert _report(scheme, everybody, "insurance.enrolment", "region", "product") == [
        [DAR, "ICHF", "1", "150000.00 TZS"],
        [SHINYANGA, "ICHF", "1", "30000.00 TZS"],
    ]
    assert _report(scheme, everybody, "insurance.contributions", "month") == [
        ["2019-06", "2", "180000.00 TZS"]
    ]
    assert _report(scheme, of_dar, "insurance.contributions", "region") == [[DAR, "1", "150000.00 TZS"]]


def _product(scheme: Scheme) -> UUID:
    return UUID(str(scheme.act(lambda work: work.session.scalar(select(Product.id)))))


def _enrol(scheme: Scheme, region: str, members: int = 0) -> Any:
    family = scheme.enrol(*(scheme.child() for _ in range(members)), village=f"V-{region}").family
    draft = PolicyDraft(family_id=family.id, product_id=_product(scheme), enrol_date=date(2019, 6, 30))
    return scheme.act(lambda work: enrol_policy(work, draft))


def _pay(policy: Any, amount: int, work: Work) -> None:
    row = {
        "jurisdiction_id": policy.jurisdiction_id,
        "policy_id": policy.id,
        "product_id": policy.product_id,
        "amount_minor": amount * 100,
        "credit_minor": 0,
        "currency": "TZS",
        "receipt": str(policy.id),
        "pay_date": work.today(),
        "pay_type": PayType.BANK,
        "is_photo_fee": False,
    }
    work.insert_rows(Premium, [row])


def _picture(scheme: Scheme) -> Any:
    def look(work: Work) -> Any:
        rollouts = work.session.execute(select(Rollout.id, Rollout.version, Rollout.starts_on)).all()
        versions = work.session.scalar(select(func.count()).select_from(ProductVersion))
        return sorted(map(tuple, rollouts)), versions

    return scheme.act(look)


def _report(scheme: Scheme, actor: Any, name: str, *by: str) -> list[list[str]]:
    query = """query($name:Text!,$by:[Text!]){report(name:$name,by:$by,since:"2019-06-01",until:"2019-06-30"){
        rows{cells}}}"""
    rows = scheme.run(query, {"name": name, "by": list(by)}, actor=actor)["report"]["rows"]
    return [row["cells"] for row in rows]


@pytest.mark.rule("TZA-12")
def test_an_operator_applies_the_country_file_from_the_command_line(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("msingi.cli.platforms.platform_for", lambda *_: scheme.platform)

    done = CliRunner().invoke(products_app, ["apply", "--json"])

    assert (done.exit_code, json.loads(done.output)) == (
        0,
        {"added": [], "followed": [], "unchanged": ["ICHF"]},
    )


@pytest.mark.parametrize(
    ("words", "told"), [([], False), (["--dry-run"], True), (["--dry-run", "--json"], False)]
)
def test_a_dry_run_says_that_nothing_was_written(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch, words: list[str], *, told: bool
) -> None:
    monkeypatch.setattr("msingi.cli.platforms.platform_for", lambda *_: scheme.platform)

    done = CliRunner().invoke(products_app, ["apply", *words], env={"LC_ALL": "fr_FR.UTF-8"})

    assert done.exit_code == 0
    assert done.output.endswith("Rien n'a été écrit : c'était un essai.\n") is told
