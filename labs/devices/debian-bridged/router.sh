#!/bin/sh
# The router of ../debian with its LAN ports bridged: one segment, one /64.
DUT_BRIDGE=br-lan exec "$(dirname "$(readlink -f "$0")")/../debian/router.sh" "$@"
