"""What a reader will like, from what they kept, voted for and wanted less of; never from what they opened."""
