"""Claims as files and systems send them, and what is answered."""

from typing import Any
from uuid import UUID

import orjson
from tests.modules.msingi_claims.claims_fixtures import Scheme

from msingi.http.rest import RestRequest
from msingi_claims.plugin import LOAD_CLAIMS
from msingi_claims.routes import take_json, take_xml
from msingi_insurance import Insuree
from msingi_registry import Facility

SENT_XML = """<Claim><Details><ClaimDate>20/02/2026</ClaimDate><HFCode>{facility}</HFCode><ClaimAdmin></ClaimAdmin>
<ClaimCode>{code}</ClaimCode><GuaranteeNo/><CHFID>{number}</CHFID><StartDate>{start}</StartDate>
<EndDate>15/02/2026</EndDate><ICDCode>{diagnosis}</ICDCode><ICDCode1>B00</ICDCode1><Comment/><Total>{total}</Total>
<VisitType>{visit}</VisitType></Details><Items><Item><ItemCode>{item}</ItemCode><ItemPrice>100</ItemPrice>
<ItemQuantity>{quantity}</ItemQuantity></Item></Items><Services><Service><ServiceCode>{service}</ServiceCode>
<ServicePrice>{price}</ServicePrice><ServiceQuantity>1</ServiceQuantity></Service></Services></Claim>"""


def codes_of(scheme: Scheme, insuree: UUID) -> dict[str, str]:
    """The code of the hospital and the number of an insuree."""
    facility = scheme.act(lambda work: work.get(Facility, scheme.hospital).code)
    number = scheme.act(lambda work: work.get(Insuree, insuree).number)
    return {"facility": facility, "number": number}


def record_of(scheme: Scheme, insuree: UUID, **fields: Any) -> dict[str, Any]:
    """A claim of two lines as JSON: one passes, one is for males only."""
    codes = codes_of(scheme, insuree)
    return {
        "code": "J1",
        "facility": codes["facility"],
        "insurance_number": codes["number"],
        "diagnosis": "A00",
        "date_from": "2026-02-10",
        "lines": [
            {"kind": "service", "code": "SV1", "quantity": "1", "price": "100"},
            {"kind": "service", "code": "MALE", "quantity": "1", "price": "100"},
        ],
    } | fields


def xml_of(scheme: Scheme, insuree: UUID, **values: str) -> str:
    """A claim of 300 as XML: two items and a service."""
    usual = {"code": "X", "start": "10/02/2026", "diagnosis": "A00", "item": "IT1", "service": "SV1"}
    usual |= {"price": "100", "total": "300", "visit": "E", "quantity": "2"}
    return SENT_XML.format(**(codes_of(scheme, insuree) | usual | values))


def send(scheme: Scheme, content: Any, *, key: str | None = None, xml: bool = False) -> Any:
    """What the door answers to the clerk of the hospital."""
    headers = {} if key is None else {"idempotency-key": key}
    body = content.encode() if xml else orjson.dumps(content)
    request = RestRequest(path={}, query={}, body=body, headers=headers)
    door = take_xml if xml else take_json
    return scheme.as_actor(scheme.clerk, LOAD_CLAIMS, lambda work: door(work, request))
