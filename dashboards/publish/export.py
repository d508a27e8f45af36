"""Files from which Grafana provisions the staff's organisation by itself at its start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dashboards.publish import wanted
from dashboards.publish.wanted import Database
from dashboards.words import LANGUAGES

# What Grafana fills in from its own environment, so that no file holds a secret.
PASSWORD_VARIABLE = "LOADSTONE_GRAFANA_STAFF_PASSWORD"  # noqa: S105 - the name of a variable


def export(folder: Path, database: Database, role_name: str, zone: str) -> list[Path]:
    """Write data source, folders and boards below `folder`; returns the files.

    Grafana's provisioning files may be JSON, which is YAML too. The folder is meant to be Grafana's
    `provisioning`; boards lie beside in `boards`, where the provider's path names them.
    """
    source = wanted.data_source(database, role_name)
    source["orgId"] = 1
    source["secureJsonData"] = {"password": f"${PASSWORD_VARIABLE}"}
    source["editable"] = False
    sources = {"apiVersion": 1, "datasources": [source]}
    providers = {
        "apiVersion": 1,
        "providers": [
            {
                "name": wanted.folder_uid(language), "orgId": 1, "type": "file",
                "folder": wanted.FOLDER_TITLES[language], "folderUid": wanted.folder_uid(language),
                "allowUiUpdates": False, "disableDeletion": False, "updateIntervalSeconds": 60,
                "options": {"path": f"/etc/grafana/provisioning/boards/{language}"},
            }
            for language in LANGUAGES
        ],
    }  # fmt: skip
    written = [
        _write(folder / "datasources" / "loadstone.yaml", sources),
        _write(folder / "dashboards" / "loadstone.yaml", providers),
    ]
    for board in wanted.boards(zone):
        language = board.folder_uid.rsplit("-", 1)[1]
        written.append(_write(folder / "boards" / language / f"{board.uid}.json", board.content))
    return written


def _write(path: Path, content: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path
