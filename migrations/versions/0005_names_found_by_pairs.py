"""Names are found by pairs of words: the keys of children on file are made from those they have.

A name of one word is kept under that word alone, one of more than eight under each of its words.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SOUNDS = "(SELECT count(*) FROM case_name_key c WHERE c.case_id = a.case_id AND c.kind = 'sound')"
PAIRS = (
    "INSERT INTO case_name_key (id, case_id, kind, key) "
    "SELECT {id}, a.case_id, 'pair', substr(a.key, 1, 16) || substr(b.key, 1, 16) "
    "FROM case_name_key a JOIN case_name_key b ON b.case_id = a.case_id "
    "WHERE a.kind = 'sound' AND b.kind = 'sound' AND a.key < b.key AND " + SOUNDS + " <= 8"
)
WORDS = (
    "INSERT INTO case_name_key (id, case_id, kind, key) SELECT {id}, a.case_id, '{kind}', a.key "
    "FROM case_name_key a WHERE a.kind = 'sound' AND " + SOUNDS + " {how_many}"
)
RANDOM_ID = {
    "sqlite": (
        "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) "
        "|| '-8' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"
    ),
    "postgresql": "CAST(gen_random_uuid() AS text)",
}


def upgrade() -> None:
    new_id = RANDOM_ID[op.get_bind().dialect.name]
    op.execute(PAIRS.format(id=new_id))
    op.execute(WORDS.format(id=new_id, kind="lone", how_many="= 1"))
    op.execute(WORDS.format(id=new_id, kind="long", how_many="> 8"))


def downgrade() -> None:
    op.execute("DELETE FROM case_name_key WHERE kind IN ('pair', 'lone', 'long')")
