"""Manifest of the claims plugin: from the care given to the money paid, every amount explained."""

from msingi.plugin import Plugin
from msingi_claims.settings import ClaimsSettings

plugin = Plugin("claims", requires=["registry", "catalogue", "ledger", "insurance"], settings=ClaimsSettings)
plugin.document("adjudication-case", "msingi_claims.case.model:AdjudicationCase")

READ_CLAIMS = plugin.permission("read", "See claims, their patients and what was decided", sensitive=True)
ENTER_CLAIMS = plugin.permission("enter", "Enter claims and change those not yet submitted")
DELETE_CLAIMS = plugin.permission("delete", "Delete claims that are not submitted yet")
LOAD_CLAIMS = plugin.permission("load", "Load claims from files and from systems of facilities")
SUBMIT_CLAIMS = plugin.permission("submit", "Submit claims for checking")
ANSWER_QUERIES = plugin.permission("answer", "Answer questions about claims of a facility")
RESTORE_CLAIMS = plugin.permission("restore", "Take rejected claims up again as new ones")
SELECT_CLAIMS = plugin.permission("select", "Select claims for review or feedback and assign reviewers")
REVIEW_CLAIMS = plugin.permission("review", "Review claims, ask facilities and decide on samples")
PROCESS_CLAIMS = plugin.permission("process", "Process checked claims and reject them")
UNDO_CLAIMS = plugin.permission("undo", "Take back rejections that were made in error")
DELIVER_FEEDBACK = plugin.permission("deliver_feedback", "Write down what patients say about their care")
REQUEST_CONSENT = plugin.permission("request_consent", "Ask for consent before care is given")
DECIDE_CONSENT = plugin.permission("decide_consent", "Decide on consent before care is given")
EDIT_ADMINISTRATORS = plugin.permission(
    "edit_administrators", "Name who answers for the claims of facilities"
)
EDIT_CATCHMENTS = plugin.permission(
    "edit_catchments", "Say who lives in places and which facilities serve them, for capitation"
)
EXTRACT_CARDS = plugin.permission(
    "extract",
    "Take cards of a place along, sealed, for checks without a network, with the names of those who answer for its"
    " claims, but no claim",
    sensitive=True,
)
RUN_BATCHES = plugin.permission("run_batches", "Run the monthly batch: indexes, capitation and bills")
READ_PAYMENTS = plugin.permission("read_payments", "See bills, payments and what facilities are owed")
PREPARE_PAYMENTS = plugin.permission(
    "prepare_payments", "Prepare payments, send them and take the bank's answers"
)
APPROVE_PAYMENTS = plugin.permission("approve_payments", "Approve payments that somebody else prepared")
PROPOSE_ACCOUNTS = plugin.permission("propose_accounts", "Propose the bank accounts of facilities")
APPROVE_ACCOUNTS = plugin.permission("approve_accounts", "Approve bank accounts that somebody else proposed")
READ_REPORTS = plugin.permission("read_reports", "Run reports and indicators on claims and payments")
