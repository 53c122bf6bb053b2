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
from msingi_registry.models.facility import CareType, Facility
from msingi_registry.models.household import Household
from msingi_registry.models.person import Person, Sex
from msingi_registry.services.search_names import search_name, words_begin

__all__ = [
    "CardIssued",
    "CardRevoked",
    "CareType",
    "Facility",
    "Household",
    "HouseholdRegistered",
    "Person",
    "PersonDied",
    "PersonUpdated",
    "PersonsRegistered",
    "RegistryHooks",
    "Sex",
    "search_name",
    "words_begin",
]
