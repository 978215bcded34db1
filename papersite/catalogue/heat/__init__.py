"""What papers earned, and the heat and the order that follow from it by the formula of ``trending``."""
