"""What a form of enrolment shows and asks: the scheme's fields, lists and numbers, in the reader's language."""

from dataclasses import dataclass, field
from typing import Final

from pydantic.alias_generators import to_camel

from msingi.i18n import in_language
from msingi.work import Work
from msingi_insurance.rules.family import LISTED, FieldUse
from msingi_insurance.rules.states import InsureeStatus
from msingi_insurance.settings import InsuranceSettings, NumberSource

_FIELDS: Final = {wanted: name for name, wanted in LISTED.items()}


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of an insuree that the scheme treats in its own way; the others are optional."""

    name: str = field(metadata={"doc": "Name of the field of the draft."})
    use: FieldUse = field(metadata={"doc": "Whether it is mandatory, optional or hidden."})


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An entry of a list of the country."""

    code: str = field(metadata={"doc": "Code, to be sent."})
    label: str = field(metadata={"doc": "Name in your language."})


@dataclass(frozen=True, slots=True)
class CountryList:
    """A list of the country, such as professions; what is sent must stand in it."""

    name: str = field(metadata={"doc": "Name of the list."})
    field_name: str = field(
        metadata={"doc": "The field of the draft that it is for; empty: for devices only."}
    )
    entries: list[ListEntry] = field(metadata={"doc": "Its entries, by code."})


@dataclass(frozen=True, slots=True)
class StatusReason:
    """A reason for which an insuree becomes inactive or is dead."""

    code: str = field(metadata={"doc": "Code, to be sent as reason."})
    status: InsureeStatus = field(metadata={"doc": "The status that it goes with."})


@dataclass(frozen=True, slots=True)
class EnrolmentForm:
    """What the scheme decided about the forms of enrolment."""

    number_source: NumberSource = field(metadata={"doc": "Whether insurance numbers are made here or given."})
    number_length: int | None = field(metadata={"doc": "Characters of an insurance number, when fixed."})
    photo_required: bool = field(metadata={"doc": "Whether only insurees with a photo are covered."})
    age_of_majority: int = field(metadata={"doc": "Age from which a member is an adult."})
    village_level: int | None = field(
        metadata={"doc": "Depth of the places where families live, when fixed."}
    )
    fields: list[FormField] = field(metadata={"doc": "Fields that are mandatory or hidden."})
    lists: list[CountryList] = field(metadata={"doc": "Lists of the country, by name."})
    status_reasons: list[StatusReason] = field(metadata={"doc": "Reasons for a change of status."})


def enrolment_form(work: Work) -> EnrolmentForm:
    """The scheme's form of enrolment (INS-2 to INS-6)."""
    settings = work.settings(InsuranceSettings)
    lists = settings.payments.reference_lists
    return EnrolmentForm(
        number_source=settings.number_source,
        number_length=settings.number_length,
        photo_required=settings.photo_required,
        age_of_majority=settings.age_of_majority,
        village_level=settings.village_level,
        fields=[FormField(name, use) for name, use in sorted(settings.insuree_fields.items())],
        lists=[
            CountryList(
                name,
                to_camel(_FIELDS.get(name, "")),
                [
                    ListEntry(code, in_language(labels, work.language) or code)
                    for code, labels in sorted(lists[name].items())
                ],
            )
            for name in sorted(lists)
        ],
        status_reasons=[StatusReason(code, status) for code, status in settings.status_reasons.items()],
    )
