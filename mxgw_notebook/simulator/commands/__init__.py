"""What Invoke can be asked: one module a family of commands, each with its table of handlers."""
