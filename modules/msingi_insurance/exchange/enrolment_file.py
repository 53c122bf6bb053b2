"""Reads the enrolment file of devices: FileInfo, Families, Insurees, Policies, Premiums, InsureePolicies (CLM-F3)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from msingi.sayings import Saying
from msingi.tabular import read_xml_tree
from msingi_insurance.exchange.elements import Element, Unreadable, told
from msingi_insurance.exchange.enrolment_records import (
    EnrolmentCode,
    EnrolmentFile,
    FiledFamily,
    FiledInsuree,
    FiledPolicy,
    FiledPremium,
)
from msingi_insurance.exchange.repeated import with_repetitions
from msingi_insurance.payment_errors import FileRefused
from msingi_insurance.rules.states import RELATIONSHIP_CODES, PayType, Relationship

MOST_FAMILIES: Final = 2_000
_RELATIONSHIPS: Final[Mapping[str, Relationship]] = {
    code: relationship for relationship, code in RELATIONSHIP_CODES.items()
}
_FAMILY, _POLICY = "FamilyId", "PolicyId"
_Records = Mapping[str, Sequence[Element]]
"""Records by the key of what they belong to."""


@dataclass(frozen=True, slots=True)
class _Sections:
    """The records of a file by what they belong to, and how often each key of a family and a policy is given."""

    officer: str
    insurees: _Records
    policies: _Records
    premiums: _Records
    attached: _Records
    families: Counter[str]
    policy_keys: Counter[str]


def read_enrolment_file(content: bytes) -> EnrolmentFile:
    """The families of a file; one that cannot be read does not stop the others.

    Raises:
        FileRefused: it is no enrolment file, or holds too many families.
        TabularError: it is unsafe or no XML.

    """
    root = read_xml_tree(content)
    whole = Element(root)
    head = whole.part("FileInfo")
    if root.name.casefold() != "enrolment" or head is None:
        raise FileRefused(why=Saying("its root is not Enrolment with FileInfo"))
    officer = head.value("OfficerId")
    families = whole.records("Families")
    if len(families) > MOST_FAMILIES:
        raise FileRefused(why=Saying("it has more than {most} families", {"most": MOST_FAMILIES}))
    sections = _sections(whole, families, officer)
    strays = tuple(_strays(sections))
    if len(strays) > MOST_FAMILIES:
        most = {"most": MOST_FAMILIES}
        raise FileRefused(
            why=Saying("it has records of more than {most} families that it does not hold", most)
        )
    read = (*with_repetitions([_family(each, sections) for each in families]), *strays)
    return EnrolmentFile(officer, read, told([*whole.left(), *head.left()]))


def _sections(whole: Element, families: Sequence[Element], officer: str) -> _Sections:
    policies = whole.records("Policies")
    return _Sections(
        officer=officer,
        insurees=_by(whole.records("Insurees"), _FAMILY),
        policies=_by(policies, _FAMILY),
        premiums=_by(whole.records("Premiums"), _POLICY),
        attached=_by(whole.records("InsureePolicies"), _POLICY),
        families=Counter(each.value(_FAMILY) for each in families),
        policy_keys=Counter(each.value(_POLICY) for each in policies),
    )


def _by(records: Iterable[Element], name: str) -> _Records:
    found: dict[str, list[Element]] = defaultdict(list)
    for record in records:
        found[record.value(name)].append(record)
    return found


def _strays(sections: _Sections) -> Iterator[FiledFamily]:
    """Records of families and policies that the file does not hold, answered by themselves."""
    code = EnrolmentCode
    for name, records, refused in (
        ("Insuree", sections.insurees, code.INSUREE),
        ("Policy", sections.policies, code.POLICY),
    ):
        for key in sorted(records.keys() - (sections.families.keys() - {""})):
            yield FiledFamily(key[:50], problem=f"{name}/{_FAMILY}", code=refused, is_stray=True)
    for name, records, refused in (
        ("Premium", sections.premiums, code.CONTRIBUTION),
        ("InsureePolicy", sections.attached, code.POLICY),
    ):
        if records.keys() - (sections.policy_keys.keys() - {""}):
            yield FiledFamily("", problem=f"{name}/{_POLICY}", code=refused, is_stray=True)


def _family(family: Element, sections: _Sections) -> FiledFamily:
    key = family.value(_FAMILY)
    try:
        return _readable(family, sections, key)
    except Unreadable as problem:
        return FiledFamily(key=key[:50], problem=str(problem))


def _readable(family: Element, sections: _Sections, key: str) -> FiledFamily:
    if not key or sections.families[key] > 1:
        raise Unreadable(_FAMILY)
    insurees, policies = sections.insurees.get(key, ()), sections.policies.get(key, ())
    paid = [each for policy in policies for each in _of(policy, sections.premiums)]
    attached = [each for policy in policies for each in _of(policy, sections.attached)]
    read = FiledFamily(
        key=key[:50],
        village_code=family.first_text("LocationCode", "LocationId", most=64),
        address=family.text("FamilyAddress", 200),
        family_type=family.text("FamilyType", 20),
        poverty=family.flag("Poverty"),
        confirmation_type=family.text("ConfirmationType", 20),
        confirmation_number=family.text("ConfirmationNo", 50),
        ethnicity=family.text("Ethnicity", 50),
        insurees=tuple(_insuree(each) for each in insurees),
        policies=tuple(_policy(each, sections) for each in policies),
    )
    left = [name for each in (family, *insurees, *policies, *paid, *attached) for name in each.left()]
    return replace(read, not_kept=told(left))


def _insuree(insuree: Element) -> FiledInsuree:
    head = insuree.flag("isHead")
    code = insuree.value("Relationship")
    if code and not head and code not in _RELATIONSHIPS:
        raise Unreadable("Relationship")
    facility_code = insuree.text("HFCode", 20)
    identifier_type = insuree.text("TypeOfId", 32)
    return FiledInsuree(
        key=insuree.text("InsureeId", 50),
        number=insuree.text("CHFID", 50),
        family_name=insuree.text("LastName", 100),
        given_name=insuree.text("OtherNames", 100),
        born=insuree.day("DOB"),
        sex=insuree.text("Gender", 1).upper(),
        is_head=head,
        relationship=None if head else _RELATIONSHIPS.get(code),
        marital_status=insuree.text("Marital", 20),
        profession=insuree.text("Profession", 20),
        education=insuree.text("Education", 20),
        phone=insuree.text("Phone", 30),
        residence=insuree.text("CurrentAddress", 200),
        # A number whose type nobody gave is not asked for, and so is told.
        identifier=insuree.first_text("passport", "IdentificationNumber", most=50) if identifier_type else "",
        identifier_type=identifier_type,
        facility_code=facility_code,
        facility_id=None if facility_code else insuree.id("HFID"),
    )


def _policy(policy: Element, sections: _Sections) -> FiledPolicy:
    if policy.value(_POLICY) and sections.policy_keys[policy.value(_POLICY)] > 1:
        raise Unreadable(_POLICY)
    return FiledPolicy(
        product_code=policy.first_text("ProductCode", "ProdId", most=8),
        enrol_date=policy.day("EnrollDate"),
        officer_code=policy.first_text("OfficerCode", "OfficerId", most=20) or sections.officer,
        premiums=tuple(_premium(each) for each in _of(policy, sections.premiums)),
        insurees=tuple(each.text("InsureeId", 50) for each in _of(policy, sections.attached)),
    )


def _of(policy: Element, records: _Records) -> Sequence[Element]:
    key = policy.value(_POLICY)
    return records.get(key, ()) if key else ()


def _premium(premium: Element) -> FiledPremium:
    kind = premium.value("PayType") or PayType.CASH.value
    if kind not in set(PayType):
        raise Unreadable("PayType")
    return FiledPremium(
        amount=premium.amount("Amount"),
        receipt=premium.text("Receipt", 50),
        pay_date=premium.day("PayDate"),
        pay_type=PayType(kind),
        payer_id=premium.text("PayerId", 36),
        is_photo_fee=premium.flag("isPhotoFee"),
    )
