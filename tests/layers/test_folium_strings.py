"""No business text may enter folium: its output is parsed as a template a second time.

Every argument of a call into folium or branca has to be written out in the source, except in
the groups of ``layers/base.py`` and ``layers/workbench.py`` that carry a checked key or label,
checked numbers and a listed word.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = {"folium", "branca"}


def imported(tree: ast.Module) -> set[str]:
    """Names in a module that stand for folium, branca or something out of them."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {
                (a.asname or a.name).split(".")[0]
                for a in node.names
                if a.name.split(".")[0] in LIBRARIES
            }
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LIBRARIES:
            names |= {a.asname or a.name for a in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(root(base) in names for base in node.bases):
            names.add(node.name)
    return names


def root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def constant(node: ast.expr) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp():
            return constant(node.operand)
        case ast.Tuple() | ast.List():
            return all(constant(item) for item in node.elts)
        case ast.Dict():
            return all(k is not None and constant(k) for k in node.keys) and all(
                constant(v) for v in node.values
            )
        case _:
            return False


def violations(source: str) -> Iterator[int]:
    """Lines on which something that is not written out goes into folium."""
    tree = ast.parse(source)
    names = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and root(node.func) in names:
            given = [*node.args, *(k.value for k in node.keywords)]
            if not all(constant(argument) for argument in given):
                yield node.lineno


CHECKED = {
    ROOT / "layers" / "base.py": {
        "ViewGroup(view_key)", "SelectGroup(known[kind], row_id)", "LanguageGroup",
        "PlacingGroup(turn, chosen, whole)",
    },
    ROOT / "layers" / "workbench.py": {
        "PlanGroup(shown.plan_id, shown.version, seq, shown.proposal)",
        "PointGroup(pointer.turn, label, cells, place)",
    },
}  # fmt: skip


def sources() -> list[Path]:
    found = [p for folder in ("layers", "pages") for p in (ROOT / folder).rglob("*.py")]
    return [*sorted(found), ROOT / "app.py"]


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_written_out_values_enter_folium(path: Path) -> None:
    source = path.read_text("utf-8")
    lines = source.splitlines()
    found = [lines[n - 1].strip() for n in violations(source)]
    allowed = CHECKED.get(path, set())
    assert [line for line in found if not any(call in line for call in allowed)] == []


@pytest.mark.parametrize(
    "source",
    [
        "import folium\nfolium.Marker((1, 2), popup=name)",
        "import folium\nfolium.Marker((1, 2), popup=f'{name}')",
        "from folium.plugins import Realtime as R\nR('/x' + key)",
        "import folium as f\nf.Popup(html.escape(name))",
        "from branca.element import Element\nElement(text)",
        "import folium\nclass G(folium.FeatureGroup):\n    pass\nG(title)",
        "import folium\nfolium.GeoJson({'a': name})",
    ],
)
def test_the_check_sees_text_that_comes_from_elsewhere(source: str) -> None:
    assert list(violations(source))


def test_the_check_lets_constants_pass() -> None:
    assert not list(violations("import folium\nfolium.Map(location=(1, -2.5), tiles=None)"))
