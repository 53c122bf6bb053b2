"""The cost of an operation is the product of its page sizes, whatever way they are written."""

import pytest
from graphql import GraphQLObjectType, build_schema, get_introspection_query
from hypothesis import given
from hypothesis import strategies as st

from msingi.graphql.cost import DEFAULT_CEILING, MAX_PAGE, check_cost, page_size, plan_cost
from msingi.graphql.documents import DocumentCache, InvalidQuery
from msingi.graphql.limits import parse_query
from msingi.graphql.refusals import InvalidPageSize, SyntaxRefused, TooComplex, UnknownOperation

SCHEMA = build_schema(
    """
    type Query {
      patients(first: Int = 50): PatientConnection!
      small(first: Int = 5): [Patient!]!
      bare(first: Int): [Patient!]!
      patient: Patient
      owner: Owner
    }
    type PatientConnection { nodes: [Patient!]! edges: [Edge!]! pageInfo: PageInfo! totalCount: Int! }
    type Edge { cursor: String! node: Patient! }
    type PageInfo { hasNextPage: Boolean! }
    interface Owner { name: String }
    type Patient implements Owner { id: ID! name: String facility: Facility tags: [String!]! visits: [Visit!]! }
    type Facility implements Owner { id: ID! name: String patients(first: Int = 50): PatientConnection! totalCount: Int }
    type Visit { id: ID! }
    """
)


def cost(source: str, variables: dict[str, object] | None = None) -> int:
    return plan_cost(SCHEMA, parse_query(source)).cost(variables or {})


@pytest.mark.parametrize(
    ("source", "points"),
    [
        ("{ __typename }", 0),
        ("{ patient { id name tags } }", 1),
        ("{ patient { facility { id } } }", 2),
        ("{ patient { visits { id } } }", 11),
        ("{ small { id } }", 5),
        ("{ bare { id } }", 50),
        ("{ small(first: 200) { id } }", 200),
        ("{ patients(first: 10) { nodes { id } } }", 11),
        ("{ patients { nodes { id } } }", 51),
        ("{ patients(first: 10) { edges { cursor node { id } } } }", 21),
        ("{ patients(first: 10) { nodes { id } pageInfo { hasNextPage } totalCount } }", 32),
        ("{ patients(first: 100) { nodes { facility { patients(first: 100) { nodes { id } } } } } }", 10_301),
        ("{ a: patient { id } b: patient { id } }", 2),
    ],
)
@pytest.mark.rule("attack 6")
def test_cost_is_page_sizes_multiplied_and_summed(source: str, points: int) -> None:
    assert cost(source) == points


@pytest.mark.rule("attack 6")
def test_the_short_bomb_is_refused_with_its_cost() -> None:
    bomb = "{ patients(first: 200) { nodes { facility { patients(first: 100) { nodes { id } } } } } }"

    with pytest.raises(TooComplex) as refused:
        check_cost(plan_cost(SCHEMA, parse_query(bomb)), {})

    assert refused.value.params == {"cost": 20_601, "ceiling": DEFAULT_CEILING}
    assert "20601" in str(refused.value)


@pytest.mark.parametrize("written", ["1000000", "201", "0", "-1", "null", "1.5", "true", '"10"', "[10]"])
@pytest.mark.rule("attack 7")
def test_a_wrong_literal_page_size_is_refused(written: str) -> None:
    with pytest.raises(InvalidPageSize):
        cost("{ patients(first: " + written + ") { nodes { id } } }")


@pytest.mark.parametrize("value", [1_000_000, 201, 0, -1, None, 1.5, True, "10", [10]])
@pytest.mark.rule("attack 7")
def test_a_wrong_variable_page_size_is_refused(value: object) -> None:
    source = "query($n: Int) { patients(first: $n) { nodes { id } } }"

    with pytest.raises(InvalidPageSize):
        cost(source, {"n": value})


@pytest.mark.rule("attack 7")
def test_a_null_default_is_refused() -> None:
    with pytest.raises(InvalidPageSize):
        cost("query($n: Int = null) { patients(first: $n) { nodes { id } } }")


@pytest.mark.parametrize(
    ("source", "variables", "points"),
    [
        ("query($n: Int) { small(first: $n) { id } }", {"n": 7}, 7),
        ("query($n: Int) { small(first: $n) { id } }", {}, 5),
        ("query($n: Int = 9) { small(first: $n) { id } }", {}, 9),
        ("query($n: Int = 9) { small(first: $n) { id } }", {"n": 2}, 2),
        (
            "query($n: Int) { small(first: 3) { facility { patients(first: $n) { nodes { id } } } } }",
            {"n": 4},
            21,
        ),
    ],
)
@pytest.mark.rule("attack 7")
def test_defaults_count_like_written_values(source: str, variables: dict[str, object], points: int) -> None:
    assert cost(source, variables) == points


