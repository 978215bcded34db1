"""Statements of the hot loop and writes of many rows, past the ORM."""
