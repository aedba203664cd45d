"""What lies on the topics, read once."""
