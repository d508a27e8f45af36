"""Write every board as JSON beside: `python -m dashboards.generate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dashboards import boards
from dashboards.board import Board
from dashboards.words import LANGUAGES, Language
from loadstone.plugins import offered

FOLDER = Path(__file__).parent / "generated"


def all_boards() -> dict[str, Board]:
    """Every board by its name."""
    return offered(boards, Board, "BOARD")


def text_of(board: dict[str, Any]) -> str:
    """A board as its file holds it: a change of one thing is a change of one line."""
    return json.dumps(board, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def files() -> dict[tuple[Language, str], str]:
    """What must stand in each language's folder, by board."""
    return {
        (language, name): text_of(board.build(language))
        for name, board in all_boards().items()
        for language in LANGUAGES
    }


def main() -> None:
    """Write what is new or changed, and remove what no board is any more."""
    wanted = {
        FOLDER / language / f"{name}.json": text for (language, name), text in files().items()
    }
    for path in FOLDER.glob("*/*.json"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
