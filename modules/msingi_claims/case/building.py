"""Turns a case file into what the adjudicator is given: registers, cover and history at the target date."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import TypeVar

from msingi.money import exponent_of
from msingi_claims.case.model import (
    AdjudicationCase,
    CaseClaim,
    CaseConsent,
    CaseContent,
    CaseFacility,
    CaseInsuree,
    CaseItem,
    CaseLine,
    CasePolicy,
    CasePrice,
    CaseService,
)
from msingi_claims.rules.codes import ClaimStatus, Reason
from msingi_claims.rules.compiled import CompiledProduct, LineKey, compile_product
from msingi_claims.rules.consent import ConsentUse
from msingi_claims.rules.decisions import Consumption
from msingi_claims.rules.history import History
from msingi_claims.rules.plausibility import refusals_of
from msingi_claims.rules.values import (
    ClaimInput,
    Consent,
    ContentQuantity,
    FacilityFacts,
    LineInput,
    LineReview,
    ListedPrice,
    Patient,
    PolicyInput,
    RegisterEntry,
    Settings,
    contents_of,
)
from msingi_insurance import InsureeStatus, LineKind, PolicyStatus

_IN_FORCE = frozenset({PolicyStatus.ACTIVE, PolicyStatus.EXPIRED})
_COUNTED = frozenset({ClaimStatus.CHECKED, ClaimStatus.PROCESSED, ClaimStatus.VALUATED})
_Entry = TypeVar("_Entry", CaseItem, CasePrice)


@dataclass(frozen=True)
class CaseInputs:
    """The inputs of a case; each claim has its own target date, so each is built for itself."""

    case: AdjudicationCase

    @cached_property
    def settings(self) -> Settings:
        """The settings, with the smallest amount of the currency."""
        case = self.case
        return Settings(
            unit=Decimal((0, (1,), -exponent_of(case.currency))),
            age_of_majority=case.settings.age_of_majority,
            care_type_check=case.settings.care_type_check,
            refuses_duplicates=case.settings.refuses_duplicates,
        )

    @cached_property
    def products(self) -> dict[str, CompiledProduct]:
        """The products by code."""
        return {product.code: compile_product(product.code, product.terms) for product in self.case.products}

    @cached_property
    def earlier(self) -> list[ClaimInput]:
        """The earlier claims in their order."""
        claims = zip(self.case.earlier_claims, self._codes[1:], strict=True)
        return [self._sent(one, code, one.facility or self.case.facility) for one, code in claims]

    @cached_property
    def claim(self) -> ClaimInput:
        """The claim to decide."""
        return self._sent(self.case.claim, self._codes[0], self.case.facility)

    @cached_property
    def _codes(self) -> list[str]:
        """The codes of the claim and of the earlier ones, each of them different."""
        claims = (self.case.claim, *self.case.earlier_claims)
        named = {one.code for one in claims}
        free = (code for number in count(1) if (code := f"C{number}") not in named)
        return [one.code or next(free) for one in claims]

    def _sent(self, claim: CaseClaim, code: str, facility: CaseFacility) -> ClaimInput:
        """A claim with what the registers say at its target date."""
        case, day = self.case, claim.date_to or claim.date_from
        insuree = self._insuree(claim)
        return ClaimInput(
            id=code,
            patient=Patient(
                insuree.number,
                insuree.birth_date,
                insuree.sex,
                is_valid=day is None or (_is_live(insuree, day) and case.family.is_valid(day)),
            ),
            facility=_facility(facility),
            visit_type=claim.visit_type,
            date_from=claim.date_from,
            date_to=claim.date_to,
            date_claimed=claim.date_claimed,
            diagnosis=claim.diagnosis,
            diagnosis_is_valid=self._is_diagnosis(claim.diagnosis, day),
            lines=(
                *(self._line(LineKind.ITEM, line, day) for line in claim.items),
                *(self._line(LineKind.SERVICE, line, day) for line in claim.services),
            ),
            is_released=claim.is_released,
            consent=_consent(claim.consent),
        )

    def policies(self, claim: ClaimInput) -> tuple[PolicyInput, ...]:
        """The policies as they cover the patient of a claim."""
        insuree, day = str(claim.patient.id), claim.target_date
        return tuple(self._policy(policy, insuree, day) for policy in self.case.policies)

    def refusals(self, claim: CaseClaim) -> tuple[Reason, ...]:
        """Why what was found odd about a claim refuses it at its submission."""
        if claim.is_released:
            return ()
        settings = self.case.settings
        return refusals_of(
            ((finding.kind, finding.refuses) for finding in claim.findings),
            refusing=settings.refuse_findings,
            confirms=settings.confirm_scoring,
        )

    def history(self) -> History:
        """What the case says about the past."""
        history, past = History(), self.case.history
        for place, claim in enumerate(past.claims):
            if claim.status in _COUNTED:
                insuree, name = claim.insuree or self._first, f"history {place}"
                history.add_claim(insuree, claim.category, claim=name, day=claim.target_date)
        for line in past.lines:
            key = _key(line.item, line.service)
            history.add_passed_line(line.insuree or self._first, key, line.target_date)
        history.add_consumption(self._consumption())
        for place, use in enumerate(past.consents):
            history.note_consent(use.number, f"{use.number} {place}", ConsentUse(use.quantity, use.amount))
        return history

    @property
    def _first(self) -> str:
        return self.case.insurees[0].number

    def _insuree(self, claim: CaseClaim) -> CaseInsuree:
        wanted = claim.insuree or self._first
        return next(insuree for insuree in self.case.insurees if insuree.number == wanted)

    def _is_diagnosis(self, code: str, day: date | None) -> bool:
        known = self.case.diagnoses
        if known is None or day is None:
            return True
        return any(one.code == code and one.is_valid(day) for one in known)

    def _line(self, kind: LineKind, line: CaseLine, day: date | None) -> LineInput:
        entries: Sequence[CaseItem] = self.case.items if kind is LineKind.ITEM else self.case.services
        entry = _valid((one for one in entries if one.code == line.code), day)
        prices = (
            one for one in self.case.price_list or () if _key(one.item, one.service) == (kind, line.code)
        )
        price = _valid(prices, day)
        return LineInput(
            kind,
            line.code,
            line.quantity_provided,
            line.price_asked,
            None if entry is None else _register_entry(entry),
            None if price is None else ListedPrice(price.price_override),
            _held(line, entry),
            LineReview(line.quantity_approved, line.price_approved, line.verdict, line.deduction_rate),
        )

    def _policy(self, policy: CasePolicy, insuree: str, day: date | None) -> PolicyInput:
        covers = self._covers(policy)
        cover_from, cover_to = covers.get(insuree, (None, None))
        return PolicyInput(
            id=policy.id,
            product=self.products[policy.product],
            start_date=policy.start_date,
            effective_date=policy.effective_date,
            cover_from=cover_from,
            cover_to=cover_to,
            is_in_force=policy.status in _IN_FORCE,
            is_new=policy.stage == "N",
            members=self._members(policy, day) if policy.members is None else policy.members,
        )

    def _members(self, policy: CasePolicy, day: date | None) -> int:
        """The persons with cover on a day: alive, active and between the ends of their cover (ADJ-7)."""
        covers = self._covers(policy)
        if day is None or day < policy.start_date:
            return 0
        spans = (
            covers[one.number] for one in self.case.insurees if one.number in covers and _is_live(one, day)
        )
        return sum(first is not None and first <= day <= last for first, last in spans)

    def _covers(self, policy: CasePolicy) -> dict[str, tuple[date | None, date]]:
        if policy.insuree_policies is None:
            return {one.number: (policy.effective_date, policy.expiry_date) for one in self.case.insurees}
        return {
            one.insuree: (one.effective_date or policy.effective_date, one.expiry_date or policy.expiry_date)
            for one in policy.insuree_policies
        }

    def _consumption(self) -> Iterator[Consumption]:
        for entry in self.case.history.consumption:
            yield Consumption(
                entry.kind,
                entry.policy,
                entry.insuree or self._first,
                entry.hospital,
                entry.amount * entry.sign,
                0,
                entry.category,
                _key(entry.item, entry.service) if entry.item or entry.service else None,
            )


def _facility(facility: CaseFacility) -> FacilityFacts:
    return FacilityFacts(
        facility.code,
        is_hospital=facility.level == "hospital",
        care_type=facility.care_type,
        ownership=facility.ownership,
        tier=facility.tier,
    )


def _is_live(insuree: CaseInsuree, day: date) -> bool:
    """Valid, born and active on a day; the state is that of the day, not of today."""
    ended = insuree.status is not InsureeStatus.ACTIVE
    return (
        insuree.is_valid(day)
        and insuree.birth_date <= day
        and not (ended and (insuree.status_date is None or day > insuree.status_date))
    )


def _valid(entries: Iterable[_Entry], day: date | None) -> _Entry | None:
    return next((entry for entry in entries if day is None or entry.is_valid(day)), None)


def _register_entry(entry: CaseItem) -> RegisterEntry:
    service = entry if isinstance(entry, CaseService) else CaseService(code=entry.code, price=entry.price)
    return RegisterEntry(
        entry.price,
        care_type=entry.care_type,
        frequency_days=entry.frequency,
        patient_mask=entry.patient_mask,
        package_type=service.package_type,
        category=service.category,
        contents=_contents(service.contents),
    )


def _held(line: CaseLine, entry: CaseItem | None) -> frozenset[ContentQuantity]:
    """What a line says that it held; one that says nothing held what the register says (ADJ-2)."""
    if line.contents is not None:
        return _contents(line.contents)
    return _contents(entry.contents) if isinstance(entry, CaseService) else frozenset()


def _contents(contents: Iterable[CaseContent]) -> frozenset[ContentQuantity]:
    return contents_of(
        ContentQuantity(*_key(content.item, content.service), content.quantity) for content in contents
    )


def _consent(consent: CaseConsent | None) -> Consent | None:
    if consent is None:
        return None
    key = _key(consent.item, consent.service)
    return Consent(consent.number, consent.number, key, consent.quantity, consent.amount)


def _key(item: str | None, service: str | None) -> LineKey:
    return (LineKind.SERVICE, service or "") if item is None else (LineKind.ITEM, item)
