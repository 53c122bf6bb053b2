"""Selects checked claims for review or feedback, by a rule and a seed that are kept (CLM-3, CLM-4)."""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Annotated, Any, Final, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select

from msingi.audit.trail import Change
from msingi.money import Money
from msingi.sayings import LISTED
from msingi.scoping import subtree_of
from msingi.work import Work
from msingi_claims.errors import WrongStatus
from msingi_claims.events import ClaimsSelected
from msingi_claims.hooks import ClaimsHooks
from msingi_claims.models.claim import Claim
from msingi_claims.models.review import ReviewSelection
from msingi_claims.models.states import COUNTED, Purpose, SelectionRule
from msingi_claims.rules.codes import ClaimStatus, Selection
from msingi_claims.services.changing import change_locked
from msingi_claims.services.life import Action
from msingi_claims.services.prompting import prompt_officers
from msingi_claims.services.taking import take_claims
from msingi_claims.services.tasks import open_tasks
from msingi_claims.settings import ClaimsSettings

MOST_AT_ONCE: Final = 20_000
"""Idle claims that one run looks at, the oldest first; the next run takes the others."""
_YEAR: Final = timedelta(days=365)
_HUNDRED: Final = Decimal(100)


class SelectionOrder(BaseModel):
    """By which rule idle claims are selected; what is left out comes from the settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    purpose: Purpose = Field(default=Purpose.REVIEW, description="Review or feedback.")
    rule: SelectionRule = Field(default=SelectionRule.RANDOM, description="How claims are chosen.")
    percent: Annotated[Decimal, Field(ge=0, le=100)] | None = Field(
        default=None, description="Share that is chosen at random, in percent."
    )
    variance: Annotated[Decimal, Field(ge=0, le=10_000)] | None = Field(
        default=None, description="Percent above the average of the diagnosis."
    )
    threshold: Money | None = Field(default=None, description="Amount from which claims are chosen.")
    score: Annotated[int, Field(ge=0, le=100)] = Field(
        default=50, description="Risk from which claims are chosen."
    )


class _Standing(NamedTuple):
    """A claim, and where it stands in the selection that is meant."""

    code: str
    status: Selection


def select_idle(work: Work, order: SelectionOrder, place_id: UUID) -> ReviewSelection:
    """Look at the idle claims below a place and select some; the others are marked as not selected.

    The seed is drawn and kept: with it anybody can draw the same again, and nobody can choose beforehand. A number of
    statements that does not depend on how many claims there are. Claims with findings go to a reviewer beside those
    that the rule chooses, if the setting says so.
    """
    seed = secrets.token_hex(16)
    column = Claim.review_status if order.purpose is Purpose.REVIEW else Claim.feedback_status
    idle = _idle(work, column, place_id)
    chosen = _choose(work, order, idle, seed)
    if order.purpose is Purpose.FEEDBACK:
        chosen = prompt_officers(work, [claim for claim in idle if claim.id in chosen])
    else:
        chosen |= with_findings(work, idle)
    run = _keep(work, order, place_id, seed, looked_at=len(idle), selected=len(chosen))
    mark_selection(work, column.key, idle, chosen)
    if order.purpose is Purpose.REVIEW:
        _open(work, [claim for claim in idle if claim.id in chosen], order.rule, run.id)
    if chosen:
        ids = tuple(claim.id for claim in idle if claim.id in chosen)
        work.emit(ClaimsSelected(claim_ids=ids, purpose=order.purpose.value))
    return run


def select_claims(work: Work, claim_ids: Collection[UUID], purpose: Purpose) -> int:
    """Select these claims by hand; returns how many there were.

    Raises:
        WrongStatus: one of them is not checked, or was reviewed already.
        NoOfficer: nobody can visit the patient (CLM-3).

    """
    claims = take_claims(work, claim_ids, Action.SELECT)
    name = "review_status" if purpose is Purpose.REVIEW else "feedback_status"
    _refuse_selected(claims, name)
    if purpose is Purpose.FEEDBACK:
        prompt_officers(work, claims, refuses=True)
    else:
        open_tasks(work, claims, SelectionRule.MANUAL)
    ids = tuple(claim.id for claim in claims)
    mark_selection(work, name, claims, set(ids))
    work.emit(ClaimsSelected(claim_ids=ids, purpose=purpose.value))
    return len(ids)


def with_findings(work: Work, claims: Iterable[Any]) -> set[UUID]:
    """Claims that go to a reviewer because of their findings, whatever a sample says (CLM-4)."""
    if not work.settings(ClaimsSettings).review_findings:
        return set()
    return {claim.id for claim in claims if claim.findings}


def drawn(ids: Iterable[UUID], *, percent: Decimal, seed: str) -> set[UUID]:
    """A random part of the ids, rounded up; the same seed draws the same part again."""
    ordered = sorted(ids, key=lambda one: hashlib.sha256(seed.encode() + one.bytes).digest())
    wanted = (Decimal(len(ordered)) * percent / _HUNDRED).to_integral_value(ROUND_CEILING)
    return set(ordered[: int(wanted)])


def _refuse_selected(claims: Sequence[Any], name: str) -> None:
    stands = [_Standing(claim.code, getattr(claim, name)) for claim in claims]
    taken = [one for one in stands if one.status in {Selection.SELECTED, Selection.DELIVERED}]
    if taken:
        states = LISTED.join(dict.fromkeys(one.status.value for one in taken))
        raise WrongStatus.of(claims, taken, status=states, allowed=Selection.IDLE.value)


def _idle(work: Work, column: Any, place_id: UUID) -> Sequence[Any]:
    statement = (
        select(
            *(Claim.id, Claim.jurisdiction_id, Claim.insuree_id, Claim.diagnosis_id, Claim.claimed_minor),
            *(Claim.review_status, Claim.feedback_status, Claim.findings),
        )
        .where(
            Claim.status == ClaimStatus.CHECKED,
            column == Selection.IDLE,
            Claim.jurisdiction_id.in_(subtree_of([place_id])),
        )
        .order_by(Claim.id)
        .limit(MOST_AT_ONCE)
        .with_for_update()
    )
    return work.session.execute(statement).all()


def _choose(work: Work, order: SelectionOrder, idle: Sequence[Any], seed: str) -> set[UUID]:
    settings = work.settings(ClaimsSettings)
    match order.rule:
        case SelectionRule.RANDOM | SelectionRule.MANUAL:
            percent = settings.review_percent if order.percent is None else order.percent
            return drawn((claim.id for claim in idle), percent=percent, seed=seed)
        case SelectionRule.VALUE:
            least = 0 if order.threshold is None else order.threshold.minor
            return {claim.id for claim in idle if claim.claimed_minor >= least}
        case SelectionRule.VARIANCE:
            variance = settings.review_variance if order.variance is None else order.variance
            return _above_average(work, idle, variance)
        case SelectionRule.RISK:
            scores = _scores(work, [claim.id for claim in idle])
            return {claim.id for claim in idle if scores.get(claim.id, 0) >= order.score}


def _above_average(work: Work, idle: Sequence[Any], variance: Decimal) -> set[UUID]:
    """Those that ask for more than the average of their diagnosis over the last year allows (CLM-4)."""
    statement = (
        select(Claim.diagnosis_id, func.sum(Claim.claimed_minor).label("total"), func.count().label("claims"))
        .where(
            Claim.diagnosis_id.in_({claim.diagnosis_id for claim in idle}),
            Claim.target_date > work.today() - _YEAR,
            Claim.status.in_(COUNTED),
        )
        .group_by(Claim.diagnosis_id)
    )
    with work.everywhere():
        averages = {
            row.diagnosis_id: Decimal(int(row.total)) / row.claims for row in work.session.execute(statement)
        }
    factor = 1 + variance / _HUNDRED
    return {
        claim.id
        for claim in idle
        if claim.diagnosis_id in averages and claim.claimed_minor >= averages[claim.diagnosis_id] * factor
    }


def _scores(work: Work, claim_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """The highest score that any plugin gives."""
    scores: dict[UUID, int] = {}
    for answer in work.ask(ClaimsHooks.score_claims)(work=work, claim_ids=claim_ids):
        for claim_id, score in answer.items():
            scores[claim_id] = max(score, scores.get(claim_id, 0))
    return scores


def _keep(
    work: Work, order: SelectionOrder, place_id: UUID, seed: str, *, looked_at: int, selected: int
) -> ReviewSelection:
    run = work.add(
        ReviewSelection(
            jurisdiction_id=place_id,
            purpose=order.purpose,
            rule=order.rule,
            seed=seed,
            percent=order.percent,
            variance=order.variance,
            threshold_minor=None if order.threshold is None else order.threshold.minor,
            currency=work.platform.profile.currency,
            looked_at=looked_at,
            selected=selected,
            made_at=work.now(),
            made_by=work.actor.id,
        )
    )
    work.session.flush()
    return run


def _open(work: Work, claims: Sequence[Any], rule: SelectionRule, run_id: UUID) -> None:
    """Open tasks under the rule, and under risk for claims that have findings."""
    odd = with_findings(work, claims)
    plain = [claim for claim in claims if claim.id not in odd]
    open_tasks(work, plain, rule, selection_id=run_id)
    open_tasks(work, [claim for claim in claims if claim.id in odd], SelectionRule.RISK, selection_id=run_id)


def mark_selection(work: Work, name: str, claims: Sequence[Any], chosen: Collection[UUID]) -> None:
    """Mark claims as selected or not for review or feedback, with an audit line for each."""

    def mark(claim: Any) -> Selection:
        return Selection.SELECTED if claim.id in chosen else Selection.NOT_SELECTED

    change_locked(work, Claim, [name], [(claim.id, mark(claim)) for claim in claims])
    changes = [
        Change(claim.id, {name: [getattr(claim, name).value, mark(claim).value]}, claim.jurisdiction_id)
        for claim in claims
    ]
    work.platform.trail.changed_many(work, "update", Claim.__tablename__, changes)
