#!/bin/sh
# The router of ../debian with its LAN ports bridged, as most wireless routers have them.
DUT_BRIDGE=br-lan exec "$(dirname "$(readlink -f "$0")")/../debian/router.sh" "$@"
