"""What is left to the database: rows in bulk, and what it does by itself."""
