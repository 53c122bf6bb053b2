"""The policy engine: casbin decides role x module x action; our adapter hands it the rules of our tables.

Names are compared for equality only: a matching function on names is forbidden (attack 26). Subjects and roles
carry a prefix each, so that no name of one is ever taken for the other, and an engine without rules is never
asked: casbin would then compare the request with empty names.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from casbin import Enforcer, Model
from casbin.persist import Adapter

MODEL: Final = """
[request_definition]
r = sub, obj, act

[policy_definition]
p = sub, obj, act

[role_definition]
g = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act
"""

_ROLE: Final = "role:"
_SUBJECT: Final = "subject:"

Rule: TypeAlias = tuple[str, str, str]
"""Role, module and action."""
Link: TypeAlias = tuple[str, str]
"""Subject and role."""


class TableAdapter(Adapter):  # type: ignore[misc]
    """Loads rows that were read from our tables; nothing is parsed, so no name can forge a rule.

    It saves nothing: policies change only through the audited services.
    """

    def __init__(self, rules: Iterable[Rule], links: Iterable[Link]) -> None:
        self._rules = sorted(set(rules))
        self._links = sorted(set(links))

    def load_policy(self, model: Model) -> None:
        """Hand every rule and every link to casbin."""
        model["p"]["p"].policy.extend([_role(role), module, action] for role, module, action in self._rules)
        model["g"]["g"].policy.extend([_subject(subject), _role(role)] for subject, role in self._links)


class PolicyEngine:
    """One casbin enforcer over a fixed set of rules, for what-if questions and explanations."""

    def __init__(self, rules: Iterable[Rule], links: Iterable[Link]) -> None:
        model = Model()
        model.load_model_from_text(MODEL)
        self.enforcer = Enforcer(model, TableAdapter(rules, links))
        self._has_rules = bool(self.enforcer.get_policy())

    def decide(self, subject: str, permission: str) -> bool:
        """Whether one of the subject's roles has the permission."""
        return self.deciding_role(subject, permission) is not None

    def deciding_role(self, subject: str, permission: str) -> str | None:
        """The role of the first rule that allows the request, None when no rule does."""
        rule = self._first_rule(_subject(subject), permission)
        return None if rule is None else rule[0].removeprefix(_ROLE)

    def role_allows(self, role: str, permission: str) -> bool:
        """Whether this role by itself has the permission."""
        return self._first_rule(_role(role), permission) is not None

    def _first_rule(self, asker: str, permission: str) -> Sequence[str] | None:
        module, dot, action = permission.partition(".")
        if not (dot and self._has_rules):
            return None
        allowed, rule = self.enforcer.enforce_ex(asker, module, action)
        return rule if allowed else None


def _role(name: str) -> str:
    return f"{_ROLE}{name}"


def _subject(name: str) -> str:
    return f"{_SUBJECT}{name}"
