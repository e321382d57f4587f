"""The parts of a component that runs in the browser make one ES module and one style sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from ledger.ui import components
from ledger.ui.components import joined, month_calendar, photo_viewer, receipt_list, review_form

FOLDER = Path(components.__file__).parent
COMPONENTS = {
    "review_form": review_form,
    "photo_viewer": photo_viewer,
    "receipt_list": receipt_list,
    "month_calendar": month_calendar,
}
DECLARATION = re.compile(r"^(?:export default )?(?:async )?(?:function\*?|class|const|let|var) +(\w+)", re.MULTILINE)

each_component = pytest.mark.parametrize(("name", "module"), COMPONENTS.items(), ids=COMPONENTS)


def stems(name: str, kind: str) -> list[str]:
    return sorted(path.stem for path in (FOLDER / name).glob(f"*.{kind}"))


def own(parts: Sequence[str]) -> list[str]:
    return [part for part in parts if not part.startswith("shared/")]


@each_component
def test_every_part_in_the_folder_is_joined_once(name: str, module: ModuleType) -> None:
    assert sorted(own(module.SCRIPTS)) == stems(name, "js")
    assert sorted(own(module.STYLES)) == stems(name, "css")


@pytest.mark.parametrize(("kind", "named"), [("js", "SCRIPTS"), ("css", "STYLES")])
def test_what_is_shared_belongs_to_two_components_at_least_and_comes_first(kind: str, named: str) -> None:
    parts = [getattr(module, named) for module in COMPONENTS.values()]
    shared = [[part for part in of_one if part not in own(of_one)] for of_one in parts]

    used = Counter(part for of_one in shared for part in of_one)
    assert sorted(used) == [f"shared/{stem}" for stem in stems("shared", kind)]
    assert min(used.values()) > 1
    assert [list(of_one[: len(first)]) for of_one, first in zip(parts, shared, strict=True)] == shared


@each_component
def test_parts_are_joined_whole_and_in_order(name: str, module: ModuleType) -> None:
    for kind, parts in (("js", module.SCRIPTS), ("css", module.STYLES)):
        files = [FOLDER / (part if part not in own(parts) else f"{name}/{part}") for part in parts]
        texts = [file.with_suffix(f".{kind}").read_text("utf-8") for file in files]
        places = [joined(name, kind, parts).index(text) for text in texts]
        assert places == sorted(places)


@each_component
def test_no_two_parts_declare_the_same_name(name: str, module: ModuleType) -> None:
    declared = Counter(DECLARATION.findall(joined(name, "js", module.SCRIPTS)))

    assert len(declared) > 20
    assert [each for each, times in declared.items() if times > 1] == []


@each_component
def test_the_one_export_is_the_default_of_the_last_part_and_nothing_is_imported(name: str, module: ModuleType) -> None:
    script = joined(name, "js", module.SCRIPTS)
    last = (FOLDER / name / f"{module.SCRIPTS[-1]}.js").read_text("utf-8")

    assert re.findall(r"^[ \t]*(?:export|import)\b(?: default)?", script, re.MULTILINE) == ["export default"]
    assert "\nexport default function show" in last


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/*.js")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_script_is_whole_declarations_and_comments(path: Path) -> None:
    text = path.read_text("utf-8")
    at_the_margin = re.findall(r"^\S.*", text, re.MULTILINE)

    strange = [line for line in at_the_margin if not (DECLARATION.match(line) or re.match(r"//|[}\])]+;?$", line))]
    assert strange == []
    opened = [line for line in at_the_margin if line.endswith(("{", "[", "("))]
    assert len(opened) == len([line for line in at_the_margin if line[0] in "}])"])
    assert text.endswith(("}\n", ";\n"))


@pytest.mark.parametrize("kind", ["js", "css"])
@each_component
def test_streamlit_cannot_take_a_text_for_a_path(name: str, module: ModuleType, kind: str) -> None:
    assert "\n" in joined(name, kind, module.SCRIPTS if kind == "js" else module.STYLES)
