"""The registry: persons, households and identity, places, facilities and practitioners, one of each for all modules."""

from msingi_registry.events import (
    CardIssued,
    CardRevoked,
    HouseholdRegistered,
    PersonDied,
    PersonsRegistered,
    PersonUpdated,
)
from msingi_registry.hooks import RegistryHooks
from msingi_registry.imports.at_once import import_file
from msingi_registry.imports.engine import run_import
from msingi_registry.imports.files import keep_upload, read_kind, start_run
from msingi_registry.imports.kinds import fields_present
from msingi_registry.imports.outcome import ListImporter, Outcome, Reading
from msingi_registry.imports.report import ImportReport, import_report
from msingi_registry.models.facility import CareType, Facility
from msingi_registry.models.household import Household, HouseholdRole
from msingi_registry.models.imports import ImportRun
from msingi_registry.models.person import Person, Sex
from msingi_registry.rules.identifiers import CodeScheme, make_code
from msingi_registry.services.drafts import (
    HouseholdDraft,
    MemberDraft,
    PersonChanges,
    PersonDraft,
    PersonFields,
)
from msingi_registry.services.households import RegisteredHousehold, register_household
from msingi_registry.services.masked import MaskedRow
from msingi_registry.services.memberships import (
    change_head,
    found_household,
    join_household,
    leave_household,
)
from msingi_registry.services.persons import record_death, update_person
from msingi_registry.services.registration import register_person, register_persons
from msingi_registry.services.search import PersonQuery, search_persons
from msingi_registry.services.search_names import search_name, words_begin

__all__ = [
    "CardIssued",
    "CardRevoked",
    "CareType",
    "CodeScheme",
    "Facility",
    "Household",
    "HouseholdDraft",
    "HouseholdRegistered",
    "HouseholdRole",
    "ImportReport",
    "ImportRun",
    "ListImporter",
    "MaskedRow",
    "MemberDraft",
    "Outcome",
    "Person",
    "PersonChanges",
    "PersonDied",
    "PersonDraft",
    "PersonFields",
    "PersonQuery",
    "PersonUpdated",
    "PersonsRegistered",
    "Reading",
    "RegisteredHousehold",
    "RegistryHooks",
    "Sex",
    "change_head",
    "fields_present",
    "found_household",
    "import_file",
    "import_report",
    "join_household",
    "keep_upload",
    "leave_household",
    "make_code",
    "read_kind",
    "record_death",
    "register_household",
    "register_person",
    "register_persons",
    "run_import",
    "search_name",
    "search_persons",
    "start_run",
    "update_person",
    "words_begin",
]
