"""Words of refused imports."""

from typing import Final

from api.problems.problem import Problem
from cases.errors import ImportFileUnusable, MappingUnusable
from core.backup import BackupUnusable
from core.errors import DomainError

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    ImportFileUnusable: Problem(
        422,
        "import-file",
        "This file cannot be taken",
        "The file is no case list that can be read safely ({reason}). Nothing was stored. "
        "Use the template or another export.",
    ),
    MappingUnusable: Problem(
        422,
        "import-mapping",
        "The mapping cannot be used",
        "Look at this part of the mapping: {part}. Nothing was stored.",
    ),
    BackupUnusable: Problem(
        422,
        "backup-unusable",
        "This backup cannot be restored",
        "The file is no whole backup for this installation ({reason}). Nothing was written. Use another copy.",
    ),
}
