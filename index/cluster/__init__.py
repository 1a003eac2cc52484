"""Build and search on several machines with Ray. An optional extra: only `--engine ray` imports this package."""
