"""Themes: known ones, open ones, both together; the same for the same texts."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from als_nlp.cli import main
from als_nlp.errors import InputError
from als_nlp.evaluate.themes import agreement, guided_right, known_themes
from als_nlp.models.challenge_encoder import load_challenge_encoder
from als_nlp.models.english import english
from als_nlp.themes.corpus import load_challenges, of_split
from als_nlp.themes.find import Item, find_themes
from als_nlp.themes.known import bundled_themes, read_themes
from als_nlp.themes.names import key_phrases
from tests.conftest import ROOT

CHALLENGES = load_challenges(ROOT / "corpora" / "challenges")
DEV = [c for c in of_split(CHALLENGES, "dev") if c.theme in known_themes()]
ITEMS = [Item(f"c{n}", c.text) for n, c in enumerate(DEV)]


def als(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)


def written(path: Path, items: list[Item]) -> Path:
    lines = (json.dumps({"id": i.id, "text": i.text}) for i in items)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_bundled_list_has_the_twelve_themes() -> None:
    assert [t.id for t in bundled_themes()] == [
        "handover", "escalation", "workload", "delegation", "conflict", "wellbeing", "change",
        "partnership", "induction", "quality_risk", "inclusion", "digital",
    ]  # fmt: skip
    assert all(t.about and t.phrases and t.family and t.question for t in bundled_themes())


def test_known_themes_are_mostly_recognised_in_trades_never_taught() -> None:
    first, either, none = guided_right([c.text for c in DEV], [c.theme for c in DEV])
    assert first >= 0.6
    assert either >= first + 0.05
    assert none <= 0.1


def test_open_themes_are_about_the_struggle_not_the_setting() -> None:
    found = find_themes(ITEMS)
    ids = {t.id: n for n, t in enumerate(found.themes)}
    groups = [-1 if p.theme is None else ids[p.theme] for p in found.placed]
    by_theme = agreement([c.theme for c in DEV], groups)
    by_trade = agreement([c.trade for c in DEV], groups)
    assert by_theme.nmi > 0.4
    assert by_theme.ari > by_trade.ari + 0.15
    assert by_theme.alone <= 0.15


def test_the_order_of_the_texts_changes_nothing() -> None:
    shuffled = random.Random(3).sample(ITEMS, len(ITEMS))
    a = {p.id: p for p in find_themes(ITEMS).placed}
    b = {p.id: p for p in find_themes(shuffled).placed}
    assert a == b


def test_a_theme_has_a_name_that_people_said_unless_they_share_no_words() -> None:
    found = find_themes(ITEMS)
    words = " ".join(i.text.lower() for i in ITEMS)
    named = [t for t in found.themes if t.phrases]
    assert len(named) >= 2 / 3 * len(found.themes)
    for theme in found.themes:
        if theme.phrases:
            assert theme.name.lower().split()[0] in words
        else:
            assert theme.name.startswith("Theme ")
        assert theme.stability is not None
        assert 0 <= theme.stability <= 1


def test_no_phrase_of_a_theme_is_one_persons_alone() -> None:
    texts = [
        "The night rota is a mess and the purple bicycle was stolen.",
        "Nobody can read the night rota, and the purple bicycle is still gone.",
        "I write the night rota and nobody keeps to it.",
        "They keep changing the night rota behind my back.",
    ]
    encoder = load_challenge_encoder()
    middle = encoder.encode(texts).mean(0, keepdims=True)
    for people, two in ((["a", "a", "b", "c"], False), (["a", "b", "c", "d"], True)):
        found = key_phrases([texts], [people], middle, english=english(), encoder=encoder)[0]
        said = {p.said: set(p.texts) for p in found}
        assert said["night rota"] == {0, 1, 2, 3}
        assert ("purple bicycle" in said) == two
        assert not [p for p in found if len({people[n] for n in p.texts}) < 2]


def test_a_theme_without_words_in_common_has_a_number() -> None:
    found = find_themes([replace(i, presenter="one") for i in ITEMS])
    assert found.themes
    assert {t.name for t in found.themes} == {
        f"Theme {t.id.removeprefix('open-')}" for t in found.themes
    }
    assert not any(t.phrases for t in found.themes)


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_a_handful_of_challenges_is_enough(count: int) -> None:
    assert len(find_themes(ITEMS[:count]).placed) == count


def test_what_fits_no_known_theme_forms_new_ones_beside_them() -> None:
    recipes = [
        "Whisk the eggs with the sugar until pale, then fold in the flour.",
        "Knead the dough for ten minutes and let it rise until it has doubled.",
        "Melt the butter with the chocolate and let it cool before adding the eggs.",
        "Roll out the pastry, line the tin and bake it blind for a quarter of an hour.",
        "Beat the egg whites with the sugar until stiff peaks form.",
        "Cream butter and sugar, add the eggs one by one, then sift in the flour.",
    ]
    items = [*ITEMS, *(Item(f"r{n}", t) for n, t in enumerate(recipes))]
    found = find_themes(items, known=bundled_themes(), open=True)
    of_recipes = [p.theme for p in found.placed[len(ITEMS) :]]
    assert sum(t is None or t.startswith("open-") for t in of_recipes) >= 4


def test_the_command_gives_a_line_for_each_line(tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", ITEMS[:30])
    for options in ([], ["--guided"], ["--guided", "--open"]):
        done = als("themes", source, "-o", tmp_path / "out.jsonl", *options)
        assert done.exit_code == 0, done.output
        lines = [json.loads(x) for x in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
        assert [x["id"] for x in lines] == [i.id for i in ITEMS[:30]]
        assert all({"id", "theme", "label", "probability"} <= set(x) for x in lines)
        if options == ["--guided"]:
            assert {x["theme"] for x in lines} <= {*known_themes(), None}


def test_ones_own_list_of_themes(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[theme]]\nid = "letting_go"\nname = "Letting go"\nabout = "Giving work away."\n'
        '[[theme]]\nid = "rows"\nname = "Rows"\nabout = "People at odds with each other."\n',
        encoding="utf-8",
    )
    source = written(tmp_path / "in.jsonl", ITEMS[:10])
    done = als("themes", source, "-o", "-", "--guided", own)
    assert done.exit_code == 0, done.output
    assert {json.loads(x)["theme"] for x in done.stdout.splitlines()} <= {
        "letting_go",
        "rows",
        None,
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no theme"),
        ('[[theme]]\nid = "A B"\nname = "x"\nabout = "y"', "small letters"),
        ('[[theme]]\nid = "a"\nabout = "y"', "needs a name"),
        (2 * '[[theme]]\nid="a"\nname="x"\nabout="y"\n', "two themes"),
        ("[[theme", "is no TOML file"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_list_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "themes.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        read_themes(path)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("not json", "line 2: is no JSON object"),
        ('{"id": "x"}', "line 2: needs an id and a text"),
        ('{"text": "x"}', "line 2: needs an id"),
        ('{"id": "a", "text": "again"}', "line 2: the id 'a' is that of line 1"),
    ],
)
def test_a_bad_line_is_one_sentence(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": "a", "text": "one"}\n' + line + "\n", encoding="utf-8")
    done = als("themes", path, "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 1
    assert says in done.output
    assert not (tmp_path / "out.jsonl").exists()
