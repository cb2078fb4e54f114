"""Official papers: set as PDF, given a check code, proven genuine. What a paper says is the features' business."""
