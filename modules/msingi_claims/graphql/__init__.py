"""The GraphQL face of claims."""

from msingi_claims.graphql import claims, control, facility, lines, payments, runs

__all__ = ["claims", "control", "facility", "lines", "payments", "runs"]
