"""The rows that go with a family to another village: locked in one order, and each kind changed by one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from msingi.bulk import Recording, change_rows
from msingi.db import Model, Versioned
from msingi.work import Work
from msingi_insurance.models.family import Family, FormerNumber, Insuree, InsureePhoto
from msingi_insurance.models.payments import Payment, PaymentDetail, PaymentReference
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.models.renewals import PolicyRenewal
from msingi_insurance.rules.moves import HeldPolicy, policies_that_go
from msingi_insurance.rules.payments import PaymentState

_EXPECTED: Final = (PaymentState.NOT_CONFIRMED, PaymentState.POSTED, PaymentState.REFERENCE_ASSIGNED)
"""States of payments whose money has not come."""


@dataclass(frozen=True, slots=True)
class OpenPayments:
    """Payments that are expected for a family, and the references that were asked for them alone."""

    payments: Sequence[Payment]
    references: Sequence[PaymentReference]


def lock_renewals(work: Work, family: Family) -> None:
    """Lock what the renewal list says of a family: an answer locks its entry before the family."""
    policies = select(Policy.id).where(Policy.family_id == family.id)
    entries = select(PolicyRenewal.id).where(PolicyRenewal.policy_id.in_(policies))
    with work.everywhere():
        work.session.execute(entries.order_by(PolicyRenewal.id).with_for_update())


def locked_payments(work: Work, family: Family) -> OpenPayments:
    """The payments that are expected in the family's village for one of its members, under lock: the references first."""
    ids = _expected_for(family)
    asked = select(Payment.reference_id).where(Payment.id.in_(ids))
    references = select(PaymentReference).where(
        PaymentReference.id.in_(asked), PaymentReference.product_id.is_(None)
    )
    with work.everywhere():
        return OpenPayments(
            references=work.session.scalars(references.order_by(PaymentReference.id).with_for_update()).all(),
            payments=work.session.scalars(
                select(Payment).where(Payment.id.in_(ids)).order_by(Payment.id).with_for_update()
            ).all(),
        )


def locked_policies(work: Work, family: Family) -> list[Policy]:
    """The policies that go with a family, under lock in the order of their ids."""
    statement = select(Policy).where(Policy.family_id == family.id).order_by(Policy.id).with_for_update()
    with work.everywhere():
        policies = work.session.scalars(statement, execution_options={"populate_existing": True}).all()
    going = set(policies_that_go([_held(policy) for policy in policies]))
    return [policy for policy in policies if str(policy.id) in going]


def locked_members(work: Work, family: Family) -> Sequence[Insuree]:
    """The insurees of a family, also those whose records ended with it, under lock in the order of their ids."""
    statement = select(Insuree).where(Insuree.family_id == family.id).order_by(Insuree.id).with_for_update()
    with work.everywhere():
        return work.session.scalars(statement, execution_options={"populate_existing": True}).all()


def move_rows(
    work: Work,
    to_id: UUID,
    *,
    insurees: Sequence[Insuree],
    policies: Sequence[Policy],
    expected: OpenPayments,
) -> None:
    """Register insurees, policies and expected payments in another place, with all that hangs on them."""
    insuree_ids, policy_ids = [one.id for one in insurees], [one.id for one in policies]
    payment_ids = [one.id for one in expected.payments]
    with work.everywhere():
        _move(work, Insuree, insuree_ids, to_id)
        _move(work, Policy, policy_ids, to_id)
        _move(work, PaymentReference, [one.id for one in expected.references], to_id)
        _move(work, Payment, payment_ids, to_id)
        _follow(work, FormerNumber, FormerNumber.insuree_id.in_(insuree_ids), to_id)
        _follow(work, InsureePhoto, InsureePhoto.insuree_id.in_(insuree_ids), to_id)
        _follow(work, InsureePolicy, InsureePolicy.policy_id.in_(policy_ids), to_id)
        _follow(work, PolicyRenewal, PolicyRenewal.policy_id.in_(policy_ids), to_id)
        _follow(work, PaymentDetail, PaymentDetail.payment_id.in_(payment_ids), to_id)


def _move(work: Work, model: type[Model], ids: Sequence[UUID], to_id: UUID) -> None:
    """Rows that were locked, in one statement; the audit trail has a line for each."""
    rows = [(row_id, to_id) for row_id in ids]
    change_rows(work, model, ("id",), ("jurisdiction_id",), rows, recording=Recording.PER_ROW, locked=True)


def _follow(work: Work, model: type[Model], criterion: ColumnElement[bool], to_id: UUID) -> None:
    """Rows that have the place of what they belong to, in one statement."""
    table: Any = model
    values: dict[str, Any] = {"jurisdiction_id": to_id}
    if issubclass(model, Versioned):
        values["version"] = table.version + 1
    work.session.execute(
        update(model).where(criterion, table.jurisdiction_id != to_id).values(values),
        execution_options={"synchronize_session": False},
    )


def _expected_for(family: Family) -> Any:
    """Ids of payments whose money has not come, and whose first line names a member by a number of now or before."""
    members = select(Insuree.id).where(Insuree.family_id == family.id)
    numbers = select(Insuree.number).where(Insuree.family_id == family.id)
    bore = select(FormerNumber.number).where(FormerNumber.insuree_id.in_(members))
    named = PaymentDetail.insuree_number
    return (
        select(PaymentDetail.payment_id)
        .join(Payment, Payment.id == PaymentDetail.payment_id)
        .where(
            PaymentDetail.position == 1,
            or_(named.in_(numbers), named.in_(bore)),
            Payment.transaction.is_(None),
            Payment.state.in_(_EXPECTED),
            Payment.jurisdiction_id == family.jurisdiction_id,
        )
    )


def _held(policy: Policy) -> HeldPolicy:
    return HeldPolicy(
        id=str(policy.id),
        product=str(policy.product_id),
        status=policy.status,
        expiry=policy.expiry_date,
        previous=str(policy.previous_policy_id) if policy.previous_policy_id else None,
    )
