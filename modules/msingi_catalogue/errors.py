"""Refusals of the catalogue."""

from msingi.errors import DomainError


class CodeTaken(DomainError):
    """An entry or a list with this code exists already."""

    code = "catalogue.code_taken"
    template = "The code “{taken}” is taken. Codes are never given twice."


class UnknownCode(DomainError):
    """There is nothing in the register under this code."""

    code = "catalogue.unknown_code"
    template = "There is nothing with the code “{unknown}” in the register."


class LaterTermsKnown(DomainError):
    """Terms that begin later are recorded already: the new ones would stand before them."""

    code = "catalogue.later_terms_known"
    template = "Terms that begin on {since} are recorded already. Give that day or a later one."


class CountryOnly(DomainError):
    """The registers are the same in the whole country: a right for a part of it does not change them."""

    code = "catalogue.country_only"
    template = "The registers belong to the whole country. Only a national right changes them."


class FieldMissing(DomainError):
    """A new entry lacks something that every entry has."""

    code = "catalogue.field_missing"
    template = "A new entry needs: {fields}."


class NameMissing(DomainError):
    """An entry has no name in either language, or one without letters and digits."""

    code = "catalogue.name_missing"
    template = "Give a name in French or in English, with letters or digits."


class CodeInvalid(DomainError):
    """A code holds other signs than capitals, digits and a few separators, or is too long."""

    code = "catalogue.code_invalid"
    template = "A code is made of capitals, digits, spaces and the signs . _ / : # + ( ) -"


class ContentsUnreadable(DomainError):
    """The contents of a package are not written as expected."""

    code = "catalogue.contents_unreadable"
    template = (
        "Write the contents as I:CODE*quantity@price or S:CODE*quantity@price, with semicolons between."
    )


class UnknownContent(DomainError):
    """A package would contain something that is not in the register."""

    code = "catalogue.unknown_content"
    template = "The package contains “{unknown}”, which is not in the register."


class PackageInPackage(DomainError):
    """A package would contain itself or another package."""

    code = "catalogue.package_in_package"
    template = "A package contains simple services and items only, not another package."


class ContentsOfSimpleService(DomainError):
    """A simple service would have contents."""

    code = "catalogue.contents_of_simple_service"
    template = "A simple service has no contents. Make it a fixed or a priced package."


class PeriodInvalid(DomainError):
    """A period would end before it begins, or in the past."""

    code = "catalogue.period_invalid"
    template = "The period ends before it begins, or its end lies in the past."


class ListKindDiffers(DomainError):
    """A line would price an item on a list of services, or the other way round."""

    code = "catalogue.list_kind_differs"
    template = "The list “{price_list}” does not price entries of this kind."


class AssignmentOverlaps(DomainError):
    """Two lists would price the same things for the same place on the same days."""

    code = "catalogue.assignment_overlaps"
    template = "The list “{price_list}” holds at this place in the same days. End it first."


class TooManyLines(DomainError):
    """More lines come at once than are changed by hand; a longer list is imported as a file."""

    code = "catalogue.too_many_lines"
    template = "At most {most} lines are changed at once. Import a longer list as a file."


class NotOnList(DomainError):
    """A price list has no line for this entry."""

    code = "catalogue.not_on_list"
    template = "“{unknown}” is not on the list."


class UnknownPriceList(DomainError):
    """There is no price list of this code that the caller may change."""

    code = "catalogue.unknown_price_list"
    template = "There is no price list “{unknown}” that you may change."


class UnknownRegister(DomainError):
    """There are no lists of this kind."""

    code = "catalogue.unknown_register"
    template = "There are no lists of the kind “{kind}”. Choose one of: {kinds}."


class UnknownFormat(DomainError):
    """Lists are not written in this format."""

    code = "catalogue.unknown_format"
    template = "Lists are not written as “{form}”. Choose one of: {forms}."
