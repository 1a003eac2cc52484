"""The verbs of the command line, one module a concern: parse, call, print."""
