"""GraphQL operations on renewals: whom to ask, and what they answered."""

from uuid import UUID

from sqlalchemy import Select, select

from msingi.errors import InvalidInput
from msingi.work import Work
from msingi_insurance.models.renewals import PolicyRenewal
from msingi_insurance.plugin import ANSWER_RENEWALS, READ_RENEWALS, plugin
from msingi_insurance.services import renewals as listing
from msingi_insurance.services.renewal_answers import (
    MOST_ANSWERS,
    AnsweredRenewal,
    RenewalOutcome,
)
from msingi_insurance.services.renewal_answers import answer_renewals as take_answers

plugin.expose(
    PolicyRenewal,
    *("id", "policy_id", "officer_id", "product_id", "prompt_date", "renewal_date", "warnings"),
    *("outdated_photos", "told_days", "told_at", "response", "response_on", "renewed_policy_id"),
    *("jurisdiction_id", "version"),
    allow=READ_RENEWALS,
)


@plugin.connection(
    PolicyRenewal,
    allow=READ_RENEWALS,
    where=("policy_id", "officer_id", "product_id", "renewal_date", "warnings"),
    order=("renewal_date", "id"),
)
def renewals_due(work: Work) -> Select[PolicyRenewal]:
    """Policies that officers are to ask about now, nearest end first."""
    return listing.renewals_to_ask(work)


@plugin.connection(
    PolicyRenewal,
    allow=READ_RENEWALS,
    where=("policy_id", "officer_id", "product_id", "renewal_date", "response"),
    order=("renewal_date", "id"),
)
def renewals(work: Work) -> Select[PolicyRenewal]:  # noqa: ARG001 - the contract of a list
    """Every policy that came on the renewal list, answered or not."""
    return select(PolicyRenewal)


@plugin.mutation(allow=ANSWER_RENEWALS)
def answer_renewals(work: Work, answers: list[AnsweredRenewal]) -> list[RenewalOutcome]:
    """Take in what families answered, up to 500 at once; each answer gets its own result."""
    if len(answers) > MOST_ANSWERS:
        problem = {"path": "answers", "code": "too_long", "template": "at most {max_length} entries"}
        raise InvalidInput(fields=[{**problem, "params": {"max_length": MOST_ANSWERS}}])
    return take_answers(work, answers)


@plugin.query(allow=READ_RENEWALS)
def renewal(work: Work, id: UUID) -> PolicyRenewal | None:  # noqa: A002 - the name that callers see
    """One entry of the renewal list."""
    return work.find(PolicyRenewal, id)
