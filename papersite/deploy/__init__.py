"""Files for what runs the site beside it: made from the table of processes, kept in ``files/``."""
