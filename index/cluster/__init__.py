"""Building and searching on more than one machine, by Ray: imported by who asks for it, and by nobody else."""
