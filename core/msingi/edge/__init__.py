"""The HTTP edge: small ASGI layers that turn away what no module should ever see."""

from msingi.edge.log_format import configure_logs
from msingi.edge.request_id import request_id_of
from msingi.edge.stack import EdgeRules, harden

__all__ = ["EdgeRules", "configure_logs", "harden", "request_id_of"]
