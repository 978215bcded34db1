"""arXiv: its daily feeds, its OAI-PMH archive, and its query API.

All three allow one request in three seconds and one connection, together and over all machines
(https://info.arxiv.org/help/api/tou.html); whoever asks brings that turn.
"""
