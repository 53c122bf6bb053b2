"""The role presets as data: exact permission names, resolved when roles are synchronised, never matched later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msingi.errors import ConfigurationError


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


def _of(module: str, actions: str) -> tuple[str, ...]:
    return tuple(f"{module}.{action}" for action in actions.split())


_INSURED = _of("insurance", "read_products read_insurees read_policies check_eligibility")
_ENROLS = (
    *_INSURED,
    *_of("insurance", "read_photos edit_insurees enrol_policies read_contributions collect_contributions"),
    *_of("insurance", "read_payers read_officers read_payments request_references read_renewals"),
    *_of("insurance", "answer_renewals exchange_enrolments download_registers count_cash"),
    *_of("insurance", "delete_insurees delete_policies suspend_policies return_contributions"),
)
_ASKS_PATIENTS = _of("claims", "read deliver_feedback")
_ACCOUNTS = (
    *_of("insurance", "read_products read_insurees read_policies read_contributions read_reports"),
    *_of("insurance", "return_contributions read_payers record_fundings read_officers confirm_cash"),
    *_of("insurance", "read_payments match_payments reconcile_payments read_contracts read_plans"),
    *_of("claims", "run_batches read_payments prepare_payments propose_accounts read_reports"),
)
_DECIDES = (
    *_of("insurance", "read_products read_contributions read_payers read_officers read_payments"),
    *_of("insurance", "check_eligibility read_reports read_findings read_contracts read_plans"),
    *_of("insurance", "approve_returns decide_fundings approve_statements approve_contracts"),
    *_of("claims", "read_payments approve_payments approve_accounts read_reports"),
)
_CHECKS = _of("insurance", "check_eligibility")
_REVIEWS = _of("claims", "read select review process undo deliver_feedback decide_consent read_reports")
_CLAIMS_ENTRY = (*_of("claims", "read enter load"), *_of("insurance", "check_eligibility"))
_CLAIMS_FACILITY = (
    *_CLAIMS_ENTRY,
    *_of("claims", "delete submit answer restore request_consent read_payments"),
)
_SCHEME = (
    *_of("insurance", "read_products edit_products read_payers edit_payers read_officers edit_officers"),
    *_of("insurance", "enforce_policies confirm_policies read_policies read_contracts read_plans edit_plans"),
    *_of("insurance", "edit_contracts download_registers read_findings"),
    *_of("claims", "edit_administrators edit_catchments extract read_payments"),
)
_FIGURES = (*_of("insurance", "read_products read_reports"), *_of("claims", "read_reports"))
_INSPECTS = (
    *_FIGURES,
    *_of("insurance", "read_contributions read_payers read_officers read_payments read_findings"),
    *_of("claims", "read_payments"),
)
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
    Preset(
        "enrolment_officer",
        "Agent d'enrôlement",
        "Enrolment officer",
        (*_FRONT_DESK, *_ENROLS, *_ASKS_PATIENTS),
    ),
    Preset("clerk", "Agent de saisie", "Clerk", (*_FRONT_DESK, *_ENROLS)),
    Preset("receptionist", "Réceptionniste", "Receptionist", (*_FRONT_DESK, *_INSURED)),
    Preset(
        "accountant",
        "Comptable",
        "Accountant",
        (*_READ_PEOPLE, *_CATALOGUE, *_BOOKS, *_ACCOUNTS, "ledger.reverse"),
    ),
    Preset(
        "manager",
        "Gestionnaire",
        "Manager",
        (*_LISTS_PEOPLE, *_CATALOGUE, *_BOOKS, *_DECIDES, "ledger.reverse", "ledger.close"),
    ),
    Preset("medical_officer", "Médecin-conseil", "Medical officer", (*_READ_PEOPLE, *_CATALOGUE, *_REVIEWS)),
    Preset(
        "claim_administrator",
        "Responsable des feuilles de soins",
        "Claim administrator",
        (*_READ_PEOPLE, *_CATALOGUE, *_CLAIMS_FACILITY),
    ),
    Preset(
        "claim_contributor",
        "Agent de saisie des soins",
        "Claim contributor",
        (*_READ_PEOPLE, *_CATALOGUE, *_CLAIMS_ENTRY),
    ),
    Preset(
        "scheme_administrator",
        "Administrateur du régime",
        "Scheme administrator",
        (*_DIRECTORY, *_PRICES, *_SCHEME, "registry.import_data"),
    ),
    Preset(
        "policy_holder_agent",
        "Représentant d'un souscripteur",
        "Policy holder's agent",
        ("insurance.act_for_holders",),
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
    Preset("doctor", "Médecin", "Doctor", (*_CARE, *_CHECKS)),
    Preset("nurse", "Infirmier", "Nurse", (*_CARE, *_CHECKS)),
    Preset("pharmacist", "Pharmacien", "Pharmacist", (*_READ_PEOPLE, *_CATALOGUE)),
    Preset(
        "facility_manager",
        "Directeur d'établissement",
        "Facility manager",
        (
            *(*_LISTS_PEOPLE, *_CATALOGUE, *_STAFF, *_CLAIMS_FACILITY),
            *("registry.read_practitioners", "registry.edit_practitioners"),
        ),
    ),
    Preset(
        "district_officer", "Responsable de district", "District officer", (*_OVERSIGHT, *_STAFF, *_FIGURES)
    ),
    Preset(
        "region_officer",
        "Responsable régional",
        "Region officer",
        (*_OVERSIGHT, *_STAFF, *_FIGURES, "registry.edit_facilities", "catalogue.edit_prices"),
    ),
    Preset(
        "national_officer",
        "Responsable national",
        "National officer",
        (*_OVERSIGHT, *_STAFF, *_DIRECTORY, *_PRICES, *_FIGURES, "registry.import_data", "rbac.edit_places"),
    ),
    Preset(
        "auditor",
        "Auditeur",
        "Auditor",
        (*_OVERSIGHT, *_BOOKS, *_INSPECTS, "audit.read", "audit.watch", "auth.read_users", "rbac.read"),
    ),
    Preset("super_administrator", "Super administrateur", "Super administrator", every_module=True),
)


def define_roles(
    declared: Collection[str],
    enabled: Collection[str],
    extra: Mapping[str, Sequence[str]],
    *,
    clinical: Collection[str] = (),
) -> dict[str, RoleDefinition]:
    """Every role with its concrete permissions.

    ``declared`` are the permission names of the enabled plugins, ``extra`` the roles of the country's profile;
    ``clinical`` are the plugins whose records belong to patients: who administers everything has no right there (CH-49).

    Raises:
        ConfigurationError: the profile names a permission that an enabled plugin does not declare.

    """
    roles = {preset.name: _from_preset(preset, declared, clinical) for preset in PRESETS}
    for name, permissions in extra.items():
        _refuse_misspelt(name, permissions, declared, enabled)
        before = roles.get(name, RoleDefinition(name, {}, preset=False, permissions=frozenset()))
        added = before.permissions | (set(permissions) & set(declared))
        roles[name] = RoleDefinition(name, before.labels, preset=before.preset, permissions=added)
    return roles


def _from_preset(preset: Preset, declared: Collection[str], clinical: Collection[str]) -> RoleDefinition:
    names = set(preset.permissions) & set(declared)
    if preset.every_module:
        names |= {name for name in declared if _module_of(name) not in clinical}
    labels = {"fr": preset.french, "en": preset.english}
    return RoleDefinition(preset.name, labels, preset=True, permissions=frozenset(names))


def _refuse_misspelt(
    role: str, permissions: Sequence[str], declared: Collection[str], enabled: Collection[str]
) -> None:
    for name in permissions:
        if _module_of(name) in enabled and name not in declared:
            raise ConfigurationError(
                "roles.{role}: the module {module} declares no permission “{permission}”; check the spelling.",
                role=role,
                module=_module_of(name),
                permission=name,
            )


def _module_of(permission: str) -> str:
    return permission.partition(".")[0]
