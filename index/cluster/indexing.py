"""Build an index with a cluster: as `index.building.build`, but workers read and encode.

This process is the only writer. It writes documents in order, so the files are the same as without a cluster, and any
engine can resume an interrupted build.
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
from index.cluster.reading import ClusterPreparation
from index.cluster.tasks import EncoderRecipe, ModelRecipe
from index.models.encoder import Encoder


def recipe_for(encoder: Encoder) -> EncoderRecipe:
    """Return how a worker obtains the driver's model."""
    return ModelRecipe(encoder.name, encoder.precision, encoder.fingerprint)


@dataclass(frozen=True, slots=True)
class ClusterBuilder:
    """Builds with the workers of the Ray cluster that this process is connected to."""

    workers: int
    recipe: Callable[[Encoder], EncoderRecipe] = recipe_for

    def plan(self, paths: Sequence[str]) -> Plan:
        """Plan the documents under paths and URLs. Raises NothingToRead, CatalogueError."""
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
        """Build as `index.building.build.build`. Also raises ClusterError where too many workers are lost."""
        recipe = self.recipe(encoder)
        with ClusterEncoder(encoder, recipe, self.workers) as cluster_encoder:
            return build(
                folder,
                plan,
                cluster_encoder,
                prune=prune,
                progress=progress,
                checkpoint=checkpoint,
                index_type=index_type,
                read=remote.read,
                prepare=ClusterPreparation(recipe, self.workers),
            )
