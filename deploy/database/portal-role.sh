#!/bin/sh
# Run once by the database's container, on an empty volume: the role that the portal logs in as. It owns nothing.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$PORTAL_DATABASE_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE portal LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'password';
SQL
