"""Random documents: aliases, twins with other selections, fragments, variables, directives, merged fields."""

import random
import re

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


def document(chance: random.Random) -> str:
    """A valid document of one or two root fields, by this source of chance."""
    texts = []
    for index, root in enumerate(chance.choices(ROOTS, k=chance.randint(1, 2))):
        inner = "" if root == "numbers" else selection(chance, 2)
        texts.append(f"r{index}: {root} " + (f"{{ totalCount nodes {inner} }}" if root == "roll" else inner))
    body = " ".join(texts)
    fragment = " fragment Brief on Person { name best { id score } }" if "...Brief" in body else ""
    used = [name for name in DECLARED if re.search(rf"\${name}\b", body)]
    header = f"query({', '.join(f'${name}: {DECLARED[name]}' for name in used)})" if used else "query"
    return f"{header} {{ {body} }}{fragment}"


def selection(chance: random.Random, depth: int) -> str:
    texts = [maybe_aliased(chance, leaf) for leaf in chance.choices(LEAVES, k=chance.randint(1, 4))]
    if depth:
        branches = chance.choices(BRANCHES, k=chance.randint(0, 2))
        texts += [f"{maybe_aliased(chance, one)} {branch_of(chance, one, depth)}" for one in branches]
        twins = [one for one in branches if one in ANSWERED and chance.random() < 0.5]
        texts += [f"twin{n}: {one} {branch_of(chance, one, depth)}" for n, one in enumerate(twins)]
    return "{ " + " ".join(maybe_fragmented(chance, text) for text in texts) + " }"


def branch_of(chance: random.Random, branch: str, depth: int) -> str:
    if branch == "stone":
        return "{ weight }"
    inner = selection(chance, depth - 1)
    return f"{{ __typename ... on Person {inner} ... on Stone {{ weight }} }}" if branch == "thing" else inner


def maybe_aliased(chance: random.Random, text: str) -> str:
    name = camel(re.match(r"\w+", text).group())  # type: ignore[union-attr]
    text = re.sub(r"^\w+", name, text)
    plain = re.sub(r"\W+", "", text)
    is_aliased = plain != name or chance.random() < 0.5
    return f"{plain}_: {text}" if is_aliased else text


def maybe_fragmented(chance: random.Random, text: str) -> str:
    match chance.randrange(10):
        case 0:
            return f"... on Person {{ {text} }}"
        case 1:
            return f"... {chance.choice(CONDITIONS)} {{ {text} }}"
        case 2:
            return f"{text} ...Brief"
        case 3 if "{" not in text and "(" not in text:
            return f"{text} {chance.choice(CONDITIONS)}"
        case _:
            return text


def camel(name: str) -> str:
    if name == "__typename":
        return name
    head, *tail = {"is_alive": "alive"}.get(name, name).split("_")
    return head + "".join(part.title() for part in tail)
