"""Answers tell how many statements they took, where the settings ask for it."""

import garden
from starlette.testclient import TestClient
from tests.core.http.conftest import HEADERS, Village

from msingi.http import create_app
from msingi.testing import MakePlatform


def test_each_answer_tells_its_own_statements(make_platform: MakePlatform) -> None:
    platform = make_platform(garden.plugin, server={"tell_statements": True})

    with TestClient(create_app(platform), base_url="http://localhost") as client:
        told = [client.get("/health/live", headers=HEADERS), client.get("/health/ready", headers=HEADERS)]
        again = client.get("/health/live", headers=HEADERS)

    counts = [int(answer.headers["x-msingi-statements"]) for answer in (*told, again)]
    assert counts[0] == counts[2] == 0
    assert counts[1] > 0


def test_nothing_is_told_by_default(village: Village) -> None:
    assert "x-msingi-statements" not in village.client.get("/health/live", headers=HEADERS).headers
