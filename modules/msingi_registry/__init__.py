"""The registry: persons, identity, places, facilities and practitioners; each name is loaded when first used."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    from msingi_registry.models.facility import Facility
    from msingi_registry.models.household import Household, HouseholdRole
    from msingi_registry.models.imports import ImportRun
    from msingi_registry.models.person import Person, Sex, birth_of
    from msingi_registry.rules.facilities import CareType
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
    from msingi_registry.services.shared_phones import persons_sharing_phones

_HOMES = {
    "CardIssued": "events",
    "CardRevoked": "events",
    "CareType": "rules.facilities",
    "CodeScheme": "rules.identifiers",
    "Facility": "models.facility",
    "Household": "models.household",
    "HouseholdDraft": "services.drafts",
    "HouseholdRegistered": "events",
    "HouseholdRole": "models.household",
    "ImportReport": "imports.report",
    "ImportRun": "models.imports",
    "ListImporter": "imports.outcome",
    "MaskedRow": "services.masked",
    "MemberDraft": "services.drafts",
    "Outcome": "imports.outcome",
    "Person": "models.person",
    "PersonChanges": "services.drafts",
    "PersonDied": "events",
    "PersonDraft": "services.drafts",
    "PersonFields": "services.drafts",
    "PersonQuery": "services.search",
    "PersonUpdated": "events",
    "PersonsRegistered": "events",
    "Reading": "imports.outcome",
    "RegisteredHousehold": "services.households",
    "RegistryHooks": "hooks",
    "Sex": "models.person",
    "birth_of": "models.person",
    "change_head": "services.memberships",
    "fields_present": "imports.kinds",
    "found_household": "services.memberships",
    "import_file": "imports.at_once",
    "import_report": "imports.report",
    "join_household": "services.memberships",
    "keep_upload": "imports.files",
    "leave_household": "services.memberships",
    "make_code": "rules.identifiers",
    "persons_sharing_phones": "services.shared_phones",
    "read_kind": "imports.files",
    "record_death": "services.persons",
    "register_household": "services.households",
    "register_person": "services.registration",
    "register_persons": "services.registration",
    "run_import": "imports.engine",
    "search_name": "services.search_names",
    "search_persons": "services.search",
    "start_run": "imports.files",
    "update_person": "services.persons",
    "words_begin": "services.search_names",
}

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
    "birth_of",
    "change_head",
    "fields_present",
    "found_household",
    "import_file",
    "import_report",
    "join_household",
    "keep_upload",
    "leave_household",
    "make_code",
    "persons_sharing_phones",
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


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'msingi_registry' has no attribute {name!r}")
    return getattr(import_module(f"msingi_registry.{_HOMES[name]}"), name)
