"""The only room that knows SQL: one SQLite file, one owner thread, one door for each change."""
