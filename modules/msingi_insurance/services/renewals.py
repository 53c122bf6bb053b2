"""The renewal list: made set-wise each day, for each officer, with what is wrong and whom to photograph (POL-8, D-16)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select

from msingi.bulk import Recording, change_rows
from msingi.work import Work
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.renewals import PolicyRenewal
from msingi_insurance.payment_events import RenewalDue
from msingi_insurance.rules.periods import ONE_DAY
from msingi_insurance.rules.renewal import RENEWABLE, RenewalPrompt, are_for_others, intended_product, is_due
from msingi_insurance.services.renewal_prompts import Ground, ground_of, prompts_of
from msingi_insurance.settings import InsuranceSettings

CHUNK: Final = 500
"""Policies that are looked at in one step."""
REFRESHED_DAYS: Final = 92
"""Days after the end of cover during which an unanswered policy is looked at again."""
MESSAGE_DAYS: Final = (30, 14, 7, 0)
"""Days before the end of cover at which the family is told."""
_SAID: Final = ("officer_id", "product_id", "warnings", "outdated_photos")
"""What an entry says of its policy, and a later day may say otherwise."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What one step did; ``after`` is the last policy looked at, None when there is no further one."""

    count: int
    after: UUID | None


def horizon(work: Work) -> int:
    """Days ahead for which policies are noticed: for the first message, or for the officers' list."""
    return max(MESSAGE_DAYS[0], work.settings(InsuranceSettings).renewal_days)


def list_renewals(work: Work, after: UUID | None = None) -> Listed:
    """Put the next policies that end soon on the list, and say anew what is wrong with those that nobody answered.

    A fixed number of statements whatever their number.
    """
    days = horizon(work)
    policies = work.session.scalars(_ending(work, days, after)).all()
    if not policies:
        return Listed(0, None)
    known = _noticed(work, policies)
    fresh = [policy for policy in policies if policy.id not in known]
    ground, later = ground_of(work), _later_policies(work, fresh)
    due = [policy for policy in fresh if _is_due(work, policy, ground, later, days)]
    prompts = prompts_of(work, [*due, *(policy for policy in policies if policy.id in known)], ground)
    work.insert_rows(PolicyRenewal, [_row(work, policy, prompts[policy.id]) for policy in due])
    _refresh(work, known.values(), prompts)
    return Listed(len(due), policies[-1].id if len(policies) == CHUNK else None)


def tell_renewals(work: Work, after: UUID | None = None) -> Listed:
    """Tell, once for each of 30, 14, 7 and 0 days, that cover ends; messages are sent by who listens."""
    last = work.today() + timedelta(days=MESSAGE_DAYS[0])
    statement = (
        select(PolicyRenewal, Policy.family_id)
        .join(Policy, Policy.id == PolicyRenewal.policy_id)
        .where(
            PolicyRenewal.response.is_(None),
            PolicyRenewal.renewed_policy_id.is_(None),
            PolicyRenewal.renewal_date > work.today(),
            PolicyRenewal.renewal_date <= last + ONE_DAY,
        )
        .order_by(PolicyRenewal.id)
        .limit(CHUNK)
    )
    if after is not None:
        statement = statement.where(PolicyRenewal.id > after)
    rows = work.session.execute(statement).all()
    told = sum(_tell(work, renewal, family_id) for renewal, family_id in rows)
    work.session.flush()
    return Listed(told, rows[-1][0].id if len(rows) == CHUNK else None)


def renewals_to_ask(work: Work) -> Select[PolicyRenewal]:
    """What officers are to ask now: noticed, near enough, not answered and not renewed."""
    last = work.today() + timedelta(days=work.settings(InsuranceSettings).renewal_days)
    return select(PolicyRenewal).where(
        PolicyRenewal.response.is_(None),
        PolicyRenewal.renewed_policy_id.is_(None),
        PolicyRenewal.renewal_date <= last + ONE_DAY,
    )


def mark_renewed(work: Work, previous_policy_id: UUID, policy_id: UUID) -> None:
    """Take a renewed policy off the list, whoever renewed it."""
    with work.everywhere():
        renewal = work.session.scalar(
            select(PolicyRenewal).where(PolicyRenewal.policy_id == previous_policy_id)
        )
        if renewal is not None:
            renewal.renewed_policy_id, renewal.response = policy_id, renewal.response or 0
            renewal.response_on = renewal.response_on or work.today()
            work.session.flush()


