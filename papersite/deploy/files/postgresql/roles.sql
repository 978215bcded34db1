-- Once, as the server's administrator, with three passwords in the environment:
--   PAPERSITE_OWNER_PASSWORD=… PAPERSITE_PASSWORD=… PAPERSITE_BACKUP_PASSWORD=… psql -f roles.sql
-- papersite_owner runs migrate, restore and move; papersite everything else; papersite_backup backup.
\set ON_ERROR_STOP on
\getenv owner_password PAPERSITE_OWNER_PASSWORD
\getenv site_password PAPERSITE_PASSWORD
\getenv backup_password PAPERSITE_BACKUP_PASSWORD

CREATE ROLE papersite_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE papersite LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'site_password';
CREATE ROLE papersite_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'backup_password';
CREATE DATABASE papersite OWNER papersite_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE papersite FROM PUBLIC;
GRANT CONNECT ON DATABASE papersite TO papersite, papersite_backup;

\connect papersite
ALTER SCHEMA public OWNER TO papersite_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO papersite, papersite_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE papersite_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO papersite;
ALTER DEFAULT PRIVILEGES FOR ROLE papersite_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO papersite;
ALTER DEFAULT PRIVILEGES FOR ROLE papersite_owner IN SCHEMA public GRANT SELECT ON TABLES TO papersite_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE papersite_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO papersite_backup;
