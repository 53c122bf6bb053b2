"""Decisions as compact JSON documents, and back: every step of every line, exact (ADJ-9)."""

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

import orjson

from msingi_claims.rules.basis import Basis
from msingi_claims.rules.codes import LineStatus, Reason, Stage, StepKind
from msingi_claims.rules.compiled import Limit
from msingi_claims.rules.decisions import ClaimDecision, LineDecision, RefusedPart, Step
from msingi_claims.rules.values import ClaimInput, ContentQuantity, LineInput
from msingi_insurance import LimitationType, LineKind, PriceOrigin

_SUBMIT: Final = Stage.SUBMIT
FORMAT: Final = 1
"""Rises when the document changes its shape."""


def write_document(decision: ClaimDecision) -> bytes:
    """The lines of a decision with their steps; amounts are texts, so that nothing is rounded."""
    return orjson.dumps(
        {
            "format": FORMAT,
            "reasons": [int(reason) for reason in decision.reasons],
            "category": decision.category,
            "lines": [_line(line) for line in decision.lines],
        },
        default=str,
    )


def read_lines(document: bytes) -> tuple[LineDecision, ...]:
    """The lines of a stored decision."""
    return tuple(_read_line(line) for line in orjson.loads(document)["lines"])


def digest_of(given: ClaimInput, bases: Iterable[Basis], stage: Stage) -> str:
    """SHA-256 over everything that the rules were given: the claim, and where the policies that pay it stand.

    What an earlier submission found is no part of what the next one is given.
    """
    patient, facility = given.patient, given.facility
    text = orjson.dumps(
        [
            *(given.id, patient.id, patient.birth_date, patient.born_from, patient.sex, patient.is_valid),
            *(facility.code, facility.is_hospital, facility.care_type, facility.ownership, facility.tier),
            *(given.visit_type, given.date_from, given.date_to, given.date_claimed),
            *(given.diagnosis, given.diagnosis_is_valid, given.is_released),
            given.consent and tuple(given.consent),
            *(_given(line, stage) for line in given.lines),
            *map(tuple, bases),
        ],
        default=str,
    )
    return hashlib.sha256(text).hexdigest()


def _given(line: LineInput, stage: Stage) -> list[Any]:
    kind, code, quantity, asked, entry, listed, contents, review, outcome = line
    terms = package = None
    if entry is not None:
        terms = (
            *(entry.price, entry.care_type, entry.frequency_days, entry.patient_mask),
            *(entry.category, entry.package_type),
        )
        package = _contents(entry.contents) if entry.contents else None
    return [
        *(kind, code, quantity, asked, terms, package),
        None if listed is None else tuple(listed),
        _contents(contents) if contents else None,
        None if review is None else tuple(review),
        None if outcome is None or stage is _SUBMIT else tuple(outcome),
    ]


def _contents(contents: frozenset[ContentQuantity]) -> list[tuple[Any, ...]]:
    return [tuple(one) for one in sorted(contents)]


def _line(line: LineDecision) -> list[Any]:
    """The fields in their order; the encoder writes plain tuples only."""
    limit = None if line.limit is None else tuple(line.limit)
    parts = [tuple(part) for part in line.refused_parts]
    steps = [tuple(step) for step in line.steps]
    return [*line[:6], limit, *line[7:11], parts, *line[12:20], steps]


def _read_line(stored: Sequence[Any]) -> LineDecision:
    kind, code, status, reason, product, policy, limit, origin, hospital, provided, quantity, parts = stored[
        :12
    ]
    price, valued, deductible, ceiling, category, share, refused, remunerated = map(Decimal, stored[12:20])
    return LineDecision(
        kind=LineKind(kind),
        code=code,
        status=LineStatus(status),
        reason=Reason(reason),
        product=product,
        policy=policy,
        limit=None if limit is None else Limit(LimitationType(limit[0]), _decimal(limit[1])),
        origin=None if origin is None else PriceOrigin(origin),
        hospital=hospital,
        quantity_provided=Decimal(provided),
        quantity=Decimal(quantity),
        refused_parts=tuple(RefusedPart(Decimal(much), Reason(why)) for much, why in parts),
        price=price,
        valued=valued,
        deductible=deductible,
        excess_ceiling=ceiling,
        excess_category=category,
        patient_share=share,
        refused=refused,
        remunerated=remunerated,
        steps=tuple(_read_step(step) for step in stored[20]),
    )


def _read_step(stored: Sequence[Any]) -> Step:
    kind, before, after, limit, used, word, reason = stored
    return Step(
        StepKind(kind),
        Decimal(before),
        Decimal(after),
        _decimal(limit),
        _decimal(used),
        word,
        Reason(reason),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
