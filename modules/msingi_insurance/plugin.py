"""Manifest of the insurance plugin: who is covered, by what, until when, and who paid."""

from msingi.plugin import Plugin
from msingi_insurance.settings import InsuranceSettings

plugin = Plugin("insurance", requires=["registry", "catalogue", "ledger"], settings=InsuranceSettings)
plugin.document("quote-case", "msingi_insurance.case.model:QuoteCase")

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

READ_CONTRIBUTIONS = plugin.permission("read_contributions", "See contributions and what they were paid for")
COLLECT_CONTRIBUTIONS = plugin.permission("collect_contributions", "Record contributions that were paid")
RETURN_CONTRIBUTIONS = plugin.permission(
    "return_contributions", "Ask that a contribution is reversed or an excess refunded"
)
APPROVE_RETURNS = plugin.permission(
    "approve_returns", "Decide on reversals and refunds that somebody else asked for"
)

READ_PAYERS = plugin.permission("read_payers", "See payers and fundings")
EDIT_PAYERS = plugin.permission("edit_payers", "Add and correct payers; not for those who collect money")
RECORD_FUNDINGS = plugin.permission("record_fundings", "Record money that payers give to a product")
DECIDE_FUNDINGS = plugin.permission(
    "decide_fundings", "Accept or reject fundings that somebody else recorded"
)

READ_OFFICERS = plugin.permission("read_officers", "See enrolment officers and their villages")
EDIT_OFFICERS = plugin.permission("edit_officers", "Add enrolment officers and set where they work")
COUNT_CASH = plugin.permission("count_cash", "Count and hand over the cash of enrolment officers")
CONFIRM_CASH = plugin.permission("confirm_cash", "Confirm cash that somebody else counted")

READ_PAYMENTS = plugin.permission("read_payments", "See payments and payment references")
REQUEST_REFERENCES = plugin.permission(
    "request_references", "Ask for payment references and give them to families"
)
NOTIFY_PAYMENTS = plugin.permission("notify_payments", "Report payments: for gateways, not for people")
MATCH_PAYMENTS = plugin.permission("match_payments", "Match payments that found no policy")
RECONCILE_PAYMENTS = plugin.permission("reconcile_payments", "Compare statements of gateways and banks")
APPROVE_STATEMENTS = plugin.permission(
    "approve_statements", "Have differences posted that somebody else found"
)

READ_RENEWALS = plugin.permission("read_renewals", "See which policies should be renewed", sensitive=True)
ANSWER_RENEWALS = plugin.permission("answer_renewals", "Bring back the answers of families about renewals")

READ_CONTRACTS = plugin.permission("read_contracts", "See policy holders, plans and contracts")
READ_PLANS = plugin.permission("read_plans", "See contribution and payment plans")
EDIT_PLANS = plugin.permission("edit_plans", "Add contribution and payment plans")
EDIT_CONTRACTS = plugin.permission("edit_contracts", "Prepare and submit contracts of policy holders")
ACT_FOR_HOLDERS = plugin.permission(
    "act_for_holders", "Declare members and prepare contracts of the policy holders for which one acts"
)
APPROVE_CONTRACTS = plugin.permission(
    "approve_contracts", "Approve, counter and end contracts that somebody else submitted"
)

EXCHANGE_ENROLMENTS = plugin.permission("exchange_enrolments", "Upload files of enrolments and renewals")
DOWNLOAD_REGISTERS = plugin.permission("download_registers", "Download master data for devices of officers")
READ_FINDINGS = plugin.permission("read_findings", "See signs of fraud in enrolment")
READ_REPORTS = plugin.permission("read_reports", "Run reports on enrolment, contributions and registers")
