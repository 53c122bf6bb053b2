"""Values claims whose indexes are above 1 within the limits of their policies, as these stand now (ADJ-10, ADJ-11)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from msingi.work import Work
from msingi_claims.rules.batch import value_claim
from msingi_claims.rules.codes import Stage
from msingi_claims.rules.decisions import ClaimDecision, LineDecision
from msingi_claims.rules.history import History
from msingi_claims.rules.raising import Room
from msingi_claims.rules.situation import Situation
from msingi_claims.services.deciding import ClaimsFile


@dataclass(frozen=True, slots=True)
class Raising:
    """What the policies of some claims have used up; each valued claim is seen by the next one (D-20)."""

    file: ClaimsFile
    history: History

    @classmethod
    def open(cls, work: Work, claims: Sequence[Any]) -> "Raising":
        """Lock the policies of these claims and read what they have used up."""
        file = ClaimsFile.open(work, claims)
        return cls(file, file.history(work))

    def value(
        self, claim: Any, processed: ClaimDecision, index_of: Callable[[LineDecision], Decimal]
    ) -> ClaimDecision:
        """The claim with its relative lines valued; what an index above 1 adds is limited again."""
        settings, given = self.file.settings, self.file.inputs[claim.id]
        policies = self.file.policies.of(claim.insuree_id, given.target_date)
        self.history.take_back(processed.consumption)
        situation = Situation(given, claim.target_date, policies, self.history, settings, Stage.PROCESS)
        room = Room(situation, processed.consumption)
        valued = value_claim(processed, index_of, unit=settings.unit, within=room)
        self.history.add_consumption(valued.consumption)
        return valued
