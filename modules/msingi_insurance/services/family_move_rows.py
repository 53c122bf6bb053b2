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
from msingi_insurance.services.covers import locked_family

_EXPECTED: Final = (PaymentState.NOT_CONFIRMED, PaymentState.POSTED, PaymentState.REFERENCE_ASSIGNED)
"""States of payments whose money has not come."""


@dataclass(frozen=True, slots=True)
class Going:
    """What goes with a family: its insurees, what runs of its policies, payments that are expected, their references."""

    insurees: Sequence[Insuree]
    policies: Sequence[Policy]
    payments: Sequence[Payment]
    references: Sequence[PaymentReference]


def locked_to_go(work: Work, family_id: UUID, *, expected_version: int) -> Going:
    """Everything that goes with a family, under lock in the order in which money is matched and renewals are answered.

    Raises:
        NotFound, StaleVersion: the family is not visible any more, has ended, or was changed meanwhile.

    """
    family = work.get(Family, family_id)
    references, payments = _locked_payments(work, family)
    _lock_renewals(work, family)
    locked_family(work, family_id)
    work.get(Family, family_id, expected_version=expected_version)
    return Going(
        policies=_locked_policies(work, family),
        insurees=_locked_members(work, family),
        payments=payments,
        references=references,
    )


def move_rows(work: Work, going: Going, to_id: UUID) -> None:
    """Register insurees, policies and expected payments in another place, with all that hangs on them."""
    insurees, policies = [one.id for one in going.insurees], [one.id for one in going.policies]
    payments = [one.id for one in going.payments]
    with work.everywhere():
        _move(work, Insuree, insurees, to_id)
        _move(work, Policy, policies, to_id)
        _move(work, PaymentReference, [one.id for one in going.references], to_id)
        _move(work, Payment, payments, to_id)
        _follow(work, FormerNumber, FormerNumber.insuree_id.in_(insurees), to_id)
        _follow(work, InsureePhoto, InsureePhoto.insuree_id.in_(insurees), to_id)
        _follow(work, InsureePolicy, InsureePolicy.policy_id.in_(policies), to_id)
        _follow(work, PolicyRenewal, PolicyRenewal.policy_id.in_(policies), to_id)
        _follow(work, PaymentDetail, PaymentDetail.payment_id.in_(payments), to_id)


def _lock_renewals(work: Work, family: Family) -> None:
    """Lock what the renewal list says of a family: an answer locks its entry before the family."""
    policies = select(Policy.id).where(Policy.family_id == family.id)
    entries = select(PolicyRenewal.id).where(PolicyRenewal.policy_id.in_(policies))
    with work.everywhere():
        work.session.execute(entries.order_by(PolicyRenewal.id).with_for_update())


def _locked_payments(work: Work, family: Family) -> tuple[Sequence[PaymentReference], Sequence[Payment]]:
    """The payments that are expected in the family's village for one of its members, and the references asked for them."""
    ids = _expected_for(family)
    asked = select(Payment.reference_id).where(Payment.id.in_(ids))
    references = select(PaymentReference).where(
        PaymentReference.id.in_(asked), PaymentReference.product_id.is_(None)
    )
    payments = select(Payment).where(Payment.id.in_(ids))
    with work.everywhere():
        return (
            work.session.scalars(references.order_by(PaymentReference.id).with_for_update()).all(),
            work.session.scalars(payments.order_by(Payment.id).with_for_update()).all(),
        )


def _locked_policies(work: Work, family: Family) -> list[Policy]:
    statement = select(Policy).where(Policy.family_id == family.id).order_by(Policy.id).with_for_update()
    with work.everywhere():
        policies = work.session.scalars(statement, execution_options={"populate_existing": True}).all()
    going = set(policies_that_go([_held(policy) for policy in policies]))
    return [policy for policy in policies if str(policy.id) in going]


def _locked_members(work: Work, family: Family) -> Sequence[Insuree]:
    statement = select(Insuree).where(Insuree.family_id == family.id).order_by(Insuree.id).with_for_update()
    with work.everywhere():
        return work.session.scalars(statement, execution_options={"populate_existing": True}).all()


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
        named=policy.named_insurees,
    )
