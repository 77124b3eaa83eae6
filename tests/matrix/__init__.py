"""Where the package runs: a table that a script makes, each row in an environment of its own."""
