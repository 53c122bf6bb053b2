"""What insurance does when others tell something, and what it answers them."""

from collections.abc import Collection
from uuid import UUID

from msingi.work import Work
from msingi_insurance import country_remarks, money_checks, payment_handlers, posting_templates
from msingi_insurance.events import PoliciesSuspended
from msingi_insurance.plugin import plugin
from msingi_insurance.services.families import end_dead, insured_in_families
from msingi_insurance.services.suspensions import note_suspensions
from msingi_registry import PersonDied

__all__ = [
    "country_remarks",
    "end_cover_of_the_dead",
    "keep_suspensions",
    "kept_in_household",
    "money_checks",
    "payment_handlers",
    "posting_templates",
]


@plugin.on(PersonDied)
def end_cover_of_the_dead(event: PersonDied, work: Work) -> None:
    """End the cover of an insuree who died (INS-3)."""
    end_dead(work, event.person_id, event.death_date)


@plugin.on(PoliciesSuspended)
def keep_suspensions(event: PoliciesSuspended, work: Work) -> None:
    """Keep the day of a suspension, which the policy forgets when it is reinstated (P3)."""
    note_suspensions(work, event.policy_ids)


@plugin.answer
def kept_in_household(work: Work, person_ids: Collection[UUID]) -> set[UUID]:
    """Name those who are insured in a family: their household is the family's (INS-1)."""
    return insured_in_families(work, person_ids)
