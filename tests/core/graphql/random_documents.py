"""Random documents: aliases, twins with other selections, fragments, variables, directives, merged fields."""

import re

from hypothesis import strategies as st

# fmt: off
PLAIN = ("name", "nick", "key", "age", "height", "is_alive", "born_on", "seen_at", "net_worth", "mood", "strict_mood",
         "odd", "blob", "tags", "grades", "shielded")
# fmt: on
"""Fields that are attributes of a person."""
LEAVES = (*PLAIN, "id", "__typename", "score", "ranks", "loud", "loud(times: 2)", "loud(times: $times)")
# fmt: off
BRANCHES = ("best", "master", "chief", "buddy", "friends", "team", "circle", "circle(n: 1)", "circle(n: $times)",
            "stone", "thing")
CONDITIONS = ("@skip(if: true)", "@skip(if: $yes)", "@include(if: false)", "@include(if: $yes)",
              "@include(if: $no) @skip(if: $no)")
# fmt: on
ANSWERED = ("buddy", "circle")
"""Branches that an extension answers, also asked for twice, with different selections below."""
ROOTS = ("one", "people", "crowd", "page", "roll", "numbers")
DECLARED = {"yes": "Boolean! = true", "no": "Boolean = false", "times": "Int! = 1"}

# Made once: hypothesis would look at a strategy that is made within a document again for each document.
SOME_LEAVES = st.lists(st.sampled_from(LEAVES), min_size=1, max_size=4)
SOME_BRANCHES = st.lists(st.sampled_from(BRANCHES), max_size=2)
SOME_ROOTS = st.lists(st.sampled_from(ROOTS), min_size=1, max_size=2)
ONE_CONDITION = st.sampled_from(CONDITIONS)
EITHER = st.booleans()
ONE_OF_TEN = st.integers(0, 9)


def draw_selection(draw: st.DrawFn, depth: int) -> str:
    texts = [maybe_aliased(draw, leaf) for leaf in draw(SOME_LEAVES)]
    if depth:
        branches = draw(SOME_BRANCHES)
        texts += [f"{maybe_aliased(draw, branch)} {draw_branch(draw, branch, depth)}" for branch in branches]
        twins = [branch for branch in branches if branch in ANSWERED and draw(EITHER)]
        texts += [f"twin{n}: {branch} {draw_branch(draw, branch, depth)}" for n, branch in enumerate(twins)]
    return "{ " + " ".join(maybe_fragmented(draw, text) for text in texts) + " }"


def draw_branch(draw: st.DrawFn, branch: str, depth: int) -> str:
    if branch == "stone":
        return "{ weight }"
    inner = draw_selection(draw, depth - 1)
    return f"{{ __typename ... on Person {inner} ... on Stone {{ weight }} }}" if branch == "thing" else inner


def maybe_aliased(draw: st.DrawFn, text: str) -> str:
    name = camel(re.match(r"\w+", text).group())  # type: ignore[union-attr]
    text = re.sub(r"^\w+", name, text)
    plain = re.sub(r"\W+", "", text)
    is_aliased = plain != name or draw(EITHER)
    return f"{plain}_: {text}" if is_aliased else text


def maybe_fragmented(draw: st.DrawFn, text: str) -> str:
    match draw(ONE_OF_TEN):
        case 0:
            return f"... on Person {{ {text} }}"
        case 1:
            return f"... {draw(ONE_CONDITION)} {{ {text} }}"
        case 2:
            return f"{text} ...Brief"
        case 3 if "{" not in text and "(" not in text:
            return f"{text} {draw(ONE_CONDITION)}"
        case _:
            return text


def camel(name: str) -> str:
    if name == "__typename":
        return name
    head, *tail = {"is_alive": "alive"}.get(name, name).split("_")
    return head + "".join(part.title() for part in tail)


@st.composite
def documents(draw: st.DrawFn) -> str:
    roots = draw(SOME_ROOTS)
    texts = []
    for index, root in enumerate(roots):
        inner = "" if root == "numbers" else draw_selection(draw, 2)
        texts.append(f"r{index}: {root} " + (f"{{ totalCount nodes {inner} }}" if root == "roll" else inner))
    body = " ".join(texts)
    fragment = " fragment Brief on Person { name best { id score } }" if "...Brief" in body else ""
    used = [name for name in DECLARED if re.search(rf"\${name}\b", body)]
    header = f"query({', '.join(f'${name}: {DECLARED[name]}' for name in used)})" if used else "query"
    return f"{header} {{ {body} }}{fragment}"
