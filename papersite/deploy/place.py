"""Where a site is: what the files of every kind are filled with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    host: str = "papers.example.org"
    name: str = "papersite"
    """Of the system's user, the database, and its role."""
    folder: str = "/opt/papersite"
    """The project, with its .venv."""
    data: str = "/var/lib/papersite"
    """DATA_DIR."""
    port: int = 8000
    """Of the web server, on this machine alone."""
    http: int = 80
    https: int = 443
    certificate: str = ""
    key: str = ""

    @property
    def python(self) -> str:
        return f"{self.folder}/.venv/bin/python"

    @property
    def manage(self) -> str:
        return f"{self.folder}/manage.py"

    @property
    def certificates(self) -> tuple[str, str]:
        """Paths of the certificate with its chain, and of its key; as certbot keeps them."""
        live = f"/etc/letsencrypt/live/{self.host}"
        return self.certificate or f"{live}/fullchain.pem", self.key or f"{live}/privkey.pem"
