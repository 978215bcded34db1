"""How what is due leaves: claims under a lease, contents, transports, the relay's state and rate."""
