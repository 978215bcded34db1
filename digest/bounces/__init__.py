"""What comes back: reports and providers' webhooks, read, kept, and what becomes of the address."""
