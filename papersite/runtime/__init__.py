"""What runs: the table of processes, who watches over them, and what workers lean on."""
