"""Tables of claims."""

from msingi_claims.models import claim, decision, facility_side, intake, line, payment, review

__all__ = ["claim", "decision", "facility_side", "intake", "line", "payment", "review"]
