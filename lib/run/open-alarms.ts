/**
 * What is said falsely of right routers, nearly always of such as have many freedoms at once, and is not judged rightly
 * yet: by id and case, with what is known or guessed of it. A key is here because a router was seen to be told it.
 */
export const openAlarms: Readonly<Record<string, string>> = {
  'RFC7084-L-14 · link flap, code 5': 'flows in use take the errors that one in ten seconds leaves',
  'RFC8415-MULTI-IAPREFIX · both forward': 'the second prefix is used seconds later than the first',
  'RFC8415-18.2.8-DECLINE · prefix kept': 'a declined address is replaced while its prefix is asked about',
  'DENAT-ADDR-STABLE · link flap, DUID and IAID': 'two clients ask at different times',
  'DENAT-RENUM-CASCADE · Reconfigure, downstream router':
    'what a downstream router holds is read before it has renewed',
  'DENAT-RENUM-CASCADE · Reconfigure, host behind it': 'what a downstream router holds is read before it has renewed',
  'DENAT-RENUM-CASCADE · Reconfigure, route for the old prefix':
    'what a downstream router holds is read before it has renewed',
  'DENAT-LAN-RESOLVERS': 'resolvers are spread over several RAs',
  'RFC7084-DNS-LOCAL · RDNSS': 'not known yet',
  'RFC7084-DNS-LOCAL · DHCPv6': 'not known yet',
  'RFC7084-L-14 · orderly reboot, code 5': 'flows in use take the errors that one in ten seconds leaves',
  'RFC7084-L-14 · power cut, code 5': 'flows in use take the errors that one in ten seconds leaves',
  'DENAT-LEASED-ONCE': 'the reference router forgets a ULA lease when only the global address beside it is released',
  'RFC8415-18.2.1-COLLECT · highest preference':
    'the Advertise that is preferred may come to an exchange that restarts',
  'RFC8415-18.2.2-REQUEST · first timeout':
    'the prefix is asked for by another exchange than the one that was answered',
  'RFC8415-18.2.2-REQUEST · doubling': 'the prefix is asked for by another exchange than the one that was answered',
  'RFC8415-18.2.2-REQUEST · accepts a late Reply':
    'the prefix is asked for by another exchange than the one that was answered',
  'RFC8415-18.2.9-EMPTYADV · no IA at all':
    'the prefix is asked for by another exchange than the one that was answered',
  'ROB-ORDER · hosts before the line': 'the prefix is asked for by another exchange than the one that was answered',
  'RFC4193-ULA-LOCAL': 'a ULA prefix that is only a substitute is leased while it is not advertised',
  'RFC7084-WAA-5 · used': 'another client of the router asks the time server before the option has come',
  'DENAT-TOGETHER · pinhole, new prefix': 'a host has another address after the change',
  'DENAT-TOGETHER · pinhole, restart': 'a host has another address after the restart',
  'RFC8415-21.22-LEASESTATUS · prefix of before': 'prefixes are not in every RA: one without it is read',
  'DENAT-RENUM-CASCADE · NoBinding, DHCPv6 host': 'the M flag is not yet set when the host joins',
  'RFC9096-3.5-DHCPZERO · NoBinding, DHCPv6 host': 'the M flag is not yet set when the host joins',
  'RFC9096-L-15 · DHCPv6 host': 'the M flag is not yet set when the host joins',
  'RFC4862-5.4-DAD · LAN link-local address': 'the port comes up after the check of its address: not applicable then',
  'RFC4861-6.1.1-RSVALID · option of length 0': 'RAs every few seconds: an answer is not told from them',
  'RFC7084-G-1 · MLD': 'the recording ends before an address that comes late has had its time',
  'ROB-FLAP · one line cut after the other':
    'no RA is heard between two cuts: delays of a client and of its RAs add up',
  'RFC8987-S-2 · unplugged for a while':
    'the next hop is asked for again while one packet waits, and the other is lost',
  'RFC9096-3.5-RECONF · NoBinding, DHCPv6 host': 'what the router learns late it tells its hosts late',
}

/** Whether an alarm by this key is known and open. */
export const isOpen = (key: string): boolean => key in openAlarms
