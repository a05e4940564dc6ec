#!/bin/sh
# Make the secrets of this installation once; what exists is kept.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
for name in secret_key tag_key database_password; do
  [ -s "secrets/$name" ] || openssl rand -base64 60 | tr -d '\n=+/' > "secrets/$name"
done
for name in email_password secret_key_fallbacks; do
  [ -e "secrets/$name" ] || : > "secrets/$name"
done
# The containers' user (10001) and PostgreSQL's read the files through bind mounts, which the engine makes as root:
# on the host nobody else may reach them.
chmod 0444 secrets/*
chmod 0700 secrets
echo "Secrets are in deploy/secrets. Copy tag_key to a safe place apart from the backups: it cannot be made again."
