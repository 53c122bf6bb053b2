"""The REST doors of insurance over HTTP: who may enter, what is refused, and what comes back."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.attacks.conftest import sign_in
from tests.attacks.tables_filled import World
from tests.core.http.conftest import HEADERS
from tests.modules.msingi_insurance.money_fixtures import VALUE, Till, till_of
from tests.modules.msingi_insurance.payment_fixtures import SECRET

from msingi.auth.models import User
from msingi.http import create_app
from msingi.testing import AsUser, MakePlatform
from msingi_insurance.services.notices import SIGNATURE_HEADER, sign_notice

ROOT = "/api/insurance"
JPEG = b"\xff\xd8\xff\xe0 a face"
Enter = Callable[..., "Door"]


@dataclass(frozen=True)
class Door:
    """A user of the REST doors."""

    client: TestClient
    token: str

    def send(self, path: str, content: bytes, **headers: str) -> Any:
        """What a POST is answered with."""
        return self.client.post(f"{ROOT}{path}", content=content, headers=self._headers(headers))

    def fetch(self, path: str) -> Any:
        """What a GET is answered with."""
        return self.client.get(f"{ROOT}{path}", headers=self._headers({}))

    def _headers(self, others: dict[str, str]) -> dict[str, str]:
        return {**HEADERS, "authorization": f"Bearer {self.token}", **others}


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    payments = {"gateways": {"G": {"notice_secret": SECRET}}, "default_gateway": "G"}
    return till_of(make_platform, as_user, payments=payments)


@pytest.fixture
def enter(till: Till) -> Iterator[Enter]:
    platform = till.scheme.platform
    world = World(platform, till.scheme.places)
    with TestClient(create_app(platform), base_url="http://localhost") as client:

        def make(name: str, *permissions: str, at: str = "CM") -> Door:
            rights = {f"insurance.{permission}" for permission in permissions}
            return Door(client, sign_in(platform, client, world, name, rights, at))

        yield make


@pytest.mark.rule("X-01")
def test_a_refusal_at_a_door_is_in_the_language_of_the_account(till: Till, enter: Enter) -> None:
    clerk = enter("clerk", "exchange_enrolments")
    with till.scheme.platform.work() as work:
        work.session.scalars(select(User).where(User.username == "clerk")).one().language = "fr"

    reply = clerk.send("/enrolments", b"<a/>", **{"accept-language": ""})

    assert reply.json()["errors"][0]["message"] == (
        "Le fichier est illisible : sa racine n'est pas Enrolment avec FileInfo."
    )


def code_of(reply: Any) -> str:
    return str(reply.json()["errors"][0]["extensions"]["code"])


@pytest.mark.rule("INS-4", "attack 15", "attack 73")
def test_photos_are_pictures_of_visible_people(till: Till, enter: Enter) -> None:
    insuree = till.scheme.enrol().insurees[0]
    clerk = enter("clerk", "edit_insurees", "read_photos")
    stranger = enter("stranger", "edit_insurees", "read_photos", at="D2")
    path = f"/photos/{insuree.id}"

    kept = clerk.send(path, JPEG)
    shown = clerk.fetch(path)

    assert (kept.status_code, kept.json()["mediaType"]) == (200, "image/jpeg")
    assert (shown.status_code, shown.content) == (200, JPEG)
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert code_of(clerk.send(path, b"GIF89a<script>")) == "insurance.photo_refused"
    assert code_of(clerk.send(f"{path}?takenOn=2099-01-01", JPEG)) == "insurance.photo_date_invalid"
    assert code_of(clerk.send("/photos/nobody", JPEG)) == "core.not_found"
    assert {code_of(stranger.fetch(path)), code_of(stranger.send(path, JPEG))} == {"core.not_found"}
    assert code_of(enter("reader", "read_insurees").fetch(path)) == "core.forbidden"


@pytest.mark.rule("attack 77", "PAY-8")
def test_a_forged_notice_brings_no_money(till: Till, enter: Enter) -> None:
    gateway = enter("gateway", "notify_payments")
    said = {"transaction": "T1", "amount": VALUE, "currency": "XAF", "paid_on": "2026-03-02"}
    body = json.dumps(said).encode()
    forged = {SIGNATURE_HEADER: sign_notice("a guess", body)}
    genuine = {SIGNATURE_HEADER: sign_notice(SECRET, body)}

    assert code_of(gateway.send("/payment-notices/G", body)) == "insurance.notice_not_genuine"
    assert code_of(gateway.send("/payment-notices/G", body, **forged)) == "insurance.notice_not_genuine"
    assert till.balances() == {}
    first, again = (gateway.send("/payment-notices/G", body, **genuine).json() for _ in range(2))
    assert first == again
    assert till.balances() == {"1430": VALUE, "2960": VALUE}
    assert code_of(enter("clerk", "collect_contributions").send("/payment-notices/G", body, **genuine)) == (
        "core.forbidden"
    )


@pytest.mark.rule("attack 64", "attack 67", "attack 69", "CLM-F3")
def test_unsafe_packages_are_refused_at_the_door(till: Till, enter: Enter) -> None:
    clerk = enter("clerk", "exchange_enrolments")
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><Enrolment><FileInfo/>&b;</Enrolment>'
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr(
            "../../etc/one.xml", "<Enrolment><FileInfo><OfficerId>E1</OfficerId></FileInfo></Enrolment>"
        )
        archive.writestr("../../etc/123_E1_20260301.jpg", JPEG)

    kept = clerk.send("/enrolments?dryRun=1", outside.getvalue())

    assert code_of(clerk.send("/enrolments", bomb)) == "tabular.forbidden_declaration"
    assert code_of(clerk.send("/enrolments", b"PK\x03\x04 no archive")) == "insurance.file_refused"
    assert (kept.status_code, kept.json()["families"]) == (200, 0)
    assert code_of(enter("reader", "read_insurees").send("/enrolments", bomb)) == "core.forbidden"


@pytest.mark.rule("PG-5", "POL-9", "CLM-F4", "CLM-F5", "attack 21")
def test_statements_renewals_and_master_data_have_their_doors(till: Till, enter: Enter) -> None:
    accountant = enter("accountant", "reconcile_payments")
    officer = enter("officer", "answer_renewals", "download_registers", at="D1")
    lines = b"transaction,amount,day\nT1,100,2026-03-02\n"
    renewal = (
        b"<Policy><RenewalId>01a200d3-7dbf-7358-af82-eba6322f578d</RenewalId><Date>2026-03-02</Date></Policy>"
    )

    statement = accountant.send("/statements/G/2026-03-02", lines)
    answers = officer.send("/renewals", renewal).json()["results"]
    data = officer.fetch("/master-data/E1").json()
    same = officer.fetch(f"/master-data/E1?version={data['version']}").json()

    assert (statement.json()["listed"], statement.json()["missing"]) == (1, 1)
    assert code_of(accountant.send("/statements/G/today", lines)) == "insurance.statement_unreadable"
    assert [(one["result"], one["reason"]) for one in answers] == [(-5, "core.not_found")]
    assert (data["officer"], same["unchanged"]) == ("E1", True)
    assert code_of(officer.fetch("/master-data/E2")) == "core.not_found"
    assert code_of(officer.send("/statements/G/2026-03-02", lines)) == "core.forbidden"
