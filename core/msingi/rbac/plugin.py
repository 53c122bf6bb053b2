"""Manifest of the rbac plugin: places, roles and grants."""

from msingi.plugin import Plugin

plugin = Plugin("rbac")

READ = plugin.permission("read", "See roles, grants and why an access is refused")
GRANT = plugin.permission("grant", "Grant and revoke roles, never wider than one's own")
MANAGE_ROLES = plugin.permission("manage_roles", "Bring roles in line with the presets and the profile")
EDIT_PLACES = plugin.permission("edit_places", "Add, move and close places of the health administration")
