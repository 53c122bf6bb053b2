"""A refusal names a state in words of the reader's language; the code of the state stays for machines."""

from enum import StrEnum

import pytest
from tests.core.test_type_names import TEXTS

from msingi.auth.models import UserStatus
from msingi.graphql.answers import describe_refusal
from msingi.kernel.models import JobState
from msingi_claims.errors import WrongStatus
from msingi_claims.rules import bills
from msingi_claims.rules.codes import ClaimStatus
from msingi_insurance.rules.contract import ContractState
from msingi_insurance.rules.payments import PaymentState
from msingi_insurance.rules.references import ReferenceState
from msingi_insurance.rules.states import PolicyStatus

STATES: list[type[StrEnum]] = [UserStatus, JobState, ClaimStatus, bills.FacilityPaymentState]
STATES += [ContractState, PaymentState, ReferenceState, PolicyStatus]


@pytest.mark.rule("X-01")
def test_states_are_told_in_french_and_stay_as_they_are_for_machines() -> None:
    refusal = WrongStatus(status="rejected", allowed="checked, not_selected")

    described = describe_refusal(refusal, TEXTS, "fr")

    assert described["message"] == (
        "La demande est dans l'état rejeté. Cette étape est possible pour : contrôlé, non retenu."
    )
    assert described["extensions"]["params"] == {"status": "rejected", "allowed": "checked, not_selected"}
    assert str(refusal) == "The claim is rejected. This step is possible for: checked, not selected."


@pytest.mark.parametrize("states", STATES, ids=lambda states: states.__name__)
def test_every_state_has_a_french_word(states: type[StrEnum]) -> None:
    words = [state.value.replace("_", " ") for state in states]

    assert [word for word in words if TEXTS.get(word, "fr") == word] == []
