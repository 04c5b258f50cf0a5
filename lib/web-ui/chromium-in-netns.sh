#!/bin/sh
# Playwright's browser, in the network namespace of the LAN host. The DevTools link is a pipe: it needs no network.
exec nsenter --net=/run/netns/"${DENAT_NETNS:?}" "${DENAT_CHROMIUM:-/usr/bin/chromium}" "$@"
