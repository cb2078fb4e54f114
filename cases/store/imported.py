"""Which rows of other systems are here already."""

from sqlmodel import Session, select

from cases.tables.imported import ImportedRow


def find(session: Session, *, country: str, system: str, source_key: str) -> ImportedRow | None:
    """Return what became of a row of another system."""
    query = select(ImportedRow).where(ImportedRow.country == country, ImportedRow.system == system)
    return session.exec(query.where(ImportedRow.source_key == source_key)).first()
