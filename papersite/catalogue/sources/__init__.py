"""Where papers come from: one adapter a source, each yielding plain records."""
