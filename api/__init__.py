"""HTTP: one router per subject, strict models, problems with words. Decides nothing."""
