"""Finds which keys of a country pack the product's code reads, from the code alone.

Follows values that come from a pack through the names they are given: ``pack.care``, ``care =
pack.care``, a parameter of type ``CareRules``, an element of ``pack.escalation``. An attribute of
anything else that happens to have the same name does not count.
"""

import ast
import typing
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from core.packs.models import Pack
from core.packs.sections import Section

PRODUCT = ("api", "cases", "cli", "core", "panels", "transfers", "workflows")
# Comparing keys with one another is no use of them.
NOT_READERS = ("core/packs/checks.py",)
PACKS = frozenset({"pack", "new_pack", "old_pack"})  # names that always hold a pack here
BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
ELEMENTS = frozenset({"values", "get", "items"})


def keys(model: type[BaseModel] = Pack) -> Iterator[tuple[type[BaseModel], str]]:
    """Every key of the schema that holds a value, with the section it stands in; once each."""
    for found in sorted(_sections(model), key=lambda one: one.__name__):
        for name, field in found.model_fields.items():
            if _section(field.annotation) is None:
                yield _owner(found, name), name


def reads(root: Path) -> set[tuple[type[BaseModel], str]]:
    """Every key that a line of the product reads."""
    trees = {
        path: ast.parse(path.read_text())
        for folder in PRODUCT
        for path in sorted((root / folder).rglob("*.py"))
        if path.relative_to(root).as_posix() not in NOT_READERS
    }
    names = {path: _names(path.relative_to(root), tree) for path, tree in trees.items()}
    functions = {
        node.name: found
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (found := _annotated(node.returns, names[path]))
    }
    return {
        read for path, tree in trees.items() for read in _Reader(names[path], functions).read(tree)
    }


def reads_in(code: str) -> set[tuple[type[BaseModel], str]]:
    """Every key a piece of code reads that knows all sections by name."""
    known = {one.__name__: one for one in _sections(Pack)}
    return _Reader(known, {"pack_of": Pack}).read(ast.parse(code))


def names_of(found: Iterable[tuple[type[BaseModel], str]]) -> set[str]:
    """Keys as people write them."""
    return {f"{section.__name__}.{name}" for section, name in found}


def _names(path: Path, tree: ast.Module) -> dict[str, type[BaseModel]]:
    """The sections of a pack a module knows by name; others may have things of the same name."""
    known = {one.__name__: one for one in _sections(Pack)}
    if path.as_posix().startswith("core/packs/"):
        return known
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("core.packs")
        for alias in node.names
    }
    return {name: found for name, found in known.items() if name in imported}


class _Reader:
    """Walks one module and notes each attribute of a value that is known to be part of a pack."""

    def __init__(
        self, names: Mapping[str, type[BaseModel]], functions: Mapping[str, type[BaseModel]]
    ) -> None:
        self.names, self.functions = names, functions
        self.found: set[tuple[type[BaseModel], str]] = set()

    def read(self, tree: ast.Module) -> set[tuple[type[BaseModel], str]]:
        self._block(tree, {})
        return self.found

    def _block(self, node: ast.AST, known: dict[str, type[BaseModel]]) -> None:
        here = dict(known)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            here |= self._parameters(node)
        nodes = list(_inside(node))
        for _ in range(2):  # a name may be used above the line that gives it
            for one in nodes:
                self._bind(one, here)
        for one in nodes:
            if isinstance(one, ast.Attribute):
                self._note(one, here)
            elif isinstance(one, BLOCKS):
                self._block(one, here | self._self_of(one))

    def _note(self, node: ast.Attribute, known: Mapping[str, type[BaseModel]]) -> None:
        part = self._type(node.value, known)
        if part is not None and node.attr in part.model_fields:
            self.found.add((_owner(part, node.attr), node.attr))

    def _self_of(self, node: ast.AST) -> dict[str, type[BaseModel]]:
        """Inside the class of a section ``self`` is one."""
        is_section = isinstance(node, ast.ClassDef) and node.name in self.names
        return {"self": self.names[node.name]} if is_section else {}  # type: ignore[attr-defined]

    def _parameters(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, Any]:
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        typed = {arg.arg: _annotated(arg.annotation, self.names) for arg in given}
        return {name: found for name, found in typed.items() if found is not None}

    def _bind(self, node: ast.AST, known: dict[str, type[BaseModel]]) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._name(target, node.value, known)
        elif isinstance(node, ast.NamedExpr):
            self._name(node.target, node.value, known)
        elif isinstance(node, ast.For | ast.comprehension):
            self._name(node.target, node.iter, known)

    def _name(self, target: ast.expr, value: ast.expr, known: dict[str, type[BaseModel]]) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, given in zip(target.elts, value.elts, strict=False):
                self._name(one, given, known)
            return
        if isinstance(target, ast.Tuple):  # for code, rule in pack.limits.items()
            target = target.elts[-1]
        found = self._type(value, known)
        if isinstance(target, ast.Name) and found is not None:
            known[target.id] = found

    def _type(self, node: ast.expr, known: Mapping[str, type[BaseModel]]) -> Any:
        """The section a piece of code stands for; None for anything else."""
        found: Any = None
        if isinstance(node, ast.Name):
            found = known.get(node.id) or (Pack if node.id in PACKS else None)
        elif isinstance(node, ast.Attribute):
            found = self._attribute(node, known)
        elif isinstance(node, ast.Subscript):
            found = self._type(node.value, known)
        elif isinstance(node, ast.Call):
            found = self._call(node, known)
        elif isinstance(node, ast.BoolOp):
            found = next(filter(None, (self._type(one, known) for one in node.values)), None)
        elif isinstance(node, ast.IfExp):
            found = self._type(node.body, known) or self._type(node.orelse, known)
        return found

    def _attribute(self, node: ast.Attribute, known: Mapping[str, type[BaseModel]]) -> Any:
        part = self._type(node.value, known)
        if part is not None and node.attr in part.model_fields:
            return _section(part.model_fields[node.attr].annotation)
        if part is not None and node.attr in ELEMENTS:
            return part
        return Pack if node.attr in PACKS else None

    def _call(self, node: ast.Call, known: Mapping[str, type[BaseModel]]) -> Any:
        if isinstance(node.func, ast.Name):
            if node.func.id in {"sorted", "list", "tuple", "next", "iter"} and node.args:
                return self._type(node.args[0], known)
            return self.functions.get(node.func.id)
        if isinstance(node.func, ast.Attribute):
            own = self._attribute(node.func, known)
            return own or self.functions.get(node.func.attr)
        return None


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """Everything in a block, without the inside of the blocks in it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, BLOCKS):
            yield from _inside(child)


def _owner(section: type[BaseModel], name: str) -> type[BaseModel]:
    """The section that brings a key in; some bring theirs to many."""
    return next(
        one for one in reversed(section.__mro__) if name in vars(one).get("__annotations__", {})
    )


def _sections(model: type[BaseModel]) -> set[type[BaseModel]]:
    found: set[type[BaseModel]] = {model, Section}
    for field in model.model_fields.values():
        inner = _section(field.annotation)
        found |= _sections(inner) if inner is not None else set()
    return found


def _section(annotation: Any) -> type[BaseModel] | None:
    """The section a field holds, alone or in a list or table; None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    parts = typing.get_args(annotation)
    return next(filter(None, (_section(part) for part in parts)), None)


def _annotated(node: ast.expr | None, names: Mapping[str, type[BaseModel]]) -> Any:
    """The section named anywhere in an annotation."""
    if node is None:
        return None
    said = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return next((names[name] for name in sorted(said & names.keys())), None)
