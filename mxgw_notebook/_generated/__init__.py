"""Output of protos/generate.py. Never edited; imported by client and simulator alone."""
