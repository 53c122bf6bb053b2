"""Types made from declarations behave like strawberry's written ones."""

import strawberry
from graphql import print_type

from msingi.graphql.batch import batch_field
from msingi.graphql.made import annotation_of, make_input, make_object, plain_field

TREE = make_object(
    "Tree",
    {
        "label": (str, plain_field("Its name.")),
        "grown_in": (int | None, plain_field("A year.")),
        "price": (
            int,
            batch_field(lambda *_: {}, type_=int | None, name="price", description="Of its wood."),
        ),
    },
    "A tree.",
)
WISH = make_input(
    "Wish",
    {
        "label": (str, plain_field("A name.")),
        "in_": (int | None, plain_field(None, name="in", optional=True)),
    },
    "What is wished for.",
)


@strawberry.type
class Query:
    @strawberry.field
    def tree(self, wish: WISH) -> TREE:  # type: ignore[valid-type]
        given = vars(wish)
        return {"label": f"{given['label']} {sorted(given)}", "grown_in": None}


SCHEMA = strawberry.Schema(Query, config=strawberry.schema.config.StrawberryConfig(default_resolver=dict.get))


def test_an_object_type_shows_its_fields_and_their_sentences() -> None:
    assert print_type(SCHEMA._schema.type_map["Tree"]).splitlines() == [
        '"""A tree."""',
        "type Tree {",
        '  """Its name."""',
        "  label: String!",
        "",
        '  """A year."""',
        "  grownIn: Int",
        "",
        '  """Of its wood."""',
        "  price: Int",
        "}",
    ]


def test_an_input_value_holds_what_was_given_and_nothing_else() -> None:
    without = SCHEMA.execute_sync('{ tree(wish: {label: "Mango"}) { label grownIn } }')
    given = SCHEMA.execute_sync('{ tree(wish: {label: "Mango", in: null}) { label } }')

    assert without.data == {"tree": {"label": "Mango ['label']", "grownIn": None}}
    assert given.data == {"tree": {"label": "Mango ['in_', 'label']"}}


def test_a_required_value_cannot_be_left_out() -> None:
    answer = SCHEMA.execute_sync("{ tree(wish: {in: 3}) { label } }")

    assert answer.errors is not None
    assert answer.data is None


def test_fields_of_one_type_share_what_was_found_out_about_it() -> None:
    assert annotation_of(int | None) is annotation_of(int | None)
    assert annotation_of(int) is not annotation_of(bool)
