"""The page about roles, written from the presets: what each may do when every shipped module is enabled."""

from msingi.contracts.markdown import table
from msingi.platform import Platform
from msingi.rbac.presets import PRESETS, Preset, define_roles

INTRO = """# Roles

Every country has these roles. Name one in `msingi user create --role`, or in `roles` of the
[country's file](../how-to/configure-a-country.md#roles), which adds permissions to a role or makes a new one.
A permission of a module that is not enabled is left out. A role is held at a place: it holds there and below.

"""


def roles_page(platform: Platform) -> str:
    """Each preset role with its names and its permissions."""
    names = [(f"`{preset.name}`", preset.french, preset.english) for preset in PRESETS]
    sections = "".join(_section(platform, preset) for preset in PRESETS)
    return INTRO + table(("Role", "In French", "In English"), names) + sections


def _section(platform: Platform, preset: Preset) -> str:
    heading = f"\n## {preset.name}\n\n"
    if preset.every_module:
        return f"{heading}Every permission of the enabled modules, except what concerns patients' records of care.\n"
    granted = define_roles(platform.permissions, platform.installed, {})[preset.name].permissions
    rows = [(f"`{name}`", platform.permissions[name].description) for name in sorted(granted)]
    return heading + table(("Permission", "What it allows"), rows)
