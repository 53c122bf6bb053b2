"""Insurance's part of the demonstration: a family of six is enrolled, pays, and is covered."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msingi.demo.stage import Stage
from msingi.demo.wishes import Wishes
from msingi_insurance.plugin import plugin
from msingi_insurance.services.country_products import apply_country_products

if TYPE_CHECKING:
    from msingi.platform import Platform

Report = Callable[[str, int, int], None]
ADMIN, SCHEME = "super_administrator", "scheme_administrator"
AGENT, ACCOUNTANT, MANAGER = "enrolment_officer", "accountant", "manager"
OWN_PASSWORD = "Le baobab a deux ombres 2026"  # noqa: S105 - of demonstration users, told by the story itself
FUNDED = 500
"""A payer gives the scheme so many times the contribution of the family."""


@plugin.demo_load
def load_products(platform: "Platform", _wishes: Wishes, report: Report) -> None:
    """Bring the products of the country file into the database."""
    with platform.work() as work:
        applied = apply_country_products(work)
    amount = len(applied.added)
    report("products", amount, amount)


@plugin.scene
def appoint_agent(stage: Stage) -> None:
    """The administrator of the scheme gives an agent his villages."""
    stage.title(fr="7. Un agent d'enrôlement", en="7. An enrolment officer")
    for who in (SCHEME, AGENT, ACCOUNTANT, MANAGER):
        stage.sign_in(who, new_password=OWN_PASSWORD)
    agent = stage.ask(AGENT, "{ me { id } }")["me"]["id"]
    officer = {
        "code": "AG-001",
        "name": "Joseph Mbarga",
        "jurisdictionId": stage.facts["home"]["id"],
        "userId": agent,
        "placeIds": [stage.facts["home"]["id"]],
    }
    stage.ask(
        SCHEME,
        "mutation($input: OfficerDraft!) { createOfficer(input: $input) { id code } }",
        {"input": officer},
    )


@plugin.scene
def enrol_family(stage: Stage) -> None:
    """The agent enrols a family of six and asks what its policy costs."""
    stage.title(fr="8. Une famille de six s'assure", en="8. A family of six takes out insurance")
    products = stage.ask(AGENT, "{ products(first: 5) { nodes { id code name currency } } }")["products"][
        "nodes"
    ]
    stage.facts["product"] = products[0]
    family = {
        "jurisdictionId": stage.facts["home"]["id"],
        "address": "Route de la mission",
        "head": _member("Marie", "Atangana", "FEMALE", "1985-04-02"),
        "members": [
            _member("Jean", "Atangana", "MALE", "1980-11-23", "SPOUSE"),
            _member("Esther", "Atangana", "FEMALE", "2008-06-30", "CHILD"),
            _member("Samuel", "Atangana", "MALE", "2011-02-14", "CHILD"),
            _member("Ruth", "Atangana", "FEMALE", "2015-09-09", "CHILD"),
            _member("Daniel", "Atangana", "MALE", "2020-01-27", "CHILD"),
        ],
    }
    enrolled = stage.ask(
        AGENT,
        "mutation($input: FamilyDraft!) { enrolFamily(input: $input)"
        " { family { id } insurees { id number isHead } } }",
        {"input": family},
        key="story-insured-family",
    )["enrolFamily"]
    stage.facts["family"], stage.facts["insurees"] = enrolled["family"], enrolled["insurees"]
    draft = {"familyId": enrolled["family"]["id"], "productId": stage.facts["product"]["id"]}
    stage.ask(
        AGENT,
        "query($input: PolicyDraft!) { quotePolicy(input: $input)"
        " { value startDate expiryDate lastPaymentDate explanation } }",
        {"input": draft},
    )
    stage.facts["policy"] = stage.ask(
        AGENT,
        "mutation($input: PolicyDraft!) { enrolPolicy(input: $input)"
        " { policy { id code status value startDate expiryDate } warnings } }",
        {"input": draft},
        key="story-policy",
    )["enrolPolicy"]["policy"]


@plugin.scene
def pay_contribution(stage: Stage) -> None:
    """The family pays in cash: the policy takes effect, the receipt and the ledger know it."""
    stage.title(fr="9. La cotisation", en="9. The contribution")
    policy = stage.facts["policy"]
    contribution = {
        "policyId": policy["id"],
        "amount": policy["value"],
        "payDate": stage.platform.today().isoformat(),
        "payType": "CASH",
    }
    received = stage.ask(
        AGENT,
        "mutation($input: ContributionDraft!) { receiveContribution(input: $input)"
        " { premium { receipt amount transactionId } status } }",
        {"input": contribution},
        key="story-contribution",
    )["receiveContribution"]
    stage.expect(received["status"] == "ACTIVE", "the paid policy is not active")
    fund_scheme(stage)


def fund_scheme(stage: Stage) -> None:
    """The State adds its part: one person records it, another accepts it."""
    stage.say(
        fr="L'État abonde le régime : le comptable l'enregistre, le gestionnaire l'accepte.",
        en="The State adds its part: the accountant records it, the manager accepts it.",
    )
    digits, currency = stage.facts["policy"]["value"].split(" ")
    payer = stage.ask(
        SCHEME,
        "mutation($input: PayerDraft!) { createPayer(input: $input) { id name } }",
        {"input": {"type": "GOVERNMENT", "name": "Trésor public", "jurisdictionId": _country(stage)}},
    )["createPayer"]
    funding = {
        "productId": stage.facts["product"]["id"],
        "payerId": payer["id"],
        "amount": f"{int(digits.partition('.')[0]) * FUNDED} {currency}",
        "payDate": stage.platform.today().isoformat(),
        "receipt": "TP-2026-001",
    }
    made = stage.ask(
        ACCOUNTANT,
        "mutation($input: FundingDraft!) { recordFunding(input: $input) { id amount status } }",
        {"input": funding},
    )["recordFunding"]
    stage.ask(ACCOUNTANT, "mutation($id: UUID!) { postFunding(id: $id) { status } }", {"id": made["id"]})
    stage.ask(MANAGER, "mutation($id: UUID!) { acceptFunding(id: $id) { status } }", {"id": made["id"]})


def _country(stage: Stage) -> str:
    found = stage.ask(ADMIN, "{ jurisdictions(first: 1, where: {level: {eq: 0}}) { nodes { id } } }")[
        "jurisdictions"
    ]["nodes"]
    country: str = found[0]["id"]
    return country


def _member(given: str, family: str, sex: str, born: str, relationship: str | None = None) -> dict[str, Any]:
    person = {"givenName": given, "familyName": family, "sex": sex, "birthDate": born}
    return person if relationship is None else {**person, "relationship": relationship}
