"""What can be worked out of DataFrames alone: no gateway, no notebook, a saved file will do."""
