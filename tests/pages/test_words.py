"""Kinds are named on the screen as the district names them."""

from dataclasses import replace

import pytest

from data.rulebook import parse_rulebook
from pages import _words


@pytest.fixture
def renamed(house, monkeypatch):
    book = parse_rulebook("""
        kinds.hazard.zh = "隐患排查"
        kinds.hazard.without = ["manhole"]
        kinds.hazard.subkinds.scenic = { zh = "景区安全", en = "Scenic area safety" }
    """)
    monkeypatch.setattr(_words, "house", lambda: replace(house, rulebook=book))


def test_names_come_from_the_rules_file(renamed):
    assert _words.kind_name("hazard", "zh") == "隐患排查"
    assert _words.kind_name("hazard", "en") == "Security and safety hazard"
    assert _words.subkind_name("hazard", "scenic", "en") == "Scenic area safety"
    assert _words.subkind_name("", "scenic", "zh") == "景区安全"


def test_old_and_foreign_words_keep_a_name(renamed):
    assert _words.subkind_name("hazard", "manhole", "zh") == "井盖缺损"
    assert _words.subkind_name("hazard", "words of an import", "zh") == "words of an import"
    assert _words.kind_name("dragon", "zh") == "dragon"
