/** IANA protocol numbers, which IPv4 and IPv6 share. */
export const PROTOCOL = { icmp4: 1, tcp: 6, udp: 17, authentication: 51, icmp6: 58, noNextHeader: 59 } as const
