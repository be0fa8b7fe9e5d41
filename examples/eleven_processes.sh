#!/bin/sh
# A server as eleven processes on one machine and one database, each service on its own port.
# The root secret is the gateway's alone; each other service gets the public keys and a secret of
# its own. Ctrl-C ends them all. The first port can be named: sh eleven_processes.sh 9000
set -eu

port=${1:-8080}
services="gateway game task voting roleplay communication shop character town rumors user"
root=$(python3 -c 'import secrets; print(secrets.token_hex(32))')
keys=$(JWT_SECRET=$root mafia-district admin keys)

export DATABASE_URL="${DATABASE_URL:-sqlite:///mafia-district.db}"
for name in $services; do
    upper=$(echo "$name" | tr '[:lower:]' '[:upper:]')
    export "${upper}_URL=http://127.0.0.1:$port"
    port=$((port + 1))
done

trap 'trap "" INT TERM; kill 0; wait; exit 0' INT TERM
port=${1:-8080}
for name in $services; do
    (
        if [ "$name" = gateway ]; then
            export JWT_SECRET="$root"
        else
            JWT_PUBLIC_KEYS=$(echo "$keys" | sed -n 's/^JWT_PUBLIC_KEYS=//p')
            SERVICE_SECRET=$(echo "$keys" | sed -n "s/^SERVICE_SECRET=\([^ ]*\).*# of $name\$/\1/p")
            export JWT_PUBLIC_KEYS SERVICE_SECRET
        fi
        exec mafia-district serve "$name" --port "$port"
    ) &
    port=$((port + 1))
done
wait
