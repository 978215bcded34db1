"""What is read from the words of a source, and read again once the reader is a better one."""
