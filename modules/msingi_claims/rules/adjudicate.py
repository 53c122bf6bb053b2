"""The adjudicator: one engine for submission, review, processing, enquiry and simulation (ADJ-1..ADJ-10)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Context, localcontext
from typing import Final

from msingi_claims.rules.amounts import Valuation, refuse_line
from msingi_claims.rules.booking import consumption_of
from msingi_claims.rules.category import category_of
from msingi_claims.rules.checks import Findings, check_claim, in_order
from msingi_claims.rules.choice import Choice, candidate_of, choose_product, passed_despite
from msingi_claims.rules.codes import NUMBER_REASONS, ClaimStatus, Reason, Stage, Verdict
from msingi_claims.rules.decisions import ClaimDecision, LineDecision, Step, fingerprint_of
from msingi_claims.rules.history import History
from msingi_claims.rules.situation import Situation
from msingi_claims.rules.uncovered import why_uncovered
from msingi_claims.rules.values import ClaimInput, LineInput, PolicyInput, Settings
from msingi_insurance import LineKind

RULES_VERSION: Final = "4"
"""Rises with every change of what the engine decides, beside a release note and a frozen case (D-12)."""
EXACT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Enough digits for every product of a quantity, a price and a percentage; no intermediate value is rounded."""
# Bound once: an attribute of an enumeration costs as much as the step that uses it.
_ACCEPTED: Final = Reason.ACCEPTED
_SUBMIT: Final = Stage.SUBMIT
_SERVICE: Final = LineKind.SERVICE
_NO_PRODUCT: Final = Reason.NO_COVERING_PRODUCT
_BY_PRODUCTS: Final = frozenset(
    {_NO_PRODUCT, Reason.WAITING_PERIOD, Reason.QUANTITY_LIMIT, *NUMBER_REASONS.values()}
)


def adjudicate(
    claim: ClaimInput,
    policies: Sequence[PolicyInput],
    history: History,
    settings: Settings,
    stage: Stage = _SUBMIT,
    *,
    refusals: Collection[Reason] = (),
) -> ClaimDecision:
    """Decide every line of a claim; the history is read and never changed.

    A submission checks and chooses products. Review and processing keep what it found, and compute amounts anew from
    the reviewer's decisions (CLM-6). The history holds everything but the claim itself (ADJ-3). ``refusals`` are reasons
    that were found elsewhere to refuse the whole claim at its submission.
    """
    with localcontext(EXACT):
        if claim.target_date is None:
            return _without_day(claim, settings, refusals)
        situation = Situation(claim, claim.target_date, policies, history, settings, stage)
        findings = check_claim(situation, refusals) if stage is _SUBMIT else _kept(claim)
        lines = _decide_lines(situation, findings)
        return _conclude(situation, findings, lines)


def adjudicate_all(
    claims: Iterable[tuple[ClaimInput, Sequence[PolicyInput]]],
    history: History,
    settings: Settings,
    stage: Stage = _SUBMIT,
) -> Iterator[ClaimDecision]:
    """Decide claims one after the other; each one is booked into the history before the next (D-20)."""
    for claim, policies in claims:
        decision = adjudicate(claim, policies, history, settings, stage)
        history.book(claim, decision)
        yield decision


def _without_day(claim: ClaimInput, settings: Settings, refusals: Collection[Reason]) -> ClaimDecision:
    """Without any date no rule can be looked up (check 9)."""
    reason = Reason.TARGET_DATE
    lines = tuple(refuse_line(line, reason, unit=settings.unit) for line in claim.lines)
    diagnosis = () if claim.diagnosis_is_valid else (Reason.DIAGNOSIS_NOT_VALID,)
    return ClaimDecision(
        ClaimStatus.REJECTED,
        in_order({reason, *diagnosis, *refusals}),
        category_of(claim),
        fingerprint_of(claim),
        has_duplicate=Reason.DUPLICATE in refusals,
        lines=lines,
        consumption=(),
    )


def _kept(claim: ClaimInput) -> Findings:
    """What the submission found, changed by the reviewer's verdicts (CLM-5, CLM-6)."""
    return Findings((), tuple(_kept_reason(line) for line in claim.lines), fingerprint_of(claim))


