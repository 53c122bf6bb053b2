"""The registers of insurance and of what it requires: where their records belong, and which of them are active."""

from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from msingi.auth.models import User, UserStatus
from msingi.rbac.models import ADMIN, Jurisdiction
from msingi.work import Work
from msingi_catalogue import Diagnosis, MedicalItem, MedicalService, PriceList
from msingi_insurance.hooks import InsuranceHooks
from msingi_insurance.models.contracts import PolicyHolder
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.payers import Payer
from msingi_insurance.models.product import Product
from msingi_insurance.registers import Register
from msingi_insurance.rules.states import InsureeStatus
from msingi_registry import Facility, FacilityState


def known_registers(work: Work) -> list[Register]:
    """These registers, and those that other plugins bring."""
    today = work.today()
    brought = chain.from_iterable(work.ask(InsuranceHooks.registers)(work=work))
    return [*_of_the_platform(today), *_of_the_catalogue(today), *_of_insurance(today), *brought]


def _of_the_platform(today: date) -> Sequence[Register]:
    return (
        Register(
            "places",
            Jurisdiction,
            Jurisdiction.id,
            _through(Jurisdiction.valid_to, today),
            Jurisdiction.kind == ADMIN,
        ),
        Register(
            "users",
            User,
            User.jurisdiction_id,
            (User.status == UserStatus.ACTIVE) & _through(User.valid_to, today),
        ),
        Register(
            "facilities", Facility, Facility.jurisdiction_id, Facility.status == FacilityState.OPERATIONAL
        ),
    )


def _of_the_catalogue(today: date) -> Sequence[Register]:
    national = [("diagnoses", Diagnosis), ("items", MedicalItem), ("services", MedicalService)]
    return (
        *(Register(name, model, None, _holds(model, today)) for name, model in national),
        Register("price_lists", PriceList, PriceList.place_id, _holds(PriceList, today)),
    )


def _of_insurance(today: date) -> Sequence[Register]:
    return (
        Register("products", Product, Product.jurisdiction_id, _before(Product.closed_on, today)),
        Register("officers", Officer, Officer.jurisdiction_id, _through(Officer.works_to, today)),
        Register("payers", Payer, Payer.jurisdiction_id, _before(Payer.closed_on, today)),
        Register(
            "policy_holders",
            PolicyHolder,
            PolicyHolder.jurisdiction_id,
            _before(PolicyHolder.closed_on, today),
        ),
        Register("families", Family, Family.jurisdiction_id, _before(Family.valid_to, today)),
        Register(
            "insurees",
            Insuree,
            Insuree.jurisdiction_id,
            (Insuree.status == InsureeStatus.ACTIVE) & _before(Insuree.valid_to, today),
        ),
    )


def _holds(model: Any, today: date) -> ColumnElement[bool]:
    return and_(model.valid_from <= today, _through(model.valid_to, today))


def _through(last: InstrumentedAttribute[date | None], today: date) -> ColumnElement[bool]:
    """Whether the last day has not passed."""
    return or_(last.is_(None), last >= today)


def _before(end: InstrumentedAttribute[date | None], today: date) -> ColumnElement[bool]:
    """Whether the day from which it is over has not come."""
    return or_(end.is_(None), end > today)
