"""What IPython shows of an error of ours: one line, and the whole where it is asked for."""

from __future__ import annotations

import pytest

from tests.magics.conftest import Notebook


@pytest.mark.parametrize(
    "code",
    [
        "gateway.write('Pump001.Reset', True)",
        "gateway.read('Nope.Nope')",
        "gateway.find('')",
        "gateway.write('FIC101.SP', 'abc')",
        "mx.connect('localhost:1', plaintext=True, api_key='mxgw_a_b', connect_timeout=0.2)",
    ],
)
def test_an_error_in_python_is_one_line(connected: Notebook, code: str) -> None:
    connected.run("import mxgw_notebook as mx\ngateway = mx.current()")
    cell = connected.run(code)
    shown = (cell.out + cell.err).strip().splitlines()
    assert len(shown) == 1
    assert "Error: " in shown[0]


def test_the_whole_is_there_where_it_is_asked_for(connected: Notebook) -> None:
    connected.run("import mxgw_notebook as mx\ngateway = mx.current()\n%xmode Verbose")
    try:
        cell = connected.run("gateway.read('Nope.Nope')")
    finally:
        connected.run("%xmode Context")
    assert "Traceback" in cell.out + cell.err
    assert "invalid reference" in cell.out + cell.err


CHAINED = {
    "from": """
try:
    gateway.read('Nope.Nope')
except mx.GatewayError as error:
    raise RuntimeError('mine') from error
""",
    "within": """
try:
    gateway.write('Pump001.Reset', True)
except mx.GatewayError:
    [].pop()
""",
    "twice": """
try:
    try:
        gateway.read('Nope.Nope')
    except mx.GatewayError as error:
        raise KeyError('mine') from error
except KeyError as error:
    raise ValueError('outer') from error
""",
}


@pytest.mark.parametrize("code", CHAINED.values(), ids=CHAINED)
def test_an_error_that_a_persons_own_was_raised_from_has_no_frames_of_ours(
    connected: Notebook, code: str
) -> None:
    connected.run("import mxgw_notebook as mx\ngateway = mx.current()")
    shown = connected.run(code).out
    assert "Traceback" in shown  # of the person's own
    assert "mxgw_notebook/" not in shown
    assert any(line.startswith(("TagError: ", "WriteError: ")) for line in shown.splitlines())
    connected.run("%xmode Verbose")
    try:
        assert "mxgw_notebook/" in connected.run(code).out
    finally:
        connected.run("%xmode Context")


def test_another_error_keeps_its_traceback(connected: Notebook) -> None:
    assert "Traceback" in connected.run("1 / 0").out
