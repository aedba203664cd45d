"""What can be seen of a process: logs, metrics, whether it is alive and ready."""
