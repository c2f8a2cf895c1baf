#!/usr/bin/env bash
# Installs the real servers that tests talk to, on Debian as root. Elsewhere it
# says which are missing; the tests that need them are skipped and named.
set -euo pipefail

declare -A package=([dovecot]=dovecot-imapd [sshd]=openssh-server [chromium]=chromium [aws]=awscli
  [busybox]=busybox [fish]=fish [tcsh]=tcsh)
missing=()
# Only what every user of the machine may run counts: a tool in root's home does not.
for program in dovecot sshd chromium aws busybox fish tcsh; do
  PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin command -v "$program" >/dev/null || missing+=("$program")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "parts: dovecot, sshd, chromium and aws are here"
  exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "parts: not here: ${missing[*]}; the tests that need them are skipped (they are installed only on Debian, as root)"
  exit 0
fi
packages=()
for program in "${missing[@]}"; do packages+=("${package[$program]}"); done
echo "parts: installing ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
# A service that a package would start is not wanted: tests start their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
