"""Manifest of the insurance plugin: who is covered, by what, until when, and who paid."""

from msingi.plugin import Plugin
from msingi_insurance.settings import InsuranceSettings

plugin = Plugin("insurance", requires=["registry", "catalogue", "ledger"], settings=InsuranceSettings)

READ_PRODUCTS = plugin.permission("read_products", "See insurance products and their terms")
EDIT_PRODUCTS = plugin.permission("edit_products", "Add insurance products and change their terms")

READ_INSUREES = plugin.permission("read_insurees", "See families and insurees", sensitive=True)
EDIT_INSUREES = plugin.permission("edit_insurees", "Enrol families and insurees and correct them")
DELETE_INSUREES = plugin.permission("delete_insurees", "Remove families and insurees")
READ_PHOTOS = plugin.permission("read_photos", "See photos of insurees", sensitive=True)

READ_POLICIES = plugin.permission("read_policies", "See policies and whom they cover")
ENROL_POLICIES = plugin.permission("enrol_policies", "Enrol and renew policies")
CONFIRM_POLICIES = plugin.permission("confirm_policies", "Confirm policies that are paid and ready")
ENFORCE_POLICIES = plugin.permission("enforce_policies", "Make policies active that are not fully paid")
SUSPEND_POLICIES = plugin.permission("suspend_policies", "Suspend and reinstate policies")
DELETE_POLICIES = plugin.permission("delete_policies", "Delete policies without contributions")

CHECK_ELIGIBILITY = plugin.permission(
    "check_eligibility", "Ask whether an insuree is covered, and for what", sensitive=True
)
