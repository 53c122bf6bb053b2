"""Manifest of the auth plugin: who somebody is, and how they prove it."""

from msingi.auth.settings import AuthSettings
from msingi.plugin import Plugin

plugin = Plugin("auth", requires=["rbac"], settings=AuthSettings)

READ_USERS = plugin.permission("read_users", "See the user accounts of one's places")
READ_CONTACTS = plugin.permission(
    "read_contacts", "See e-mail addresses and telephone numbers of users", sensitive=True
)
MANAGE_USERS = plugin.permission(
    "manage_users", "Create, suspend and unlock user accounts and reset their passwords"
)
CREATE_TOKENS = plugin.permission("create_tokens", "Create API tokens that act for one's own account")
