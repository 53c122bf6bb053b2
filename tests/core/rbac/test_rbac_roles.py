"""Role presets, the profile's roles, and their synchronisation into the tables."""

from typing import Any

import pytest
from sqlalchemy import select

from msingi.checks import remarks_on
from msingi.errors import ConfigurationError
from msingi.platform import Platform
from msingi.plugin import Plugin
from msingi.rbac.errors import UnknownRole
from msingi.rbac.models import Policy, PolicyVersion, Role
from msingi.rbac.presets import PRESETS, define_roles
from msingi.rbac.roles import RoleChanges, permissions_of, role_named, sync_roles
from msingi.testing import MakePlatform

FIELD_ROLES = {
    *("enrolment_officer", "clerk", "receptionist", "accountant", "manager", "medical_officer"),
    *("claim_administrator", "claim_contributor", "scheme_administrator", "system_administrator"),
    *("facility_administrator", "offline_administrator"),
}
OTHER_ROLES = {
    *("doctor", "nurse", "pharmacist", "facility_manager", "district_officer", "region_officer"),
    *("national_officer", "policy_holder_agent", "auditor", "super_administrator"),
}


def test_every_country_gets_the_field_roles_with_labels_in_both_languages() -> None:
    assert {preset.name for preset in PRESETS} == FIELD_ROLES | OTHER_ROLES
    assert all(preset.french and preset.english for preset in PRESETS)


def test_every_permission_of_a_preset_is_declared_by_its_core_plugin(platform: Platform) -> None:
    core = {plugin.name for plugin in platform.plugins}
    named = {name for preset in PRESETS for name in preset.permissions if name.partition(".")[0] in core}

    assert named - platform.permissions.keys() == set()


def test_names_of_modules_that_are_off_are_left_out() -> None:
    roles = define_roles({"registry.read_persons"}, ["registry"], {})

    assert roles["doctor"].permissions == {"registry.read_persons"}


@pytest.mark.rule("CH-49")
def test_who_administers_everything_reads_no_clinical_record(make_platform: MakePlatform) -> None:
    diary: Plugin[Any] = Plugin("diary", clinical=True)
    diary.permission("read", "Read diaries of patients")
    garden: Plugin[Any] = Plugin("garden")
    garden.permission("read", "See the garden")
    platform = make_platform(diary, garden, roles={"therapist": ["diary.read"]})

    with platform.work() as work:
        sync_roles(work)
        ids = {name: role_named(work, name).id for name in ("super_administrator", "therapist")}
        held = permissions_of(work, ids.values())

    assert "garden.read" in held[ids["super_administrator"]]
    assert "diary.read" not in held[ids["super_administrator"]]
    assert "diary.read" in held[ids["therapist"]]


@pytest.mark.rule("attack 26")
def test_a_star_in_the_profile_is_a_name_like_any_other() -> None:
    roles = define_roles({"audit.read"}, ["audit"], {"visitor": ["billing.*"], "clerk": ["audit.read"]})

    assert roles["visitor"].permissions == frozenset()
    assert roles["clerk"].permissions == {"audit.read"}
    with pytest.raises(
        ConfigurationError, match=r"roles\.visitor: the module audit declares no permission “audit\.\*”"
    ):
        define_roles({"audit.read"}, ["audit"], {"visitor": ["audit.*"]})


def test_a_permission_of_a_module_that_nobody_installed_is_remarked(make_platform: MakePlatform) -> None:
    platform = make_platform(roles={"visitor": ["rbac.read", "immunization.record", "billing.*"]})

    told = [str(remark) for remark in remarks_on(platform)]
    french = [platform.texts.tell(remark, "fr") for remark in remarks_on(platform)]

    assert any("no installed module declares billing.*, immunization.record;" in remark for remark in told)
    assert any("aucun module installé ne déclare billing.*" in remark for remark in french)


def test_a_second_synchronisation_changes_nothing(platform: Platform) -> None:
    with platform.work() as work:
        first = sync_roles(work)
        number = work.session.scalar(select(PolicyVersion.number))
        second = sync_roles(work)

        assert first.roles == len(PRESETS)
        assert first.added == len(work.session.scalars(select(Policy.id)).all())
        assert second == RoleChanges(roles=len(PRESETS), added=0, removed=0)
        assert work.session.scalar(select(PolicyVersion.number)) == number == 1


def test_roles_follow_the_profile_and_retire_with_it(make_platform: MakePlatform) -> None:
    with make_platform(roles={"visitor": ["rbac.read"], "nurse": ["rbac.read"]}).work() as work:
        sync_roles(work)
        visitor, nurse = role_named(work, "visitor"), role_named(work, "nurse")

        assert permissions_of(work, [visitor.id]) == {visitor.id: ["rbac.read"]}
        assert permissions_of(work, [nurse.id]) == {nurse.id: ["rbac.read"]}
        assert (visitor.preset, nurse.preset) == (False, True)

    with make_platform().work() as work:
        assert sync_roles(work).removed == 2
        assert permissions_of(work, [visitor.id, nurse.id]) == {visitor.id: [], nurse.id: []}
        assert work.get(Role, visitor.id).retired
        with pytest.raises(UnknownRole):
            role_named(work, "visitor")

    with make_platform(roles={"visitor": ["rbac.read"]}).work() as work:
        assert sync_roles(work) == RoleChanges(roles=len(PRESETS) + 1, added=1, removed=0)
        assert not work.get(Role, visitor.id).retired


@pytest.mark.rule("attack 27")
def test_a_disabled_module_takes_its_permissions_out_of_the_roles(make_platform: MakePlatform) -> None:
    extra = Plugin("extra")
    extra.permission("read", "Read extras")
    with make_platform(extra, roles={"nurse": ["extra.read"]}).work() as work:
        sync_roles(work)
        nurse = role_named(work, "nurse")
        assert permissions_of(work, [nurse.id])[nurse.id] == ["extra.read"]

    with make_platform(roles={"nurse": ["extra.read"]}).work() as work:
        sync_roles(work)
        assert permissions_of(work, [nurse.id])[nurse.id] == []
