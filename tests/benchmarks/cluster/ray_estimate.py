"""Estimate indexing and searching a corpus of any size on any number of machines, from measurements on one machine.

Assumes machines as fast as the measured one, shared files at the speed of memory, and no failures.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console


@dataclass(frozen=True, slots=True)
class Inputs:
    """The measured inputs; times are seconds of processor time per passage."""

    encode: float
    """A worker encodes a passage and its sentences."""
    prepare: float
    """A worker reads and cuts."""
    write: float
    """The writer looks up, sends, receives and stores."""
    disk: dict[str, float]
    """Bytes per passage by kind of file."""
    worker: float
    """Bytes of memory of an encoding process."""
    scan: float
    """Seconds to scan a passage's vector."""
    lexical: float
    """Seconds of the lexical search per passage."""
    fixed: float
    """Seconds of a question outside both searches: analysis, scoring, reading the hits."""
    fan: float
    """Seconds of the driver's processor time per additional shard."""
    restart: float
    """Seconds until a lost actor answers again."""
    lost: float
    """Seconds of encoding that are lost with a worker."""


def paper(inputs: Inputs, console: Console, passages: int = 10**8, machines: int = 20, cores: int = 16) -> None:
    """Return the estimate line by line."""
    gigabyte = 1e9
    workers = machines * cores
    encoding = passages * (inputs.encode + inputs.prepare) / workers / 3600
    writing = passages * inputs.write / 3600
    disk = {kind: size * passages / gigabyte for kind, size in inputs.disk.items()}
    own = sum(disk.get(kind, 0.0) for kind in ("vectors",)) / machines
    console.print(f"\n[bold]{passages:,} passages on {machines} machines of {cores} cores: {workers} workers[/bold]")
    rows = {
        "encoding a passage and its sentences": f"{1000 * inputs.encode:.1f} ms of a core",
        "reading and cutting it": f"{1000 * inputs.prepare:.1f} ms of a core",
        "the one writer, a passage": f"{1000 * inputs.write:.2f} ms",
        "a worker's memory": f"{inputs.worker / gigabyte:.2f} GB",
        "files, a passage": ", ".join(f"{size:,.0f} bytes of {kind}" for kind, size in inputs.disk.items()),
        "scanning, lexical search, a passage": f"{1e9 * inputs.scan:.0f} ns, {1e9 * inputs.lexical:.0f} ns",
        "a question besides; each shard more": f"{1000 * inputs.fixed:.0f} ms; {1000 * inputs.fan:.2f} ms",
        "an actor that is lost answers again": f"after {inputs.restart:.1f} s",
        "it had begun": f"{inputs.lost:.1f} s of work",
    }
    for name, value in rows.items():
        console.print(f"| {name} | {value} |")
    console.print(
        f"time to index: workers {passages:.0e} x ({1000 * inputs.encode:.1f} + {1000 * inputs.prepare:.1f}) ms / "
        f"{workers} = {encoding:.1f} h; the one writer {passages:.0e} x {1000 * inputs.write:.2f} ms = "
        f"{writing:.1f} h; the longer of the two: {max(encoding, writing):.1f} h; one writer keeps "
        f"({1000 * inputs.encode:.1f} + {1000 * inputs.prepare:.1f}) / {1000 * inputs.write:.2f} = "
        f"{(inputs.encode + inputs.prepare) / inputs.write:.0f} workers busy"
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
    for shards in (workers, workers // 2, workers // 4):
        each = passages / shards
        scan, lexical, asking = each * inputs.scan, each * inputs.lexical, shards * inputs.fan
        console.print(
            f"a question, {shards} shards of {each:,.0f}: {1000 * inputs.fixed:.0f} + {each:,.0f} x "
            f"{1e9 * inputs.scan:.0f} ns ({1000 * scan:.0f}) + {each:,.0f} x {1e9 * inputs.lexical:.0f} ns "
            f"({1000 * lexical:.0f}) + {shards} x {1000 * inputs.fan:.2f} ms ({1000 * asking:.0f}) = "
            f"{1000 * (inputs.fixed + scan + lexical + asking):.0f} ms"
        )
    console.print(
        f"a failed node: while indexing {inputs.lost:.1f} s of work of each of its {cores} workers is done again "
        f"after {inputs.restart:.1f} s, and it is noticed within 15 s: {1 / machines:.0%} of the rate until it is "
        f"back; while serving its shards answer from their replicas after {5:.0f} s at most, once"
    )
