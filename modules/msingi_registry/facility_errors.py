"""Refusals of services about facilities, professionals and lists."""

from msingi.errors import DomainError


class ClosingInFuture(DomainError):
    """A closing takes effect today or took effect before (FR-1)."""

    code = "registry.closing_in_future"
    template = "The closing date lies in the future. Close the facility on that day."


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
