"""Dead letters for operators: what stands on the topics, and how it is handed to its service once more."""
