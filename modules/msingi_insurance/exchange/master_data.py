"""Master data for the device of an officer: what he or she needs to work offline, and not more (CLM-F5)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import select

from msingi.errors import NotFound
from msingi.rbac.models import FACILITY, Jurisdiction, JurisdictionClosure
from msingi.work import Work
from msingi_insurance.models.field_staff import Officer, OfficerVillage
from msingi_insurance.models.payers import Payer
from msingi_insurance.models.product import Product
from msingi_insurance.rules.states import RELATIONSHIP_CODES, Relationship
from msingi_insurance.services.officers import officer_by_code, officer_places
from msingi_insurance.services.policies_quotes import window_of
from msingi_insurance.settings import InsuranceSettings
from msingi_registry import Facility

FORMAT: Final = 2
"""Rises when the form of the document changes; the version rises with its content."""
_LISTS: Final = ("confirmationTypes", "education", "familyTypes", "identificationTypes", "professions")
# Names that the lists of every country have, in English; the catalogues have them in other languages.
_GENDERS: Final = {"F": "Female", "M": "Male", "O": "Other"}
_RELATIONS: Final[Mapping[Relationship, str]] = {
    Relationship.SPOUSE: "Spouse",
    Relationship.CHILD: "Child",
    Relationship.PARENT: "Parent",
    Relationship.SIBLING: "Brother or sister",
    Relationship.UNCLE_OR_AUNT: "Uncle or aunt",
    Relationship.GRANDPARENT: "Grandparent",
    Relationship.EMPLOYEE: "Employee",
    Relationship.OTHER_RELATIVE: "Other relative",
}


def master_data(work: Work, officer_code: str) -> dict[str, Any]:
    """The master data of an officer; ``version`` is the same as long as nothing of it changes.

    Raises:
        NotFound: the officer is not visible.

    """
    officer = officer_by_code(work, officer_code)
    if officer is None or not work.covers(work.scope, officer.jurisdiction_id):
        raise NotFound(type="Officer")
    with work.everywhere():
        sections = _sections(work, officer)
    version = hashlib.sha256(orjson.dumps(sections, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return {"format": FORMAT, "version": version, "officer": officer.code, **sections}


def _sections(work: Work, officer: Officer) -> dict[str, Any]:
    settings = work.settings(InsuranceSettings)
    roots = officer_places(work, [officer.id])[officer.id]
    places = _places(work, roots)
    above = {place["id"] for place in places}
    lists = settings.payments.reference_lists
    return {
        **{name: _list(lists.get(name, {})) for name in _LISTS},
        "controls": [
            {"field": name, "use": use.value} for name, use in sorted(settings.insuree_fields.items())
        ],
        "genders": _named(work, _GENDERS),
        "relations": _named(work, {RELATIONSHIP_CODES[one]: name for one, name in _RELATIONS.items()}),
        "languages": list(work.platform.profile.languages),
        "phoneDefaults": {"country": work.platform.profile.country.iso2},
        "locations": places,
        "hf": _facilities(work, roots),
        "officers": _officers(work, officer, roots),
        "payers": _payers(work, above),
        "products": _products(work, above),
    }


def _list(entries: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    return [{"code": code, "names": dict(names)} for code, names in sorted(entries.items())]


def _named(work: Work, entries: Mapping[str, str]) -> list[dict[str, Any]]:
    """Entries by code, each with its name in every language of the country."""
    languages, say = work.platform.profile.languages, work.platform.texts.get
    return _list(
        {code: {language: say(name, language) for language in languages} for code, name in entries.items()}
    )


def _places(work: Work, roots: Sequence[UUID]) -> list[dict[str, Any]]:
    """The places that the officer serves with all below, and those above them for their names."""
    below = select(JurisdictionClosure.descendant_id).where(JurisdictionClosure.ancestor_id.in_(roots))
    above = select(JurisdictionClosure.ancestor_id).where(JurisdictionClosure.descendant_id.in_(roots))
    statement = (
        select(Jurisdiction)
        .where(
            Jurisdiction.id.in_(below.union(above)),
            Jurisdiction.kind != FACILITY,
            Jurisdiction.valid_to.is_(None),
        )
        .order_by(Jurisdiction.level, Jurisdiction.code)
    )
    return [
        {
            "id": str(place.id),
            "code": place.code,
            "name": place.name,
            "names": dict(place.names),
            "level": place.level,
            "parent": str(place.parent_id) if place.parent_id else None,
        }
        for place in work.session.scalars(statement)
    ]


def _facilities(work: Work, roots: Sequence[UUID]) -> list[dict[str, Any]]:
    """Facilities below the places next above those that the officer serves: where families go."""
    parents = select(Jurisdiction.parent_id).where(Jurisdiction.id.in_(roots))
    around = select(JurisdictionClosure.descendant_id).where(
        JurisdictionClosure.ancestor_id.in_(
            parents.union(select(Jurisdiction.id).where(Jurisdiction.id.in_(roots)))
        )
    )
    statement = (
        select(Facility.id, Facility.code, Facility.name)
        .where(Facility.jurisdiction_id.in_(around))
        .order_by(Facility.code)
    )
    return [
        {"id": str(row.id), "code": row.code, "name": row.name} for row in work.session.execute(statement)
    ]


def _officers(work: Work, officer: Officer, roots: Sequence[UUID]) -> list[dict[str, Any]]:
    """The officer, and those who serve the same places, without telephone numbers."""
    same = select(OfficerVillage.officer_id).where(OfficerVillage.jurisdiction_id.in_(roots))
    statement = select(Officer.code, Officer.name, Officer.works_to).where(
        Officer.id.in_(same.union(select(Officer.id).where(Officer.id == officer.id)))
    )
    return [
        {"code": row.code, "name": row.name, "worksTo": _day(row.works_to)}
        for row in work.session.execute(statement.order_by(Officer.code))
    ]


def _payers(work: Work, above: set[str]) -> list[dict[str, Any]]:
    statement = (
        select(Payer.id, Payer.type, Payer.name)
        .where(Payer.jurisdiction_id.in_([UUID(place) for place in above]), Payer.closed_on.is_(None))
        .order_by(Payer.name, Payer.id)
    )
    return [
        {"id": str(row.id), "type": row.type.value, "name": row.name}
        for row in work.session.execute(statement)
    ]


def _products(work: Work, above: set[str]) -> list[dict[str, Any]]:
    """Products that are sold today or later in one of the places."""
    statement = (
        select(Product)
        .where(Product.jurisdiction_id.in_([UUID(place) for place in above]), Product.closed_on.is_(None))
        .order_by(Product.code)
    )
    return [
        {
            "id": str(product.id),
            "code": product.code,
            "name": product.name,
            "from": _day(product.date_from),
            "to": _day(product.date_to),
            "version": str(product.current_version_id) if product.current_version_id else None,
        }
        for product in work.session.scalars(statement)
        if not window_of(product).over_on(work.today())
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
