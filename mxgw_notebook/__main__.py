"""python -m mxgw_notebook: the same as mxgw-py, where the script is not on the path."""

from mxgw_notebook.cli import main

if __name__ == "__main__":
    main()
