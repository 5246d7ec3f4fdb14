#!/bin/sh
# PostgreSQL, for both engines: makes the database at the first start, gives its roles their passwords, becomes the server.
#
#   sh start.sh -p 5433 -c name=value ...
#
#   PGDATA      where its data is; only whole data has that name
#   ROLES_DIR   *.sql that give the roles their passwords (service-kit/postgres/roles.ts), as of each start
set -eu
umask 077
here=$(cd "$(dirname "$0")" && pwd)
settings="-c config_file=$here/postgresql.conf -c hba_file=$here/pg_hba.conf"

# One command ends where an empty line follows its semicolon.
run_sql() {
  # shellcheck disable=SC2086
  postgres --single -j -D "$1" $settings -c exit_on_error=on "$2" > /dev/null
}

if [ ! -e "$PGDATA" ]; then
  # What was interrupted is begun anew.
  rm -rf "$PGDATA.partial"
  initdb --pgdata="$PGDATA.partial" --username=postgres --encoding=UTF8 --locale=C --data-checksums \
    --auth-local=peer --auth-host=reject --no-instructions ${INITDB_OPTIONS:-} > /dev/null
  run_sql "$PGDATA.partial" postgres < "$here/database.sql"
  echo 'CREATE EXTENSION pg_stat_statements;' | run_sql "$PGDATA.partial" shop
  mv "$PGDATA.partial" "$PGDATA"
fi

data=$(cat "$PGDATA/PG_VERSION")
server=$(postgres --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
if [ "$data" != "$server" ]; then
  echo "$PGDATA: data of PostgreSQL $data, expected $server; it is left as it is" >&2
  exit 1
fi

roles=$(cat "$ROLES_DIR"/*.sql)
if [ "$roles" != "$(cat "$PGDATA.roles" 2> /dev/null)" ]; then
  echo "$roles" | run_sql "$PGDATA" postgres
  echo "$roles" > "$PGDATA.roles"
fi

# Its input and output have processes of their own by default.
if [ "$server" -ge 18 ]; then set -- -c io_method=sync "$@"; fi
# shellcheck disable=SC2086
exec postgres -D "$PGDATA" $settings "$@"
