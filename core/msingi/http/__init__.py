"""The HTTP edge: one Starlette application around one platform."""

from msingi.http.app import create_app

__all__ = ["create_app"]
