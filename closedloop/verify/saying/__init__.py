"""The verdict, and how people and programs read it."""
