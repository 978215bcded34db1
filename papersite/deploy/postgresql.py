"""Roles that may do no more than they must: one owns and migrates, one works, one copies."""

from papersite.deploy.place import Place


def files(place: Place) -> dict[str, str]:
    name = place.name
    return {
        "roles.sql": f"""\
-- Once, as the server's administrator, with three passwords in the environment:
--   PAPERSITE_OWNER_PASSWORD=… PAPERSITE_PASSWORD=… PAPERSITE_BACKUP_PASSWORD=… psql -f roles.sql
-- {name}_owner runs migrate, restore and move; {name} everything else; {name}_backup backup.
\\set ON_ERROR_STOP on
\\getenv owner_password PAPERSITE_OWNER_PASSWORD
\\getenv site_password PAPERSITE_PASSWORD
\\getenv backup_password PAPERSITE_BACKUP_PASSWORD

CREATE ROLE {name}_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'site_password';
CREATE ROLE {name}_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'backup_password';
CREATE DATABASE {name} OWNER {name}_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE {name} FROM PUBLIC;
GRANT CONNECT ON DATABASE {name} TO {name}, {name}_backup;

\\connect {name}
ALTER SCHEMA public OWNER TO {name}_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {name}, {name}_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE {name}_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name};
ALTER DEFAULT PRIVILEGES FOR ROLE {name}_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {name};
ALTER DEFAULT PRIVILEGES FOR ROLE {name}_owner IN SCHEMA public GRANT SELECT ON TABLES TO {name}_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE {name}_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO {name}_backup;
"""
    }
