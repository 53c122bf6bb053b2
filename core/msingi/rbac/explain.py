"""Why an access is allowed or refused: the grant that decides it, or what each grant lacks (P11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.rbac.access import HeldRole, engine_for, held_roles
from msingi.rbac.engine import PolicyEngine
from msingi.rbac.models import Jurisdiction
from msingi.rbac.plugin import READ
from msingi.rbac.rules import is_in_force
from msingi.rbac.tree_queries import chains_of, roots
from msingi.work import Work


class Verdict(StrEnum):
    """What decides an access, from the subject's status down to the place."""

    ALLOWED = "allowed"
    UNKNOWN_PERMISSION = "unknown_permission"
    NOT_ACTIVE = "not_active"
    NO_GRANT = "no_grant"
    REVOKED = "revoked"
    NOT_IN_PERIOD = "not_in_period"
    PLACE_CLOSED = "place_closed"
    OTHER_PLACE = "other_place"
    ROLE_LACKS_IT = "role_lacks_it"


class GrantVerdict(BaseModel):
    """What one grant says to the question."""

    model_config = ConfigDict(frozen=True)

    grant_id: UUID = Field(description="The grant.")
    role: str = Field(description="Name of its role.")
    jurisdiction_id: UUID = Field(description="The place it is held for.")
    verdict: Verdict = Field(description="Allowed, or the first thing that it lacks.")


class Explanation(BaseModel):
    """The answer to: why may, or may not, this subject do this here today."""

    model_config = ConfigDict(frozen=True)

    allowed: bool = Field(description="Whether the access is allowed.")
    verdict: Verdict = Field(description="What decides it.")
    rule: str | None = Field(
        default=None, description="The rule that allows it, when the asker may see a grant of its role."
    )
    grants: list[GrantVerdict] = Field(
        default_factory=list, description="Each grant that the asker may see, with what it says."
    )
    hidden: int = Field(
        default=0, description="Grants at places that the asker may not see; they took part in the answer."
    )


def explain(
    work: Work, subject_id: UUID, *, permission: str, jurisdiction_id: UUID, status_active: bool = True
) -> Explanation:
    """Explain the access of a subject to a place, today.

    Raises:
        Forbidden: the asker may not read grants at this place.
        NotFound: there is no such place.

    """
    place = work.get(Jurisdiction, jurisdiction_id)
    work.require(READ, place.id)
    if permission not in work.platform.permissions:
        return Explanation(allowed=False, verdict=Verdict.UNKNOWN_PERMISSION)
    with work.everywhere():
        held = held_roles(work, [subject_id])[subject_id]
        covering = frozenset(chains_of(work, [place.id])[place.id]) | roots(work)
        counting = [grant for grant in held if grant.is_in_force(work.today()) and grant.root in covering]
        engine = engine_for(work, subject_id, counting)
    question = _Question(permission, work.today(), covering, engine)
    visible = work.visible_places({grant.root for grant in held}, work.actor.scope(READ.name))
    verdicts = [question.ask(grant) for grant in held]
    shown = [verdict for verdict in verdicts if verdict.jurisdiction_id in visible]
    deciding = engine.deciding_role(str(subject_id), permission) if status_active else None
    return Explanation(
        allowed=deciding is not None,
        verdict=_decisive(verdicts) if status_active else Verdict.NOT_ACTIVE,
        rule=f"{deciding}: {permission}" if deciding in {verdict.role for verdict in shown} else None,
        grants=shown,
        hidden=len(verdicts) - len(shown),
    )


@dataclass(frozen=True, slots=True)
class _Question:
    permission: str
    today: date
    covering: frozenset[UUID]
    engine: PolicyEngine

    def ask(self, grant: HeldRole) -> GrantVerdict:
        return GrantVerdict(
            grant_id=grant.grant_id,
            role=grant.role,
            jurisdiction_id=grant.root,
            verdict=self._verdict(grant),
        )

    def _verdict(self, grant: HeldRole) -> Verdict:
        if grant.revoked:
            return Verdict.REVOKED
        if not is_in_force(grant, self.today):
            return Verdict.NOT_IN_PERIOD
        if not grant.place_exists(self.today):
            return Verdict.PLACE_CLOSED
        if grant.root not in self.covering:
            return Verdict.OTHER_PLACE
        has_it = self.engine.role_allows(grant.role, self.permission)
        return Verdict.ALLOWED if has_it else Verdict.ROLE_LACKS_IT


def _decisive(verdicts: Sequence[GrantVerdict]) -> Verdict:
    """The verdict that came closest to an access: the reasons in the order of the checks."""
    order = (
        Verdict.ALLOWED,
        Verdict.ROLE_LACKS_IT,
        Verdict.OTHER_PLACE,
        Verdict.PLACE_CLOSED,
        Verdict.NOT_IN_PERIOD,
        Verdict.REVOKED,
    )
    given = {verdict.verdict for verdict in verdicts}
    return next((verdict for verdict in order if verdict in given), Verdict.NO_GRANT)
