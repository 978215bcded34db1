"""Which local days a reader is mailed on, and the deliveries that are opened for them."""
