"""The sentences of an explanation and of every reason, in English; they are the keys of the catalogues (ADJ-9)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msingi_claims.rules.codes import Reason, StepKind
from msingi_claims.rules.price import WITHOUT_LIST, WITHOUT_REGISTER
from msingi_insurance import PriceOrigin

STEPS: Final[Mapping[StepKind, str]] = MappingProxyType(
    {
        StepKind.REFUSED: "Refused with code {code}: {reason}",
        StepKind.PRODUCT: "Product {word} pays: of those that accepted the line when it was chosen, none left the patient less to pay of the unit price, before deductible and ceilings.",
        StepKind.FIRST_PRODUCT: "No product that covers it accepts it; first comes {word}: none of them leaves the patient less to pay of the unit price, before deductible and ceilings.",
        StepKind.NOT_LISTED: "Product {word} does not list it.",
        StepKind.OTHER_VISIT: "Product {word} does not cover it for visits of this type.",
        StepKind.OTHER_OWNERSHIP: "Product {word} does not pay facilities of this kind of owner.",
        StepKind.OTHER_TIER: "Product {word} does not pay facilities of this tier.",
        StepKind.OTHER_FACILITY: "This facility is not among those that product {word} pays.",
        StepKind.REVIEWER_QUANTITY: "The reviewer approved a quantity of {after} instead of {before}.",
        StepKind.REVIEWER_PRICE: "The reviewer approved a price of {after}; {before} was asked.",
        StepKind.PASSED_BY_REVIEWER: "The reviewer passed it although no product that covers it accepts it. Product {word} pays: none of them leaves the patient less to pay of the unit price, before deductible and ceilings.",
        StepKind.PASSED_DESPITE: "The reviewer passed it despite code {code}: {reason}",
        StepKind.WAITING_PERIOD: "Waiting period: it is over from {day} on.",
        StepKind.NUMBER_LIMIT: "Highest number of claims of this category while the patient is covered: {limit}; counted besides this one: {used}.",
        StepKind.QUANTITY_LIMIT: "At most {limit} in the policy period, {used} used before: {after} of {before} accepted.",
        StepKind.CONSENT_QUANTITY: "The consent {word} is for {limit}, {used} given before: {after} of {before} accepted.",
        StepKind.CONSENT_AMOUNT: "The consent {word} is for {limit}, {used} used before: {after} of {before} accepted.",
        StepKind.CARE_PACKAGE: "The contents of the package differ from its definition: its price is {after}.",
        StepKind.VALUE: "{before} × {limit} = {after}.",  # noqa: RUF001 - a multiplication
        StepKind.FIXED_LIMIT: "At most {limit} is paid for one: {before} becomes {after}.",
        StepKind.DEDUCTIBLE: "Deductible of {limit}, {used} paid before: {after} of {before} remains.",
        StepKind.COINSURANCE: "The insurer pays {limit} % of {before}, that is {after}.",
        StepKind.SAMPLE: "The review of a sample takes {limit} % off: {before} becomes {after}.",
        StepKind.ROUNDING: "Rounded once, from {before} to {after}.",
        StepKind.CATEGORY_AMOUNT: "At most {limit} for this category in the policy period, {used} paid before: {after} of {before} is paid.",
        StepKind.CEILING_GROWTH: "Ceiling of {before} for the family, {used} more for each member above the threshold (members above it: {word}): {after}.",
        StepKind.CEILING: "Ceiling of {limit}, {used} paid before: {after} of {before} is paid.",
        StepKind.RELATIVE_INDEX: "Relative index of {limit}: {before} becomes {after}.",
    }
)
PRICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        PriceOrigin.PRICE_LIST: "Price of the price list: {after}; {before} was asked.",
        PriceOrigin.CLAIM: "A fixed package costs at most {after}; {before} was asked.",
        PriceOrigin.RELATIVE: "Relative price, nominally that of the price list: {after}; {before} was asked.",
        WITHOUT_LIST[PriceOrigin.PRICE_LIST]: "Price of the register: {after}; {before} was asked.",
        WITHOUT_LIST[
            PriceOrigin.RELATIVE
        ]: "Relative price, nominally that of the register: {after}; {before} was asked.",
    }
)
"""How a base price is told that is not the one asked, by what made it."""
SAME_PRICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        PriceOrigin.PRICE_LIST: "Price as asked, which the price list allows: {after}.",
        PriceOrigin.CLAIM: "Price as asked: {after}.",
        PriceOrigin.RELATIVE: PRICES[PriceOrigin.RELATIVE],
        WITHOUT_LIST[PriceOrigin.PRICE_LIST]: "Price as asked, which the register allows: {after}.",
        WITHOUT_LIST[PriceOrigin.RELATIVE]: PRICES[WITHOUT_LIST[PriceOrigin.RELATIVE]],
        WITHOUT_REGISTER[PriceOrigin.PRICE_LIST]: "Price as asked: {after}.",
        WITHOUT_REGISTER[PriceOrigin.RELATIVE]: "Relative price, nominally the one asked: {after}.",
    }
)
"""The same where it is the one asked."""
ROUNDED_LIMITS: Final[Mapping[StepKind, str]] = MappingProxyType(
    {
        StepKind.CONSENT_AMOUNT: "The consent {word} is for {limit}, {used} used before; what it leaves is rounded down: {after} of {before} accepted.",
        StepKind.DEDUCTIBLE: "Deductible of {limit}, {used} paid before; what it takes is rounded: {after} of {before} remains.",
        StepKind.CATEGORY_AMOUNT: "At most {limit} for this category in the policy period, {used} paid before; what it leaves is rounded down: {after} of {before} is paid.",
        StepKind.CEILING: "Ceiling of {limit}, {used} paid before; what it leaves is rounded down: {after} of {before} is paid.",
    }
)
"""How limits are told that take or leave whole units of the currency, where that changes what comes out (D-38, INS-A1)."""
APPROVED_AS_ASKED: Final = "The reviewer approved the price as asked: {after}."
"""How a reviewer's price is told that is the one asked."""
LESS_BEFORE: Final = "Before this limit the quantity was {before}; {provided} was provided."
"""How a refusal begins whose limit found another quantity than the one provided."""
MAXIMUM_ONLY: Final = "Ceiling of {before} for the family, at most {limit} in all: {after}."
"""How the growth of a ceiling is told to which members add nothing."""
CAPPED_GROWTH: Final = (
    "Ceiling of {before} for the family, {used} more for each member above the threshold (members above it: {word}), "
    "at most {limit} in all: {after}."
)
"""How the growth of a ceiling is told where it has a maximum."""
LEFT: Final = (
    "Of what is accepted, {left} is left to the patient: {deductible} deductible, {share} own share, "
    "{excess} above category amount and ceiling."
)
LEFT_ABOVE_FIXED: Final = (
    "Of what is accepted, {left} is left to the patient: {deductible} deductible, {share} above the fixed limit, "
    "{excess} above category amount and ceiling."
)
"""The same where a fixed limit says what the insurer pays of one: the patient's share is what it leaves."""
REFUSED_PART: Final = "{refused} is refused: the insurer does not pay it."
"""What a reviewer, a sample, a maximum quantity or a consent takes off a line that is paid for in part."""
NOTHING_LEFT: Final = "Of what is accepted, nothing is left to the patient."

