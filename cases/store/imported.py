"""Which rows of other systems are here already."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from cases.tables.imported import ImportedRow


def contents(
    session: Session, *, country: str, system: str, source_keys: Collection[str]
) -> dict[str, str]:
    """Return which of these rows of another system are here, with the hash of what they said."""
    query = select(ImportedRow.source_key, ImportedRow.content_key).where(
        ImportedRow.country == country, ImportedRow.system == system
    )
    return dict(session.exec(query.where(col(ImportedRow.source_key).in_(source_keys))).all())
