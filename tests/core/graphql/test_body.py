"""The body of a request is strict JSON and says one thing only."""

import json
from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.errors import DomainError
from msingi.graphql.body import (
    MAX_NESTING,
    BatchRefused,
    BodyTooLarge,
    DuplicateKey,
    GraphQLRequest,
    InvalidJson,
    InvalidMember,
    InvalidNumber,
    InvalidText,
    MethodNotAllowed,
    TooNested,
    UnknownMember,
    UnsupportedMediaType,
    check_media,
    parse_body,
    read_json,
)
from msingi.graphql.refusals import TooLong

ONE = b'{"query":"{ a }"}'


def test_a_request_is_read_whole() -> None:
    body = '{"query":"query A { a }","operationName":"A","variables":{"n":1,"t":"Ngo\'o é"},"extensions":{"x":[null]}}'

    assert parse_body(body.encode()) == GraphQLRequest(
        "query A { a }", "A", {"n": 1, "t": "Ngo'o é"}, {"x": [None]}
    )
    assert parse_body(b'{"query":"{ a }","variables":null,"operationName":null}') == GraphQLRequest("{ a }")


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
)
def test_json_by_post_is_accepted(content_type: str) -> None:
    check_media("POST", content_type)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "post"])
@pytest.mark.rule("attack 13", "attack 33")
def test_other_methods_are_refused(method: str) -> None:
    with pytest.raises(MethodNotAllowed):
        check_media(method, "application/json")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=application/json",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/jsonp",
        "application/graphql",
        "application/json, text/plain",
    ],
)
@pytest.mark.rule("attack 13", "attack 33", "attack 34")
def test_other_media_are_refused(content_type: str | None) -> None:
    with pytest.raises(UnsupportedMediaType):
        check_media("POST", content_type)


@pytest.mark.parametrize("count", [0, 1, 2, 1_000])
@pytest.mark.rule("attack 2")
def test_a_list_of_operations_is_refused(count: int) -> None:
    with pytest.raises(BatchRefused):
        parse_body(b"[" + b",".join([ONE] * count) + b"]")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b'{"query":"{ a }","variables":{"x":"' + b"y" * 10_000_000 + b'"}}', BodyTooLarge),
        (b"[" * 10_000, TooNested),
        (b"[" * 10_000 + b"]" * 10_000, TooNested),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, TooNested),
        (b'{"query":"{ a }","variables":' + b"[" * 10_000 + b"]" * 10_000 + b"}", TooNested),
        (b'{"query":"{ a }","query":"{ b }"}', DuplicateKey),
        (b'{"query":"{ a }","variables":{"x":{"id":1,"id":2}}}', DuplicateKey),
        (b'{"query":"{ a }","variables":{"a":1,"\\u0061":2}}', DuplicateKey),
        (b'{"query":"{ a }","variables":{"x":NaN}}', InvalidJson),
        (b'{"query":"{ a }","variables":{"x":-Infinity}}', InvalidJson),
        (b'{"query":"{ a }","variables":{"x":1e400}}', InvalidNumber),
        (b'{"query":"{ a }","variables":{"x":' + b"9" * 5_000 + b"}}", InvalidNumber),
        (b'{"query":"{ a }","variables":{"x":0.' + b"1" * 40 + b"}}", InvalidNumber),
        (b'{"query":"{ a }","variables":{"x":"\\u0000"}}', InvalidText),
        (b'{"query":"{ a }","variables":{"x":["\\ud800"]}}', InvalidText),
        (b'{"query":"{ a }","variables":{"\\udfff":1}}', InvalidText),
        (b'{"query":"{ a }","variables":{"x":"\x00"}}', InvalidJson),
        (b'{"query":"{ a }","variables":{"x":"\xed\xa0\x80"}}', InvalidJson),
        (b'{"query":"\xff"}', InvalidJson),
        (b"\xef\xbb\xbf" + ONE, InvalidJson),
        (ONE.decode().encode("utf-16"), InvalidJson),
        (b"", InvalidJson),
        (b"query={a}", InvalidJson),
        (ONE + ONE, InvalidJson),
        (b'{"query":"{ a }",}', InvalidJson),
        (b"{'query':'{ a }'}", InvalidJson),
        (b"null", InvalidMember),
        (b'"{ a }"', InvalidMember),
        (b"{}", InvalidMember),
        (b'{"query":""}', InvalidMember),
        (b'{"query":1}', InvalidMember),
        (b'{"query":"{ a }","operationName":1}', InvalidMember),
        (b'{"query":"{ a }","variables":[]}', InvalidMember),
        (b'{"query":"{ a }","variables":"{}"}', InvalidMember),
        (b'{"query":"{ a }","extensions":1}', InvalidMember),
        (b'{"query":"{ a }","isAdmin":true}', UnknownMember),
        (b'{"query":"' + b"a" * 40_000 + b'"}', TooLong),
    ],
)
@pytest.mark.rule("attack 14", "attack 57", "attack 97")
def test_an_ambiguous_or_oversized_body_is_refused(body: bytes, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        parse_body(body)


@pytest.mark.rule("attack 14")
def test_brackets_in_texts_do_not_nest() -> None:
    text = '[{\\"' * 5_000

    request = parse_body(b'{"query":"{ a }","variables":{"x":"' + text.encode() + b'"}}')

    assert request.variables == {"x": '[{"' * 5_000}


@pytest.mark.rule("attack 14")
def test_nesting_is_counted_to_the_level() -> None:
    assert read_json(b"[" * MAX_NESTING + b"]" * MAX_NESTING) is not None
    with pytest.raises(TooNested):
        read_json(b"[" * (MAX_NESTING + 1) + b"]" * (MAX_NESTING + 1))


@pytest.mark.rule("attack 14")
def test_an_unfinished_text_of_quotes_is_scanned_once() -> None:
    """Scanning from each of half a million quotes to the end would take hours: the test would never finish."""
    with pytest.raises(InvalidJson):
        read_json(b"{}" * 33 + b'"' + b'\\"' * 500_000)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner, max_size=4
        )
    ),
    max_leaves=30,
)


@given(variables=st.dictionaries(st.text("abc"), JSON, max_size=5), escaped=st.booleans())
def test_every_honest_body_is_read_as_two_other_parsers_read_it(
    variables: dict[str, object], *, escaped: bool
) -> None:
    body = json.dumps({"query": "{ a }", "variables": variables}, ensure_ascii=escaped).encode()

    assert parse_body(body).variables == orjson.loads(body)["variables"] == variables


@given(st.binary(max_size=200))
@pytest.mark.rule("attack 97")
def test_noise_is_refused_and_never_crashes(noise: bytes) -> None:
    for body in (noise, b'{"query":' + noise + b"}", b'{"query":"a","variables":{"x":' + noise + b"}}"):
        with suppress(DomainError):
            assert parse_body(body).query
