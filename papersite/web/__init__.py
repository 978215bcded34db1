"""What lies around every page: headers, limits, shared pages, choices kept in cookies."""
