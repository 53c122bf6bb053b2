"""The report of registers: how many records of each stand active and inactive in a place, and when the last changed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, cast, func, literal, null, select, union_all

from msingi.audit.models import AuditEntry
from msingi.rbac.models import Jurisdiction
from msingi.rbac.tree_queries import roots
from msingi.reports import Rows, counted, latest
from msingi.scoping import scope_criterion
from msingi.types import UtcDateTime
from msingi.work import Work
from msingi_insurance.plugin import READ_REPORTS, plugin
from msingi_insurance.registers import Register
from msingi_insurance.services.registers import known_registers

_READS = ("read", "refused")


@plugin.report(
    "registers",
    title="State of the registers",
    allow=READ_REPORTS,
    by={"register": "Register"},
    sums=[
        counted("active", "Active"),
        counted("inactive", "Inactive"),
        latest("changed", "Last change in the period"),
    ],
)
def state_of_registers(work: Work) -> Rows:
    """One row per register and place as it stands today, whatever the period, and one per change that the trail tells.

    What belongs to no place, such as the catalogue, stands under the country and is counted for national readers.
    """
    country = min(roots(work), default=None)
    known = known_registers(work)
    standing = [
        _standing(work, register, country)
        for register in known
        if register.place is not None or work.scope.everywhere
    ]
    return union_all(*standing, _changes(known, country))


def _standing(work: Work, register: Register, country: UUID | None) -> Select[*tuple[Any, ...]]:
    place = literal(country, Jurisdiction.id.type) if register.place is None else register.place
    statement = select(
        place.label("place_id"),
        cast(null(), UtcDateTime()).label("at"),
        literal(register.name).label("register"),
        func.sum(case((register.active, 1), else_=0)).label("active"),
        func.sum(case((register.active, 0), else_=1)).label("inactive"),
        cast(null(), UtcDateTime()).label("changed"),
    ).select_from(register.model)
    if register.only is not None:
        statement = statement.where(register.only)
    if register.place is None:
        return statement.having(func.count() > 0)
    limit = scope_criterion(register.place, work.scope)
    if limit is not None:
        statement = statement.where(limit)
    return statement.group_by(register.place)


def _changes(known: Sequence[Register], country: UUID | None) -> Select[*tuple[Any, ...]]:
    names = {register.model.__tablename__: register.name for register in known}
    is_place = AuditEntry.entity == Jurisdiction.__tablename__
    place = func.coalesce(AuditEntry.jurisdiction_id, case((is_place, AuditEntry.entity_id)), country)
    return select(
        place.label("place_id"),
        AuditEntry.at.label("at"),
        case(names, value=AuditEntry.entity).label("register"),
        literal(0).label("active"),
        literal(0).label("inactive"),
        AuditEntry.at.label("changed"),
    ).where(AuditEntry.entity.in_(names), AuditEntry.action.not_in(_READS))
