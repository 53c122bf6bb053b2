"""The sentences of every explanation, in English; they are the keys of the catalogue (INS-A4)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_PERIOD: Final = {
    "base_new": "A new policy counts from {date}: enrolled on {enrolled}, administration period of {months} months.",
    "base_renewal": "A renewal counts from the day of enrolment, {date}.",
    "start_is_base": "The product has no cycles: cover starts on {start}.",
    "cycle_chosen": "The first cycle that is not before {reference} (grace of {months} months) starts on {start}.",
    "expiry": "Cover lasts {months} months and ends on {expiry}.",
    "last_payment": "The full value is due by {date}.",
}
_PREMIUM: Final = {
    "varied": "In {place} other terms apply: {terms}.",
    "members": "{adults} adults, {children} children, {other_adults} other adults and {other_children} other children count; adult means {age} years or more on {date}.",
    "capped": "{dropped} members are above the maximum of {max} and are not covered.",
    "lump_sum": "Lump sum of {lump_sum} for up to {threshold} members, plus {extra_adults} more adults at {adult_rate} and {extra_children} more children at {child_rate}: {amount}.",
    "lump_sum_for_all": "Lump sum of {lump_sum} for the whole family: {amount}.",
    "per_member": "{adults} adults at {adult_rate} and {children} children at {child_rate}: {amount}.",
    "other_relatives": "{adults} other adults at {adult_rate} and {children} other children at {child_rate}: {amount}.",
    "assembly_lump_sum": "General assembly, once: {amount}.",
    "assembly_fee": "General assembly, {members} members at {fee}: {amount}.",
    "registration_lump_sum": "Registration, once: {amount}.",
    "registration_fee": "Registration, {members} members at {fee}: {amount}.",
    "registration_recurs": "The last cover ended on {expiry}, more than {months} months ago: registration is paid again.",
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
    "plan_periods": "{periods} periods of {months} months: {amount}.",
    "income_share": "{percent} % of an income of {income}: {amount}.",
    "income_floor": "At least {amount}.",
    "income_ceiling": "At most {amount}.",
    "fee_fixed": "A fee of {amount}.",
    "fee_percent": "A fee of {percent} % of {base}: {amount}.",
    "fee_for_service": "{percent} % of the accepted {base}: {amount}.",
    "capitation_share": "{count} of {total} shares of a pool of {pool}: {amount}.",
    "commission": "A commission of {percent} % of {base}: {amount}.",
    "transfer": "A transfer of {amount} for each of {members} members, at most {most}: {total}.",
}
SAYINGS: Final[Mapping[str, str]] = MappingProxyType({**_PERIOD, **_PREMIUM, **_LIFE, **_CALCULATION})
"""English sentence by key."""
