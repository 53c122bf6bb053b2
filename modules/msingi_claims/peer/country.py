"""Fills a database with the peer workload once: seeded, in bulk, past the audit trail, never over real data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from msingi.bulk import Recording, write_rows
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.models import FACILITY, Jurisdiction
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.table_statistics import learn_statistics
from msingi.work import Work
from msingi_catalogue import (
    Diagnosis,
    ItemType,
    MedicalItem,
    MedicalService,
    PriceList,
    PriceListAssignment,
    PriceListKind,
    PriceListLine,
    ServiceCategory,
    ServiceLevel,
    ServiceType,
    renew_register,
)
from msingi_claims.models.claim import Claim
from msingi_insurance import (
    Basis,
    Ceiling,
    Coverage,
    Family,
    Insuree,
    InsureePolicy,
    Limitation,
    LimitationsByVisit,
    LineKind,
    PayType,
    Policy,
    PolicyStatus,
    Premium,
    Product,
    ProductDraft,
    Stage,
    Terms,
    create_product,
)
from msingi_registry import CareType, Facility, Household, Person

FAMILIES: Final = 2_500
MEMBERS: Final = 4
VILLAGES: Final = 7
SERVICES: Final = 81
ITEMS: Final = 257
DIAGNOSES: Final = 300
YEAR: Final = 2025
"""A year that is over: care is never claimed in advance."""
_FIRST, _LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
_STEP: Final = 2_500


@dataclass(frozen=True, slots=True)
class Listed:
    """An item or a service of the price lists."""

    id: UUID
    code: str
    kind: LineKind
    price_minor: int


@dataclass(frozen=True, slots=True)
class Insured:
    """An insuree with what claims need to name."""

    insuree_id: UUID
    policy_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class PeerCountry:
    """The places, the hospital, the registers and the insured of the workload."""

    district: UUID
    villages: Sequence[UUID]
    hospital: UUID
    hospital_leaf: UUID
    product: UUID
    services: Sequence[Listed]
    items: Sequence[Listed]
    diagnoses: Sequence[tuple[UUID, str]]
    insured: Sequence[Insured]


def fill_country(platform: Platform, families: int = FAMILIES) -> PeerCountry:
    """Write families, insurees, policies and registers, unless the database holds some already."""
    with platform.work() as work:
        filled = work.session.scalar(select(func.count()).select_from(Insuree)) or 0
        if not filled:
            _write_registers(work)
        base = _read_base(work)
    if not filled:
        rng = Random(1)  # noqa: S311 - made-up families
        for start in range(0, families, _STEP):
            with platform.work() as work:
                _write_families(work, base, start, min(_STEP, families - start), rng)
        analyse(platform)
    with platform.work(writes=False) as work:
        return _with_insured(work, base)


def analyse(platform: Platform) -> None:
    """Let the engine find out how much there is of what, as it has in an installation that serves."""
    with platform.database.write.begin() as connection:
        learn_statistics(connection)


def claims_present(platform: Platform) -> int:
    """How many claims the database holds."""
    with platform.work(writes=False) as work:
        return work.session.scalar(select(func.count()).select_from(Claim)) or 0


def _write_registers(work: Work) -> None:
    places = [NewPlace("PC", "Country"), NewPlace("PR", "Region", "PC"), NewPlace("PD", "District", "PR")]
    places += [NewPlace(f"PV{number}", f"Village {number}", "PD") for number in range(VILLAGES)]
    places.append(NewPlace("PH", "Hospital", "PD", kind=FACILITY))
    ids = add_places(work, places)
    facility = {
        "jurisdiction_id": ids["PH"],
        "code": "PEERHOSPITAL",
        "name": "Peer hospital",
        "search_name": " peer hospital",
        "type": "Hospital",
        "standard_type": "Hospital",
        "tier": 3,
        "status": "operational",
        "care_type": CareType.BOTH,
    }
    work.insert_rows(Facility, [facility])
    _write_catalogue(work, ids)
    terms = Terms(
        insurance_period=12,
        lump_sum=Decimal(10_000),
        ceiling=Ceiling(basis=Basis.INSUREE, general=Decimal(5_000_000)),
        other_items=_EIGHTY,
        other_services=_EIGHTY,
    )
    draft = ProductDraft(
        code="PEER",
        name="Peer product",
        jurisdiction_id=ids["PC"],
        date_from=_FIRST,
        terms=terms.model_dump(mode="json"),
    )
    create_product(work, draft)


_LIMITATION: Final = Limitation(adult=Decimal(80), child=Decimal(80))
_EIGHTY: Final = Coverage(
    limitation=LimitationsByVisit(other=_LIMITATION, emergency=_LIMITATION, referral=_LIMITATION)
)


def _write_catalogue(work: Work, places: Mapping[str, UUID]) -> None:
    rng = Random(2)  # noqa: S311 - made-up prices
    currency = work.platform.profile.currency
    shared = {"source": "peer", "currency": currency, "patient_mask": 15, "care_type": CareType.BOTH}
    since = {"valid_from": date(YEAR - 1, 1, 1)}

    def named(prefix: str, number: int) -> dict[str, Any]:
        code = f"{prefix}{number:03}"
        text = {"name_fr": code, "name_en": code, "search_text": f" {code.lower()}"}
        return {"id": new_id(), "code": code, **text, **since}

    def priced(prefix: str, number: int) -> dict[str, Any]:
        return {**named(prefix, number), **shared, "price_minor": rng.randrange(100, 9_000)}

    services = [
        priced("S", number)
        | {"type": ServiceType.CURATIVE, "level": ServiceLevel.SIMPLE, "category": ServiceCategory.VISIT}
        for number in range(SERVICES)
    ]
    items = [priced("I", number) | {"type": ItemType.DRUG} for number in range(ITEMS)]
    work.insert_rows(MedicalService, services)
    work.insert_rows(MedicalItem, items)
    classified = {"source": "peer", "classification": "ICD-10", "classification_version": "2018"}
    diagnoses = [{**named("D", number), **classified} for number in range(DIAGNOSES)]
    work.insert_rows(Diagnosis, diagnoses)
    price_list = {"id": new_id(), "code": "PEER", "name": "Peer", "kind": PriceListKind.BOTH, **since}
    price_list |= {"dated": _FIRST, "place_id": places["PC"], "currency": currency, "stamp": new_id()}
    work.insert_rows(PriceList, [price_list])
    of_list = {"price_list_id": price_list["id"], "currency": currency, **since}
    work.insert_rows(PriceListLine, [{**of_list, "item_id": one["id"]} for one in items])
    work.insert_rows(PriceListLine, [{**of_list, "service_id": one["id"]} for one in services[:74]])
    assigned = {"price_list_id": price_list["id"], "jurisdiction_id": places["PC"], **since}
    work.insert_rows(PriceListAssignment, [assigned])
    renew_register(work)


def _read_base(work: Work) -> PeerCountry:
    places = dict(work.session.execute(select(Jurisdiction.code, Jurisdiction.id)).all())
    on_list = select(PriceListLine.service_id)
    services = select(MedicalService.id, MedicalService.code, MedicalService.price_minor)
    services = services.where(MedicalService.id.in_(on_list)).order_by(MedicalService.code)
    items = select(MedicalItem.id, MedicalItem.code, MedicalItem.price_minor).order_by(MedicalItem.code)
    session = work.session
    diagnoses = session.execute(select(Diagnosis.id, Diagnosis.code).order_by(Diagnosis.code)).all()
    return PeerCountry(
        district=places["PD"],
        villages=[places[f"PV{number}"] for number in range(VILLAGES)],
        hospital=work.session.scalars(select(Facility.id)).one(),
        hospital_leaf=places["PH"],
        product=work.session.scalars(select(Product.id)).one(),
        services=[
            Listed(row.id, row.code, LineKind.SERVICE, row.price_minor) for row in session.execute(services)
        ],
        items=[Listed(row.id, row.code, LineKind.ITEM, row.price_minor) for row in session.execute(items)],
        diagnoses=[(row.id, row.code) for row in diagnoses],
        insured=(),
    )


def _write_families(work: Work, base: PeerCountry, start: int, count: int, rng: Random) -> None:
    product = work.session.get_one(Product, base.product)
    rows = _Rows(work, product, base)
    for number in range(start, start + count):
        rows.add_family(number, rng)
    rows.write()


class _Rows:
    """The rows of some families, table by table."""

    def __init__(self, work: Work, product: Product, base: PeerCountry) -> None:
        self._work, self._product, self._base = work, product, base
        self._tables: dict[Any, list[dict[str, Any]]] = {
            model: [] for model in (Household, Person, Family, Insuree, Policy, InsureePolicy, Premium)
        }

    def add_family(self, number: int, rng: Random) -> None:
        """A household of four with a policy for the year that is paid."""
        place = {"jurisdiction_id": self._base.villages[number % VILLAGES]}
        household, family, policy = new_id(), new_id(), new_id()
        value = {"currency": self._work.platform.profile.currency}
        period = {"start_date": _FIRST, "effective_date": _FIRST, "expiry_date": _LAST}
        self._put(Household, id=household, code=f"H{number:012}", **place)
        self._put(Family, id=family, household_id=household, valid_from=_FIRST, **place)
        sold = {"product_id": self._product.id, "product_version_id": self._product.current_version_id}
        self._put(
            Policy,
            id=policy,
            code=f"P{number:08}",
            family_id=family,
            stage=Stage.NEW,
            status=PolicyStatus.ACTIVE,
            enrol_date=_FIRST,
            value_minor=10_000,
            **sold,
            **period,
            **value,
            **place,
        )
        receipt = {"receipt": f"R{number:08}", "amount_minor": 10_000, "pay_type": PayType.BANK}
        self._put(
            Premium,
            policy_id=policy,
            product_id=self._product.id,
            pay_date=_FIRST,
            **receipt,
            **value,
            **place,
        )
        for member in range(MEMBERS):
            self._add_member(number, member, household, family, policy, period, place, rng)

    def _add_member(
        self,
        number: int,
        member: int,
        household: UUID,
        family: UUID,
        policy: UUID,
        period: Mapping[str, date],
        place: Mapping[str, UUID],
        rng: Random,
    ) -> None:
        person, insuree = new_id(), new_id()
        born = date(1950, 1, 1) + timedelta(days=rng.randrange(26_000))
        self._put(
            Person,
            id=person,
            given_name=f"Given{number % 997}",
            family_name=f"Family{number}",
            sex="female" if member % 2 else "male",
            birth_date=born,
            birth_precision="day",
            household_id=household,
            is_head=not member,
            status="active",
            synthetic=True,
            **place,
        )
        self._put(
            Insuree,
            id=insuree,
            person_id=person,
            number=f"{number * MEMBERS + member:010}",
            family_id=family,
            is_head=not member,
            valid_from=_FIRST,
            **place,
        )
        cover = {"insuree_id": insuree, "policy_id": policy, "enrolment_date": _FIRST}
        self._put(InsureePolicy, **cover, **period, **place)

    def _put(self, model: type, **values: Any) -> None:
        self._tables[model].append(values)

    def write(self) -> None:
        """One statement for each table."""
        for model, rows in self._tables.items():
            columns = tuple(rows[0])
            write_rows(
                self._work,
                model,
                columns,
                [tuple(row[name] for name in columns) for row in rows],
                recording=Recording.BY_CALLER,
            )


def _with_insured(work: Work, base: PeerCountry) -> PeerCountry:
    statement = (
        select(Insuree.id, InsureePolicy.policy_id, Insuree.number)
        .join(InsureePolicy, InsureePolicy.insuree_id == Insuree.id)
        .order_by(Insuree.number)
    )
    insured = list(_insured(work.session.execute(statement)))
    return replace(base, insured=insured)


def _insured(rows: Any) -> Iterator[Insured]:
    for insuree_id, policy_id, number in rows:
        yield Insured(insuree_id, policy_id, number)
