"""How programs ask the site: what all their answers share. What is answered lives in the apps."""
