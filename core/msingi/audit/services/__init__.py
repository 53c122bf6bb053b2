"""The verbs of the trail: seal, verify, prove, search, export, report its state."""

from msingi.audit.services.exporting import VERIFIER, ExportReport, export
from msingi.audit.services.proving import EntryProof, prove
from msingi.audit.services.reporting import AuditStatus, status
from msingi.audit.services.sealing import SealReport, seal
from msingi.audit.services.searching import EntryQuery, lines_about, search
from msingi.audit.services.verifying import VerifyReport, verify

__all__ = [
    "VERIFIER",
    "AuditStatus",
    "EntryProof",
    "EntryQuery",
    "ExportReport",
    "SealReport",
    "VerifyReport",
    "export",
    "lines_about",
    "prove",
    "seal",
    "search",
    "status",
    "verify",
]
