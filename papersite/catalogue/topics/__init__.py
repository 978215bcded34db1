"""What papers are sorted under, and how topics are tried, told and merged."""
