/**
 * What is said falsely of right routers, nearly always of such as have many freedoms at once, and is not judged rightly
 * yet: by id and case, with what is known or guessed of it. A key is here because a router was seen to be told it.
 */
export const openAlarms: Readonly<Record<string, string>> = {
  'RFC7084-L-14 · link flap, code 5':
    "the reference router's error leaves by the WAN, once no LAN has the prefix of the source",
  'RFC7084-L-14 · power cut, code 5':
    "the reference router's error leaves by the WAN, once no LAN has the prefix of the source",
  'RFC7084-L-14 · NoBinding, code 5': 'not known yet',
  'RFC7772-5-RARATE': 'not known yet',
  'RFC8415-18.2.2-REQUEST · first timeout':
    'the prefix is asked for by another exchange than the one that was answered',
  'RFC8415-18.2.2-REQUEST · doubling': 'the prefix is asked for by another exchange than the one that was answered',
  'RFC8415-18.2.2-REQUEST · accepts a late Reply':
    'the prefix is asked for by another exchange than the one that was answered',
  'RFC8415-18.2.9-EMPTYADV · no IA at all':
    'the prefix is asked for by another exchange than the one that was answered',
  'ROB-ORDER · hosts before the line': 'the prefix is asked for by another exchange than the one that was answered',
  'RFC7084-WAA-5 · used': 'another client of the router asks the time server before the option has come',
  'RFC7084-DNS-LOCAL · RDNSS after renumbering': 'not known yet',
  'DENAT-TOGETHER · pinhole, new prefix': 'a host has another address after the change',
  'DENAT-TOGETHER · pinhole, restart': 'a host has another address after the restart',
}

/** Whether an alarm by this key is known and open. */
export const isOpen = (key: string): boolean => key in openAlarms
