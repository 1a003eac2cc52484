"""On paper: a corpus of any size on any number of machines, from the figures that `ray_engine` measured on one.

Arithmetic alone: machines as fast as the measured one, files that all can read at the speed of memory, no losses.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the model is computed from; seconds of processor time a passage, of this machine's cores."""

    encode: float
    """Of a worker: a passage and its sentences."""
    prepare: float
    """Of a worker: reading and cutting."""
    write: float
    """Of the one writer: looking up, sending out, taking back, storing."""
    disk: dict[str, float]
    """Bytes a passage by kind of file."""
    worker: float
    """Bytes of memory of an encoding process."""
    scan: float
    """Seconds to scan a passage's vector."""
    lexical: float
    """Seconds of the lexical search, a passage that it looks through."""
    fixed: float
    """Seconds of a question beside both searches: understanding, scoring, reading what is shown."""
    fan: float
    """Seconds of the driver's processor time for each further shard that is asked."""
    restart: float
    """Seconds until a lost actor answers again."""
    lost: float
    """Seconds of encoding that a lost worker had begun."""


def paper(inputs: Inputs, console: Console, passages: int = 10**8, machines: int = 20, cores: int = 16) -> None:
    """The arithmetic, line by line."""
    gigabyte = 1e9
    workers = machines * cores
    encoding = passages * (inputs.encode + inputs.prepare) / workers / 3600
    writing = passages * inputs.write / 3600
    disk = {kind: size * passages / gigabyte for kind, size in inputs.disk.items()}
    own = sum(disk.get(kind, 0.0) for kind in ("vectors",)) / machines
    each = passages / workers
    scan, lexical = each * inputs.scan, each * inputs.lexical
    question = inputs.fixed + scan + lexical + workers * inputs.fan
    console.print(f"\n[bold]{passages:,} passages on {machines} machines of {cores} cores: {workers} workers[/bold]")
    console.print(f"inputs: {inputs}")
    console.print(
        f"time to index: workers {passages:.0e} x ({1000 * inputs.encode:.1f} + {1000 * inputs.prepare:.1f}) ms / "
        f"{workers} = {encoding:.1f} h; the one writer {passages:.0e} x {1000 * inputs.write:.2f} ms = "
        f"{writing:.1f} h; the longer of the two: {max(encoding, writing):.1f} h"
    )
    console.print(
        "disk: "
        + ", ".join(f"{kind} {size:,.0f} GB" for kind, size in disk.items())
        + f" = {sum(disk.values()):,.0f} GB"
    )
    console.print(
        f"memory of a machine: {cores} x {inputs.worker / gigabyte:.2f} GB = {cores * inputs.worker / gigabyte:.1f} GB "
        f"while indexing; while serving {own:.1f} GB of vectors in the page cache, times the replicas, and "
        f"{cores} x {passages / gigabyte:.1f} GB to say which rows are whose"
    )
    console.print(
        f"a question, {workers} shards of {each:,.0f}: {1000 * inputs.fixed:.0f} + {1000 * scan:.0f} (scan) + "
        f"{1000 * lexical:.0f} (lexical) + {workers} x {1000 * inputs.fan:.2f} (shards) = {1000 * question:.0f} ms"
    )
    console.print(
        f"a failed node: while indexing {inputs.lost:.1f} s of work of each of its {cores} workers is done again "
        f"after {inputs.restart:.1f} s, and it is noticed within 15 s: {1 / machines:.0%} of the rate until it is "
        f"back; while serving its shards answer from their replicas after {5:.0f} s at most, once"
    )
