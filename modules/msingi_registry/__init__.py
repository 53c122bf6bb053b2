"""The registry: persons, identity, places, facilities and practitioners; each name is loaded when first used."""

from typing import TYPE_CHECKING

from msingi.faces import lazy_face

if TYPE_CHECKING:
    from msingi_registry.country.description import Ownership as Ownership
    from msingi_registry.errors import DuplicatePerson as DuplicatePerson
    from msingi_registry.events import CardIssued as CardIssued
    from msingi_registry.events import CardRevoked as CardRevoked
    from msingi_registry.events import HouseholdMoved as HouseholdMoved
    from msingi_registry.events import HouseholdRegistered as HouseholdRegistered
    from msingi_registry.events import PersonDied as PersonDied
    from msingi_registry.events import PersonsRegistered as PersonsRegistered
    from msingi_registry.events import PersonUpdated as PersonUpdated
    from msingi_registry.hooks import RegistryHooks as RegistryHooks
    from msingi_registry.imports.at_once import import_file as import_file
    from msingi_registry.imports.engine import Steps as Steps
    from msingi_registry.imports.engine import run_import as run_import
    from msingi_registry.imports.files import keep_upload as keep_upload
    from msingi_registry.imports.files import read_kind as read_kind
    from msingi_registry.imports.files import start_run as start_run
    from msingi_registry.imports.kinds import fields_present as fields_present
    from msingi_registry.imports.outcome import ListImporter as ListImporter
    from msingi_registry.imports.outcome import Outcome as Outcome
    from msingi_registry.imports.outcome import Reading as Reading
    from msingi_registry.imports.outcome import Said as Said
    from msingi_registry.imports.place_lookup import KnownPlace as KnownPlace
    from msingi_registry.imports.place_lookup import find_places as find_places
    from msingi_registry.imports.place_lookup import is_usable as is_usable
    from msingi_registry.imports.report import ImportReport as ImportReport
    from msingi_registry.imports.report import LineMessage as LineMessage
    from msingi_registry.imports.report import import_report as import_report
    from msingi_registry.models.facility import Facility as Facility
    from msingi_registry.models.facility import FacilityIdentifier as FacilityIdentifier
    from msingi_registry.models.facility import FacilityService as FacilityService
    from msingi_registry.models.facility import QualityFinding as QualityFinding
    from msingi_registry.models.household import Household as Household
    from msingi_registry.models.household import HouseholdRole as HouseholdRole
    from msingi_registry.models.identifier import Card as Card
    from msingi_registry.models.identifier import CardState as CardState
    from msingi_registry.models.identifier import Identifier as Identifier
    from msingi_registry.models.identifier import IdentifierState as IdentifierState
    from msingi_registry.models.imports import ImportRun as ImportRun
    from msingi_registry.models.person import Person as Person
    from msingi_registry.models.person import PersonStatus as PersonStatus
    from msingi_registry.models.person import Sex as Sex
    from msingi_registry.models.person import birth_of as birth_of
    from msingi_registry.models.practitioner import Practitioner as Practitioner
    from msingi_registry.models.practitioner import PractitionerRole as PractitionerRole
    from msingi_registry.plugin import PRINT_CARDS as PRINT_CARDS
    from msingi_registry.plugin import READ_CONTACTS as READ_CONTACTS
    from msingi_registry.plugin import READ_FACILITIES as READ_FACILITIES
    from msingi_registry.plugin import READ_PERSONS as READ_PERSONS
    from msingi_registry.plugin import READ_PRACTITIONERS as READ_PRACTITIONERS
    from msingi_registry.rules.dates import BirthDate as BirthDate
    from msingi_registry.rules.dates import DatePrecision as DatePrecision
    from msingi_registry.rules.facilities import CareType as CareType
    from msingi_registry.rules.facilities import FacilityState as FacilityState
    from msingi_registry.rules.identifiers import CodeScheme as CodeScheme
    from msingi_registry.rules.identifiers import make_code as make_code
    from msingi_registry.rules.matching import IdentifierRole as IdentifierRole
    from msingi_registry.rules.matching import PersonFacts as PersonFacts
    from msingi_registry.rules.matching import PersonIdentifier as PersonIdentifier
    from msingi_registry.rules.practitioners import LicenceState as LicenceState
    from msingi_registry.rules.practitioners import PractitionerCategory as PractitionerCategory
    from msingi_registry.services.drafts import HouseholdDraft as HouseholdDraft
    from msingi_registry.services.drafts import IdentifierDraft as IdentifierDraft
    from msingi_registry.services.drafts import MemberDraft as MemberDraft
    from msingi_registry.services.drafts import PersonChanges as PersonChanges
    from msingi_registry.services.drafts import PersonDraft as PersonDraft
    from msingi_registry.services.drafts import PersonFields as PersonFields
    from msingi_registry.services.household_check import check_persons as check_persons
    from msingi_registry.services.household_moves import move_household as move_household
    from msingi_registry.services.households import RegisteredHousehold as RegisteredHousehold
    from msingi_registry.services.households import register_household as register_household
    from msingi_registry.services.masked import MaskedRow as MaskedRow
    from msingi_registry.services.memberships import change_head as change_head
    from msingi_registry.services.memberships import check_joining as check_joining
    from msingi_registry.services.memberships import found_household as found_household
    from msingi_registry.services.memberships import join_household as join_household
    from msingi_registry.services.memberships import leave_household as leave_household
    from msingi_registry.services.persons import AccessBasis as AccessBasis
    from msingi_registry.services.persons import open_person as open_person
    from msingi_registry.services.persons import recognise_person as recognise_person
    from msingi_registry.services.persons import record_death as record_death
    from msingi_registry.services.persons import update_person as update_person
    from msingi_registry.services.registration import Registration as Registration
    from msingi_registry.services.registration import register_person as register_person
    from msingi_registry.services.registration import register_persons as register_persons
    from msingi_registry.services.search import PersonQuery as PersonQuery
    from msingi_registry.services.search import search_persons as search_persons
    from msingi_registry.services.search_names import search_name as search_name
    from msingi_registry.services.search_names import words_begin as words_begin
    from msingi_registry.services.shared_phones import persons_sharing_phones as persons_sharing_phones
    from msingi_registry.services.uhids import resolve_uhid as resolve_uhid
    from msingi_registry.services.uhids import uhids_of as uhids_of

