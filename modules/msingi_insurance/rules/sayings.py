"""The sentences of every explanation, in English; they are the keys of the catalogue (INS-A4)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_PERIOD: Final = {
    "base_new": "A new policy counts from {date}: enrolled on {enrolled}, administration period of {months}.",
    "base_renewal": "A renewal counts from the day of enrolment, {date}.",
    "start_is_base": "The product has no cycles: cover starts on {start}.",
    "cycle_chosen": "The first cycle that is not before {reference} (grace of {months}) starts on {start}.",
    "expiry": "Cover lasts {months} and ends on {expiry}.",
    "last_payment": "The full value is due by {date}.",
}
_PREMIUM: Final = {
    "varied": "In {place} other terms apply: {terms}.",
    "members": "{adults}, {children}, {other_adults} and {other_children} count; adult means {age} or more on {date}.",
    "capped": "The product covers at most {places}: adults come first, then children, other children and other adults.",
    "not_covered": "Above the maximum and not covered: {dropped}.",
    "threshold": "The lump sum is for up to {threshold}; {extra_adults} and {extra_children} are outside it.",
    "lump_sum": "Lump sum of {lump_sum}, plus {extra_adults} at {adult_rate} and {extra_children} at {child_rate}: {amount}.",
    "lump_sum_for_all": "Lump sum of {lump_sum} for the whole family: {amount}.",
    "per_member": "{adults} at {adult_rate} and {children} at {child_rate}: {amount}.",
    "other_relatives": "{other_adults} at {adult_rate} and {other_children} at {child_rate}: {amount}.",
    "assembly_lump_sum": "General assembly, once: {amount}.",
    "assembly_fee": "General assembly, {members} at {fee}: {amount}.",
    "registration_lump_sum": "Registration, once: {amount}.",
    "registration_fee": "Registration, {members} at {fee}: {amount}.",
    "registration_recurs": "The last cover ended on {expiry}, more than {months} ago: registration is paid again.",
    "no_registration": "A renewal pays no registration.",
    "enrolment_discount": "Enrolled by {limit}: discount of {percent} % on {base}, that is {amount}.",
    "renewal_discount": "Renewed by {limit}: discount of {percent} % on {base}, that is {amount}.",
    "plan_value": "The contribution plan sets the value to {amount}.",
    "rounded": "Rounded once, at the end, from {exact} to {value}.",
    "value": "The value of the policy is {value}.",
}
_LIFE: Final = {
    "paid_full": "{paid} of {value} are paid: the full value is reached.",
    "paid_less": "{paid} of {value} are paid: the policy stays as it is.",
    "paid_more": "{paid} of {value} are paid: {excess} go to the family's credit.",
    "effective": "Cover takes effect on {date}, the later of payment and start.",
    "effective_confirmed": "Cover takes effect on {date}, the later of confirmation and start.",
    "waits_for_bank": "The policy waits until the bank confirms the payment.",
    "stays_suspended": "Somebody suspended the policy: what is paid counts when it is reinstated.",
    "waits_for_confirmation": "The policy is ready and waits to be confirmed.",
    "enforced": "Cover takes effect on {date} although {missing} are not paid yet.",
    "suspended_unpaid": "The full value was due by {date} and {missing} are missing.",
    "covered": "Covered: effective since {effective}, until {expiry}.",
    "not_yet_effective": "Not covered: cover takes effect on {effective}.",
    "not_effective": "Not covered: the policy never took effect.",
    "after_expiry": "Not covered: cover ended on {expiry}.",
    "before_start": "Not covered: cover starts on {start}.",
    "policy_not_active": "Not covered: the policy is {status}.",
    "record_not_valid": "Not covered: the record was not valid on {date}.",
    "person_not_alive": "Not covered: the person had died.",
    "person_inactive": "Not covered: the person is not active.",
}
_CALCULATION: Final = {
    "not_applicable": "The rule {rule} does not apply.",
    "from_product": "The product asks {amount}.",
    "plan_periods": "{periods} of {months}: {amount}.",
    "income_share": "{percent} % of an income of {income}: {amount}.",
    "income_floor": "At least {amount}.",
    "income_ceiling": "At most {amount}.",
    "fee_fixed": "A fee of {amount}.",
    "fee_percent": "A fee of {percent} % of {base}: {amount}.",
    "fee_for_service": "{percent} % of the accepted {base}: {amount}.",
    "capitation_share": "{count} of {shares} shares of a pool of {pool}: {amount}.",
    "commission": "A commission of {percent} % of {base}: {amount}.",
    "transfer": "A transfer of {amount} for each of {members}, at most {most}: {total}.",
}
SAYINGS: Final[Mapping[str, str]] = MappingProxyType({**_PERIOD, **_PREMIUM, **_LIFE, **_CALCULATION})
"""English sentence by key."""
_ADULTS: Final = ("{number} adult", "{number} adults")
_CHILDREN: Final = ("{number} child", "{number} children")
_MEMBERS: Final = ("{number} member", "{number} members")
COUNTED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "adults": _ADULTS,
        "extra_adults": _ADULTS,
        "children": _CHILDREN,
        "extra_children": _CHILDREN,
        "other_adults": ("{number} other adult", "{number} other adults"),
        "other_children": ("{number} other child", "{number} other children"),
        "members": _MEMBERS,
        "dropped": _MEMBERS,
        "places": _MEMBERS,
        "threshold": _MEMBERS,
        "periods": ("{number} period", "{number} periods"),
        "months": ("{number} month", "{number} months"),
        "age": ("{number} year", "{number} years"),
    }
)
"""What a number in a sentence counts, by the name of its value: for one, and for many."""
SHARES: Final = frozenset({"percent", "count", "shares"})
"""Numbers with decimals that are no amounts of money, by the name of their value."""
TERM_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "lump_sum": "lump sum",
        "premium_adult": "rate of an adult",
        "premium_child": "rate of a child",
        "registration_lump_sum": "lump sum of the registration",
        "registration_fee": "registration of a member",
        "general_assembly_lump_sum": "lump sum of the general assembly",
        "general_assembly_fee": "general assembly of a member",
        "max_members": "most members",
        "threshold": "members inside the lump sum",
    }
)
"""The terms that a place may vary, as sentences name them (TZA-18)."""
