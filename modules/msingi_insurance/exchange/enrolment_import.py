"""Takes enrolment files in: each family with its persons, policies and contributions, all of it or nothing (CLM-F3)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from msingi.errors import DomainError, NotFound
from msingi.money import Money
from msingi.work import Work
from msingi_insurance.exchange.enrolment_drafts import attached_to, draft_of, village_of
from msingi_insurance.exchange.enrolment_records import (
    EnrolmentCode,
    EnrolmentFile,
    FiledFamily,
    FiledPolicy,
    FiledPremium,
)
from msingi_insurance.exchange.photo_files import FiledPhoto
from msingi_insurance.exchange.rehearsal import Rehearsal
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product
from msingi_insurance.services.families import EnrolledFamily, enrol_family
from msingi_insurance.services.officers import officer_by_code, require_at_work
from msingi_insurance.services.photos import add_photo
from msingi_insurance.services.policies import enrol_policy
from msingi_insurance.services.policies_drafts import PolicyDraft
from msingi_insurance.services.premiums import NewPremium, receive_premium


@dataclass(frozen=True, slots=True)
class FamilyOutcome:
    """What came of one family: 0 and its identifiers, or the code of the first step that was refused."""

    family: str
    code: int
    reason: str = ""
    family_id: str = ""
    not_kept: tuple[str, ...] = ()
    """Names of what the file says of an accepted family and the platform does not keep."""
    repeated: tuple[str, ...] = ()
    """Persons who stand in another family of the file too: key = other family/key there."""


@dataclass(frozen=True, slots=True)
class _Device:
    """Whose device sent the file, the photos that came with it, by insurance number, and what a dry run remembers."""

    officer: Officer | None
    photos: Mapping[str, FiledPhoto]
    rehearsal: Rehearsal | None


class _Stopped(Exception):
    """A step was refused."""

    def __init__(self, code: EnrolmentCode, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def import_families(
    work: Work,
    file: EnrolmentFile,
    *,
    rehearsal: Rehearsal | None = None,
    photos: Sequence[FiledPhoto] = (),
    start: int = 0,
    done: Callable[[int, FamilyOutcome], None] = lambda _position, _outcome: None,
) -> list[FamilyOutcome]:
    """Take the families of a file in, each by itself; ``done`` is called after each one and may save it.

    With a rehearsal it is a dry run: it says what would come of each family and leaves nothing.
    """
    officer = officer_by_code(work, file.officer_code)
    device = _Device(officer, {photo.number: photo for photo in photos}, rehearsal)
    outcomes: list[FamilyOutcome] = []
    for position, family in enumerate(file.families[start:], start=start):
        outcome = _family_outcome(work, family, device)
        outcomes.append(outcome)
        done(position, outcome)
    return outcomes


def as_plain(outcome: FamilyOutcome) -> dict[str, object]:
    """The outcome as it is kept and sent."""
    return asdict(outcome)


def _family_outcome(work: Work, family: FiledFamily, device: _Device) -> FamilyOutcome:
    if family.problem:
        return FamilyOutcome(family.key, int(family.code), family.problem)
    if device.rehearsal is not None:
        device.rehearsal.begin()
    repeated = tuple(map(str, family.repeated))
    trial = work.session.begin_nested()
    try:
        if device.rehearsal is not None:
            _enrol_again(work, family, device, device.rehearsal)
        family_id = str(_enrol(work, family, device))
    except _Stopped as stop:
        trial.rollback()
        return FamilyOutcome(family.key, int(stop.code), stop.reason, repeated=repeated)
    if device.rehearsal is not None:
        trial.rollback()
        device.rehearsal.accept(family)
        family_id = ""
    else:
        trial.commit()
    return FamilyOutcome(
        family.key,
        int(EnrolmentCode.DONE),
        family_id=family_id,
        not_kept=family.not_kept,
        repeated=repeated,
    )


def _enrol_again(work: Work, family: FiledFamily, device: _Device, rehearsal: Rehearsal) -> None:
    """Enrol the earlier families that share a person with this one: a dry run has undone them."""
    alone = replace(device, rehearsal=None)
    for earlier in rehearsal.sharing(family):
        _enrol(work, earlier, alone)


def _enrol(work: Work, family: FiledFamily, device: _Device) -> UUID:
    officer = device.officer
    with _step(EnrolmentCode.PLACE_OR_OFFICER):
        village = village_of(work, family.village_code)
        if officer is None:
            raise NotFound(type="Officer")
        require_at_work(work, officer.id, village.id, _first_day(work, family))
    people = sorted(family.insurees, key=lambda insuree: not insuree.is_head)
    if sum(insuree.is_head for insuree in people) != 1:
        raise _Stopped(EnrolmentCode.HEAD, "insurance.family_without_head")
    with _step(EnrolmentCode.INSUREE):
        enrolled = enrol_family(work, draft_of(work, family, people, village.id))
        pairs = list(zip(people, enrolled.insurees, strict=True))
        if device.rehearsal is not None:
            for number in (insuree.number for person, insuree in pairs if person.number):
                device.rehearsal.number(number)
        _keep_photos(work, enrolled, device)
    keys = [(person.key, insuree.id) for person, insuree in pairs]
    for filed in family.policies:
        with _step(EnrolmentCode.POLICY):
            policy = _policy(work, enrolled.family.id, filed, officer, keys)
        with _step(EnrolmentCode.CONTRIBUTION):
            for premium in filed.premiums:
                _contribution(work, premium, policy, device.rehearsal)
    return enrolled.family.id


def _keep_photos(work: Work, enrolled: EnrolledFamily, device: _Device) -> None:
    """Keep the photos whose names bear the numbers of these insurees (INS-4)."""
    for insuree in enrolled.insurees:
        photo = device.photos.get(insuree.number or "")
        if photo is None:
            continue
        taker = officer_by_code(work, photo.officer_code) or device.officer
        add_photo(
            work,
            insuree.id,
            photo.content,
            taken_on=photo.taken_on,
            officer_id=taker.id if taker else None,
        )


def _policy(
    work: Work, family_id: UUID, filed: FiledPolicy, officer: Officer, people: Sequence[tuple[str, UUID]]
) -> Policy:
    with work.everywhere():
        product = work.session.scalar(
            select(Product).where(Product.code == filed.product_code, Product.closed_on.is_(None))
        )
    if product is None:
        raise NotFound(type="Product")
    seller = officer_by_code(work, filed.officer_code) or officer
    draft = PolicyDraft(
        family_id=family_id,
        product_id=product.id,
        enrol_date=filed.enrol_date,
        officer_id=seller.id,
        insuree_ids=attached_to(filed.insurees, people),
    )
    return enrol_policy(work, draft).policy


def _contribution(work: Work, filed: FiledPremium, policy: Policy, rehearsal: Rehearsal | None) -> None:
    premium = receive_premium(
        work,
        NewPremium(
            policy_id=policy.id,
            amount=Money(filed.amount, work.platform.profile.currency),
            pay_date=filed.pay_date,
            pay_type=filed.pay_type,
            receipt=filed.receipt,
            payer_id=UUID(filed.payer_id) if filed.payer_id else None,
            officer_id=policy.officer_id,
            is_photo_fee=filed.is_photo_fee,
        ),
    )
    if rehearsal is not None and filed.receipt:
        rehearsal.receipt(premium.product_id, premium.receipt)


@contextmanager
def _step(code: EnrolmentCode) -> Iterator[None]:
    """A refusal within the block ends the family with this code; a value that no draft takes is one too."""
    try:
        yield
    except DomainError as refusal:
        raise _Stopped(code, refusal.code) from refusal
    except ValueError as error:
        raise _Stopped(code, "core.invalid_input") from error


def _first_day(work: Work, family: FiledFamily) -> date:
    return min((policy.enrol_date for policy in family.policies), default=work.today())
