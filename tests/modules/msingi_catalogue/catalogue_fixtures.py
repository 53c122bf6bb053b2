"""What tests of the catalogue share: a small country, lists as text, imports here and now."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from sqlalchemy import event
from tests.modules.msingi_registry.facility_fixtures import Places, add_country, add_facility

from msingi.actor import SYSTEM, Actor
from msingi.platform import Platform
from msingi.tabular import Mode
from msingi.testing import MakePlatform
from msingi_catalogue import PriceListKind
from msingi_catalogue.imports.reading import READING, reading_with
from msingi_catalogue.imports.strategy import Strategy
from msingi_catalogue.plugin import plugin
from msingi_catalogue.services.inputs import PriceListInput
from msingi_catalogue.services.price_lists import create_price_list
from msingi_registry import ImportReport, import_report, keep_upload, read_kind, start_run
from msingi_registry.plugin import plugin as registry

TODAY = date(2026, 3, 2)
ITEMS = """code,name_fr,name_en,type,package,price,max_quantity,care_type,frequency_days,patient_mask,source
PARA,Paracétamol 500 mg,Paracetamol 500 mg,D,comprimé,50,30,B,,15,
FER,Fer et acide folique,Iron and folic acid,D,comprimé,20,,O,30,6,
GANT,Gants stériles,Sterile gloves,M,paire,300,,I,,0,
"""
SERVICES = """code,name_fr,name_en,type,package_type,level,category,price,care_type,patient_mask,max_amount,contents
CONS,Consultation,Consultation,C,S,V,C,1000,O,15,,
ACC,Accouchement,Delivery,C,F,H,D,15000,I,6,20000,S:CONS*1@1000;I:GANT*2.5@300
PACK,Paquet,Package,C,P,S,O,0,B,15,,I:PARA*10@40
"""
DIAGNOSES = """code,name_fr,name_en,classification,classification_version
B54,Paludisme,Malaria,ICD-10,2018
I10,Hypertension artérielle,Hypertension,ICD-10,2018
"""


def start_catalogue(make_platform: MakePlatform) -> tuple[Platform, Places]:
    """A platform with the catalogue and a country of two regions."""
    platform = make_platform(registry, plugin, jobs={"backend": "embedded"})
    return platform, add_country(platform)


def fill(platform: Platform, places: Places) -> None:
    """Every register, and a national price list."""
    for kind, text in (("items", ITEMS), ("services", SERVICES), ("diagnoses", DIAGNOSES)):
        assert load(platform, kind, text).refused == 0
    load(platform, "items", "code,name_fr,type,price\nEGAL,=1+1 gant,M,0\n")
    with platform.work() as work:
        given = PriceListInput(
            code="NAT", name="N", kind=PriceListKind.BOTH, dated=TODAY, place_id=places["CM"]
        )
        create_price_list(work, given)
    load(
        platform,
        "price-list",
        "list,kind,code,price\nNAT,item,PARA,0\nNAT,item,FER,\nNAT,service,ACC,14000\n",
    )


def add_hospital(platform: Platform, name: str, place: str) -> UUID:
    """An operational facility."""
    with platform.work() as work:
        return add_facility(work, name, place)


def load(
    platform: Platform,
    kind: str,
    text: str | bytes,
    *,
    strategy: Strategy = Strategy.UPSERT,
    mode: Mode = Mode.ALL_OR_NOTHING,
    dry_run: bool = False,
    actor: Actor = SYSTEM,
) -> ImportReport:
    """Import a list here and now."""
    content = text.encode() if isinstance(text, str) else text
    with platform.work(actor) as work:
        run = keep_upload(work, read_kind(kind, READING), content)
        reading = reading_with(strategy)
        job_id = start_run(work, run.id, mode=mode, dry_run=dry_run, mapping={}, reading=reading)[1]
    assert platform.jobs.run_one(job_id)
    with platform.work(writes=False, language="en") as work:
        return import_report(work, job_id, first=200)


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    """created, updated, ended, unchanged, refused."""
    return report.created, report.updated, report.ended, report.unchanged, report.refused


def said(report: ImportReport) -> list[tuple[int, str, str]]:
    """Line, column and code of each message."""
    return [(message.line, message.column, message.code) for message in report.messages]


class Statements:
    """Counts the statements that a platform sends while it is open."""

    def __init__(self, platform: Platform) -> None:
        self.sent: list[str] = []
        self._engine: Any = platform.database.read

    def __enter__(self) -> Self:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            self.sent.append(statement)
