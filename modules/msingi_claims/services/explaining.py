"""Explains decisions: the stored steps of each line as sentences in the reader's language (ADJ-9)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, tuple_

from msingi.errors import InvalidInput, NotFound
from msingi.graphql.input_problems import REASONS
from msingi.work import Work
from msingi_claims.errors import NotDecided
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.states import Occasion
from msingi_claims.rules.codes import LineStatus, Reason
from msingi_claims.rules.decisions import ADJUSTMENTS
from msingi_claims.rules.explain import explain, reason_text
from msingi_claims.services.documents import read_lines


class LineExplanation(BaseModel):
    """Why a line is paid as it is."""

    model_config = ConfigDict(frozen=True)

    position: int = Field(description="Place of the line in the claim, from 1.")
    code: str = Field(description="Code in the catalogue.")
    status: LineStatus = Field(description="Passed or refused.")
    reason: int = Field(description="Code of the check that refused it; 0 when it passed.")
    reason_text: str = Field(description="What the code means.")
    steps: list[str] = Field(
        description="Each step as a sentence that ends with the id of its rule, and last what is left to the patient."
    )


class ClaimExplanation(BaseModel):
    """How a claim was decided, step by step."""

    model_config = ConfigDict(frozen=True)

    claim_id: UUID = Field(description="The claim.")
    sequence: int = Field(description="Which decision on it this is; 1 is the first.")
    occasion: Occasion = Field(description="On which occasion it was decided.")
    rule_version: str = Field(description="Version of the rules (D-12).")
    input_digest: str = Field(description="SHA-256 of everything the rules were given.")
    decided_at: datetime = Field(description="When it was decided.")
    lines: list[LineExplanation] = Field(description="The lines in their order.")


class Adjustment(BaseModel):
    """A step that changed a quantity or an amount of a line (ADJ-8)."""

    model_config = ConfigDict(frozen=True)

    kind: str = Field(description="quantity_limit, price_limit, deductible, coinsurance, ceiling and so on.")
    before: Decimal = Field(description="Quantity or amount before it.")
    after: Decimal = Field(description="Quantity or amount after it.")
    reason: int = Field(description="Code of the reason, when it has one.")
    rule: str = Field(description="Id of the rule.")


def explain_claim(
    work: Work, claim_id: UUID, *, language: str, sequence: int | None = None
) -> ClaimExplanation:
    """The last decision on a claim, or an earlier one, in words.

    Raises:
        InvalidInput: the installation does not speak the language.
        NotFound: the claim is not visible, or has no such decision.
        NotDecided: nothing is decided on it yet.

    """
    _refuse_other_language(work, language)
    claim = work.get(Claim, claim_id)
    if not claim.decisions:
        raise NotDecided
    statement = select(ClaimDecision).where(
        ClaimDecision.claim_id == claim.id,
        ClaimDecision.sequence == (claim.decisions if sequence is None else sequence),
    )
    decision = work.session.scalar(statement)
    if decision is None:
        raise NotFound(type="ClaimDecision")

    def translate(text: str) -> str:
        return work.platform.texts.get(text, language)

    lines = [
        LineExplanation(
            position=position,
            code=line.code,
            status=line.status,
            reason=int(line.reason),
            reason_text=reason_text(line.reason, translate),
            steps=explain(line, translate, language=language, currency=claim.currency),
        )
        for position, line in enumerate(read_lines(decision.document), start=1)
    ]
    return ClaimExplanation(
        claim_id=claim.id,
        sequence=decision.sequence,
        occasion=decision.occasion,
        rule_version=decision.rule_version,
        input_digest=decision.input_digest,
        decided_at=decision.decided_at,
        lines=lines,
    )


def _refuse_other_language(work: Work, language: str) -> None:
    spoken = work.platform.profile.languages
    if language not in spoken:
        problem = {"code": "literal_error", "template": REASONS["literal_error"]}
        raise InvalidInput(
            fields=[{"path": "language", **problem, "params": {"expected": ", ".join(spoken)}}]
        )


def adjustments_of(work: Work, lines: Sequence[ClaimLine]) -> Mapping[UUID, list[Adjustment]]:
    """The adjustments of lines by the last decision on their claims, in one statement."""
    ids = {line.claim_id for line in lines}
    last = select(Claim.id, Claim.decisions).where(Claim.id.in_(list(ids)))
    statement = select(ClaimDecision.claim_id, ClaimDecision.document).where(
        tuple_(ClaimDecision.claim_id, ClaimDecision.sequence).in_(last)
    )
    documents = {row.claim_id: read_lines(row.document) for row in work.session.execute(statement)}
    found: dict[UUID, list[Adjustment]] = {}
    for line in lines:
        decided = documents.get(line.claim_id, ())
        steps = decided[line.position - 1].adjustments if line.position <= len(decided) else ()
        found[line.id] = [
            Adjustment(
                kind=ADJUSTMENTS[step.kind],
                before=step.before,
                after=step.after,
                reason=int(step.reason or Reason.ACCEPTED),
                rule=step.rule,
            )
            for step in steps
        ]
    return found
