"""The enrolment file of devices as typed records: FileInfo, Families, Insurees, Policies, Premiums (CLM-F3).

Who a policy covers follows from the family and the product (INS-1), so that InsureePolicies is not read.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import Final

from msingi.sayings import Saying
from msingi.tabular import Node, read_xml_tree
from msingi_insurance.payment_errors import FileRefused
from msingi_insurance.rules.states import RELATIONSHIP_CODES, PayType, Relationship

MOST_FAMILIES: Final = 2_000
_RELATIONSHIPS: Final = {code: relationship for relationship, code in RELATIONSHIP_CODES.items()}
_TRUE: Final = frozenset({"1", "true", "yes"})


class EnrolmentCode(IntEnum):
    """What came of one family of a file."""

    DONE = 0
    PLACE_OR_OFFICER = -1
    """The village or the officer is unknown, or the officer does not serve it."""
    HEAD = -2
    """The family has no head, or two."""
    INSUREE = -3
    """A person or an insurance number is refused."""
    POLICY = -4
    """A policy is refused."""
    CONTRIBUTION = -5
    """A contribution is refused."""
    FATAL = -400
    """The family cannot be read."""


class Unreadable(Exception):
    """A value of a family cannot be read; the text names the element, never the value."""


@dataclass(frozen=True, slots=True)
class FiledInsuree:
    """A person of a family, as the device wrote it."""

    key: str
    number: str
    family_name: str
    given_name: str
    born: date
    sex: str
    is_head: bool
    relationship: Relationship | None
    marital_status: str
    profession: str
    education: str
    phone: str
    identifier: str
    identifier_type: str
    facility_code: str


@dataclass(frozen=True, slots=True)
class FiledPremium:
    """A contribution to a policy, as the device wrote it."""

    amount: Decimal
    receipt: str
    pay_date: date
    pay_type: PayType
    payer_id: str
    is_photo_fee: bool


@dataclass(frozen=True, slots=True)
class FiledPolicy:
    """A policy of a family, as the device wrote it."""

    product_code: str
    enrol_date: date
    officer_code: str
    premiums: tuple[FiledPremium, ...]


@dataclass(frozen=True, slots=True)
class FiledFamily:
    """A family with everything that belongs to it; ``problem`` says why it cannot be read."""

    key: str
    village_code: str = ""
    address: str = ""
    family_type: str = ""
    poverty: bool = False
    confirmation_type: str = ""
    confirmation_number: str = ""
    ethnicity: str = ""
    insurees: tuple[FiledInsuree, ...] = ()
    policies: tuple[FiledPolicy, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class EnrolmentFile:
    """A file of a device."""

    officer_code: str
    families: tuple[FiledFamily, ...] = field(default=())

    def only(self, position: int) -> "EnrolmentFile":
        """The same file with one of its families."""
        return EnrolmentFile(self.officer_code, self.families[position : position + 1])


def read_enrolment_file(content: bytes) -> EnrolmentFile:
    """The families of a file; one that cannot be read does not stop the others.

    Raises:
        FileRefused: it is no enrolment file, or holds too many families.
        TabularError: it is unsafe or no XML.

    """
    root = read_xml_tree(content)
    info = root.child("FileInfo")
    if root.name.casefold() != "enrolment" or info is None:
        raise FileRefused(why=Saying("its root is not Enrolment with FileInfo"))
    families = root.list("Families")
    if len(families) > MOST_FAMILIES:
        raise FileRefused(why=Saying("it has more than {most} families", {"most": MOST_FAMILIES}))
    insurees = _by(root.list("Insurees"), "FamilyId")
    policies = _by(root.list("Policies"), "FamilyId")
    premiums = _by(root.list("Premiums"), "PolicyId")
    officer = info.value("OfficerId")
    read = tuple(_family(node, insurees, policies, premiums, officer) for node in families)
    return EnrolmentFile(officer, read)


def _by(nodes: Iterable[Node], name: str) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        found[node.value(name)].append(node)
    return found


def _family(
    node: Node,
    insurees: dict[str, list[Node]],
    policies: dict[str, list[Node]],
    premiums: dict[str, list[Node]],
    officer: str,
) -> FiledFamily:
    key = node.value("FamilyId")[:50]
    try:
        return FiledFamily(
            key=key,
            village_code=_text(node, "LocationCode", 64) or _text(node, "LocationId", 64),
            address=_text(node, "FamilyAddress", 200),
            family_type=_text(node, "FamilyType", 20),
            poverty=node.value("Poverty").casefold() in _TRUE,
            confirmation_type=_text(node, "ConfirmationType", 20),
            confirmation_number=_text(node, "ConfirmationNo", 50),
            ethnicity=_text(node, "Ethnicity", 50),
            insurees=tuple(_insuree(each) for each in insurees.get(key, ())),
            policies=tuple(_policy(each, premiums, officer) for each in policies.get(key, ())),
        )
    except Unreadable as problem:
        return FiledFamily(key=key, problem=str(problem))


def _insuree(node: Node) -> FiledInsuree:
    head = node.value("isHead").casefold() in _TRUE
    code = node.value("Relationship")
    if code and not head and code not in _RELATIONSHIPS:
        raise Unreadable("Relationship")
    return FiledInsuree(
        key=_text(node, "InsureeId", 50),
        number=_text(node, "CHFID", 50),
        family_name=_text(node, "LastName", 100),
        given_name=_text(node, "OtherNames", 100),
        born=_day(node, "DOB"),
        sex=_text(node, "Gender", 1).upper(),
        is_head=head,
        relationship=None if head else _RELATIONSHIPS.get(code),
        marital_status=_text(node, "Marital", 20),
        profession=_text(node, "Profession", 20),
        education=_text(node, "Education", 20),
        phone=_text(node, "Phone", 30),
        identifier=_text(node, "passport", 50) or _text(node, "IdentificationNumber", 50),
        identifier_type=_text(node, "TypeOfId", 32),
        facility_code=_text(node, "HFCode", 20),
    )


def _policy(node: Node, premiums: dict[str, list[Node]], officer: str) -> FiledPolicy:
    return FiledPolicy(
        product_code=_text(node, "ProductCode", 8) or _text(node, "ProdId", 8),
        enrol_date=_day(node, "EnrollDate"),
        officer_code=_text(node, "OfficerCode", 20) or _text(node, "OfficerId", 20) or officer,
        premiums=tuple(_premium(each) for each in premiums.get(node.value("PolicyId"), ())),
    )


def _premium(node: Node) -> FiledPremium:
    kind = node.value("PayType") or PayType.CASH.value
    if kind not in set(PayType):
        raise Unreadable("PayType")
    return FiledPremium(
        amount=_amount(node, "Amount"),
        receipt=_text(node, "Receipt", 50),
        pay_date=_day(node, "PayDate"),
        pay_type=PayType(kind),
        payer_id=_text(node, "PayerId", 36),
        is_photo_fee=node.value("isPhotoFee").casefold() in _TRUE,
    )


def _text(node: Node, name: str, most: int) -> str:
    value = node.value(name)
    if len(value) > most:
        raise Unreadable(name)
    return value


def _day(node: Node, name: str) -> date:
    try:
        return date.fromisoformat(node.value(name)[:10])
    except ValueError:
        raise Unreadable(name) from None


def _amount(node: Node, name: str) -> Decimal:
    try:
        amount = Decimal(node.value(name))
    except InvalidOperation:
        raise Unreadable(name) from None
    if not amount.is_finite() or abs(amount.adjusted()) > 18:  # noqa: PLR2004 - digits of 64 bits
        raise Unreadable(name)
    return amount
