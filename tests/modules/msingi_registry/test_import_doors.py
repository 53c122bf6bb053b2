"""The doors of lists: who may upload and start what, what downloads hold, and a worker that is killed."""

import io
import multiprocessing
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from tests.modules.msingi_registry.facility_fixtures import Places, add_country, add_facilities, add_facility
from tests.modules.msingi_registry.import_fixtures import (
    HEADER,
    counts,
    import_list,
    open_registry,
    queue_list,
    report_on,
    serve,
)

from msingi.audit.models import AuditEntry
from msingi.errors import DomainError
from msingi.http.rest import RestRequest, upload_caps
from msingi.jobs.queue import claim
from msingi.kernel.models import JobRecord, JobState
from msingi.kernel.services import discard_job
from msingi.platform import Platform
from msingi.tabular import Mode, TabularError, parse, read_table
from msingi.testing import KEYS, AsUser, FrozenClock, MakePlatform
from msingi_registry import facility_errors
from msingi_registry.imports.at_once import import_file
from msingi_registry.imports.doors import download_csv, download_xlsx, upload_list
from msingi_registry.imports.exports import export_list
from msingi_registry.imports.facilities import FacilityImporter
from msingi_registry.imports.files import MOST_BYTES, forget_uploads, keep_upload, start_run
from msingi_registry.imports.kinds import renamed
from msingi_registry.imports.outcome import FLAGGED, REFUSED
from msingi_registry.models.facility import Facility
from msingi_registry.models.imports import ImportKind, ImportPart, ImportRun
from msingi_registry.plugin import IMPORT_DATA, READ_FACILITIES, plugin

Run = Callable[..., dict[str, Any]]
START = """mutation($file: UUID!) {
  startImport(input: {fileId: $file, mode: ALL_OR_NOTHING, dryRun: false}) { jobId } }"""
REPORT = """query($job: UUID!) { importReport(jobId: $job) {
  state created refused messages { line column code message } } }"""


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(plugin, jobs={"backend": "embedded"})


@pytest.fixture
def places(platform: Platform) -> Places:
    return add_country(platform)


def _upload(platform: Platform, actor: Any, body: bytes, kind: str = "facilities") -> dict[str, Any]:
    with platform.work(actor) as work, work.allowed(IMPORT_DATA):
        return upload_list(work, RestRequest({"kind": kind}, {}, body))


@pytest.mark.rule("attack 65")
def test_uploads_have_a_cap_of_their_own(platform: Platform) -> None:
    assert upload_caps(platform) == {"/api/registry/imports/": MOST_BYTES}


@pytest.mark.rule("attack 15", "attack 19")
def test_an_upload_is_read_by_its_owner_only(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    owner, other = (as_user(IMPORT_DATA, at=places["CM"]) for _ in range(2))
    found = _upload(platform, owner, (HEADER + "A,AD-1,Hospital,,,,\n").encode())

    refused = run(START, {"file": str(found["fileId"])}, actor=other)["errors"][0]["extensions"]["code"]
    job = run(START, {"file": str(found["fileId"])}, actor=owner)["data"]["startImport"]["jobId"]
    again = run(START, {"file": str(found["fileId"])}, actor=owner)["errors"][0]["extensions"]["code"]
    spied = run(REPORT, {"job": job}, actor=other)["errors"][0]["extensions"]["code"]
    shown = run(REPORT, {"job": job}, actor=owner)["data"]["importReport"]

    assert found["columns"] == ["name", "place", "type", "latitude", "longitude", "services", "number"]
    assert refused == again == "registry.unknown_import_file"
    assert spied == "core.not_found"
    assert shown == {"state": "QUEUED", "created": 0, "refused": 0, "messages": []}


@pytest.mark.rule("FR-7", "attack 19")
def test_an_import_knows_only_the_places_of_its_user(
    platform: Platform, places: Places, as_user: AsUser
) -> None:
    (there,) = add_facilities(platform, ("B", "ES-1"))
    with platform.work() as work:
        code = work.get(Facility, there).code
    text = f"code,name,place,type\n,A,AD-1,Hospital\n,C,ES-1,Hospital\n{code},B,AD-1,Hospital\n"
    actor = as_user(IMPORT_DATA, at=places["CM-AD"])

    with platform.work(actor) as work, work.allowed(IMPORT_DATA):
        importer = FacilityImporter(frozenset({"name"}))
        columns = renamed(importer.mapping(), {})
        parsed = parse(read_table(io.BytesIO(text.encode())), columns, Mode.SKIP_AND_REPORT)
        outcome = importer.write(work, parsed.valid)

    assert (outcome.created, outcome.updated) == (1, 0)
    assert [(said.line, said.code) for said in outcome.said] == [
        (3, "registry.import_unknown_place"),
        (4, "registry.import_code_unusable"),
    ]


def test_without_the_right_nothing_is_uploaded(platform: Platform, places: Places, as_user: AsUser) -> None:
    with pytest.raises(DomainError) as refusal:
        _upload(platform, as_user(READ_FACILITIES, at=places["CM"]), b"name\nA\n")

    assert refusal.value.code == "core.forbidden"
    with platform.work() as work:
        assert work.session.scalar(select(func.count(ImportRun.id))) == 0


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"PK\x03\x04 no workbook"])
def test_what_is_no_table_is_not_kept(
    platform: Platform, places: Places, as_user: AsUser, body: bytes
) -> None:
    with pytest.raises(TabularError):
        _upload(platform, as_user(IMPORT_DATA, at=places["CM"]), body)

    with platform.work() as work:
        assert work.session.scalar(select(func.count(ImportPart.id))) == 0


