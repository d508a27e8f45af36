"""A query of Grafana's PostgreSQL data source, for which the SDK has no class of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self

from dashboards.sdk import Builder, Dataquery, common_models

DATA_SOURCE_TYPE = "grafana-postgresql-datasource"
DATA_SOURCE = common_models.DataSourceRef(type_val=DATA_SOURCE_TYPE, uid="${ds}")
Shape = Literal["time_series", "table"]


class PostgresQuery(Dataquery):
    """SQL as the data source wants it; its name is the letter that overrides may go by."""

    def __init__(self, raw_sql: str, shape: Shape, ref_id: str) -> None:
        self.raw_sql, self.shape, self.ref_id = raw_sql, shape, ref_id

    def to_json(self) -> dict[str, object]:
        """The target as it stands in a board."""
        return {
            "datasource": {"type": DATA_SOURCE_TYPE, "uid": "${ds}"},
            "editorMode": "code",
            "format": self.shape,
            "rawQuery": True,
            "rawSql": self.raw_sql,
            "refId": self.ref_id,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The query of a target."""
        return cls(data["rawSql"], data["format"], data["refId"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Builder[PostgresQuery]):
    """A query to be put into a panel; whitespace of the text does not count."""

    sql: str
    shape: Shape = "table"
    ref_id: str = "A"

    def build(self) -> PostgresQuery:
        """The query with its text on one line."""
        return PostgresQuery(" ".join(self.sql.split()), self.shape, self.ref_id)


def series(*texts: str) -> list[Query]:
    """Queries of one panel whose first column is the time; A, B and so on are their names."""
    return [
        Query(sql=text, shape="time_series", ref_id=chr(ord("A") + at))
        for at, text in enumerate(texts)
    ]


def rows(text: str) -> list[Query]:
    """One query whose rows are shown as they are."""
    return [Query(sql=text)]
