"""Reactions to what a session does: every flush and every bulk statement leaves lines in its transaction."""

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Delete, Insert, Table, Update, event
from sqlalchemy.engine import Result
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session, SessionTransaction, UOWTransaction
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from msingi.audit.kept import Line, kept_if_any, take_waiting
from msingi.audit.rules.fields import field_plan, names_set, pair
from msingi.audit.rules.values import clean
from msingi.audit.trail import only_place
from msingi.db import Model, WorkSession
from msingi.work import RECORDED, Work

_CRITERIA_LIMIT = 500


@event.listens_for(WorkSession, "after_flush")
def record_flush(session: Session, context: UOWTransaction) -> None:
    """Write one line per object inserted, updated or deleted by this flush."""
    work: Work | None = session.info.get("work")
    if work is None:
        return
    lines = [
        line
        for state, (is_delete, only_listed) in context.states.items()
        if not only_listed
        and state.class_.__audited__
        and (line := _line_of(work, state, is_delete=is_delete))
    ]
    if lines:
        work.platform.trail.write(work, lines)


@event.listens_for(WorkSession, "do_orm_execute")
def record_statement(state: ORMExecuteState) -> Result[Any] | None:
    """Run a bulk insert, update or delete and write one line about it, without values that are hidden."""
    statement = state.statement
    if state.is_select or not isinstance(statement, Insert | Update | Delete):
        return None
    work: Work | None = state.session.info.get("work")
    if work is None or state.execution_options.get(RECORDED):
        return None
    model = _model_of(statement)
    if model is None or not model.__audited__:
        return None
    state.update_execution_options(preserve_rowcount=True)
    result = state.invoke_statement()
    trail = work.platform.trail
    changes = _described(state, model, getattr(result, "rowcount", -1))
    action = "insert_many" if state.is_insert else "update_many" if state.is_update else "delete_many"
    trail.write(work, [trail.line(work, action, model.__tablename__, None, changes, only_place(work))])
    return result


@event.listens_for(WorkSession, "before_commit")
def save_kept(session: Session) -> None:
    """Save what happened, refusals and reads together with the changes of the same work."""
    work: Work | None = session.info.get("work")
    if work is not None and not session.in_nested_transaction():
        session.flush()
        work.platform.trail.save_kept(work)


@event.listens_for(WorkSession, "after_transaction_end")
def forget_waiting(session: Session, transaction: SessionTransaction) -> None:
    """Forget the lines of a transaction that was undone."""
    if transaction.parent is None:
        take_waiting(session.info)


@event.listens_for(WorkSession, "after_commit")
def forget_saved(session: Session) -> None:
    """Forget what the commit has saved."""
    kept = kept_if_any(session.info)
    if kept is not None:
        kept.forget_saved()


@event.listens_for(WorkSession, "after_rollback")
def remember_unsaved(session: Session) -> None:
    """Keep for later what a failed commit did not save."""
    kept = kept_if_any(session.info)
    if kept is not None:
        kept.saved = 0


def _line_of(work: Work, state: InstanceState[Any], *, is_delete: bool) -> Line | None:
    model: type[Model] = state.class_
    plan = field_plan(model)
    values = state.dict
    changes: dict[str, Any]
    if is_delete or state.key is None:
        changes = names_set(plan, values)
    else:
        changes = _updates(state, plan.keeps)
        if not changes:
            return None
    action = "delete" if is_delete else "insert" if state.key is None else "update"
    place = values.get("jurisdiction_id")
    return work.platform.trail.line(work, action, plan.entity, values["id"], changes, place)


def _updates(state: InstanceState[Any], keeps: Any) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in state.committed_state:
        if name not in keeps:
            continue
        history = state.get_history(name, PASSIVE_NO_INITIALIZE)
        if history.has_changes():
            changes[name] = pair(history.deleted or (), history.added or (None,)) if keeps[name] else None
    return changes


def _model_of(statement: Insert | Update | Delete) -> type[Model] | None:
    table = statement.table
    return _model_named(table.name) if isinstance(table, Table) else None


@cache
def _model_named(table: str) -> type[Model] | None:
    """The model of a table; both come into being together."""
    mappers = (mapper for mapper in Model.registry.mappers if mapper.class_.__tablename__ == table)
    return next((mapper.class_ for mapper in mappers), None)


def _described(state: ORMExecuteState, model: type[Model], count: int) -> dict[str, Any]:
    statement, parameters = state.statement, state.parameters
    if count < 0 and isinstance(parameters, list):
        count = len(parameters)
    changes: dict[str, Any] = {"rows": count if count >= 0 else None}
    if not isinstance(statement, Delete):
        changes["set"] = _assigned(statement, model, parameters)
    criteria = getattr(statement, "whereclause", None)
    if criteria is not None:
        changes["where"] = clean(str(criteria), _CRITERIA_LIMIT)
    return changes


def _assigned(statement: Any, model: type[Model], parameters: Any) -> dict[str, Any]:
    keeps = field_plan(model).keeps
    first = parameters[0] if isinstance(parameters, list) and parameters else parameters or {}
    assigned: dict[str, Any] = dict.fromkeys(first)
    for column, value in (statement._values or {}).items():  # noqa: SLF001 - SQLAlchemy offers no public reading
        name = getattr(column, "key", str(column))
        plain_value = isinstance(value, BindParameter) and keeps.get(name, False)
        assigned[name] = pair((), (value.value,)) if plain_value else None
    return assigned
