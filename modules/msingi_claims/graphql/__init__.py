"""The GraphQL face of claims."""

from msingi_claims.graphql import capitation, claims, control, facility, indicators, lines, payments, runs

__all__ = ["capitation", "claims", "control", "facility", "indicators", "lines", "payments", "runs"]
