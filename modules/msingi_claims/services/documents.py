"""Decisions as compact JSON documents, and back: every step of every line, exact (ADJ-9)."""

import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import orjson

from msingi_claims.rules.codes import LineStatus, Reason, StepKind
from msingi_claims.rules.compiled import Limit
from msingi_claims.rules.decisions import ClaimDecision, LineDecision, RefusedPart, Step
from msingi_claims.rules.values import ClaimInput, ContentQuantity, LineInput
from msingi_insurance import LimitationType, LineKind, PriceOrigin

FORMAT: Final = 2
"""Rises when the document changes its shape; in 2 a step leaves out what it shares with the one before."""
_NOTHING: Final = Decimal(0)
_ACCEPTED: Final = Reason.ACCEPTED


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
    patient, facility = given.patient, given.facility
    text = orjson.dumps(
        [
            *(given.id, patient.id, patient.birth_date, patient.sex, patient.is_valid),
            *(facility.code, facility.is_hospital, facility.care_type, facility.ownership, facility.tier),
            *(given.visit_type, given.date_from, given.date_to, given.date_claimed),
            *(given.diagnosis, given.diagnosis_is_valid, given.is_released),
            *map(_given, given.lines),
        ],
        default=str,
    )
    return hashlib.sha256(text).hexdigest()


def _given(line: LineInput) -> list[Any]:
    kind, code, quantity, asked, entry, listed, contents, review, outcome = line
    given: list[Any] = [kind, code, quantity, asked, None, None, listed and listed.override]
    if entry is not None:
        given[4] = (entry.price, entry.care_type, entry.frequency_days, entry.patient_mask)
        given[5] = (entry.package_type, _contents(entry.contents)) if entry.contents else None
    given += (listed is not None, contents and _contents(contents), review and (*review,))
    given.append(outcome and (int(outcome.reason), outcome.policy))
    return given


def _contents(contents: frozenset[ContentQuantity]) -> list[tuple[Any, ...]]:
    return [tuple(one) for one in sorted(contents)]


def _line(line: LineDecision) -> list[Any]:
    limit = None if line.limit is None else [line.limit.type, _text(line.limit.value)]
    return [
        *(line.kind, line.code, line.status, int(line.reason), line.product, line.policy, limit, line.origin),
        line.hospital,
        *(str(line.quantity_provided), str(line.quantity)),
        [[str(quantity), int(why)] for quantity, why in line.refused_parts],
        *map(str, line[12:20]),
        _steps(line.steps),
    ]


def _steps(steps: Sequence[Step]) -> list[list[Any]]:
    """Each step without what follows from the one before: an amount that goes in as it came out, an empty end."""
    written: list[list[Any]] = []
    amount = _NOTHING
    for kind, before, after, limit, used, word, reason in steps:
        step: list[Any] = [kind, None if before is amount else str(before), str(after)]
        if limit is not None or used is not None or word or reason is not _ACCEPTED:
            step += (_text(limit), _text(used), word, int(reason))
        written.append(step)
        amount = after
    return written


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


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
        steps=tuple(_read_steps(stored[20])),
    )


def _read_steps(stored: Sequence[Sequence[Any]]) -> Iterator[Step]:
    amount = _NOTHING
    for kind, before, after, *rest in stored:
        given = amount if before is None else Decimal(before)
        amount = Decimal(after)
        limit, used, word, reason = rest or (None, None, "", _ACCEPTED)
        yield Step(StepKind(kind), given, amount, _decimal(limit), _decimal(used), word, Reason(reason))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
