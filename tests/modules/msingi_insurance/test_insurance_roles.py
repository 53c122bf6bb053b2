"""Who may do what in insurance: the presets of the roles, and the duties that nobody holds together."""

import pytest

from msingi.rbac.presets import PRESETS

HELD = {preset.name: set(preset.permissions) for preset in PRESETS if not preset.every_module}
FAMILIES = {"insurance.read_insurees", "insurance.edit_insurees", "insurance.delete_insurees"}
POLICIES = {
    *("insurance.read_policies", "insurance.enrol_policies"),
    *("insurance.delete_policies", "insurance.suspend_policies"),
}
CONTRIBUTIONS = {
    *("insurance.read_contributions", "insurance.collect_contributions", "insurance.return_contributions"),
}


def claims_of(role: str) -> set[str]:
    return {permission for permission in HELD[role] if permission.startswith("claims.")}


@pytest.mark.rule("TZA-14")
@pytest.mark.parametrize("role", ["enrolment_officer", "clerk"])
def test_officers_and_clerks_work_on_families_policies_and_contributions(role: str) -> None:
    assert HELD[role] >= FAMILIES | POLICIES | CONTRIBUTIONS
    assert HELD[role].isdisjoint({"insurance.enforce_policies", "insurance.confirm_policies"})


@pytest.mark.rule("TZA-14")
def test_only_officers_read_claims_and_ask_patients() -> None:
    assert claims_of("enrolment_officer") == {"claims.read", "claims.deliver_feedback"}
    assert claims_of("clerk") == claims_of("receptionist") == set()


@pytest.mark.rule("attack 24")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("insurance.collect_contributions", "insurance.edit_payers"),
        ("insurance.collect_contributions", "insurance.approve_returns"),
        ("insurance.return_contributions", "insurance.approve_returns"),
        ("insurance.count_cash", "insurance.confirm_cash"),
        ("insurance.reconcile_payments", "insurance.approve_statements"),
        ("insurance.record_fundings", "insurance.decide_fundings"),
        ("insurance.edit_contracts", "insurance.approve_contracts"),
        ("claims.run_batches", "claims.review"),
        ("claims.enter", "claims.review"),
    ],
)
def test_no_role_holds_two_duties_that_watch_each_other(one: str, other: str) -> None:
    held = [role for role, permissions in HELD.items() if {one, other} <= permissions]

    assert any(one in permissions for permissions in HELD.values())
    assert any(other in permissions for permissions in HELD.values())
    assert held == []
