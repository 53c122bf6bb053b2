"""Identifiers made one by one or many at once rise together and never repeat."""

from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from msingi.ids import new_id, new_ids


def test_single_and_many_identifiers_rise_in_the_order_of_their_making() -> None:
    made = [new_id(), *new_ids(10_000), new_id(), *new_ids(1), new_id()]

    assert made == sorted(set(made))
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
    assert new_ids(0) == []


def test_threads_never_make_the_same_identifier() -> None:
    with ThreadPoolExecutor(8) as makers:
        made = list(chain.from_iterable(makers.map(lambda _: [*new_ids(500), new_id()], range(20))))

    assert len(set(made)) == 20 * 501
