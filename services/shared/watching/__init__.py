"""Logs, metrics, and whether a process is alive and ready."""
