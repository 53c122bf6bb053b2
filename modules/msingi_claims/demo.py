"""Claims' part of the demonstration: care, a claim, its review, the batch, and the payment of the facility."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from sqlalchemy import func, select

from msingi.demo.stage import Stage
from msingi.money import Money
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.payment import PaymentOrder
from msingi_claims.plugin import plugin
from msingi_claims.rules.bills import PaymentOrderState

FACILITY, REVIEWER = "claim_administrator", "medical_officer"
ACCOUNTANT, MANAGER = "accountant", "manager"
OWN_PASSWORD = "La pirogue rentre avant la pluie 2026"  # noqa: S105 - of demonstration users, told by the story
APPROVED_QUANTITY = "30"


@plugin.scene
def check_card(stage: Stage) -> None:
    """The facility asks whether the patient is covered, and for what."""
    stage.title(fr="10. Au guichet de l'établissement", en="10. At the counter of the facility")
    for who in (FACILITY, REVIEWER):
        stage.sign_in(who, new_password=OWN_PASSWORD)
    stage.facts["facility"] = stage.ask(
        FACILITY,
        "{ facilities(first: 1, where: {ownership: {eq: PUBLIC}}, orderBy: [NAME_ASC])"
        " { nodes { id code name } } }",
    )["facilities"]["nodes"][0]
    plot = _plot(stage)
    services = [line["code"] for line in plot["lines"] if line["kind"] == "SERVICE"]
    answer = stage.ask(
        FACILITY,
        "query($number: String!, $services: [String!]) { eligibility(insureeNumber: $number, services: $services)"
        " { covered explanation covers { productName expiryDate ceiling { general other }"
        " lines { code covered nextAllowed } } } }",
        {"number": stage.facts["insurees"][0]["number"], "services": services},
    )["eligibility"]
    stage.expect(answer["covered"], "the family paid and is not covered")


@plugin.scene
def claim_care(stage: Stage) -> None:
    """The facility claims the care; each line says why it is paid or refused."""
    stage.title(fr="11. Une feuille de soins expliquée", en="11. A claim, explained")
    today = stage.platform.today().isoformat()
    plot = _plot(stage)
    draft = {
        "code": "FS-2026-0001",
        "facilityId": stage.facts["facility"]["id"],
        "insuranceNumber": stage.facts["insurees"][0]["number"],
        "diagnosis": plot["diagnosis"],
        "dateFrom": today,
        "lines": [{**line, "price": price} for line, price in _priced(stage, plot["lines"])],
    }
    created = stage.ask(
        FACILITY,
        "mutation($input: ClaimDraft!) { createClaim(input: $input) { id code status claimed } }",
        {"input": draft},
        key="story-claim",
    )["createClaim"]
    stage.facts["claim"] = created["id"]
    stage.ask(
        FACILITY,
        "mutation($id: UUID!) { submitClaim(id: $id) { status approved lines { position status reason } } }",
        {"id": created["id"]},
    )
    _explain(stage, FACILITY)


@plugin.scene
def review_claim(stage: Stage) -> None:
    """A reviewer who did not enter the claim lowers a quantity; the amounts follow."""
    stage.title(fr="12. Le médecin-conseil ajuste", en="12. The reviewer adjusts")
    claim_id = stage.facts["claim"]
    stage.ask(
        REVIEWER,
        "mutation($ids: [UUID!]!) { selectClaims(ids: $ids, purpose: REVIEW) }",
        {"ids": [claim_id]},
    )
    found = stage.ask(
        REVIEWER,
        "query($id: UUID!) { claim(id: $id) { version lines { id code quantity remunerated } } }",
        {"id": claim_id},
    )["claim"]
    item = next(line for line in found["lines"] if line["code"] == _plot(stage)["lines"][0]["code"])
    verdict = {
        "lineId": item["id"],
        "quantity": APPROVED_QUANTITY,
        "justification": "Dose de dix jours" if stage.language == "fr" else "A dose for ten days",
    }
    stage.ask(
        REVIEWER,
        "mutation($id: UUID!, $lines: [LineVerdict!]!, $text: LongText!, $version: Int!)"
        " { reviewClaim(id: $id, lines: $lines, adjustment: $text, expectedVersion: $version) { reviewStatus } }",
        {"id": claim_id, "lines": [verdict], "text": verdict["justification"], "version": found["version"]},
    )
    for verb in ("deliverReviews", "processClaims"):
        fields = "{ status approved }" if verb == "deliverReviews" else "{ results { status approved } }"
        stage.ask(REVIEWER, f"mutation($ids: [UUID!]!) {{ {verb}(ids: $ids) {fields} }}", {"ids": [claim_id]})


@plugin.scene
def pay_facility(stage: Stage) -> None:
    """The month is billed; one person prepares the payment, another approves it, and the bank answers."""
    stage.title(fr="13. Le lot est payé", en="13. The batch is paid")
    today = stage.platform.today()
    country = stage.ask(ACCOUNTANT, "{ jurisdictions(first: 1, where: {level: {eq: 0}}) { nodes { id } } }")
    place = country["jurisdictions"]["nodes"][0]["id"]
    run = stage.ask(
        ACCOUNTANT,
        "mutation($place: UUID!, $year: Int!, $month: Int!)"
        " { runBatch(placeId: $place, year: $year, month: $month) { claims bills amount } }",
        {"place": place, "year": today.year, "month": today.month},
    )["runBatch"]
    stage.expect(run["claims"] == 1, "the claim was not billed")
    _open_account(stage)
    payment = stage.ask(
        ACCOUNTANT,
        "mutation($place: UUID!, $due: LocalDate!) { prepareFacilityPayment(placeId: $place, dueOn: $due)"
        " { payment { id code amount version } withoutAccount } }",
        {"place": stage.facts["home"]["id"], "due": today.isoformat()},
    )["prepareFacilityPayment"]["payment"]
    step = "mutation($id: UUID!, $version: Int!) {{ {verb}(id: $id, expectedVersion: $version) {{ state version }} }}"
    own = {"id": payment["id"], "version": payment["version"]}
    stage.ask(ACCOUNTANT, step.format(verb="approveFacilityPayment"), own, refused="core.forbidden")
    approved = stage.ask(MANAGER, step.format(verb="approveFacilityPayment"), own)["approveFacilityPayment"]
    order = stage.download(ACCOUNTANT, f"/api/claims/payments/{payment['id']}.xml")
    stage.keep("paiement.xml", order)
    own["version"] = approved["version"]
    stage.ask(ACCOUNTANT, step.format(verb="sendFacilityPayment"), own)
    _hear_bank(stage, payment["id"], today.isoformat())
    _explain(stage, REVIEWER)


@plugin.total
def claims_total(work: Work) -> Mapping[str, str]:
    """Say how many claims there are, and what the bank paid for them."""
    claims = work.session.scalar(select(func.count()).select_from(Claim))
    amount = select(func.sum(PaymentOrder.amount_minor)).where(PaymentOrder.state == PaymentOrderState.PAID)
    paid = Money.from_minor(int(work.session.scalar(amount) or 0), work.platform.profile.currency)
    return {"claims": str(claims), "paid": str(paid)}


def _open_account(stage: Stage) -> None:
    account = stage.ask(
        ACCOUNTANT,
        "mutation($facility: UUID!) { proposeFacilityAccount(facilityId: $facility,"
        ' holder: "Caisse de l\'établissement", bank: "B001", number: "00012345678") { id version } }',
        {"facility": stage.facts["facility"]["id"]},
    )["proposeFacilityAccount"]
    stage.ask(
        MANAGER,
        "mutation($id: UUID!, $version: Int!)"
        " { approveFacilityAccount(id: $id, expectedVersion: $version) { id holder } }",
        {"id": account["id"], "version": account["version"]},
    )


def _hear_bank(stage: Stage, payment_id: str, day: str) -> None:
    orders = stage.ask(
        ACCOUNTANT,
        "query($id: UUID!) { paymentOrders(first: 5, where: {paymentId: {eq: $id}}) { nodes { reference amount } } }",
        {"id": payment_id},
    )["paymentOrders"]["nodes"]
    answers = [{"reference": order["reference"], "outcome": "PAID", "day": day} for order in orders]
    state = stage.ask(
        ACCOUNTANT,
        "mutation($id: UUID!, $answers: [BankAnswerInput!]!)"
        " { takeBankAnswers(id: $id, answers: $answers) { state amount } }",
        {"id": payment_id, "answers": answers},
    )["takeBankAnswers"]["state"]
    stage.expect(state == "SETTLED", "the payment is not settled")


def _explain(stage: Stage, who: str) -> None:
    """Print why each line is paid as it is, in the language of the story."""
    explained = stage.ask(
        who,
        "query($id: UUID!, $language: String!) { explainClaim(id: $id, language: $language)"
        " { lines { position code status reasonText steps } } }",
        {"id": stage.facts["claim"], "language": stage.language},
    )["explainClaim"]
    for line in explained["lines"]:
        stage.say(
            fr=f"Ligne {line['position']} ({line['code']})", en=f"Line {line['position']} ({line['code']})"
        )
        for sentence in line["steps"]:
            stage.say(fr=f"   {sentence}", en=f"   {sentence}")


def _priced(stage: Stage, lines: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
    """The lines of the plot, each with the price of the catalogue."""
    found = stage.ask(
        FACILITY,
        "query($codes: [String!]) { items(first: 50, where: {code: {in: $codes}}) { nodes { code price } }"
        " services(first: 50, where: {code: {in: $codes}}) { nodes { code price } } }",
        {"codes": [line["code"] for line in lines]},
    )
    prices = {
        entry["code"]: entry["price"] for kind in ("items", "services") for entry in found[kind]["nodes"]
    }
    return [(line, prices[line["code"]]) for line in lines]


def _plot(stage: Stage) -> dict[str, Any]:
    """What happens to the patient, by the product that the country sells."""
    plots = json.loads(files("msingi_claims").joinpath("data", "story.json").read_text(encoding="utf-8"))
    plot: dict[str, Any] = plots[stage.facts["product"]["code"]]
    return plot
