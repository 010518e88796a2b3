"""Extract functions from this repository's source together with their dependencies.

So an exported script contains the code that runs here, and not a copy that could differ.
"""

import ast
import builtins
from collections.abc import Callable, Iterable
from functools import cache
from inspect import getsource
from sys import modules, stdlib_module_names
from textwrap import dedent, indent
from typing import Any, NamedTuple

from app.export.python_literals import format_literal

SourceNode = ast.FunctionDef | ast.Assign | ast.Lambda


class ModuleSource(NamedTuple):
    """The source of a module without annotations, and its definitions."""

    lines: list[str]
    functions: dict[str, ast.FunctionDef]
    assignments: dict[str, ast.Assign]
    imports: dict[str, str]  # statement by the name that it binds


class Dependencies:
    """The imports and functions that extracted functions need."""

    def __init__(self) -> None:
        self.imports: set[str] = set()
        self.functions: dict[str, str] = {}  # source by name, each after its own dependencies

    def resolve(self, name: str, module: ModuleSource) -> bool:
        """Record `name` if it is a function, an import or a builtin of the module; return whether it is."""
        if name in module.functions:
            if name not in self.functions:
                self.functions[name] = write_function(module, module.functions[name], self)
                self.functions[name] = self.functions.pop(name)
            return True
        if name in module.imports:
            self.imports.add(module.imports[name])
            return True
        return hasattr(builtins, name)


@cache
def read_module(name: str) -> ModuleSource:
    source = strip_annotations(getsource(modules[name]))
    tree = ast.parse(source)
    assignments = {
        name: node for node in tree.body if isinstance(node, ast.Assign) for name in find_assigned_names(node)
    }
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    imports = {}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            prefix = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                suffix = f" as {alias.asname}" if alias.asname else ""
                imports[alias.asname or alias.name] = f"{prefix}import {alias.name}{suffix}"
    return ModuleSource(source.splitlines(), functions, assignments, imports)


def strip_annotations(source: str) -> str:
    """Remove the annotations of functions, which would need imports of their own."""
    lines = [line.encode() for line in source.splitlines()]
    spans = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg) and node.annotation:
            end = node.annotation
            spans.append((node.lineno, node.col_offset + len(node.arg), end.end_lineno, end.end_col_offset))
        if isinstance(node, ast.FunctionDef) and node.returns:
            line, column = node.returns.lineno, node.returns.col_offset
            arrow = lines[line - 1].rindex(b" ->", 0, column)
            spans.append((line, arrow, node.returns.end_lineno, node.returns.end_col_offset))
    for line, start, last, end in sorted(spans, reverse=True):
        if line != last:
            raise LookupError(f"an annotation over several lines: {lines[line - 1]!r}")
        lines[line - 1] = lines[line - 1][:start] + lines[line - 1][end:]
    return b"\n".join(lines).decode()


def extract_inner(
    make: Callable[..., Any], name: str, constants: dict[str, Any], dependencies: Dependencies, title: str
) -> str:
    """The source of function `name` inside `make(**constants)`, renamed to `title`, with the names it closes over."""
    module = read_module(make.__module__)
    maker = module.functions[make.__name__]
    enclosing = {n: node for node in maker.body if isinstance(node, ast.Assign) for n in find_assigned_names(node)}
    enclosing |= {node.name: node for node in maker.body if isinstance(node, ast.FunctionDef)}
    return write_function(module, enclosing[name], dependencies, title, enclosing, constants)


def add_function(make: Callable[..., Any], dependencies: Dependencies) -> None:
    """Record `make` itself as a dependency."""
    dependencies.resolve(make.__name__, read_module(make.__module__))


def extract_lambda(
    make: Callable[..., Any], node: Any, constants: dict[str, Any], dependencies: Dependencies, title: str
) -> str:
    """The source of a lambda in `make`, or of a function named in it, as a function called `title`."""
    if isinstance(node, ast.Name):
        return extract_inner(make, node.id, constants, dependencies, title)
    return write_function(read_module(make.__module__), node, dependencies, title)


def write_function(
    module: ModuleSource,
    node: SourceNode,
    dependencies: Dependencies,
    title: str = "",
    enclosing: dict[str, SourceNode] | None = None,
    constants: dict[str, Any] | None = None,
) -> str:
    """The source of a function called `title`; the variables that it closes over are assigned at its beginning."""
    enclosing, constants = enclosing or {}, constants or {}
    used_constants: set[str] = set()
    statements: dict[int, str] = {}

    def add_dependencies(names: Iterable[str]) -> None:
        for name in names:
            if name in enclosing:
                statement = enclosing[name]
            elif name in constants:
                used_constants.add(name)
                continue
            elif name in module.assignments:
                statement = module.assignments[name]
            elif dependencies.resolve(name, module):
                continue
            else:
                raise LookupError(f"{name} has no source to extract")
            if id(statement) not in statements:
                add_dependencies(find_free_names(statement))
                statements[id(statement)] = source_text(module, statement)

    add_dependencies(find_free_names(node))
    fixed = {name: value for name, value in constants.items() if name in used_constants}
    head = [f"{', '.join(fixed)} = {', '.join(map(format_literal, fixed.values()))}"] if fixed else []
    body = [*head, *statements.values(), source_text(module, node, body_only=True)]
    return f"def {title or node.name}({format_parameters(node)}):\n" + indent("\n".join(body), "    ") + "\n"


def source_text(module: ModuleSource, node: SourceNode, *, body_only: bool = False) -> str:
    """The source of a node; for a function, optionally only its body."""
    if isinstance(node, ast.Lambda):
        code = ast.get_source_segment("\n".join(module.lines), node.body)
        return f"return {code}"
    if isinstance(node, ast.Assign):
        return dedent("\n".join(module.lines[node.lineno - 1 : node.end_lineno]))
    body = node.body[1:] if ast.get_docstring(node) else node.body
    text = dedent("\n".join(module.lines[body[0].lineno - 1 : node.end_lineno]))
    return text if body_only else f"def {node.name}({format_parameters(node)}):\n" + indent(text, "    ") + "\n"


def format_parameters(node: SourceNode) -> str:
    return ", ".join(arg.arg for arg in node.args.args)


def find_assigned_names(node: ast.AST) -> list[str]:
    """The names that are assigned in `node`."""
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]


def find_free_names(node: SourceNode) -> list[str]:
    """The free names of a node, in the order of the source."""
    bound = set(find_assigned_names(node))
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.Lambda):
            bound |= {arg.arg for arg in part.args.args} | ({part.name} if isinstance(part, ast.FunctionDef) else set())
    loads = [part for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)]
    loads.sort(key=lambda part: (part.lineno, part.col_offset))
    return list(dict.fromkeys(part.id for part in loads if part.id not in bound))


def sort_imports(imports: Iterable[str]) -> str:
    """Sort imports into two groups, Python's own first; names from one module share a line."""
    lines: list[str] = []
    for module in sorted({line.split()[1] for line in imports}):
        module_lines = sorted(line for line in imports if line.split()[1] == module)
        names = [line.partition(" import ")[2] for line in module_lines if line.startswith("from")]
        lines += [line for line in module_lines if line.startswith("import")]
        lines += [f"from {module} import {', '.join(names)}"] if names else []
    standard = [line for line in lines if line.split()[1].partition(".")[0] in stdlib_module_names]
    others = [line for line in lines if line not in standard]
    return "\n\n".join("\n".join(group) for group in (standard, others) if group)