@pytest.mark.rule("attack 6")
def test_a_field_selected_twice_in_one_place_counts_once() -> None:
    once = "{ small { id facility { id name } } }"
    twice = "{ small { id ...A } small { facility { id } ... { facility { name } } } } fragment A on Patient { facility { id } }"

    assert cost(twice) == cost(once) == 10


@pytest.mark.rule("attack 6")
def test_every_possible_type_of_an_object_is_counted() -> None:
    source = (
        "{ owner { name ... on Patient { visits { id } } ... on Facility { patients { nodes { id } } } } }"
    )

    assert cost(source) == 1 + 10 + 51


@pytest.mark.rule("attack 10")
def test_introspection_is_charged() -> None:
    assert 500 < cost(get_introspection_query()) < DEFAULT_CEILING
    repeated = " ".join(f"a{number}: __schema {{ types {{ fields {{ name }} }} }}" for number in range(100))
    with pytest.raises(TooComplex):
        check_cost(plan_cost(SCHEMA, parse_query("{" + repeated + "}")), {})


def test_a_field_may_declare_its_own_cost_and_size() -> None:
    schema = build_schema("type Query { report: Int rows: [Row!]! } type Row { id: ID }")
    query = schema.query_type
    assert isinstance(query, GraphQLObjectType)
    query.fields["report"].extensions = {"msingi.cost": 500}
    query.fields["rows"].extensions = {"msingi.size": 30}

    assert plan_cost(schema, parse_query("{ report rows { id } }")).cost({}) == 530


@given(st.integers(1, MAX_PAGE), st.integers(1, MAX_PAGE))
@pytest.mark.rule("attack 6")
def test_literals_and_variables_cost_the_same(outer: int, inner: int) -> None:
    body = "small(first: {}) {{ facility {{ patients(first: {}) {{ nodes {{ id }} }} }} }}"
    literal = "{" + body.format(outer, inner) + "}"
    variable = "query($a: Int, $b: Int) {" + body.format("$a", "$b") + "}"

    assert cost(literal) == cost(variable, {"a": outer, "b": inner}) == outer * (1 + 1 + 1 + inner)


@given(st.integers() | st.none() | st.booleans() | st.floats())
def test_a_page_size_is_a_whole_number_in_range(value: object) -> None:
    if type(value) is int and 1 <= value <= MAX_PAGE:
        assert page_size(value) == value
    else:
        with pytest.raises(InvalidPageSize):
            page_size(value)


def test_the_cache_returns_the_same_checked_document() -> None:
    cache = DocumentCache(SCHEMA)
    source = "query A { patient { id } } query B($n: Int) { small(first: $n) { id } }"

    checked = cache.get(source)

    assert cache.get(source) is checked
    assert checked.plan("A").cost({}) == 1
    assert checked.plan("B").cost({"n": 3}) == 3
    assert checked.asks_introspection is False
    with pytest.raises(UnknownOperation):
        checked.plan(None)


def test_invalid_documents_are_refused_and_not_kept() -> None:
    cache = DocumentCache(SCHEMA)

    with pytest.raises(InvalidQuery) as refused:
        cache.get("{ nothing }")
    with pytest.raises(SyntaxRefused):
        cache.get("{")

    assert [(error.extensions or {})["code"] for error in refused.value.errors] == ["graphql.unknown_field"]
    assert len(cache) == 0


@pytest.mark.rule("attack 8")
def test_the_cache_is_bounded_by_count_and_characters() -> None:
    few = DocumentCache(SCHEMA, documents=2)
    short = DocumentCache(SCHEMA, characters=60)

    for number in range(5):
        few.get(f"{{ a{number}: patient {{ id }} }}")
        short.get(f"{{ a{number}: patient {{ id }} }}")

    assert len(few) == 2
    assert len(short) == 2


@pytest.mark.rule("attack 8")
def test_the_least_used_document_is_forgotten_first() -> None:
    cache = DocumentCache(SCHEMA, documents=2)
    kept = cache.get("{ patient { id } }")
    cache.get("{ patient { name } }")
    cache.get("{ patient { id } }")

    cache.get("{ patient { tags } }")

    assert cache.get("{ patient { id } }") is kept
