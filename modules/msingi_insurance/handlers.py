"""What insurance does when others tell something."""

from msingi.work import Work
from msingi_insurance import payment_handlers, posting_templates
from msingi_insurance.plugin import plugin
from msingi_insurance.services.families import end_dead
from msingi_registry import PersonDied

__all__ = ["end_cover_of_the_dead", "payment_handlers", "posting_templates"]


@plugin.on(PersonDied)
def end_cover_of_the_dead(event: PersonDied, work: Work) -> None:
    """End the cover of an insuree who died (INS-3)."""
    end_dead(work, event.person_id, event.death_date)
