"""Tables of insurance."""

from msingi_insurance.models import family, field_staff, policy, product

__all__ = ["family", "field_staff", "policy", "product"]
