#!/bin/sh
# Make an internal certificate authority once, and a certificate for the given host names.
#   deploy/make-ca.sh portal.example.lan [192.0.2.7 …]
set -eu
[ $# -gt 0 ] || { echo "usage: $0 HOST [HOST|ADDRESS …]" >&2; exit 2; }
cd "$(dirname "$0")"
umask 077
mkdir -p tls
cd tls
if [ ! -s ca.key ]; then
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -keyout ca.key -out ca.crt \
    -subj "/CN=Factory transparency portal internal CA" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
fi
names=
for name in "$@"; do
  case "$name" in
    *[!0-9.]*) kind=DNS; case "$name" in *:*) kind=IP ;; esac ;;
    *) kind=IP ;;
  esac
  names="$names${names:+,}$kind:$name"
done
openssl req -new -newkey rsa:2048 -nodes -keyout portal.key.new -out portal.csr -subj "/CN=$1" 2>/dev/null
printf 'subjectAltName=%s\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n' \
  "$names" > portal.ext
# 397 days: what current browsers accept at most.
openssl x509 -req -in portal.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 397 -sha256 -extfile portal.ext \
  -out portal.crt.new 2>/dev/null
mv portal.key.new portal.key
mv portal.crt.new portal.crt
rm -f portal.csr portal.ext
chmod 0444 ca.crt portal.crt
chmod 0444 portal.key # read by the proxy's user through a bind mount; the folder keeps others out
chmod 0711 .
openssl verify -CAfile ca.crt portal.crt
echo "deploy/tls/portal.crt is for $names. Give deploy/tls/ca.crt to the workplaces; move ca.key off this server."
