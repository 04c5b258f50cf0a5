/**
 * False alarms about conforming routers, nearly always about routers with many freedoms at once, that are not judged
 * correctly yet: by id and case, with the cause as far as known. A key is here because one was seen.
 */
export const openAlarms: Readonly<Record<string, string>> = {
  'RFC7084-L-14 · link flap, code 5':
    'the reference router sends its error on the WAN, once no LAN has the prefix of the source',
  'RFC7084-L-14 · power cut, code 5':
    'the reference router sends its error on the WAN, once no LAN has the prefix of the source',
  'RFC7084-L-14 · NoBinding, code 5': 'not known yet',
  'RFC7772-5-RARATE': 'not known yet',
  'RFC8415-18.2.2-REQUEST · first timeout':
    'the prefix is requested by another exchange than the one that was answered',
  'RFC8415-18.2.2-REQUEST · doubling': 'the prefix is requested by another exchange than the one that was answered',
  'RFC8415-18.2.2-REQUEST · accepts a late Reply':
    'the prefix is requested by another exchange than the one that was answered',
  'RFC8415-18.2.9-EMPTYADV · no IA at all':
    'the prefix is requested by another exchange than the one that was answered',
  'ROB-ORDER · hosts before the line': 'the prefix is requested by another exchange than the one that was answered',
  'RFC7084-WAA-5 · used': 'another client of the router sends to the time server before the option has arrived',
  'RFC7084-DNS-LOCAL · RDNSS after renumbering': 'not known yet',
  'DENAT-TOGETHER · pinhole, new prefix': 'a host has another address after the change',
  'DENAT-TOGETHER · pinhole, restart': 'a host has another address after the restart',
}

/** Whether an alarm by this key is known and open. */
export const isOpen = (key: string): boolean => key in openAlarms
