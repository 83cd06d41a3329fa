#!/bin/sh
# Install the Debian packages that the tests use, where we are root and they are missing.
# Without root the tests that need them are skipped, and say so.
set -eu
missing=""
command -v ip >/dev/null 2>&1 || missing="$missing iproute2"
python3 -c 'import venv, ensurepip' >/dev/null 2>&1 || missing="$missing python3-venv"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium fonts-dejavu-core"
ldconfig -p | grep -q libpangoft2-1.0 || missing="$missing libpangoft2-1.0-0"
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
command -v ssh-keygen >/dev/null 2>&1 || missing="$missing openssh-client"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "Not installed (not root, or no apt-get):$missing. Tests that need them are skipped." >&2
  exit 0
fi
echo "Installing:$missing" >&2
apt-get update -qq
case "$missing" in *postgresql*)
  # The tests start a server of their own: the package shall neither make nor start one.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf ;;
esac
# shellcheck disable=SC2086 # a list of words is meant
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing
