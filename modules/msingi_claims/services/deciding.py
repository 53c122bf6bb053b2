"""Decides claims, one or thousands, by the same code: loads what they need at once, folds the rules over them (D-20)."""

import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from msingi.work import Work
from msingi_catalogue import CatalogueDiagnosis, diagnoses_by_code
from msingi_claims.findings import ClaimFacts, Finding
from msingi_claims.hooks import ClaimsHooks
from msingi_claims.rules.adjudicate import adjudicate
from msingi_claims.rules.basis import bases_of
from msingi_claims.rules.codes import NUMBER_REASONS, ClaimStatus, Reason, Stage, Verdict
from msingi_claims.rules.compiled import LineKey
from msingi_claims.rules.decisions import ClaimDecision
from msingi_claims.rules.history import History
from msingi_claims.rules.plausibility import refusals_of
from msingi_claims.rules.values import ClaimInput, FacilityFacts, LineInput, LineReview, Reference, Settings
from msingi_claims.services.agreed import add_consent_uses, with_consents
from msingi_claims.services.documents import digest_of
from msingi_claims.services.past import Booking, add_ledger, earlier_claims, live_bookings, remember
from msingi_claims.services.patients import PatientFacts, patients_of
from msingi_claims.services.policies import Policies, lock_policies
from msingi_claims.services.registers import Registers
from msingi_claims.services.repeating import submissions_of, untouched
from msingi_claims.services.results import Result, result_of, result_that_stands
from msingi_claims.services.taking import lines_of
from msingi_claims.services.units import Units
from msingi_claims.services.watching import near_claims
from msingi_claims.settings import ClaimsSettings
from msingi_insurance import InsuranceSettings, calendar_of
from msingi_registry import CareType

_NUMBERS: Final = frozenset(NUMBER_REASONS.values())
_LOOK_BACK: Final = 366
"""For how many days before the earliest target date frequencies, categories and doubles are looked for, at least."""


@dataclass(slots=True)
class Decided:
    """A claim with everything that its decision is written from."""

    claim: Any
    lines: Sequence[Any]
    digest: str
    """Of everything that the rules were given."""
    decision: ClaimDecision
    result: Result
    live: Sequence[Booking] = ()
    """What it has booked before."""
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A claim whose submission holds: its lines and its bookings stay as they are."""

    claim: Any
    lines: Sequence[Any]
    digest: str
    document: bytes
    result: Result


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions on some claims, in the order of their ids."""

    every: Sequence[Decided | Repeated]
    product_ids: Mapping[UUID, UUID]
    units: Units
    stage: Stage

    @property
    def decided(self) -> list[Decided]:
        """Those that were not taken over from the submission."""
        return [one for one in self.every if isinstance(one, Decided)]


def decide_claims(
    work: Work, claims: Sequence[Any], stage: Stage, *, verdict: Verdict | None = None
) -> Decisions:
    """Decide claims that are locked; the number of statements does not depend on their number.

    ``verdict`` stands for what the reviewer said of every line, whatever was said before.
    """
    file = ClaimsFile.open(work, claims, decided=stage is not Stage.SUBMIT)
    if verdict is not None:
        file.inputs = {key: _judged(given, verdict) for key, given in file.inputs.items()}
    every = _submit(work, file) if stage is Stage.SUBMIT else _decide_again(work, file, stage)
    return Decisions(every, file.policies.product_ids, file.units, stage)


@dataclass(slots=True)
class ClaimsFile:
    """What is read before anything is decided about some claims."""

    claims: Sequence[Any]
    lines: Mapping[UUID, Sequence[Any]]
    inputs: Mapping[UUID, ClaimInput]
    patients: Mapping[UUID, PatientFacts]
    policies: Policies
    units: Units
    settings: Settings

    @classmethod
    def open(cls, work: Work, claims: Sequence[Any], *, decided: bool = True) -> "ClaimsFile":
        """Lock the policies of claims that are locked, and read what the rules are given.

        Without what was ``decided`` before, the lines know no policy yet (see ``policies_by_claim``).
        """
        units = Units.of(work.platform.profile.currency)
        insuree_ids = {claim.insuree_id for claim in claims}
        policies = lock_policies(work, insuree_ids)
        patients = patients_of(work, insuree_ids)
        lines = lines_of(work, [claim.id for claim in claims], decided=decided)
        inputs = with_consents(work, claims, _inputs(work, claims, lines, patients, units), units)
        return cls(claims, lines, inputs, patients, policies, units, rule_settings(work, units))

    def limited_keys(self) -> set[LineKey]:
        """Items and services of these claims whose quantity some product limits."""
        keys = {line.key for given in self.inputs.values() for line in given.lines}
        products = self.policies.products()
        return {key for key in keys for product in products if product.counts_quantity(key)}

    def history(self, work: Work) -> History:
        """What the policies have used up, read after they were locked (ADJ-11)."""
        history = History()
        shared = any(product.counts_family for product in self.policies.products())
        by = None if shared else self.patients.keys()
        add_ledger(work, history, self.policies.product_ids.keys(), self.limited_keys(), self.units, by=by)
        add_consent_uses(work, history, self.inputs.values(), self.units)
        return history

    def policies_by_claim(self) -> dict[UUID, set[Any]]:
        """The policies that each claim may take from now, and those that its lines have taken from."""
        by_insuree = self.policies.by_insuree
        return {
            claim.id: {row.policy_id for row in self.lines[claim.id] if row.policy_id}
            | {policy.id for policy in by_insuree.get(claim.insuree_id, ())}
            for claim in self.claims
        }

    def digest(self, claim: Any, chosen: Iterable[Reference | None], history: History, stage: Stage) -> str:
        """Of what a claim is decided from under the policies that pay its lines; the history holds it."""
        given = self.inputs[claim.id]
        policies = self.policies.of(claim.insuree_id, given.target_date)
        bases = bases_of(given, claim.target_date, policies, set(chosen), history, self.settings)
        return digest_of(given, bases, stage)

    def decided(
        self, claim: Any, decision: ClaimDecision, history: History, stage: Stage, **more: Any
    ) -> Decided:
        """A claim that was decided just now, and is part of the history."""
        digest = self.digest(claim, (line.policy for line in decision.lines), history, stage)
        result = result_of(decision, self.units)
        return Decided(claim, self.lines[claim.id], digest, decision, result, **more)


def rule_settings(work: Work, units: Units) -> Settings:
    """What the installation decides about adjudication."""
    own = work.settings(ClaimsSettings)
    return Settings(
        unit=units.unit,
        age_of_majority=work.settings(InsuranceSettings).age_of_majority,
        care_type_check=own.care_type_check,
        refuses_duplicates=own.refuse_duplicates,
        calendar=calendar_of(work),
    )


def _submit(work: Work, file: ClaimsFile) -> list[Decided | Repeated]:
    history = file.history(work)
    earlier = earlier_claims(work, file.patients.keys(), since=_since(file))
    facts = [_facts(claim, file) for claim in file.claims]
    earlier.read_lines(near_claims(work.settings(ClaimsSettings), facts, earlier))
    remember(history, earlier, file.inputs.values())
    answers = work.ask(ClaimsHooks.check_claim)(work=work, claims=facts, earlier=earlier)
    found: dict[UUID, list[Finding]] = defaultdict(list)
    for finding in (one for answer in answers for one in answer):
        found[finding.claim_id].append(finding)
    decided: list[Decided | Repeated] = []
    rejected: set[UUID] = set()
    for claim in file.claims:
        given = file.inputs[claim.id]
        findings = _standing(found.get(claim.id, []), rejected)
        refusals = () if given.is_released else _refusals(work, findings)
        policies = file.policies.of(claim.insuree_id, given.target_date)
        decision = adjudicate(given, policies, history, file.settings, refusals=refusals)
        history.book(given, decision)
        if decision.status is ClaimStatus.REJECTED:
            rejected.add(claim.id)
        decided.append(file.decided(claim, decision, history, Stage.SUBMIT, findings=findings))
    return decided


def _decide_again(work: Work, file: ClaimsFile, stage: Stage) -> list[Decided | Repeated]:
    """Compute amounts anew: each claim is taken out of the history, decided, and put back (CLM-6, D-7).

    What is processed as it was submitted needs no computation.
    """
    history = file.history(work)
    repeated = _repeated(work, file, history) if stage is Stage.PROCESS else {}
    if any(_counts_claims(line) for given in file.inputs.values() for line in given.lines):
        for past in earlier_claims(work, file.patients.keys(), since=_since(file)):
            history.add_claim(past.insuree_id, past.category, claim=past.claim_id, day=past.target_date)
    again = [claim.id for claim in file.claims if claim.id not in repeated]
    live = live_bookings(work, again, file.units) if again else {}
    decided: list[Decided | Repeated] = []
    for claim in file.claims:
        if claim.id in repeated:
            decided.append(repeated[claim.id])
            continue
        given = file.inputs[claim.id]
        history.take_back(entry for booking in live[claim.id] for entry in booking.entries)
        policies = file.policies.of(claim.insuree_id, given.target_date)
        decision = adjudicate(given, policies, history, file.settings, stage)
        history.add_consumption(decision.consumption)
        history.book_consent(given, decision)
        history.count_claim(given, decision)
        decided.append(file.decided(claim, decision, history, stage, live=live[claim.id]))
    return decided


def _counts_claims(line: LineInput) -> bool:
    """Whether claims are counted for a line: maximum numbers refused it, or a reviewer has its policy chosen anew."""
    outcome, passes = line.outcome, line.review is not None and line.review.verdict is Verdict.PASS
    refused = outcome is not None and outcome.reason in _NUMBERS
    return refused or (passes and (outcome is None or outcome.policy is None))


def _repeated(work: Work, file: ClaimsFile, history: History) -> dict[UUID, Repeated]:
    """The claims whose submission holds: it was given the same, whatever was booked before or since."""
    stored = submissions_of(work, file.claims, file.lines)
    holding = {
        claim.id
        for claim in file.claims
        if claim.id in stored and _is_same(file, claim, history, stored[claim.id].input_digest)
    }
    holding = untouched(holding, file.policies_by_claim())
    return {
        claim.id: Repeated(
            *(claim, lines, stored[claim.id].input_digest, stored[claim.id].document),
            result_that_stands(claim, lines),
        )
        for claim in file.claims
        if claim.id in holding
        for lines in [file.lines[claim.id]]
    }


def _is_same(file: ClaimsFile, claim: Any, history: History, digest: str) -> bool:
    chosen = (row.policy_id for row in file.lines[claim.id])
    return hmac.compare_digest(file.digest(claim, chosen, history, Stage.SUBMIT), digest)


def _inputs(
    work: Work,
    claims: Iterable[Any],
    lines: Mapping[UUID, Sequence[Any]],
    patients: Mapping[UUID, PatientFacts],
    units: Units,
) -> dict[UUID, ClaimInput]:
    rows = list(claims)
    registers = Registers(work, {claim.facility_id for claim in rows}, units)
    diagnoses = diagnoses_by_code(work, {claim.diagnosis_code for claim in rows})
    hospitals = {kind.casefold() for kind in work.settings(ClaimsSettings).hospital_types}
    facilities: dict[UUID, FacilityFacts] = {}
    for claim in rows:
        if claim.facility_id not in facilities:
            facilities[claim.facility_id] = _facility(claim, hospitals)
    return {
        claim.id: _input(
            claim,
            registers.lines(lines[claim.id], claim.facility_id, claim.target_date),
            patients[claim.insuree_id],
            facilities[claim.facility_id],
            diagnoses.get(claim.diagnosis_code),
        )
        for claim in rows
    }


def _input(
    claim: Any,
    lines: tuple[LineInput, ...],
    patient: PatientFacts,
    facility: FacilityFacts,
    diagnosis: CatalogueDiagnosis | None,
) -> ClaimInput:
    day = claim.date_to or claim.date_from
    return ClaimInput(
        id=claim.id,
        patient=patient.on(day),
        facility=facility,
        visit_type=claim.visit_type,
        date_from=claim.date_from,
        date_to=claim.date_to,
        date_claimed=claim.date_claimed,
        diagnosis=claim.diagnosis_code,
        diagnosis_is_valid=diagnosis is not None and diagnosis.holds_on(claim.target_date),
        lines=lines,
        is_released=claim.duplicate_released,
    )


def _judged(given: ClaimInput, verdict: Verdict) -> ClaimInput:
    lines = tuple(
        line._replace(review=(line.review or LineReview())._replace(verdict=verdict)) for line in given.lines
    )
    return replace(given, lines=lines)


def _facility(claim: Any, hospitals: Collection[str]) -> FacilityFacts:
    return FacilityFacts(
        code=claim.facility_code,
        is_hospital=(claim.standard_type or "").casefold() in hospitals,
        care_type=claim.care_type or CareType.BOTH,
        ownership=None if claim.ownership is None else claim.ownership.value,
        tier=claim.tier,
    )


def _facts(claim: Any, file: ClaimsFile) -> ClaimFacts:
    patient = file.patients[claim.insuree_id]
    return ClaimFacts(
        claim_id=claim.id,
        insuree_id=claim.insuree_id,
        person_id=patient.person_id,
        facility_id=claim.facility_id,
        date_from=claim.date_from,
        target_date=claim.target_date,
        death_date=patient.death_date,
        diagnosis=claim.diagnosis_code,
        claimed_minor=claim.claimed_minor,
        keys=frozenset(line.key for line in file.inputs[claim.id].lines),
        is_released=claim.duplicate_released,
    )


def _since(file: ClaimsFile) -> date:
    """The first day that matters: a year back, or longer for rare care (check 5), or when cover began before."""
    frequencies = (
        line.entry.frequency_days or 0
        for given in file.inputs.values()
        for line in given.lines
        if line.entry is not None
    )
    days = max(_LOOK_BACK, max(frequencies, default=0))
    first = min(claim.target_date for claim in file.claims)
    first = date.fromordinal(max(1, first.toordinal() - days))
    covers = (
        policy.cover_from
        for policies in file.policies.by_insuree.values()
        for policy in policies
        if policy.cover_from is not None and policy.product.max_number
    )
    return min(first, min(covers, default=first))


def _standing(findings: list[Finding], rejected: Collection[UUID]) -> list[Finding]:
    """Without those about a claim of the same submission that was refused itself."""
    return [finding for finding in findings if finding.other_claim_id not in rejected]


def _refusals(work: Work, findings: Iterable[Finding]) -> tuple[Reason, ...]:
    settings = work.settings(ClaimsSettings)
    return refusals_of(
        ((finding.kind, finding.refuses) for finding in findings),
        refusing=settings.refuse_findings,
        confirms=settings.confirm_scoring,
    )
