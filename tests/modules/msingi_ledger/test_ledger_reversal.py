"""A transaction is never edited: it is taken back once, by another person, as a transaction of its own."""

from typing import Any
from uuid import UUID

import pytest
from tests.modules.msingi_ledger.ledger_fixtures import Desk

from msingi.errors import DomainError
from msingi.platform import Platform
from msingi.rbac.errors import SamePerson
from msingi.testing import AsUser
from msingi_ledger import Transaction, balance_of, post, reverse, verify
from msingi_ledger.errors import AlreadyReversed, InsufficientFunds, ReversalOfReversal
from msingi_ledger.plugin import READ, REVERSE

REVERSE_IT = """mutation($id: UUID!) {
  reverseTransaction(id: $id, reason: "wrong_wallet") { template reversesId description } }"""


def _balances(platform: Platform, desk: Desk) -> tuple[int, int, int]:
    with platform.work(writes=False) as work:
        bank, wallet, fees = (balance_of(work, each).minor for each in (desk.bank, desk.wallet, desk.fees))
    return bank, wallet, fees


@pytest.mark.rule("attack 88")
def test_a_reversal_turns_every_line_round_once(platform: Platform, desk: Desk) -> None:
    gift = desk.posting("purse.gift", "g", (desk.bank, desk.wallet, 500), (desk.fees, desk.bank, 15))
    with platform.work() as work:
        posted = post(work, gift)
    with platform.work() as work:
        back = reverse(work, posted.transaction_id, reason="wrong_wallet")

    assert _balances(platform, desk) == (1000, 1000, 0)
    for transaction_id, refusal in (
        (posted.transaction_id, AlreadyReversed),
        (back.transaction_id, ReversalOfReversal),
    ):
        _refused(platform, transaction_id, refusal)
    with platform.work(writes=False) as work:
        row = work.get(Transaction, back.transaction_id)
        assert (row.reverses_id, row.description) == (posted.transaction_id, "wrong_wallet")
        assert verify(work).balanced


def _refused(platform: Platform, transaction_id: UUID, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal), platform.work() as work:
        reverse(work, transaction_id, reason="again")


@pytest.mark.rule("IN-2", "attack 88")
def test_spent_money_cannot_be_taken_back(platform: Platform, desk: Desk) -> None:
    with platform.work() as work:
        posted = post(work, desk.gift("g", 500))
        post(work, desk.bill("b", 1200))

    _refused(platform, posted.transaction_id, InsufficientFunds)
    assert _balances(platform, desk) == (1500, 300, 0)


@pytest.mark.rule("attack 24")
def test_nobody_takes_back_what_he_posted_himself(
    platform: Platform, desk: Desk, as_user: AsUser, run: Any
) -> None:
    author, other = (as_user(REVERSE, READ, at=desk.place) for _ in range(2))
    with platform.work(author) as work:
        posted = post(work, desk.gift("g", 500))
    wish = {"id": str(posted.transaction_id)}

    refused = run(REVERSE_IT, wish, actor=author)
    assert refused["errors"][0]["extensions"]["code"] == SamePerson.code
    assert _balances(platform, desk) == (1500, 1500, 0)
    assert "errors" in run(REVERSE_IT, wish, actor=as_user(READ, at=desk.place))

    answer = run(REVERSE_IT, wish, actor=other)
    assert answer["data"]["reverseTransaction"] == {
        "template": "ledger.reversal",
        "reversesId": str(posted.transaction_id),
        "description": "wrong_wallet",
    }
    assert _balances(platform, desk) == (1000, 1000, 0)
