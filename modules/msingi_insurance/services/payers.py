"""Payers: who may be used where, and who may add them (PAY-1)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.rbac.tree_queries import chains_of
from msingi.sayings import Saying
from msingi.work import Work
from msingi_insurance.models.payers import Payer
from msingi_insurance.models.product import Product
from msingi_insurance.payment_errors import DutiesConflict
from msingi_insurance.plugin import COLLECT_CONTRIBUTIONS
from msingi_insurance.rules.payments import check_payer
from msingi_insurance.rules.states import PayerType


class PayerDraft(BaseModel):
    """A new payer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: PayerType = Field(
        description="C co-operative, D donor, G government, L local authority, O other, P private."
    )
    name: str = Field(min_length=1, max_length=100, description="Name.")
    jurisdiction_id: UUID = Field(description="The place in which it pays, the country for everywhere.")
    address: str = Field(default="", max_length=200, description="Address.")
    phone: str | None = Field(default=None, max_length=30, description="Telephone number.")
    email: str | None = Field(default=None, max_length=200, description="E-mail address.")


class PayerChanges(BaseModel):
    """Corrections of a payer; what is left out stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=100, description="Name.")
    address: str | None = Field(default=None, max_length=200, description="Address.")
    phone: str | None = Field(default=None, max_length=30, description="Telephone number.")
    email: str | None = Field(default=None, max_length=200, description="E-mail address.")
    closed_on: date | None = Field(default=None, description="Day from which it is no longer used.")


def create_payer(work: Work, given: PayerDraft) -> Payer:
    """Add a payer.

    Raises:
        DutiesConflict: the actor may collect money; who does never adds payers (attack 24).
        NotFound: the place lies outside the scope.

    """
    _refuse_collectors(work)
    values = given.model_dump()
    values["name"], values["address"] = clean_text(given.name), clean_text(given.address)
    return work.add(Payer(**values, made_by=work.actor.id))


def update_payer(
    work: Work, payer_id: UUID, given: PayerChanges, *, expected_version: int | None = None
) -> Payer:
    """Correct or close a payer.

    Raises:
        DutiesConflict: the actor may collect money.
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.

    """
    _refuse_collectors(work)
    payer = work.get(Payer, payer_id, expected_version=expected_version)
    for name, value in given.model_dump(exclude_unset=True).items():
        setattr(payer, name, clean_text(value) if name in {"name", "address"} and value else value)
    work.session.flush()
    return payer


def check_payers(work: Work, used: Iterable[tuple[UUID | None, Product]]) -> None:
    """Refuse payers who may not be used for their product; looks at all places (PAY-1).

    Raises:
        NotFound: a payer does not exist or is closed.
        PayerNotAllowedHere: the payer's place is neither national nor above the product's.

    """
    named = [(payer_id, product) for payer_id, product in used if payer_id is not None]
    if not named:
        return
    with work.everywhere():
        payers = work.by_ids(Payer, [payer_id for payer_id, _ in named])
        chains = chains_of(work, {product.jurisdiction_id for _, product in named})
    for payer_id, product in named:
        payer = payers.get(payer_id)
        if payer is None or (payer.closed_on is not None and payer.closed_on <= work.today()):
            raise NotFound(type="Payer")
        check_payer(str(payer.jurisdiction_id), [str(place) for place in chains[product.jurisdiction_id]])


def _refuse_collectors(work: Work) -> None:
    if work.actor.id is not None and work.may(COLLECT_CONTRIBUTIONS):
        raise DutiesConflict(did=Saying("collects contributions"))
