"""The web form: what a browser shows of a library, on this machine and to nobody else."""
