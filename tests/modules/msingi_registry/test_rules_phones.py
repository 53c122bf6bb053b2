"""Phone numbers get one international form, or are refused."""

import pytest

from msingi_registry.rules.phones import can_receive_sms, normalise_phone
from msingi_registry.rules.refusals import Refusal


@pytest.mark.rule("ID-4", "attack 60")
@pytest.mark.parametrize(
    ("typed", "region", "phone"),
    [
        ("677 12 34 56", "CM", "+237677123456"),
        ("00237 677-12-34-56", "CM", "+237677123456"),
        ("+237 677 123 456", "BI", "+237677123456"),
        ("٦٧٧١٢٣٤٥٦", "CM", "+237677123456"),
        ("79 12 34 56", "BI", "+25779123456"),
        ("0550 12 34 56", "DZ", "+213550123456"),
        ("70.01.23.45", "CF", "+23670012345"),
        ("0712\u00a0345\u00a0678", "TZ", "+255712345678"),
    ],
)
def test_a_number_is_read_as_dialled_in_its_country(typed: str, region: str, phone: str) -> None:
    assert normalise_phone(typed, region) == phone
    assert normalise_phone(phone, "FR") == phone


@pytest.mark.rule("ID-4")
@pytest.mark.parametrize(
    "typed",
    [
        "",
        "77 12 34 56",
        "677 12 34 5",
        "677123456 ext 5",
        "677123456 / 699123456",
        "1-800-FLOWERS",
        "+",
        "+999123456789",
        "677\x00123456",
        "6" * 10_000,
    ],
)
def test_an_unclear_number_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        normalise_phone(typed, "CM")

    assert (refused.value.code, refused.value.params) == ("registry.phone_invalid", {"region": "CM"})


@pytest.mark.rule("ID-4")
def test_a_landline_receives_no_sms() -> None:
    assert can_receive_sms("+237677123456")
    assert not can_receive_sms(normalise_phone("222 22 12 34", "CM"))
