"""The operations of the peer workload as requests: the same questions and changes, in our words."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import orjson

from msingi.bench.served import Request
from msingi.ids import new_id
from msingi.money import Money
from msingi_claims.peer.claims import DAYS, draw_lines
from msingi_claims.peer.country import YEAR, Insured, Listed, PeerCountry

CURRENCY: Final = "XAF"
NULL: Final = "{ __typename }"
_CLAIMS: Final = """query {
  claims(first: 100, orderBy: [DATE_CLAIMED_DESC]) { totalCount pageInfo { hasNextPage endCursor } nodes {
    id code status dateFrom dateTo dateClaimed visitType careType diagnosisCode claimed approved remunerated version
    facility { id name code } patient { id number givenName familyName birthDate }%s } } }"""
CLAIMS: Final = _CLAIMS % ""
CLAIMS_WITH_LINES: Final = _CLAIMS % " lines { id kind code name quantity priceAsked status }"
INSUREES: Final = """query {
  insurees(first: 100, orderBy: [NUMBER_ASC]) { nodes {
    id number isHead status person { id givenName familyName birthDate sex }
    currentVillage { id code name path { id code name level } }
    family { id poverty familyType village { id code name path { id code name level } } } } } }"""
CLAIM: Final = "query($id: UUID!) { claim(id: $id) { id code status } }"
ENROL: Final = """mutation($input: FamilyDraft!) {
  enrolFamily(input: $input) { family { id } insurees { id number } } }"""
ADD_MEMBER: Final = """mutation($family: UUID!, $input: InsureeDraft!) {
  addFamilyMember(familyId: $family, input: $input) { insuree { id number } } }"""
CREATE: Final = (
    "mutation($input: ClaimDraft!) { createClaim(input: $input) { id code status claimed version } }"
)
SUBMIT: Final = """mutation($id: UUID!) {
  submitClaim(id: $id) { claimId status reasons approved lines { lineId status reason } } }"""
SUBMIT_MANY: Final = """mutation($ids: [UUID!]!) {
  submitClaims(ids: $ids) { jobId results { claimId status reasons approved } } }"""
PROCESS_MANY: Final = """mutation($ids: [UUID!]!) {
  processClaims(ids: $ids) { jobId results { claimId status reasons approved } } }"""
ELIGIBILITY: Final = """query($number: String!, $on: LocalDate!, $items: [String!], $services: [String!]) {
  eligibility(insureeNumber: $number, on: $on, items: $items, services: $services) {
    insureeId name covered reason covers { policyId productCode covered members
      deductible { basis general } ceiling { basis general } categories { category claims amount }
      lines { kind code covered nextAllowed quantity } } } }"""
_FIRST: Final = date(YEAR, 1, 1)


class Drawing:
    """Draws what operations are about from the workload; the sequence is always the same, codes and names are new.

    So a database that is measured again does not take the families of today for those of last time.
    """

    def __init__(self, country: PeerCountry, seed: int) -> None:
        self._country = country
        self._rng = Random(seed)  # noqa: S311 - made-up care
        self._run = new_id().hex[-6:]
        self._naming = Random(self._run)  # noqa: S311 - made-up names
        self._number = 0

    def claim(self) -> dict[str, Any]:
        """Input of ``createClaim``: three services once, two items twice."""
        insured, day, drawn = self._care()
        lines = [
            {
                "kind": one.kind.name,
                "code": one.code,
                "quantity": str(quantity),
                "price": str(_price(one)),
            }
            for one, quantity in drawn
        ]
        return {
            "code": self._code(),
            "facilityId": self._country.hospital,
            "insureeId": insured.insuree_id,
            "diagnosis": self._rng.choice(self._country.diagnoses)[1],
            "dateFrom": day,
            "dateClaimed": day + timedelta(days=1),
            "lines": lines,
        }

    def draft(self) -> dict[str, Any]:
        """The values of a claim's draft."""
        insured, day, drawn = self._care()
        lines = [
            {"kind": one.kind, "code": one.code, "quantity": quantity, "price": _price(one)}
            for one, quantity in drawn
        ]
        return {
            "code": self._code(),
            "facility_id": self._country.hospital,
            "insuree_id": insured.insuree_id,
            "diagnosis": self._rng.choice(self._country.diagnoses)[1],
            "date_from": day,
            "date_claimed": day + timedelta(days=1),
            "lines": lines,
        }

    def record(self) -> dict[str, Any]:
        """A claim as another system sends it, everything by its code."""
        insured, day, drawn = self._care()
        lines = [
            {"kind": one.kind.value, "code": one.code, "quantity": quantity, "price": one.price_minor}
            for one, quantity in drawn
        ]
        return {
            "code": self._code(),
            "facility": "PEERHOSPITAL",
            "insurance_number": insured.number,
            "diagnosis": self._rng.choice(self._country.diagnoses)[1],
            "date_from": day.isoformat(),
            "date_claimed": (day + timedelta(days=1)).isoformat(),
            "lines": lines,
        }

    def person(self) -> dict[str, Any]:
        """Somebody who resembles nobody else."""
        born = date(1950, 1, 1) + timedelta(days=self._rng.randrange(25_000))
        sex = self._rng.choice(("FEMALE", "MALE"))
        return {
            "givenName": self._name(),
            "familyName": self._name(),
            "sex": sex,
            "birthDate": born.isoformat(),
        }

    def family(self, members: int = 0) -> dict[str, Any]:
        """Input of ``enrolFamily``: a head, and so many members."""
        others = [{**self.person(), "relationship": "CHILD"} for _ in range(members)]
        return {
            "jurisdictionId": self._rng.choice(self._country.villages),
            "head": self.person(),
            "members": others,
        }

    def card_check(self) -> dict[str, Any]:
        """Variables of the enquiry at the counter: a patient, two services, an item."""
        insured, day, drawn = self._care()
        services, items = [one.code for one, _ in drawn[:2]], [drawn[-1][0].code]
        return {"number": insured.number, "on": day, "services": services, "items": items}

    def _care(self) -> tuple[Insured, date, Sequence[tuple[Listed, int]]]:
        insured = self._rng.choice(self._country.insured)
        day = _FIRST + timedelta(days=self._rng.randrange(DAYS))
        return insured, day, draw_lines(self._country, self._rng)

    def _code(self) -> str:
        self._number += 1
        return f"B{self._run}{self._number:07}"

    def _name(self) -> str:
        syllables = (self._naming.choice("bdfgklmnprt") + self._naming.choice("aeiou") for _ in range(5))
        return "".join(syllables).capitalize()


def intake_of(token: str, drawing: Drawing, amount: int) -> Request:
    """One request that enters and submits this many claims."""
    return Request("/api/claims/intake", orjson.dumps([drawing.record() for _ in range(amount)]), token)


def _price(one: Listed) -> Money:
    return Money.from_minor(one.price_minor, CURRENCY)
