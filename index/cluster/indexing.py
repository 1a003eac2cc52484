"""Documents into an index folder by a cluster: what `index.building.build` does, with others reading and encoding.

One writer, this process, writes what they make, in the order of the documents: the same files as without them. What it
wrote is kept as in any build, so that one that was interrupted is gone on with, by whichever engine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.ingest import Plan
from index.building.build import build
from index.building.report import BuildReport, Progress
from index.cluster import remote
from index.cluster.encoding import ClusterEncoder
from index.cluster.reading import ClusterReading
from index.cluster.tasks import ModelRecipe, Recipe
from index.models.encoder import Encoder


def model_of(encoder: Encoder) -> Recipe:
    """How a worker comes by the model that the driver has."""
    return ModelRecipe(encoder.name, encoder.precision, encoder.fingerprint)


@dataclass(frozen=True, slots=True)
class Indexing:
    """Builds by so many workers of the Ray that this process is connected to."""

    workers: int
    recipe: Callable[[Encoder], Recipe] = model_of

    def plan(self, paths: Sequence[str]) -> Plan:
        """What paths and URLs hold. Raises NothingToRead, CatalogueError."""
        return remote.plan(paths, self.workers)

    def build(
        self,
        folder: Path,
        plan: Plan,
        encoder: Encoder,
        *,
        prune: bool = False,
        progress: Progress | None = None,
        checkpoint: float | None = None,
        index_type: str | None = None,
    ) -> BuildReport:
        """See `index.building.build.build`; raises ClusterError, too, where more workers are lost than can be made
        up for.
        """
        recipe = self.recipe(encoder)
        with ClusterEncoder(encoder, recipe, self.workers) as encoding:
            return build(
                folder,
                plan,
                encoding,
                prune=prune,
                progress=progress,
                checkpoint=checkpoint,
                index_type=index_type,
                read=remote.read,
                prepare=ClusterReading(recipe, self.workers),
            )
