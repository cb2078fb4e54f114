"""What two installations need to trust each other's words: strict tokens, keys, sealed boxes and parts.

Refuses everything that is not listed. Knows no child, panel or transfer, no address and no database: who is a
partner, which keys are pinned and which tokens were seen before is told by those who call. Source: EXP-1, EXP-2.
"""