_HOMES = {
    "country.description": "Ownership",
    "errors": "DuplicatePerson",
    "events": "CardIssued CardRevoked HouseholdMoved HouseholdRegistered PersonDied PersonUpdated PersonsRegistered",
    "hooks": "RegistryHooks",
    "imports.at_once": "import_file",
    "imports.engine": "Steps run_import",
    "imports.files": "keep_upload read_kind start_run",
    "imports.kinds": "fields_present",
    "imports.outcome": "ListImporter Outcome Reading Said",
    "imports.place_lookup": "KnownPlace find_places is_usable",
    "imports.report": "ImportReport LineMessage import_report",
    "models.facility": "Facility FacilityIdentifier FacilityService QualityFinding",
    "models.household": "Household HouseholdRole",
    "models.identifier": "Card CardState Identifier IdentifierState",
    "models.imports": "ImportRun",
    "models.person": "Person PersonStatus Sex birth_of",
    "models.practitioner": "Practitioner PractitionerRole",
    "plugin": "PRINT_CARDS READ_CONTACTS READ_FACILITIES READ_PERSONS READ_PRACTITIONERS",
    "rules.dates": "BirthDate DatePrecision",
    "rules.facilities": "CareType FacilityState",
    "rules.identifiers": "CodeScheme make_code",
    "rules.matching": "IdentifierRole PersonFacts PersonIdentifier",
    "rules.practitioners": "LicenceState PractitionerCategory",
    "services.drafts": "HouseholdDraft IdentifierDraft MemberDraft PersonChanges PersonDraft PersonFields",
    "services.household_check": "check_persons",
    "services.household_moves": "move_household",
    "services.households": "RegisteredHousehold register_household",
    "services.masked": "MaskedRow",
    "services.memberships": "change_head check_joining found_household join_household leave_household",
    "services.persons": "AccessBasis open_person recognise_person record_death update_person",
    "services.registration": "Registration register_person register_persons",
    "services.search": "PersonQuery search_persons",
    "services.search_names": "search_name words_begin",
    "services.shared_phones": "persons_sharing_phones",
    "services.uhids": "resolve_uhid uhids_of",
}

if not TYPE_CHECKING:
    __all__, __getattr__ = lazy_face(__name__, _HOMES)
