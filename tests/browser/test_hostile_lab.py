"""A false gateway's texts in real JupyterLab, the saved notebook and its HTML export: none of them acts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Page, expect

from mxgw_notebook.cli.demo.demo import variables
from mxgw_notebook.frames import write_galaxy
from mxgw_notebook.gateway import connect, disconnect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.conftest import chromium_path
from tests.browser.lab_page import LabPage, lab_page, notebook_of

pytestmark = pytest.mark.browser

# Each would set `hit` in the page, make the file `hit` in the kernel's folder, or break what shows it.
ACTS = "window.hit = 1"
TOUCH = "__import__('pathlib').Path('hit').touch()"
HOSTILE = [
    f"<script>{ACTS}</script>",
    f"<img src=x onerror='{ACTS}'>",
    f'"><svg onload="{ACTS}">',
    f"</text></svg><script>{ACTS}</script>",
    f"</style><script>{ACTS}</script>",
    f"</script><script>{ACTS}</script>",
    f"--><img src=x onerror='{ACTS}'>",
    f"<iframe srcdoc='<script>parent.{ACTS}</script>'>",
    f"<a href='javascript:{ACTS}'>Tank</a>",
    f"[Tank](javascript:{ACTS})",
    f"![x](x){{onerror={ACTS}}}",
    f"' onmouseover='{ACTS}",
    f"`-{ACTS}-`",
    f"${{{ACTS}}}",
    "{{7*7}}<%= 7*7 %>",
    f"{{{TOUCH}}}",
    f"{{{{{TOUCH}}}}}",
    f"'+{TOUCH}+'",
    f"'''+{TOUCH}+'''",
    f'");{TOUCH}#',
    "A\n!touch hit",
    "A\r%system touch hit",
    "A\u2028!touch hit",
    "%%bash\ntouch hit",
    "$(touch hit)",
    "`touch hit`",
    ";touch hit;",
    "-x --ask-key",
    "$\\href{javascript:window.hit=1}{x}$",
    "\x1b[2J\x1b]0;owned\x07",
    "\u202eLevel\u2066",
    "=HYPERLINK(1)",
    "__proto__",
    "constructor",
    "&lt;script&gt;",
    "Tank " + "long " * 400,
]

LIVE = "['FIC101.PV', 'FIC101.Mode', 'Tank001.Level', 'Recipe_101.Name']"
CELLS = [
    "%load_ext mxgw_notebook\n%mxgw connect demo\nimport mxgw_notebook as mx\ngateway = mx.current()",
    "gateway.objects().head(60)",
    "gateway.find('*.Description')",
    f"live = {LIVE}\ngateway.read(*live)",
    "watched = gateway.watch(*live)\nwatched",
    "table = watched.table()\ntable",
    "tree = gateway.browse()\ntree",
    "names = [f'{name}.Description' for name in gateway.objects()['tag_name']]\n"
    "gateway.plan(dict.fromkeys(names[:40], 'new'))",
    "plan = gateway.plan({'FIC101.SP': 31.0, 'Recipe_101.Name': '<script>window.hit = 1</script>'},\n"
    "    override={'FIC101.SP': '<script>window.hit = 1</script>'})\nplan",
    "print(plan.apply(yes=True))",
    "gateway.audit_trail()",
    "gateway.values(*live).compare()",
    "watched.collect(2)\ngateway.note('<script>window.hit = 1</script>')\ngateway.dossier('-1min')",
    "for name in names[:40]:\n    try:\n        gateway.write(name, 1)\n"
    "    except mx.GatewayError as error:\n        print(error)",
    "alarms = gateway.alarms()\nalarms",
]


def false_plant(plant: EmbeddedGateway, folder: Path) -> dict[str, str]:
    """The plant's galaxy and values, its objects and the texts that they hold called as a liar would."""
    gateway = connect(plant.endpoint, api_key=plant.api_key, plaintext=True)
    objects, attributes = gateway.objects(), gateway.attributes()
    disconnect()
    names = objects["tag_name"].astype("str")
    leaves = names[~names.isin(set(objects["parent"].astype("str"))) & names.str.match("Motor|Pump|Valve")]
    called = dict(zip(leaves, HOSTILE, strict=False))
    assert len(called) == len(HOSTILE) > 35
    objects["tag_name"] = names.replace(called)
    attributes["object"] = attributes["object"].astype("str").replace(called)
    attributes["tag"] = attributes["object"] + "." + attributes["attribute"].astype("str")
    texts = attributes[(attributes["data_type"] == "String") & ~attributes["is_array"]]["tag"]
    values = {tag: {"value": text, "quality": 192} for tag, text in zip(texts, cycle(HOSTILE), strict=False)}
    (folder / "values.json").write_text(json.dumps(values), "utf-8")
    galaxy = write_galaxy(folder / "plant.parquet", objects, attributes)
    return {"galaxy": str(galaxy), "values": str(folder / "values.json")}


@pytest.fixture
def false_gateway(tmp_path: Path) -> Iterator[EmbeddedGateway]:
    chromium_path()
    with EmbeddedGateway.start(seed=1) as plant:
        files = false_plant(plant, tmp_path)
    with EmbeddedGateway.start(galaxy=files["galaxy"], values=files["values"]) as gateway:
        yield gateway


def watched_for_acts(page: Page) -> list[str]:
    """What a page asks a person, which here it never does."""
    asked: list[str] = []

    def note(dialog: object) -> None:
        asked.append(str(dialog))

    page.on("dialog", note)
    return asked


def test_no_text_of_a_false_gateway_acts(
    chromium: Browser, false_gateway: EmbeddedGateway, tmp_path: Path, screenshots: Path
) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook = notebook_of(CELLS, folder / "hostile.ipynb")
    with lab_page(chromium, notebook, variables(false_gateway)) as lab:
        asked = watched_for_acts(lab.page)
        for place in range(len(CELLS)):
            lab.run_cell(place)
        for kind in ("trend", "values", "galaxy-tree"):
            lab.widget(kind).first.scroll_into_view_if_needed()
        tree = lab.widget("galaxy-tree").first
        tree.get_by_placeholder("Filter").fill("window.hit")
        expect(tree).to_contain_text("window.hit", timeout=30_000)
        lab.page.screenshot(path=screenshots / "hostile.png")
        assert lab.errors("error") == []
        assert_inert(lab, asked, folder)
        lab.save()
    exported(chromium, notebook)


def assert_inert(lab: LabPage, asked: list[str], folder: Path) -> None:
    """Nothing has acted, in the page or in the kernel."""
    assert (asked, lab.foreign, lab.failures) == ([], [], [])
    assert lab.page.evaluate("window.hit") is None
    assert not list(folder.rglob("hit"))
    assert lab.code_cells.count() <= len(CELLS) + 1


def exported(browser: Browser, notebook: Path) -> None:
    """The HTML export, in a page where scripts run."""
    html, _ = HTMLExporter().from_notebook_node(nbformat.read(notebook, as_version=4))
    file = notebook.with_suffix(".html")
    file.write_text(html, encoding="utf-8")
    page = browser.new_page()
    asked = watched_for_acts(page)
    page.route("http*://**", lambda route: route.abort())  # of what the export loads from afar
    page.goto(file.as_uri(), wait_until="load")
    assert page.evaluate("window.hit") is None
    assert asked == []
    page.close()
