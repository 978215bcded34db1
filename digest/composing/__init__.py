"""How a delivery and its papers become one message: by Django's templates, and the same bytes from compiled ones."""
