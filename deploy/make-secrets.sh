#!/bin/sh
# Make the secrets of this installation once; what exists is kept.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
for name in secret_key tag_key database_password; do
  [ -s "secrets/$name" ] || openssl rand -base64 60 | tr -d '\n=+/' > "secrets/$name"
done
[ -e secrets/email_password ] || : > secrets/email_password
# The containers' user (10001) and PostgreSQL's read them through bind mounts.
chmod 0444 secrets/*
chmod 0711 secrets
echo "Secrets are in deploy/secrets. Copy tag_key to a safe place apart from the backups: it cannot be made again."
