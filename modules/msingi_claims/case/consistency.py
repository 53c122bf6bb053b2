"""What a case says twice, what it names without holding it, and covers that cannot be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, TypeAlias

from msingi.cases import Problem, part_of
from msingi_claims.case.model import (
    AdjudicationCase,
    CaseClaim,
    CaseEarlierClaim,
    CaseHistory,
    CaseInsuree,
    CaseItem,
    CasePolicy,
    CasePrice,
    CaseProduct,
    CaseRelativeIndex,
    CaseService,
)
from msingi_insurance import PolicyStatus

Names: TypeAlias = Iterable[tuple[str, str | None]]
"""Places and the name that stands at each."""


@dataclass(frozen=True)
class _Parts:
    """The parts of a document that have the form that they should have; None for the others."""

    products: tuple[CaseProduct, ...] | None
    items: tuple[CaseItem, ...] | None
    services: tuple[CaseService, ...] | None
    price_list: tuple[CasePrice, ...] | None
    insurees: tuple[CaseInsuree, ...] | None
    policies: tuple[CasePolicy, ...] | None
    history: CaseHistory | None
    claim: CaseClaim | None
    earlier_claims: tuple[CaseEarlierClaim, ...] | None
    relative_indexes: tuple[CaseRelativeIndex, ...] | None

    @classmethod
    def of(cls, document: object) -> "_Parts":
        return cls(**{field.name: _part(document, field.name) for field in fields(cls)})


def inconsistencies(document: object) -> Iterator[Problem]:
    """A problem for each name that stands twice or leads nowhere, and each cover that cannot be.

    The document may be wrong in other places: what has its form is looked at all the same.
    """
    parts = _Parts.of(document)
    products, insurees, policies = parts.products, parts.insurees, parts.policies
    yield from _twice(_named("$.products", "code", (one.code for one in products or ())))
    yield from _twice(_named("$.insurees", "number", (one.number for one in insurees or ())))
    yield from _twice(_named("$.policies", "id", (one.id for one in policies or ())))
    yield from _twice(_codes(parts))
    yield from _impossible_covers(policies or ())
    yield from _overlapping("$.items", parts.items or ())
    yield from _overlapping("$.services", parts.services or ())
    yield from _overlapping("$.price_list", parts.price_list or ())
    yield from _unknown("there is no product {name}", _products(parts), _known(products, "code"))
    yield from _unknown("there is no insuree {name}", _insurees(parts), _known(insurees, "number"))
    yield from _unknown("there is no policy {name}", _policies(parts), _known(policies, "id"))
    yield from _unknown("there is no consent {name}", _consents(parts), _named_consents(parts))


def _part(document: object, name: str) -> Any:
    field = AdjudicationCase.model_fields[name]
    if isinstance(document, dict) and name not in document and not field.is_required():
        return field.default
    return part_of(document, name, field.annotation)


def _codes(parts: _Parts) -> Names:
    """The codes that claims have; those without one get different ones."""
    if parts.claim is not None and parts.claim.code is not None:
        yield "$.claim.code", parts.claim.code
    codes = _named("$.earlier_claims", "code", (one.code for one in parts.earlier_claims or ()))
    yield from ((path, code) for path, code in codes if code is not None)


def _impossible_covers(policies: Sequence[CasePolicy]) -> Iterator[Problem]:
    for position, policy in enumerate(policies):
        path = f"$.policies[{position}]"
        if policy.expiry_date < policy.start_date:
            yield Problem(f"{path}.expiry_date", "the policy ends before it begins")
        if policy.status is PolicyStatus.ACTIVE and policy.effective_date is None:
            yield Problem(f"{path}.effective_date", "say from which day on the active policy is in effect")
        covered = (one.insuree for one in policy.insuree_policies or ())
        yield from _twice(_named(f"{path}.insuree_policies", "insuree", covered))


def _products(parts: _Parts) -> Names:
    yield from _named("$.policies", "product", (one.product for one in parts.policies or ()))
    yield from _named("$.relative_indexes", "product", (one.product for one in parts.relative_indexes or ()))


def _insurees(parts: _Parts) -> Names:
    if parts.claim is not None:
        yield "$.claim.insuree", parts.claim.insuree
    yield from _named("$.earlier_claims", "insuree", (one.insuree for one in parts.earlier_claims or ()))
    history = parts.history or CaseHistory()
    yield from _named("$.history.claims", "insuree", (one.insuree for one in history.claims))
    yield from _named("$.history.lines", "insuree", (one.insuree for one in history.lines))
    yield from _named("$.history.consumption", "insuree", (one.insuree for one in history.consumption))
    for position, policy in enumerate(parts.policies or ()):
        covered = (one.insuree for one in policy.insuree_policies or ())
        yield from _named(f"$.policies[{position}].insuree_policies", "insuree", covered)


def _policies(parts: _Parts) -> Names:
    entries = (parts.history or CaseHistory()).consumption
    return _named("$.history.consumption", "policy", (one.policy for one in entries))


def _consents(parts: _Parts) -> Names:
    uses = (parts.history or CaseHistory()).consents
    return _named("$.history.consents", "number", (one.number for one in uses))


def _named_consents(parts: _Parts) -> set[str] | None:
    if parts.claim is None or parts.earlier_claims is None:
        return None
    claims = (parts.claim, *parts.earlier_claims)
    return {claim.consent.number for claim in claims if claim.consent is not None}


def _known(entries: Iterable[object] | None, field: str) -> set[str] | None:
    """The names that lead somewhere; None when they cannot be read."""
    return None if entries is None else {getattr(one, field) for one in entries}


def _named(path: str, field: str, names: Iterable[str | None]) -> Names:
    return ((f"{path}[{position}].{field}", name) for position, name in enumerate(names))


def _twice(names: Names) -> Iterator[Problem]:
    seen: set[str | None] = set()
    for path, name in names:
        if name in seen:
            yield Problem(path, "{name} stands here twice", {"name": name})
        seen.add(name)


def _unknown(saying: str, names: Names, known: set[str] | None) -> Iterator[Problem]:
    """Nothing is unknown where the names that are known cannot be read."""
    if known is None:
        return
    for path, name in names:
        if name is not None and name not in known:
            yield Problem(path, saying, {"name": name})


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
