"""The page about roles, written from the presets: what each may do when every shipped module is enabled."""

from msingi.cli.speech import Speech
from msingi.contracts.markdown import table
from msingi.platform import Platform
from msingi.rbac.presets import PRESETS, Preset, define_roles

INTRO = """# Roles

Every country has these roles. Name one in `{command}`, or in `roles` of the
[country's file](../how-to/configure-a-country.md#roles), which adds permissions to a role or makes a new one.
A permission of a module that is not enabled is left out. A role is held at a place: it holds there and below.

"""
COMMAND = "msingi user create --role"
EVERYTHING = "Every permission of the enabled modules, except what concerns patients' records of care."


def roles_page(platform: Platform, say: Speech) -> str:
    """Each preset role with its names and its permissions, in the words of ``say``."""
    titles = [say(title) for title in ("Role", "In French", "In English")]
    names = [(f"`{preset.name}`", preset.french, preset.english) for preset in PRESETS]
    sections = "".join(_section(platform, preset, say) for preset in PRESETS)
    return say(INTRO, command=COMMAND) + table(titles, names) + sections


def _section(platform: Platform, preset: Preset, say: Speech) -> str:
    heading = f"\n## {preset.name}\n\n"
    if preset.every_module:
        return f"{heading}{say(EVERYTHING)}\n"
    clinical = {name for name, plugin in platform.installed.items() if plugin.clinical}
    roles = define_roles(platform.permissions, platform.installed, {}, clinical=clinical)
    granted = roles[preset.name].permissions
    rows = [(f"`{name}`", say(platform.permissions[name].description)) for name in sorted(granted)]
    return heading + table([say(title) for title in ("Permission", "What it allows")], rows)
