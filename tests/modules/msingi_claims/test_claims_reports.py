"""Reports of claims, what the doors of payments say, and the commands of operators (TZA-06, TZA-16)."""

import json
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL
from tests.modules.msingi_claims.payment_fixtures import WITH_POOL, Counter, counter_of
from typer.testing import CliRunner

from msingi.actor import SYSTEM
from msingi.audit.models import AuditEntry
from msingi.cli import platforms
from msingi.errors import DomainError
from msingi.http.rest import RestRequest
from msingi.kernel.models import JobRecord, JobState
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_claims.commands import app
from msingi_claims.demo import claims_total
from msingi_claims.models.facility_side import ClaimAdministrator
from msingi_claims.models.payment import BatchRun, Catchment, PlaceFigures
from msingi_claims.payment_doors import bank_answers, payment_csv
from msingi_claims.plugin import EDIT_CATCHMENTS, PREPARE_PAYMENTS, READ_REPORTS
from msingi_claims.rules.bills import BankOutcome
from msingi_claims.services.batches import queue_batch
from msingi_claims.services.catchments import FiguresOfPlace, ServedPlace, set_catchments, set_place_figures
from msingi_insurance import plugin as insurance
from msingi_registry import Facility

REPORT = """query($name:Text!,$by:[Text!]){report(name:$name,by:$by,since:"2026-02-01",until:"2026-03-31"){
    rows{cells} total{cells}}}"""


