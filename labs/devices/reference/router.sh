#!/bin/sh
# The reference router as software: router.sh up|down|halt|reboot|reset|exec|pkgs NAME [COMMAND...]
set -eu
HERE=$(dirname "$(readlink -f "$0")")
command=$1
case $command in
pkgs)
  echo iproute2 ethtool
  exit 0
  ;;
exec)
  name=$2
  shift 2
  exec ip netns exec "$name" "$@"
  ;;
esac
cd "$HERE"
exec "${DUT_NODE:-node}" --import ../../../lib/cli/register.mjs ./order.ts "$command" "$2"
