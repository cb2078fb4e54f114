"""The child's case: registration, consent, assessment, report, plan, placement, follow-up, closure."""
