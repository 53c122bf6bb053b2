"""Enrolment files as devices write them."""

import io
import zipfile

from tests.modules.msingi_insurance.money_fixtures import VALUE

SECTIONS = ("Families", "Insurees", "Policies", "Premiums", "InsureePolicies")


def family(
    key: str,
    *,
    village: str = "V1",
    number: str = "",
    receipt: str = "",
    head: str = "1",
    product: str = "CHF",
) -> str:
    """A mother and her son with a policy that is paid, as a device writes them."""
    name = "".join(chr(97 + int(digit)) for digit in f"{int(key) * 7919 % 100000:05}")
    return f"""<Families><Family><FamilyId>{key}</FamilyId><LocationCode>{village}</LocationCode></Family></Families>
<Insurees>
 <Insuree><InsureeId>{key}1</InsureeId><FamilyId>{key}</FamilyId><CHFID>{number}</CHFID><LastName>Ba{name}</LastName>
  <OtherNames>Mo{name}</OtherNames><DOB>19{50 + int(key) % 40}-0{1 + int(key) % 9}-11</DOB><Gender>F</Gender><isHead>{head}</isHead></Insuree>
 <Insuree><InsureeId>{key}2</InsureeId><FamilyId>{key}</FamilyId><LastName>Ba{name}</LastName>
  <OtherNames>Ki{name}</OtherNames><DOB>2016-0{1 + int(key) % 9}-05</DOB><Gender>M</Gender><isHead>0</isHead><Relationship>4</Relationship></Insuree>
</Insurees>
<Policies><Policy><PolicyId>{key}</PolicyId><FamilyId>{key}</FamilyId><ProductCode>{product}</ProductCode><EnrollDate>2026-03-01</EnrollDate></Policy></Policies>
<Premiums><Premium><PolicyId>{key}</PolicyId><Amount>{VALUE}</Amount><Receipt>{receipt}</Receipt><PayDate>2026-03-02</PayDate><PayType>C</PayType></Premium></Premiums>"""


def document(*families: str, officer: str = "E1") -> bytes:
    """One file of several families: the sections of each are put together."""
    sections = dict.fromkeys(SECTIONS, "")
    for text in families:
        for name in sections:
            for part in text.split(f"<{name}>")[1:]:
                sections[name] += part.partition(f"</{name}>")[0]
    body = "".join(f"<{name}>{text}</{name}>" for name, text in sections.items())
    info = f"<FileInfo><UserId>1</UserId><OfficerId>{officer}</OfficerId></FileInfo>"
    return f"<Enrolment>{info}{body}</Enrolment>".encode()


def attached(*pairs: tuple[str, str]) -> str:
    """Insurees attached to policies, by the keys of both."""
    rows = "".join(
        f"<InsureePolicy><InsureeId>{insuree}</InsureeId><PolicyId>{policy}</PolicyId></InsureePolicy>"
        for insuree, policy in pairs
    )
    return f"<InsureePolicies>{rows}</InsureePolicies>"


def archive(parts: dict[str, bytes]) -> bytes:
    """A package of these files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return held.getvalue()