def test_unknown_kinds_columns_and_fields_are_refused(platform: Platform, places: Places) -> None:
    codes = []
    for kind, mapping in (("spells", {}), ("facilities", {"x": "name"}), ("facilities", {"name": "x"})):
        with pytest.raises(DomainError) as refusal:
            import_file(
                platform, kind, b"name,place,type\n", mode=Mode.ALL_OR_NOTHING, dry_run=True, mapping=mapping
            )
        codes.append(refusal.value.code)

    assert codes == [
        "registry.unknown_list_kind",
        "registry.unknown_import_column",
        "registry.unknown_import_field",
    ]


def test_the_command_line_reads_lists_by_the_same_job(platform: Platform, places: Places) -> None:
    body = (HEADER + "A,AD-1,Hospital,,,,\n").encode()

    report = import_file(platform, "facilities", body, mode=Mode.ALL_OR_NOTHING, dry_run=False, mapping={})

    assert (report["state"], report["created"], report["failure"]) == (JobState.DONE, 1, None)


@pytest.mark.parametrize("mode", Mode)
def test_a_list_that_is_interrupted_is_given_up_with_nothing_half_written(
    platform: Platform, places: Places, mode: Mode
) -> None:
    body = (HEADER + "".join(f"A{number},AD-1,Hospital,,,,\n" for number in range(3_000))).encode()

    def interrupt(_done: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(platform, "facilities", body, mode=mode, dry_run=False, mapping={}, progress=interrupt)

    with platform.work(writes=False) as work:
        written = work.session.scalar(select(func.count()).select_from(Facility))
        kept = work.session.scalar(select(func.count()).select_from(ImportPart))
        saved = select(JobRecord.state, JobRecord.checkpoint).join(
            ImportRun, ImportRun.job_id == JobRecord.id
        )
        state, checkpoint = work.session.execute(saved).one()
        audited = select(AuditEntry.entity_id, AuditEntry.changes).where(
            AuditEntry.action == "registry.import"
        )
        noted = work.session.execute(audited).one()
        run_id = work.session.scalars(select(ImportRun.id).where(ImportRun.finished_at.is_not(None))).one()
    assert (state, kept) == (JobState.CANCELLED, 0)
    nothing = dict.fromkeys(("created", "updated", "ended", "unchanged", "suspicious", "refused"), 0)
    details = {"kind": "facilities", "given_up": True, **nothing, "created": written}
    assert noted == (run_id, details)
    assert written == (checkpoint or {"lines": 0})["lines"]


@pytest.mark.rule("F1")
def test_a_list_that_the_command_line_lost_is_taken_up_again(
    platform: Platform, places: Places, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = (HEADER + "A,AD-1,Hospital,,,,\n").encode()
    run_one = platform.jobs.run_one

    def lose(job_id: UUID) -> bool:
        monkeypatch.setattr(platform.jobs, "run_one", run_one)
        with platform.work() as work:
            assert claim(work, "lost", timedelta(minutes=1), job_id=job_id)
        frozen_clock.move(minutes=2)
        return True

    monkeypatch.setattr(platform.jobs, "run_one", lose)
    report = import_file(platform, "facilities", body, mode=Mode.ALL_OR_NOTHING, dry_run=False, mapping={})

    assert (report["state"], report["created"]) == (JobState.DONE, 1)


@pytest.mark.rule("attack 63")
def test_formulas_are_kept_on_import_and_harmless_on_export(platform: Platform, places: Places) -> None:
    text = "name,place,type,number\n@SUM(1) Hôpital,AD-1,=1+1,-N1\n"
    import_list(platform, "facilities", text)

    with platform.work() as work:
        kept = work.session.scalars(select(Facility)).one()
        csv = export_list(work, "facilities", "csv").decode("utf-8-sig").splitlines()
        sheet = load_workbook(io.BytesIO(export_list(work, "facilities", "xlsx"))).active

    assert (kept.name, kept.type) == ("@SUM(1) Hôpital", "=1+1")
    cells = csv[1].split(",")
    assert (cells[1], cells[3], cells[15]) == ("'@SUM(1) Hôpital", "'=1+1", "'-N1")
    assert sheet is not None
    shown = [cell.value for cell in next(iter(sheet.iter_rows(min_row=2)))]
    assert (shown[1], shown[3], shown[15]) == ("'@SUM(1) Hôpital", "'=1+1", "'-N1")


@pytest.mark.rule("FR-6", "FR-7")
def test_an_exported_list_can_be_imported_again(platform: Platform, places: Places, as_user: AsUser) -> None:
    with platform.work() as work:
        point = {"latitude": Decimal("6.7502001"), "longitude": Decimal("11.8015")}
        add_facility(work, "Hôpital, neuf", "AD-1", services=("lab", "xray"), beds=4, **point)
        add_facility(work, "Ailleurs", "ES-1")
    actor = as_user(READ_FACILITIES, at=places["CM-AD"])
    with platform.work(actor, writes=False) as work, work.allowed(READ_FACILITIES):
        listed = download_csv(work, RestRequest({"kind": "facilities"}, {})).content
        named = download_xlsx(work, RestRequest({"kind": "jurisdictions"}, {})).content

    facilities = import_list(platform, "facilities", listed)
    jurisdictions = import_list(platform, "jurisdictions", named, dry_run=True)

    assert counts(facilities) == (0, 0, 1, 0, 0)
    assert b"Ailleurs" not in listed
    assert jurisdictions.refused == 0
    assert jurisdictions.progress == 2


@pytest.mark.rule("attack 15")
def test_persons_are_not_given_out_as_a_list(platform: Platform, places: Places) -> None:
    with platform.work() as work, pytest.raises(DomainError) as refusal:
        export_list(work, "persons", "csv")

    assert refusal.value.code == "registry.unknown_list_kind"


def test_an_upload_is_sealed_and_forgotten_after_a_day(
    platform: Platform, places: Places, frozen_clock: FrozenClock
) -> None:
    with platform.work() as work:
        run = keep_upload(work, ImportKind.PERSONS, b"place,nom\nAD-1,Zzyzx\n")
    with platform.database.read.connect() as connection:
        raw = connection.exec_driver_sql("SELECT content FROM registry_import_part").scalars().all()
    frozen_clock.move(hours=25)
    with platform.work() as work:
        forget_uploads(work)

    assert len(raw) == 1
    assert b"Zzyzx" not in bytes(raw[0])
    with pytest.raises(DomainError) as refusal, platform.work() as work:
        start_run(work, run.id, mode=Mode.ALL_OR_NOTHING, dry_run=False, mapping={})
    assert refusal.value.code == "registry.unknown_import_file"


@pytest.mark.rule("attack 99")
def test_the_list_of_a_discarded_job_is_forgotten(platform: Platform, places: Places) -> None:
    """A job that waits, or is parked and may be tried again, keeps its list."""
    discarded, parked, waiting = (
        queue_list(platform, "facilities", HEADER + "A,AD-1,Post,,,,\n") for _ in "123"
    )
    with platform.work() as work:
        discard_job(work, discarded)
        work.get(JobRecord, parked).state = JobState.PARKED

    with platform.work() as work:
        forget_uploads(work)

    with platform.work(writes=False) as work:
        kept = select(ImportRun.job_id).join(ImportPart, ImportPart.import_id == ImportRun.id)
        assert set(work.session.scalars(kept)) == {parked, waiting}


@pytest.mark.long
@pytest.mark.rule("attack 74")
def test_a_killed_worker_is_followed_by_one_that_goes_on(
    platform: Platform, places: Places, database_url: str
) -> None:
    lines = [f"Poste {number},AD-1,Post,,,lab,N{number}\n" for number in range(3_000)]
    text = HEADER + "".join(lines[:2_700]) + "Mauvais,XX,Post,,,,\n" + "".join(lines[2_700:])
    job_id = queue_list(platform, "facilities", text, mode=Mode.SKIP_AND_REPORT)
    platform.database.dispose()
    processes = multiprocessing.get_context("forkserver")
    first = processes.Process(target=serve, args=(database_url, KEYS, job_id))
    first.start()
    live = open_registry(database_url, KEYS)
    done = _wait_for_a_step(live, job_id)
    first.kill()
    first.join(60)

    half = report_on(live, job_id)
    time.sleep(2)
    assert live.jobs.run_pending() > 0
    report = report_on(live, job_id)
    with live.work(writes=False) as work:
        names = list(work.session.scalars(select(Facility.name)))
    live.close()

    assert 0 < done < 3_001
    assert half.state is JobState.RUNNING
    assert report.state is JobState.DONE
    assert counts(report) == (3_000, 0, 0, 0, 1)
    assert (len(names), len(set(names))) == (3_000, 3_000)
    assert [message.line for message in report.messages] == [2_702]


def test_every_text_of_lists_and_facilities_exists_in_french(platform: Platform) -> None:
    refusals = [
        value
        for value in vars(facility_errors).values()
        if isinstance(value, type) and issubclass(value, DomainError) and value is not DomainError
    ]
    texts = [*REFUSED.values(), *FLAGGED.values(), *(refusal.template for refusal in refusals)]

    assert [text for text in texts if platform.texts.get(text, "fr") == text] == []
    assert len(texts) == 22 + len(refusals)


def _wait_for_a_step(platform: Platform, job_id: UUID) -> int:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        progress = report_on(platform, job_id).progress
        if progress:
            return progress
        time.sleep(0.05)
    raise AssertionError("the worker saved no step")
