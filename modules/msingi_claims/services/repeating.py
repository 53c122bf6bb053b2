"""Claims whose submission holds as it stands: nothing that it was decided from has changed since (CLM-6, D-20)."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision as DecisionRow
from msingi_claims.models.states import Occasion
from msingi_claims.rules.adjudicate import RULES_VERSION
from msingi_claims.rules.codes import LineStatus, Reason

_ACCEPTED = int(Reason.ACCEPTED)


def submissions_of(
    work: Work, claims: Sequence[Any], lines: Mapping[UUID, Sequence[Any]]
) -> Mapping[UUID, Any]:
    """The digest and the document of submissions that may hold, by claim, in one statement.

    Every line passed, nobody reviewed one, and no consent limits them; these rules made the last decision.
    """
    ids = [claim.id for claim in claims if _may_hold(claim, lines[claim.id])]
    if not ids:
        return {}
    wanted = {"claims": ids, "rules": RULES_VERSION}
    return {row.claim_id: row for row in work.session.execute(_submissions(), wanted)}


def untouched(holding: Collection[UUID], policies: Mapping[UUID, Collection[UUID]]) -> set[UUID]:
    """Those that share no policy, and none through others, with a claim that is decided anew.

    ``policies`` are those that each claim may take from, or has taken from.
    """
    left = {claim_id: own for claim_id, own in policies.items() if claim_id in holding}
    found = {id_ for claim_id, own in policies.items() if claim_id not in holding for id_ in own}
    while found:
        touched = {claim_id: own for claim_id, own in left.items() if not found.isdisjoint(own)}
        left = {claim_id: own for claim_id, own in left.items() if claim_id not in touched}
        found = {id_ for own in touched.values() for id_ in own}
    return set(left)


def _may_hold(claim: Any, lines: Sequence[Any]) -> bool:
    return claim.pre_authorisation_id is None and all(_has_passed(row) for row in lines)


def _has_passed(row: Any) -> bool:
    return (
        row.status is LineStatus.PASSED
        and row.submitted_reason == _ACCEPTED
        and row.policy_id == row.submitted_policy_id
        and row.approved_quantity is None
        and row.approved_price_minor is None
        and row.verdict is None
        and row.deduction_rate is None
    )


@cache
def _submissions() -> Select[UUID, str, bytes]:
    return (
        select(DecisionRow.claim_id, DecisionRow.input_digest, DecisionRow.document)
        .join(Claim, Claim.id == DecisionRow.claim_id)
        .where(
            DecisionRow.claim_id.in_(bindparam("claims", expanding=True)),
            DecisionRow.sequence == Claim.decisions,
            DecisionRow.occasion == Occasion.SUBMIT,
            DecisionRow.rule_version == bindparam("rules"),
        )
    )
