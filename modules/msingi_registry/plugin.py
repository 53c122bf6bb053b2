"""Manifest of the registry plugin: one person, one facility, one professional for every module."""

from msingi.plugin import Plugin
from msingi_registry.settings import RegistrySettings

plugin = Plugin("registry", settings=RegistrySettings)

READ_PERSONS = plugin.permission("read_persons", "Search persons and read their records", sensitive=True)
LIST_PERSONS = plugin.permission(
    "list_persons",
    "List full records of persons and households without naming a reason for each",
    sensitive=True,
)
READ_CONTACTS = plugin.permission("read_contacts", "See telephone numbers of persons", sensitive=True)
REGISTER_PERSONS = plugin.permission("register_persons", "Register persons and households")
EDIT_PERSONS = plugin.permission("edit_persons", "Correct the records of persons and households")
PRINT_CARDS = plugin.permission("print_cards", "Issue, print and revoke consultation cards")
READ_FACILITIES = plugin.permission("read_facilities", "See facilities and their services")
EDIT_FACILITIES = plugin.permission("edit_facilities", "Add, change and close facilities")
READ_PRACTITIONERS = plugin.permission("read_practitioners", "See health professionals and their licences")
EDIT_PRACTITIONERS = plugin.permission("edit_practitioners", "Register professionals and decide on licences")
IMPORT_DATA = plugin.permission("import_data", "Import lists of places, facilities and persons")
