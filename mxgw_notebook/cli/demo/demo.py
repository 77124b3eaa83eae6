"""mxgw-py demo"""

from __future__ import annotations

import shutil
import webbrowser
from importlib.resources import files
from pathlib import Path

import click

from mxgw_notebook.cli.demo.lab import running_lab
from mxgw_notebook.cli.demo.report import run_headless
from mxgw_notebook.cli.simulate import ended, wait_for_signal
from mxgw_notebook.cli.starting import start_gateway
from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.simulator import EmbeddedGateway

QUICKSTART = "01_quickstart.ipynb"
PACKAGE = Path(str(files("mxgw_notebook")))


@click.command()
@click.option("--headless", is_flag=True, help="Run the notebook without a browser and write an HTML report.")
@click.option("--no-browser", is_flag=True, help="Start JupyterLab, do not open the browser.")
@click.option("--port", default=0, help="JupyterLab's port; default: a free one.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same plant.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("mxgw-demo"),
    show_default=True,
    help="The folder for your copy of the notebooks.",
)
def demo(headless: bool, no_browser: bool, port: int, seed: int, folder: Path) -> None:
    """Start a simulated plant and JupyterLab on the quickstart. Ctrl-C ends both."""
    notebook = make_working_copy(folder)
    with start_gateway(seed=seed) as gateway:
        click.echo(f"Embedded gateway: {gateway.endpoint} (simulated plant, process {gateway.pid})")
        click.echo(f"Notebook:         {notebook.resolve()}")
        if headless:
            report = run_headless(notebook, environment=variables(gateway), tell=click.echo)
            click.echo(f"Report:           {report.resolve()}")
        else:
            show(notebook, gateway, port=port, browser=not no_browser)
    click.echo("Stopped: JupyterLab and the embedded gateway are down." if not headless else "Done.")


def show(notebook: Path, gateway: EmbeddedGateway, *, port: int, browser: bool) -> None:
    """JupyterLab on the notebook until Ctrl-C."""
    click.echo("JupyterLab:       starting ...")
    with running_lab(notebook, port=port, environment=variables(gateway)) as lab:
        click.echo(f"JupyterLab:       {lab.url} (process {lab.pid})")
        if browser and not webbrowser.open(lab.url):
            click.echo("No browser could be opened here: open the address above in one.")
        wait_for_signal("Ctrl-C stops everything.", lambda: ended(gateway), lambda: lab.ended)


def variables(gateway: EmbeddedGateway) -> dict[str, str]:
    """What lets `%mxgw connect demo` in a notebook join this plant instead of starting its own."""
    # Here, because it brings pandas and the widgets: the other commands start without them.
    from mxgw_notebook.gateway import DEMO_ENDPOINT_VARIABLE, DEMO_KEY_VARIABLE

    return {DEMO_ENDPOINT_VARIABLE: gateway.endpoint, DEMO_KEY_VARIABLE: gateway.api_key}


def shipped() -> Path:
    """The folder of the notebooks: inside an installed package, beside it in a checkout."""
    for folder in (PACKAGE / "notebooks", PACKAGE.parent / "notebooks"):
        if (folder / QUICKSTART).is_file():
            return folder
    raise ConfigurationError("The notebooks are not installed", hint="Install mxgw-notebook again.")


def make_working_copy(folder: Path) -> Path:
    """The quickstart in a folder of the user's, beside the other notebooks.

    Each is copied there once, never over what they changed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for notebook in shipped().glob("*.ipynb"):
            # What somebody has changed is theirs, also after an update.
            if not (folder / notebook.name).exists():
                shutil.copyfile(notebook, folder / notebook.name)
    except OSError as error:
        message = f"The notebooks cannot be put into {folder}: {reason_of(error)}"
        raise ConfigurationError(message, hint="Name another one with --folder.") from None
    return folder / QUICKSTART