REASONS: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.ACCEPTED: "accepted.",
        Reason.NOT_IN_REGISTER: "it is not in the register on the target date.",
        Reason.NOT_ON_PRICE_LIST: "it is not on the price list of the facility.",
        Reason.NO_COVERING_PRODUCT: "no product of a valid policy covers it.",
        Reason.PATIENT_CATEGORY: "it is not meant for this patient's sex or age.",
        Reason.FREQUENCY: "the same was given too short a time before or after.",
        Reason.DUPLICATE: "the claim repeats another one.",
        Reason.INSUREE_NOT_VALID: "the insuree or the family is not valid on the target date.",
        Reason.DIAGNOSIS_NOT_VALID: "the main diagnosis is not in the list on the target date.",
        Reason.TARGET_DATE: "a date is missing or the dates are in the wrong order.",
        Reason.CARE_TYPE: "it does not go with in-patient or out-patient care.",
        Reason.MAX_HOSPITALISATIONS: "the maximum number of hospital admissions is reached.",
        Reason.MAX_VISITS: "the maximum number of visits is reached.",
        Reason.MAX_CONSULTATIONS: "the maximum number of consultations is reached.",
        Reason.MAX_SURGERIES: "the maximum number of surgeries is reached.",
        Reason.MAX_DELIVERIES: "the maximum number of deliveries is reached.",
        Reason.QUANTITY_LIMIT: "the maximum quantity of the policy period, or of a consent, is reached.",
        Reason.WAITING_PERIOD: "the waiting period is not over.",
        Reason.MAX_ANTENATAL: "the maximum number of antenatal visits is reached.",
        Reason.INVALID_CLAIM: "the claim is invalid.",
        Reason.NO_COVERAGE: "no policy covers the patient on the target date.",
        Reason.REFUSED_BY_REVIEWER: "the reviewer refused it.",
        Reason.REFUSED_BY_SCORING: "a check of plausibility refused it.",
    }
)
ALL_LINES_REFUSED: Final = "no line of the claim is accepted."
"""What code 1 means on a claim."""
