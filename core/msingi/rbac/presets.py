"""The role presets as data: exact permission names, resolved when roles are synchronised, never matched later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msingi.errors import ConfigurationError

CLINICAL_MODULES: Final = frozenset({"emr", "credits", "clm"})
"""Modules whose records belong to patients: an administrator has no right there."""


@dataclass(frozen=True, slots=True)
class Preset:
    """One role that every country gets; names of modules that are not enabled are left out.

    ``every_module`` adds each permission that the enabled plugins declare, except those of clinical modules.
    """

    name: str
    french: str
    english: str
    permissions: tuple[str, ...] = ()
    every_module: bool = False


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """A role as it must stand in the tables."""

    name: str
    labels: Mapping[str, str]
    preset: bool
    permissions: frozenset[str]


_READ_PLACES = ("registry.read_facilities",)
_CATALOGUE = ("catalogue.read",)
_PRICES = (*_CATALOGUE, "catalogue.edit", "catalogue.edit_prices", "catalogue.import")
_READ_PEOPLE = ("registry.read_persons", *_READ_PLACES)
_LISTS_PEOPLE = (*_READ_PEOPLE, "registry.list_persons")
_FRONT_DESK = (
    *_READ_PEOPLE,
    "registry.register_persons",
    "registry.edit_persons",
    "registry.read_contacts",
    "registry.print_cards",
)
_CARE = (*_READ_PEOPLE, *_CATALOGUE, "registry.read_contacts", "registry.read_practitioners")
_OVERSIGHT = (
    *_READ_PLACES,
    *_CATALOGUE,
    "registry.read_practitioners",
    "core.read_jobs",
    "core.read_modules",
)
_STAFF = ("auth.read_users", "auth.read_contacts", "auth.manage_users", "rbac.read", "rbac.grant")
_DIRECTORY = (
    *_READ_PLACES,
    "registry.edit_facilities",
    "registry.read_practitioners",
    "registry.edit_practitioners",
)
_BOOKS = ("ledger.read",)
_OPERATION = ("core.read_jobs", "core.manage_jobs", "core.read_modules")

PRESETS: Final[Sequence[Preset]] = (
    Preset("enrolment_officer", "Agent d'enrôlement", "Enrolment officer", _FRONT_DESK),
    Preset("clerk", "Agent de saisie", "Clerk", _FRONT_DESK),
    Preset("receptionist", "Réceptionniste", "Receptionist", _FRONT_DESK),
    Preset("accountant", "Comptable", "Accountant", (*_READ_PEOPLE, *_CATALOGUE, *_BOOKS, "ledger.reverse")),
    Preset(
        "manager",
        "Gestionnaire",
        "Manager",
        (*_LISTS_PEOPLE, *_CATALOGUE, *_BOOKS, "ledger.reverse", "ledger.close"),
    ),
    Preset("medical_officer", "Médecin-conseil", "Medical officer", (*_READ_PEOPLE, *_CATALOGUE)),
    Preset(
        "claim_administrator",
        "Responsable des feuilles de soins",
        "Claim administrator",
        (*_READ_PEOPLE, *_CATALOGUE),
    ),
    Preset(
        "claim_contributor", "Agent de saisie des soins", "Claim contributor", (*_READ_PEOPLE, *_CATALOGUE)
    ),
    Preset(
        "scheme_administrator",
        "Administrateur du régime",
        "Scheme administrator",
        (*_DIRECTORY, *_PRICES, "registry.import_data"),
    ),
    Preset(
        "system_administrator",
        "Administrateur du système",
        "System administrator",
        (
            *(*_READ_PLACES, *_STAFF, *_OPERATION),
            *("rbac.manage_roles", "rbac.edit_places", "auth.create_tokens", "audit.watch"),
        ),
    ),
    Preset(
        "facility_administrator",
        "Administrateur d'établissement",
        "Facility administrator",
        (*_READ_PLACES, *_CATALOGUE, *_STAFF, "core.read_jobs"),
    ),
    Preset(
        "offline_administrator",
        "Administrateur de site hors ligne",
        "Offline administrator",
        (*_READ_PLACES, "auth.read_users", *_OPERATION),
    ),
    Preset("doctor", "Médecin", "Doctor", _CARE),
    Preset("nurse", "Infirmier", "Nurse", _CARE),
    Preset("pharmacist", "Pharmacien", "Pharmacist", (*_READ_PEOPLE, *_CATALOGUE)),
    Preset(
        "facility_manager",
        "Directeur d'établissement",
        "Facility manager",
        (
            *(*_LISTS_PEOPLE, *_CATALOGUE, *_STAFF),
            *("registry.read_practitioners", "registry.edit_practitioners"),
        ),
    ),
    Preset("district_officer", "Responsable de district", "District officer", (*_OVERSIGHT, *_STAFF)),
    Preset(
        "region_officer",
        "Responsable régional",
        "Region officer",
        (*_OVERSIGHT, *_STAFF, "registry.edit_facilities", "catalogue.edit_prices"),
    ),
    Preset(
        "national_officer",
        "Responsable national",
        "National officer",
        (*_OVERSIGHT, *_STAFF, *_DIRECTORY, *_PRICES, "registry.import_data", "rbac.edit_places"),
    ),
    Preset(
        "auditor",
        "Auditeur",
        "Auditor",
        (*_OVERSIGHT, *_BOOKS, "audit.read", "audit.watch", "auth.read_users", "rbac.read"),
    ),
    Preset("super_administrator", "Super administrateur", "Super administrator", every_module=True),
)


def define_roles(
    declared: Collection[str], enabled: Collection[str], extra: Mapping[str, Sequence[str]]
) -> dict[str, RoleDefinition]:
    """Every role with its concrete permissions.

    ``declared`` are the permission names of the enabled plugins, ``extra`` the roles of the country's profile.

    Raises:
        ConfigurationError: the profile names a permission that an enabled plugin does not declare.

    """
    roles = {preset.name: _from_preset(preset, declared) for preset in PRESETS}
    for name, permissions in extra.items():
        _refuse_misspelt(name, permissions, declared, enabled)
        before = roles.get(name, RoleDefinition(name, {}, preset=False, permissions=frozenset()))
        added = before.permissions | (set(permissions) & set(declared))
        roles[name] = RoleDefinition(name, before.labels, preset=before.preset, permissions=added)
    return roles


def _from_preset(preset: Preset, declared: Collection[str]) -> RoleDefinition:
    names = set(preset.permissions) & set(declared)
    if preset.every_module:
        names |= {name for name in declared if _module_of(name) not in CLINICAL_MODULES}
    labels = {"fr": preset.french, "en": preset.english}
    return RoleDefinition(preset.name, labels, preset=True, permissions=frozenset(names))


def _refuse_misspelt(
    role: str, permissions: Sequence[str], declared: Collection[str], enabled: Collection[str]
) -> None:
    for name in permissions:
        if _module_of(name) in enabled and name not in declared:
            raise ConfigurationError(
                f"roles.{role}: {_module_of(name)!r} declares no permission {name!r}; check the spelling."
            )


def _module_of(permission: str) -> str:
    return permission.partition(".")[0]
