"""Our themes as a BERTopic model, for those who want its tables and pictures (extra ``topics``).

The encoder, the clusterer and the words are ours; BERTopic's own ones leave half of a small corpus
out. The themes are those of ``find_themes`` on the same texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from als_nlp.errors import ModelError
from als_nlp.models.challenge_encoder import TextEncoder, load_challenge_encoder
from als_nlp.themes.find import Item, find_themes


def topic_model(texts: Sequence[str], *, encoder: TextEncoder | None = None, seed: int = 1) -> Any:
    """A fitted ``BERTopic`` whose topics are the open themes of these texts; −1 stands alone.

    Raises:
        ModelError: if BERTopic is not installed.
    """
    try:
        from bertopic import BERTopic
        from bertopic.backend import BaseEmbedder
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.vectorizers import ClassTfidfTransformer
    except ImportError as error:
        raise ModelError(
            "This needs BERTopic: pip install '.[topics]' in the project's folder."
        ) from error
    from sklearn.feature_extraction.text import CountVectorizer

    ours = encoder or load_challenge_encoder()

    class Embedder(BaseEmbedder):
        """Our encoder as BERTopic calls it."""

        def embed(self, documents: list[str], verbose: bool = False) -> Any:
            """Vectors, shape (documents, width)."""
            return ours.encode(documents)

    class Groups:
        """Our themes as BERTopic calls a clusterer."""

        labels_: Any

        def fit(self, X: Any, y: Any = None) -> Groups:
            """Give every text its theme."""
            found = find_themes([Item(str(n), t) for n, t in enumerate(texts)], encoder=ours,
                                seed=seed)  # fmt: skip
            numbers = {t.id: n for n, t in enumerate(found.themes)}
            self.labels_ = np.array([numbers.get(p.theme or "", -1) for p in found.placed])
            return self

    model = BERTopic(
        embedding_model=Embedder(),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=Groups(),
        vectorizer_model=CountVectorizer(stop_words="english", ngram_range=(1, 2)),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        calculate_probabilities=False,
    )
    return model.fit(list(texts))
