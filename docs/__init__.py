"""The manual: pages by hand in `pages/`, and those that are made of the code. `python -m docs` builds it."""
