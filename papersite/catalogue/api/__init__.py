"""The catalogue for programs: routers of the site's own API, and what Hugging Face's programs ask for."""
