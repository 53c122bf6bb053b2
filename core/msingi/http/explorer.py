"""GraphiQL in demonstrations: its own assets, nothing from another host (attack 10, U3)."""

from collections.abc import Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from msingi.edge.headers import CONTENT_SECURITY_POLICY

_FOLDER = Path(__file__).parent / "explorer_assets"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8"}
ASSETS = (
    "index.html",
    "explorer.js",
    "explorer.css",
    "react.min.js",
    "react-dom.min.js",
    "graphiql.min.js",
    "graphiql.min.css",
)
CONTENT_SECURITY_POLICY_OF_DEMONSTRATIONS = CONTENT_SECURITY_POLICY.replace(
    "font-src 'self'", "font-src 'self' data:"
)
"""GraphiQL's style sheet carries its fonts."""


def explorer_routes() -> Sequence[Route]:
    """The page and its assets."""
    return [
        Route("/", _to_explorer),
        Route("/explorer", _page),
        Route("/explorer/{name}", _asset),
    ]


async def _to_explorer(_request: Request) -> Response:
    return RedirectResponse("/explorer")


async def _page(_request: Request) -> Response:
    return _reply("index.html")


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    return _reply(name) if name in ASSETS else Response(status_code=404)


def _reply(name: str) -> Response:
    packed = _FOLDER / f"{name}.gz"
    path = packed if packed.exists() else _FOLDER / name
    headers = {"cache-control": "max-age=3600"}
    if path == packed:
        headers["content-encoding"] = "gzip"
    return Response(path.read_bytes(), media_type=_TYPES[Path(name).suffix], headers=headers)
