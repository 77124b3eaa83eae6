"""Output of protos/generate.py. Never edited; imported by client and simulator alone."""

import sys

from mxgw_notebook.own_protos import own_modules

for _name, _module in own_modules().items():
    sys.modules[f"{__name__}.{_name}"] = _module
    globals()[_name] = _module
