"""What a case says twice, and what it names without holding it."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TypeAlias

from msingi.cases import Problem
from msingi_claims.case.model import AdjudicationCase, CaseItem, CasePrice

Names: TypeAlias = Iterable[tuple[str, str | None]]
"""Places and the name that stands at each."""


def inconsistencies(case: AdjudicationCase) -> Iterator[Problem]:
    """A problem for each name that stands twice or leads nowhere."""
    yield from _twice(_named("$.products", "code", (one.code for one in case.products)))
    yield from _twice(_named("$.insurees", "number", (one.number for one in case.insurees)))
    yield from _twice(_named("$.policies", "id", (one.id for one in case.policies)))
    yield from _overlapping("$.items", case.items)
    yield from _overlapping("$.services", case.services)
    yield from _overlapping("$.price_list", case.price_list or ())
    yield from _unknown("there is no product {name}", _products(case), {one.code for one in case.products})
    yield from _unknown("there is no insuree {name}", _insurees(case), {one.number for one in case.insurees})
    yield from _unknown("there is no policy {name}", _policies(case), {one.id for one in case.policies})
    yield from _unknown("there is no consent {name}", _consents(case), _named_consents(case))


def _products(case: AdjudicationCase) -> Names:
    yield from _named("$.policies", "product", (one.product for one in case.policies))
    yield from _named("$.relative_indexes", "product", (one.product for one in case.relative_indexes))


def _insurees(case: AdjudicationCase) -> Names:
    yield "$.claim.insuree", case.claim.insuree
    history = case.history
    yield from _named("$.earlier_claims", "insuree", (one.insuree for one in case.earlier_claims))
    yield from _named("$.history.claims", "insuree", (one.insuree for one in history.claims))
    yield from _named("$.history.lines", "insuree", (one.insuree for one in history.lines))
    yield from _named("$.history.consumption", "insuree", (one.insuree for one in history.consumption))
    for position, policy in enumerate(case.policies):
        covered = (one.insuree for one in policy.insuree_policies or ())
        yield from _named(f"$.policies[{position}].insuree_policies", "insuree", covered)


def _policies(case: AdjudicationCase) -> Names:
    return _named("$.history.consumption", "policy", (one.policy for one in case.history.consumption))


def _consents(case: AdjudicationCase) -> Names:
    return _named("$.history.consents", "number", (one.number for one in case.history.consents))


def _named_consents(case: AdjudicationCase) -> set[str]:
    claims = (case.claim, *case.earlier_claims)
    return {claim.consent.number for claim in claims if claim.consent is not None}


def _named(path: str, field: str, names: Iterable[str | None]) -> Names:
    return ((f"{path}[{position}].{field}", name) for position, name in enumerate(names))


def _twice(names: Names) -> Iterator[Problem]:
    seen: set[str | None] = set()
    for path, name in names:
        if name in seen:
            yield Problem(path, "{name} stands here twice", {"name": name})
        seen.add(name)


def _unknown(saying: str, names: Names, known: set[str]) -> Iterator[Problem]:
    return (
        Problem(path, saying, {"name": name})
        for path, name in names
        if name is not None and name not in known
    )


def _overlapping(path: str, entries: Iterable[CaseItem | CasePrice]) -> Iterator[Problem]:
    """Entries of one thing that hold on the same day: which of them counts would be chance."""
    placed = sorted(
        ((_thing(entry), entry.valid_from, position, entry) for position, entry in enumerate(entries)),
        key=lambda one: one[:3],
    )
    for (thing, _, _, before), (name, first, position, _) in pairwise(placed):
        if name == thing and (before.valid_to is None or first <= before.valid_to):
            yield Problem(f"{path}[{position}]", "{name} is valid twice on the same day", {"name": name[1]})


def _thing(entry: CaseItem | CasePrice) -> tuple[bool, str]:
    if isinstance(entry, CaseItem):
        return False, entry.code
    return entry.item is None, entry.item or entry.service or ""