def _kept_reason(line: LineInput) -> Reason:
    verdict = None if line.review is None else line.review.verdict
    match verdict:
        case Verdict.REFUSE:
            return Reason.REFUSED_BY_REVIEWER
        case Verdict.PASS:
            return _ACCEPTED
        case None:
            return _ACCEPTED if line.outcome is None else line.outcome.reason


def _decide_lines(situation: Situation, findings: Findings) -> tuple[LineDecision, ...]:
    """Items first, then services, each in the order of the claim (ADJ-2); answered in the order of the claim."""
    lines = situation.claim.lines
    decisions: dict[int, LineDecision] = {}
    for services in (False, True):
        for position, line in enumerate(lines):
            if (line.kind is _SERVICE) is services:
                decisions[position] = _decide_line(situation, position, findings.lines[position])
    return tuple([decisions[position] for position in range(len(lines))])


def _decide_line(situation: Situation, position: int, found: Reason) -> LineDecision:
    line, unit = situation.claim.lines[position], situation.settings.unit
    if found is not _ACCEPTED:
        return refuse_line(line, found, unit=unit, why=_told_before(situation, line, found))
    choice = _choice(situation, line)
    if choice is None:
        told = [*passed_despite(line, told=_NO_PRODUCT), *why_uncovered(situation, line)]
        return refuse_line(line, _NO_PRODUCT, unit=unit, why=told)
    if choice.objection is not None and situation.stage is _SUBMIT:
        return refuse_line(line, choice.objection.reason, unit=unit, why=choice.refusal())
    consent = situation.consent_for(line.key)
    valuation = Valuation(line, choice, unit=unit, consent=consent)
    decision = valuation.decide()
    if decision.has_passed:
        if consent is not None:
            consent.take(decision)
        entries = list(consumption_of(situation, valuation, decision, position=position))
        choice.candidate.standing.take(entries)
        situation.booked += entries
    return decision


def _told_before(situation: Situation, line: LineInput, found: Reason) -> Sequence[Step]:
    """What a later stage tells again of a refusal that it keeps: the limit and its use, where it still is so (ADJ-9)."""
    if situation.stage is _SUBMIT or found not in _BY_PRODUCTS:
        return ()
    sent = line._replace(review=None)
    choice = choose_product(situation, sent)
    if choice is None:
        return why_uncovered(situation, sent) if found is _NO_PRODUCT else ()
    if choice.objection is not None:
        return choice.refusal() if choice.objection.reason is found else ()
    consent = situation.consent_for(line.key)
    refused = Valuation(sent, choice, unit=situation.settings.unit, consent=consent).decide()
    return refused.steps[:-1] if refused.reason is found else ()


def _choice(situation: Situation, line: LineInput) -> Choice | None:
    """Later stages keep the policy of the submission; a line that a reviewer passes may have none yet (CLM-5, CLM-6)."""
    if situation.stage is not _SUBMIT and line.outcome is not None and line.outcome.policy is not None:
        standing = situation.kept_standings.get(line.outcome.policy)
        if standing is not None:
            kept = candidate_of(situation, line, standing)
            return None if kept is None else Choice(kept)
    return choose_product(situation, line)


def _conclude(situation: Situation, findings: Findings, lines: tuple[LineDecision, ...]) -> ClaimDecision:
    status = _status(situation.stage, lines)
    reasons = findings.claim
    if status is ClaimStatus.REJECTED and not reasons:
        reasons = (Reason.ALL_LINES_REFUSED,)
    return ClaimDecision(
        status,
        reasons,
        situation.category,
        findings.fingerprint,
        findings.has_duplicate,
        lines,
        tuple(situation.booked),
    )


def _status(stage: Stage, lines: tuple[LineDecision, ...]) -> ClaimStatus:
    if not any(line.has_passed for line in lines):
        return ClaimStatus.REJECTED
    if stage is not Stage.PROCESS:
        return ClaimStatus.CHECKED
    waits = any(line.is_waiting for line in lines)
    return ClaimStatus.PROCESSED if waits else ClaimStatus.VALUATED
