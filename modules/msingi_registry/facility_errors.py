"""Refusals about facilities, professionals and lists; those of the pure rules get their words here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from msingi.errors import DomainError
from msingi_registry.rules.refusals import Refusal


class FacilityStepRefused(DomainError):
    """The life of a facility knows no such step from its state (FR-1)."""

    code = "registry.facility_step_refused"
    template = "A facility that is {state} cannot take the step “{step}”."


class ClosedBeforeOpened(DomainError):
    """A facility would close before it opened (FR-1)."""

    code = "registry.closed_before_opened"
    template = "The closing date lies before the opening date."


class ClosingInFuture(DomainError):
    """A closing takes effect today or took effect before (FR-1)."""

    code = "registry.closing_in_future"
    template = "The closing date lies in the future. Close the facility on that day."


class ReplacementCycle(DomainError):
    """A facility would be replaced by itself (FR-1, PD-4)."""

    code = "registry.replacement_cycle"
    template = "A facility cannot replace itself, not even through others."


class CoordinatesInvalid(DomainError):
    """A point lies off the earth or is half a point (FR-4, attack 62)."""

    code = "registry.coordinates_invalid"
    template = "Give both latitude (-90 to 90) and longitude (-180 to 180), in degrees."


class RadiusInvalid(DomainError):
    """The radius of a search is not positive or too long (NS-1)."""

    code = "registry.radius_invalid"
    template = "The distance must be more than 0 and at most {max} km."


class OpeningHoursInvalid(DomainError):
    """Opening hours name a day or a time that does not exist (NS-2)."""

    code = "registry.opening_hours_invalid"
    template = "The opening hours are not valid: a weekday is 0 (Monday) to 6, a time is HH:MM."


class FacilityNameInvalid(DomainError):
    """A name is empty, too long, or holds nothing that can be read."""

    code = "registry.facility_name_invalid"
    template = "The name is not valid: 1 to 200 characters, letters or digits among them."


class LicenceStepRefused(DomainError):
    """A licence knows no such step from its state on the day (PD-1)."""

    code = "registry.licence_step_refused"
    template = "A licence that is {state} cannot take the step “{step}”."


class LicencePeriodInvalid(DomainError):
    """A licence would end before it begins (PD-1)."""

    code = "registry.licence_period_invalid"
    template = "The licence ends before it begins."


class LicenceDayInvalid(DomainError):
    """A step of a licence lies in the future, or before one that is recorded already (PD-1)."""

    code = "registry.licence_day_invalid"
    template = "The day of the step lies in the future or before the last recorded step of {since}."


class RolePeriodInvalid(DomainError):
    """A role would end before it begins (PD-2)."""

    code = "registry.role_period_invalid"
    template = "The role ends before it begins."


class UnknownImportFile(DomainError):
    """The uploaded file is not there (any more), or belongs to somebody else."""

    code = "registry.unknown_import_file"
    template = "This file was not uploaded by you, was read already, or waited too long. Upload it again."


class UnknownImportField(DomainError):
    """A column is mapped to a field that lines of this kind do not have."""

    code = "registry.unknown_import_field"
    template = "There is no field “{field}”. The fields are: {fields}."


class UnknownImportColumn(DomainError):
    """A mapping names a column that the file does not have."""

    code = "registry.unknown_import_column"
    template = "The file has no column “{column}”. It has: {columns}."


class UnknownListKind(DomainError):
    """There are no lists of this kind."""

    code = "registry.unknown_list_kind"
    template = "There are no lists of the kind “{kind}”. Choose one of: {kinds}."


_SPOKEN: Final[Mapping[str, type[DomainError]]] = MappingProxyType(
    {
        refusal.code: refusal
        for refusal in (
            *(FacilityStepRefused, ClosedBeforeOpened, ReplacementCycle, CoordinatesInvalid, RadiusInvalid),
            *(OpeningHoursInvalid, LicenceStepRefused, LicencePeriodInvalid),
        )
    }
    | {"registry.name_invalid": FacilityNameInvalid, "registry.name_too_long": FacilityNameInvalid}
)


@contextmanager
def spoken() -> Iterator[None]:
    """Say the refusals of the pure rules in words that can be translated."""
    try:
        yield
    except Refusal as refusal:
        params = {name: str(value) for name, value in refusal.params.items()}
        raise _SPOKEN[refusal.code](**params) from refusal
