import type { Freedom } from './freedom.ts'

/** The DHCPv6 server on the LAN. */
export const lanDhcpv6: Freedom[] = [
  {
    name: 'server-options-reversed',
    clause: 'RFC 9915 section 21.1: the order of options is free where nothing else is said',
    behaviour: { serverOptionOrder: (options) => [...options].reverse() },
  },
  {
    name: 'server-port-ephemeral',
    clause: 'RFC 9915 section 7.2: servers MAY send from any UDP source port',
    behaviour: { serverPort: 49_547 },
  },
  {
    name: 'granted-times-zero',
    clause: 'RFC 9915 section 21.4: T1 and T2 of 0 leave the times to the client',
    behaviour: { grantedTimes: { t1: 0, t2: 0 } },
  },
  {
    name: 'granted-times-early',
    clause: 'RFC 9915 section 21.4: 0.5 and 0.8 of the preferred lifetime are RECOMMENDED',
    behaviour: { grantedTimes: { t1: 0.25, t2: 0.5 } },
  },
  {
    name: 'leased-addresses-low',
    clause: "RFC 9915 section 13.1: how addresses are chosen is the server's policy",
    behaviour: { leasedAddresses: 'low' },
  },
  {
    name: 'leased-addresses-of-the-client-s-identifier',
    clause: "RFC 9915 section 13.1: how addresses are chosen is the server's policy",
    behaviour: { leasedAddresses: 'EUI-64 of the client' },
  },
  {
    name: 'ula-leased-as-well',
    clause: 'RFC 9915 section 18.3.2: an IA_NA may be given several addresses',
    behaviour: { leasesUla: true },
  },
  {
    name: 'preference-255',
    clause: "RFC 9915 section 21.8: the preference is the server's",
    behaviour: { serverPreference: 255 },
  },
  {
    name: 'preference-0-said',
    clause: 'RFC 9915 section 21.8: without the option it is 0',
    behaviour: { serverPreference: 0 },
  },
  {
    name: 'success-said-in-each-ia',
    clause: 'RFC 9915 section 21.13: the absence of a status means Success',
    behaviour: { successSaid: 'in each IA' },
  },
  {
    name: 'success-said-at-the-top',
    clause: 'RFC 9915 section 21.13: the absence of a status means Success',
    behaviour: { successSaid: 'at the top' },
  },
  {
    name: 'status-in-words',
    clause: 'RFC 9915 section 21.13: a UTF-8 text for people',
    behaviour: { statusMessage: 'see the manual' },
  },
  {
    name: 'options-that-nobody-asked-for',
    clause: 'RFC 9915 section 18.3.4: values for other parameters MAY be included even if they were not requested',
    behaviour: { unaskedOptions: true },
  },
  {
    name: 'server-says-sol-max-rt',
    clause: 'RFC 9915 sections 21.23 and 21.24: a server MAY include them',
    behaviour: {
      serverSays: [
        { type: 'sol-max-rt', value: 3600 },
        { type: 'inf-max-rt', value: 3600 },
      ],
    },
  },
  {
    name: 'unicast-discarded',
    clause: 'RFC 9915 section 21.12: UseMulticast is not sent any more, and unicast need not be accepted',
    behaviour: { unicastRefused: 'silently' },
  },
  {
    name: 'no-new-bindings-by-renew',
    clause: 'RFC 9915 sections 18.3.4 and 18.3.5: a server that creates no bindings then says NoBinding',
    behaviour: { unknownLeases: 'NoBinding' },
  },
  {
    name: 'zeroed-leases-first',
    clause: 'RFC 9915 section 21.1: the order of options is free where nothing else is said',
    behaviour: { zeroedLeases: 'first' },
  },
  {
    name: 'reconfigure-demands-a-rebind',
    clause: 'RFC 9915 section 21.19: a Reconfigure may demand a Renew, a Rebind or an Information-request',
    behaviour: { lanReconfigureDemands: 6 },
  },
]
