"""A plugin whose two actions stand behind every door: a query, a mutation, REST routes and a job."""

from uuid import UUID

from garden import Kind, Tree
from sqlalchemy import select

from msingi import Plugin, Work
from msingi.http.rest import RestRequest
from msingi.jobs import Progress

plugin = Plugin("gates", requires=["garden"])
READ = plugin.permission("read", "Read a label at any door")
WRITE = plugin.permission("write", "Put a tree at any door")


def label_of(work: Work, tree_id: UUID) -> str:
    """The label of a tree that the caller may see."""
    return work.get(Tree, tree_id).label


def put(work: Work, place: UUID, label: str) -> str:
    """Put a tree at a place."""
    work.add(Tree(label=label, kind=Kind.PALM, jurisdiction_id=place))
    work.session.flush()
    return label


@plugin.query(allow=READ)
def label_at(work: Work, id: UUID) -> str:  # noqa: A002 - the name that callers see
    """The label of a tree."""
    return label_of(work, id)


@plugin.mutation(allow=WRITE)
def put_at(work: Work, id: UUID, label: str) -> str:  # noqa: A002
    """Put a tree at a place."""
    return put(work, id, label)


@plugin.route("GET", "/label/{id:uuid}", allow=READ)
def label_by_rest(work: Work, request: RestRequest) -> str:
    """The label of a tree."""
    return label_of(work, request.path["id"])


@plugin.route("POST", "/put/{id:uuid}/{label}", allow=WRITE)
def put_by_rest(work: Work, request: RestRequest) -> str:
    """Put a tree at a place."""
    return put(work, request.path["id"], request.path["label"])


@plugin.job(attempts=1)
def label_by_job(work: Work, progress: Progress, record: UUID) -> None:
    """Leave the label of a tree as the job's result."""
    with work.allowed(READ):
        progress.result({"answer": label_of(work, record)})


@plugin.job(attempts=1)
def put_by_job(work: Work, progress: Progress, record: UUID, label: str) -> None:
    """Put a tree at a place."""
    with work.allowed(WRITE):
        progress.result({"answer": put(work, record, label)})


def labels(work: Work) -> set[str]:
    """Every label, whoever may see it."""
    with work.everywhere():
        return set(work.session.scalars(select(Tree.label)))
