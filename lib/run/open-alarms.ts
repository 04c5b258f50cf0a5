/**
 * What is said falsely of right routers, nearly always of such as have many freedoms at once, and is not judged rightly
 * yet: by id and case, with what is known or guessed of it. A key is here because a router was seen to be told it.
 */
export const openAlarms: Readonly<Record<string, string>> = {
  'RFC7084-L-14 · link flap, code 5': 'flows in use take the errors that one in ten seconds leaves',
  'RFC4861-7.2-NUD · absent host, error to the Internet': 'the limit of errors is used up by others',
  'RFC6092-REC-48 · opens': 'the first packet through a pinhole meets a pause of forwarding',
  'RFC8415-MULTI-IAPREFIX · both forward': 'the second prefix is used seconds later than the first',
  'RFC8415-18.2.8-DECLINE · prefix kept': 'a declined address is replaced while its prefix is asked about',
  'DENAT-ADDR-STABLE · link flap, DUID and IAID': 'two clients ask at different times',
  'DENAT-RENUM-CASCADE · Reconfigure, downstream router':
    'what a downstream router holds is read before it has renewed',
  'DENAT-RENUM-CASCADE · Reconfigure, host behind it': 'what a downstream router holds is read before it has renewed',
  'DENAT-RENUM-CASCADE · Reconfigure, route for the old prefix':
    'what a downstream router holds is read before it has renewed',
  'DENAT-LAN-RESOLVERS': 'resolvers are spread over several RAs',
  'RFC5625-6.1-RANDOM': 'few queries of its own are counted: it is not applicable then',
  'RFC7084-DNS-LOCAL · RDNSS': 'not known yet',
  'RFC7084-DNS-LOCAL · DHCPv6': 'not known yet',
  'RFC7084-L-14 · orderly reboot, code 5': 'flows in use take the errors that one in ten seconds leaves',
  'RFC7084-L-14 · power cut, code 5': 'flows in use take the errors that one in ten seconds leaves',
  'DENAT-LEASED-ONCE':
    'an address in the ULA prefix is leased to two clients: not known yet whether one router would do so',
  'RFC8415-18.2.1-COLLECT · highest preference':
    'the Advertise that is preferred may come to an exchange that restarts',
  'RFC8415-18.2.5-REBIND · at T2': 'the preferred lifetime has ended by then, and the prefix is not withdrawn',
  'RFC8415-18.2.2-REQUEST · first timeout':
    'the prefix is asked for by another exchange than the one that was answered',
  'RFC8415-18.2.2-REQUEST · doubling': 'the prefix is asked for by another exchange than the one that was answered',
  'RFC8415-18.2.2-REQUEST · accepts a late Reply':
    'the prefix is asked for by another exchange than the one that was answered',
  'RFC8415-18.2.9-EMPTYADV · no IA at all':
    'the prefix is asked for by another exchange than the one that was answered',
  'ROB-ORDER · hosts before the line': 'the prefix is asked for by another exchange than the one that was answered',
}

/** Whether an alarm by this key is known and open. */
export const isOpen = (key: string): boolean => key in openAlarms