def _ending(work: Work, days: int, after: UUID | None) -> Select[Policy]:
    """Policies that end soon and were not noticed, or were and nobody answered."""
    over = select(PolicyRenewal.id).where(
        PolicyRenewal.policy_id == Policy.id,
        or_(
            PolicyRenewal.response.is_not(None),
            PolicyRenewal.renewed_policy_id.is_not(None),
            PolicyRenewal.renewal_date < work.today() - timedelta(days=REFRESHED_DAYS),
        ),
    )
    last = work.today() + timedelta(days=days)
    statement = (
        select(Policy)
        .where(Policy.status.in_(RENEWABLE), Policy.expiry_date <= last, ~over.exists())
        .order_by(Policy.id)
        .limit(CHUNK)
    )
    return statement if after is None else statement.where(Policy.id > after)


def _noticed(work: Work, policies: Sequence[Policy]) -> dict[UUID, PolicyRenewal]:
    statement = select(PolicyRenewal).where(PolicyRenewal.policy_id.in_([policy.id for policy in policies]))
    return {renewal.policy_id: renewal for renewal in work.session.scalars(statement)}


def _later_policies(work: Work, policies: Sequence[Policy]) -> Mapping[UUID, Sequence[Any]]:
    """The other policies of the families that end later or follow, by family; in one statement."""
    if not policies:
        return {}
    families = {policy.family_id for policy in policies}
    columns = select(
        *(Policy.id, Policy.family_id, Policy.product_id, Policy.expiry_date),
        *(Policy.previous_policy_id, Policy.named_insurees),
    )
    first = min(policy.expiry_date for policy in policies)
    ids = [policy.id for policy in policies]
    later = or_(Policy.expiry_date > first, Policy.previous_policy_id.in_(ids))
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in work.session.execute(columns.where(Policy.family_id.in_(families), later)):
        found[row.family_id].append(row)
    return found


def _is_due(
    work: Work, policy: Policy, ground: Ground, later: Mapping[UUID, Sequence[Any]], days: int
) -> bool:
    follows = policy.expiry_date + ONE_DAY
    intended = intended_product(str(policy.product_id), ground.products, on=follows)
    products = {str(policy.product_id), intended}
    has_later = any(
        row.previous_policy_id == policy.id
        or (
            str(row.product_id) in products
            and row.expiry_date > policy.expiry_date
            and not are_for_others(policy.named_insurees, row.named_insurees)
        )
        for row in later.get(policy.family_id, ())
        if row.id != policy.id
    )
    return is_due(
        policy.status,
        expiry=policy.expiry_date,
        today=work.today(),
        has_later_policy=has_later,
        days=days,
    )


def _row(work: Work, policy: Policy, prompt: RenewalPrompt) -> dict[str, Any]:
    return {
        "jurisdiction_id": policy.jurisdiction_id,
        "policy_id": policy.id,
        "prompt_date": work.today(),
        "renewal_date": prompt.renewal_date,
        **dict(zip(_SAID, _said(prompt), strict=True)),
    }


def _refresh(work: Work, known: Collection[PolicyRenewal], prompts: Mapping[UUID, RenewalPrompt]) -> None:
    """Say anew, in one statement, what changed since: a product that was closed, an officer who left, a new photo."""
    before = {renewal.id: tuple(getattr(renewal, name) for name in _SAID) for renewal in known}
    now = {renewal.id: _said(prompts[renewal.policy_id]) for renewal in known}
    rows = [(renewal_id, *said) for renewal_id, said in now.items() if said != before[renewal_id]]
    change_rows(work, PolicyRenewal, ("id",), _SAID, rows, recording=Recording.PER_ROW)


def _said(prompt: RenewalPrompt) -> tuple[UUID | None, UUID, int, list[str]]:
    officer = UUID(prompt.officer) if prompt.officer else None
    return officer, UUID(prompt.product), int(prompt.warnings), list(prompt.outdated_photos)


def _tell(work: Work, renewal: PolicyRenewal, family_id: UUID) -> bool:
    last_day = renewal.renewal_date - ONE_DAY
    left = (last_day - work.today()).days
    reached = min((days for days in MESSAGE_DAYS if left <= days), default=None)
    if reached is None or (renewal.told_days is not None and renewal.told_days <= reached):
        return False
    renewal.told_days, renewal.told_at = reached, work.now()
    work.emit(
        RenewalDue(
            renewal_id=renewal.id,
            policy_id=renewal.policy_id,
            family_id=family_id,
            officer_id=renewal.officer_id,
            days=reached,
            last_day=last_day,
        )
    )
    return True
