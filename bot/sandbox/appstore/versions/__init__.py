"""Versions, their builds, and how they reach people: at once or over seven days."""