@pytest.fixture
def counter(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Counter:
    """A claim of 250 at the hospital of Garoua, one of 100 at the centre of Guider, both billed in March."""
    terms = {**COVERS_ALL, "account_remuneration": "6201"}
    counter = counter_of(make_platform, as_user, frozen_clock, terms)
    counter.at(2026, 2, 20, 9)
    counter.processed(counter.patient(), ("SV1", 2), ("IT1", 0.5))
    abroad = {"facility_id": counter.scheme.centre, "actor": counter.maker}
    counter.processed(counter.patient(), ("SV1", 1), **abroad)
    counter.at(2026, 3, 2, 9)
    counter.batch()
    return counter


@pytest.mark.rule("TZA-06", "BAT-6", "TZA-13")
def test_reports_of_claims_are_grouped_and_stay_within_the_readers_scope(
    counter: Counter, as_user: AsUser
) -> None:
    scheme = counter.scheme
    everybody = as_user(READ_REPORTS, at=scheme.places["CM"])
    guider = as_user(READ_REPORTS, at=scheme.places["D2"])

    assert _report(counter, everybody, "claims.payments", "facility", "product", "account") == [
        ["CSI de Guider", "P1", "6201", "1", "1", "100 XAF"],
        ["Hôpital de Garoua", "P1", "6201", "1", "1", "250 XAF"],
    ]
    assert _report(counter, everybody, "claims.claims", "month") == [
        ["2026-02", "2", "350 XAF", "350 XAF", "350 XAF", "0 XAF"]
    ]
    assert _report(counter, everybody, "claims.care", "code") == [
        ["IT1", "1", "50 XAF", "0 XAF", "50 XAF"],
        ["SV1", "2", "300 XAF", "0 XAF", "300 XAF"],
    ]
    assert _report(counter, guider, "claims.payments", "facility") == [["CSI de Guider", "1", "1", "100 XAF"]]


@pytest.mark.rule("TZA-06", "D-9")
def test_a_claim_that_two_products_pay_stands_under_both_together_in_the_report(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    counter = counter_of(make_platform, as_user, frozen_clock, {"other_services": {}})
    scheme = counter.scheme
    counter.at(2026, 2, 20, 9)
    (insuree,) = scheme.family()
    scheme.insure([insuree])
    scheme.insure([insuree], scheme.sell({"other_items": {}}, code="P2"))
    (lone,) = scheme.family()
    counter.processed(insuree, ("SV1", 1), ("IT1", 2), ("SV2", 1))
    counter.processed(insuree, ("IT1", 3), date_from=date(2026, 2, 12))
    scheme.submitted(lone, ("SV1", 1))

    everybody = as_user(READ_REPORTS, at=scheme.places["CM"])
    assert _report(counter, everybody, "claims.claims", "product") == [
        ["P1 + P2", "1", "400 XAF", "400 XAF", "400 XAF", "0 XAF"],
        ["P2", "1", "300 XAF", "300 XAF", "300 XAF", "0 XAF"],
        ["", "1", "100 XAF", "0 XAF", "0 XAF", "0 XAF"],
    ]


@pytest.mark.rule("TZA-06")
def test_claim_administrators_stand_among_the_registers(counter: Counter, as_user: AsUser) -> None:
    scheme = counter.scheme
    guider = as_user(insurance.READ_REPORTS, at=scheme.places["D2"])

    def appoint(work: Work) -> None:
        place = work.get(Facility, scheme.centre).jurisdiction_id
        for code, last in (("A", None), ("B", date(2026, 3, 2)), ("C", date(2026, 3, 1))):
            shared = {"jurisdiction_id": place, "facility_id": scheme.centre}
            work.add(ClaimAdministrator(code=code, name=code, valid_to=last, **shared))

    scheme.act(appoint)

    rows = _report(counter, guider, "insurance.registers", "register")
    assert rows[0] == ["claim_administrators", "2", "1", "2026-03-02"]


@pytest.mark.rule("BAT-7", "TZA-13")
def test_catchments_and_figures_are_set_together_and_only_inside_the_scope(
    counter: Counter, as_user: AsUser
) -> None:
    scheme = counter.scheme
    served = """mutation($f:UUID!,$p:UUID!,$percent:Decimal!){
        setCatchments(servedPlaces:[{facilityId:$f,placeId:$p,percent:$percent}])}"""
    figures = "mutation($p:UUID!){setPlaceFigures(figures:[{placeId:$p,population:900,families:150}])}"
    garoua = as_user(EDIT_CATCHMENTS, at=scheme.places["D1"])
    own = {"f": str(scheme.hospital), "p": str(scheme.places["V1"]), "percent": "60"}

    for percent in ("60", "75.5"):
        assert scheme.run(served, own | {"percent": percent}, actor=garoua) == {"setCatchments": 1}
        assert scheme.run(figures, {"p": own["p"]}, actor=garoua) == {"setPlaceFigures": 1}
    assert counter.rows(Catchment, "percent") == [(Decimal("75.5"),)]
    assert counter.rows(PlaceFigures, "population", "families", "version") == [(900, 150, 1)]
    foreign = own | {"f": str(scheme.centre)}
    assert scheme.refused(served, foreign, actor=garoua) == "claims.unknown_places"
    assert scheme.refused(figures, {"p": str(scheme.places["D2"])}, actor=garoua) == "core.not_found"
    assert counter.counts(Catchment, PlaceFigures) == [1, 1]

    scheme.run(served, own | {"percent": "0"}, actor=garoua)
    assert counter.counts(Catchment) == [0]


@pytest.mark.rule("BAT-7")
def test_many_catchments_cost_the_statements_of_one(counter: Counter) -> None:
    scheme = counter.scheme
    places = [scheme.places[code] for code in ("D1", "D2", "V1", "CM")]
    pairs = [ServedPlace(facility_id=scheme.hospital, place_id=one, percent=Decimal(10)) for one in places]
    figures = [FiguresOfPlace(place_id=one, population=10, families=2) for one in places]

    counts = []
    for size in (1, 4):
        with scheme.statements() as seen:
            scheme.act(partial(set_catchments, served=pairs[-size:]))
            scheme.act(partial(set_place_figures, figures=figures[-size:]))
        counts.append(len(seen))

    assert counts[0] == counts[1]
    assert counter.counts(Catchment, PlaceFigures) == [4, 4]


@pytest.mark.rule("BAT-1")
def test_a_batch_also_runs_as_a_job_that_may_be_repeated(counter: Counter) -> None:
    platform, place = counter.scheme.platform, counter.scheme.places["CM"]
    queue = "mutation($p:UUID!){queueBatch(placeId:$p,year:2025,month:12)}"
    result = "query($id:UUID!){job(id:$id){state result}}"

    assert counter.scheme.run(queue, {"p": str(place)}, actor=counter.maker)["queueBatch"]
    for expected in ({"result": 0, "claims": 0, "bills": 0, "amount": "0 XAF"}, {"result": 2}):
        job_id = counter.scheme.act(lambda work: queue_batch(work, place, 2026, 1, confirm_zero=False))
        platform.jobs.run_one(job_id)
        found = platform.graphql.run(result, {"id": str(job_id)}, actor=SYSTEM)["data"]["job"]
        assert (found["state"], json.loads(found["result"])) == ("DONE", expected)

    assert counter.rows(BatchRun, "month", "bills") == [(1, 0), (2, 2)]


@pytest.mark.rule("BAT-1", "BAT-3")
def test_a_batch_that_is_refused_ends_its_job_as_a_fault_and_leaves_nothing_behind(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    counter = counter_of(make_platform, as_user, frozen_clock, WITH_POOL)
    counter.at(2026, 2, 10, 9)
    counter.processed(counter.patient(), ("SV2", 1))
    counter.at(2026, 3, 2, 9)
    before = counter.picture(), counter.counts(AuditEntry)
    place = counter.scheme.places["CM"]
    results: dict[int, tuple[Any, ...]] = {}
    for month in (2, 3):
        job_id = counter.scheme.act(partial(_queue, place=place, month=month))
        counter.scheme.platform.jobs.run_one(job_id)
        job = counter.scheme.act(partial(_job, job_id=job_id))
        results[month] = job.state, job.result["result"], job.result["code"]

    assert results == {
        2: (JobState.DONE, 1, "claims.nothing_allocated"),
        3: (JobState.DONE, 1, "claims.period_not_over"),
    }
    assert (counter.picture(), counter.counts(AuditEntry)) == before


def _queue(work: Work, *, place: UUID, month: int) -> UUID:
    return queue_batch(work, place, 2026, month, confirm_zero=False)


def _job(work: Work, *, job_id: UUID) -> JobRecord:
    return work.session.get_one(JobRecord, job_id)


@pytest.mark.rule("TZA-16")
def test_the_demonstration_ends_with_what_was_paid(counter: Counter) -> None:
    counter.account(counter.scheme.hospital)
    counter.fund(1_000)

    assert counter.scheme.act(claims_total) == {"claims": "2", "paid": "0 XAF"}
    counter.answer(counter.sent(), outcome=BankOutcome.PAID)
    assert counter.scheme.act(claims_total) == {"claims": "2", "paid": "250 XAF"}


@pytest.mark.rule("TZA-16", "D-22")
def test_the_doors_give_the_file_and_take_the_answers_within_the_scope(
    counter: Counter, as_user: AsUser
) -> None:
    counter.account(counter.scheme.hospital)
    counter.fund(1_000)
    sent = counter.sent()
    (order,) = counter.orders(sent)
    path = {"payment_id": str(sent.id)}
    lines = f"reference,outcome,day,amount,reason\n{order.reference},paid,2026-03-02,250,\n".encode()
    guider = as_user(PREPARE_PAYMENTS, at=counter.scheme.places["D2"])

    with pytest.raises(DomainError) as hidden:
        counter.scheme.as_actor(
            guider, PREPARE_PAYMENTS, lambda work: payment_csv(work, RestRequest(path, {}))
        )
    assert hidden.value.code == "core.not_found"
    given = counter.scheme.as_actor(
        counter.maker, PREPARE_PAYMENTS, lambda work: payment_csv(work, RestRequest(path, {}))
    )
    assert order.reference.encode() in given.content
    taken = counter.scheme.as_actor(
        counter.maker, PREPARE_PAYMENTS, lambda work: bank_answers(work, RestRequest(path, {}, lines))
    )
    assert taken == {"id": str(sent.id), "state": "settled"}


@pytest.mark.rule("BAT-1", "TZA-16")
def test_operators_run_the_batch_and_hear_the_bank_from_the_command_line(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counter.account(counter.scheme.hospital)
    counter.fund(1_000)
    sent = counter.sent()
    (order,) = counter.orders(sent)
    monkeypatch.setattr(platforms, "platform_for", lambda *_: _Open(counter.scheme.platform))
    run = ["batch", "run", "--place", "CM", "--year", "2026", "--json"]

    made = CliRunner().invoke(app, [*run, "--month", "1"])
    assert json.loads(made.output) == [{"claims": 0, "bills": 0, "amount": "0 XAF"}]
    again = CliRunner().invoke(app, [*run, "--month", "1"])
    assert (again.exit_code, again.stderr) == (1, "Le lot de 01/2026 a déjà été traité pour ce lieu.\n")
    listed = json.loads(CliRunner().invoke(app, ["payments", "list", "--json"]).output)
    assert [(one["code"], one["state"], one["amount"]) for one in listed] == [(sent.code, "sent", "250 XAF")]
    target = tmp_path / "payment.xml"
    assert CliRunner().invoke(app, ["payments", "file", sent.code, "--to", str(target)]).exit_code == 0
    assert order.reference.encode() in target.read_bytes()
    assert target.stat().st_mode & 0o077 == 0
    answers = tmp_path / "answers.csv"
    answers.write_text(f"reference,outcome,day\n{order.reference},paid,2026-03-02\n", encoding="utf-8")
    heard = CliRunner().invoke(app, ["payments", "answers", sent.code, str(answers)])
    assert heard.output == f"{sent.code}: settled\n"


class _Open:
    """A platform that a command cannot close: the test still needs it."""

    def __init__(self, platform: Any) -> None:
        self._platform = platform

    def __getattr__(self, name: str) -> Any:
        return getattr(self._platform, name)

    def close(self) -> None:
        """Stay open."""


def _report(counter: Counter, actor: Any, name: str, *by: str) -> list[list[str]]:
    rows = counter.scheme.run(REPORT, {"name": name, "by": list(by)}, actor=actor)["report"]["rows"]
    return [row["cells"] for row in rows]
