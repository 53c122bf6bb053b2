"""The place of a batch: that of its products, and of who runs it (BAT-1)."""

import pytest
from tests.modules.msingi_claims.payment_fixtures import Counter, counter_of, move_product

from msingi.errors import NotFound
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_claims.models.payment import BatchRun, Bill
from msingi_claims.plugin import RUN_BATCHES
from msingi_claims.services.batches import run_batch


@pytest.fixture
def counter(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Counter:
    return counter_of(make_platform, as_user, frozen_clock)


@pytest.mark.rule("BAT-1", "TZA-13")
def test_a_run_of_a_place_bills_its_products_only_and_needs_the_right_there(
    counter: Counter, as_user: AsUser
) -> None:
    scheme = counter.scheme
    scheme.act(lambda work: move_product(work, scheme.product_version, scheme.places["D1"]))
    counter.at(2026, 2, 20, 9)
    abroad = counter.processed(counter.patient(), ("SV1", 1), facility_id=scheme.centre, actor=counter.maker)
    counter.at(2026, 3, 2, 9)
    of_guider = as_user(RUN_BATCHES, at=scheme.places["D2"])

    with pytest.raises(NotFound):
        scheme.as_actor(of_guider, RUN_BATCHES, lambda work: run_batch(work, scheme.places["D1"], 2026, 2))
    assert counter.batch(place="D1").bills == 1

    (bill,) = counter.rows(Bill, "facility_id", "jurisdiction_id")
    assert bill == (scheme.centre, scheme.claim(abroad).jurisdiction_id)


@pytest.mark.rule("BAT-1")
def test_a_place_without_products_is_told_where_a_batch_can_be_run(counter: Counter) -> None:
    run = """mutation($p:UUID!,$m:Int!){runBatch(placeId:$p,year:2026,month:$m){bills}}"""
    actor, places = counter.maker, counter.scheme.places

    for month in (2, 3):
        wanted = {"p": str(places["D2"]), "m": month}
        (error,) = counter.scheme.platform.graphql.run(run, wanted, actor=actor)["errors"]
        assert error["extensions"]["code"] == "claims.no_product_here"
        assert error["message"] == (
            "Aucun produit n'appartient à D2 : il n'y a rien à y facturer. "
            "Traitez le lot d'un lieu qui a des produits : CM."
        )
    assert counter.counts(BatchRun) == [0]
