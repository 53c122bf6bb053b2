"""Decisions as compact JSON documents, and back: every step of every line, exact (ADJ-9)."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import orjson

from msingi_claims.rules.codes import LineStatus, Reason, StepKind
from msingi_claims.rules.compiled import Limit
from msingi_claims.rules.decisions import ClaimDecision, LineDecision, RefusedPart, Step
from msingi_claims.rules.values import ClaimInput, LineInput
from msingi_insurance import LimitationType, LineKind, PriceOrigin

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


def digest_of(given: ClaimInput | str) -> str:
    """SHA-256 over everything that the rules were given: the claim, or the indexes that value it, as text."""
    if isinstance(given, str):
        return hashlib.sha256(given.encode()).hexdigest()
    head = (
        *(given.id, given.patient.id, given.patient.birth_date, given.patient.sex, given.patient.is_valid),
        *(given.facility, given.visit_type, given.date_from, given.date_to, given.date_claimed),
        *(given.diagnosis, given.diagnosis_is_valid, given.is_released),
    )
    digest = hashlib.sha256("|".join(map(str, head)).encode())
    for line in given.lines:
        digest.update(_line_text(line).encode())
    return digest.hexdigest()


def _line_text(line: LineInput) -> str:
    entry, listed = line.entry, line.listed
    terms = (
        ""
        if entry is None
        else f"{entry.price}|{entry.care_type}|{entry.frequency_days}|{entry.patient_mask}"
    )
    package = "" if entry is None or not entry.contents else f"{entry.package_type}|{sorted(entry.contents)}"
    price = "" if listed is None else listed.override
    given = f"{line.kind}|{line.code}|{line.quantity}|{line.price_asked}|{sorted(line.contents)}"
    return f"\n{given}|{terms}|{package}|{price}|{line.review}|{line.outcome}"


def _line(line: LineDecision) -> list[Any]:
    limit = None if line.limit is None else [line.limit.type, line.limit.value]
    return [
        *(line.kind, line.code, line.status, int(line.reason), line.product, line.policy, limit, line.origin),
        line.hospital,
        *(line.quantity_provided, line.quantity, [[q, int(why)] for q, why in line.refused_parts]),
        *(line.price, line.valued, line.deductible, line.excess_ceiling, line.excess_category),
        *(line.patient_share, line.refused, line.remunerated),
        [[step[0], step[1], step[2], step[3], step[4], step[5], int(step[6])] for step in line.steps],
    ]


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
