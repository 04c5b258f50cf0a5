import type { Column, Read } from './golden-column.ts'
import { pppOptions } from './ppp-options.ts'
import type { PppoeTag } from './pppoe.ts'
import { hex } from './testing.ts'

/** TShark's fields by ours, of what carries IP on a line other than plain Ethernet. */
export const LINE_FIELDS: { readonly [column: string]: (packet: Read) => Column } = {
  'ieee8021ad.id': (p) => (isService(p) ? p.tags?.[0]?.vid : undefined),
  'ieee8021ad.priority': (p) => (isService(p) ? p.tags?.[0]?.priority : undefined),
  'ieee8021ad.dei': (p) => (isService(p) ? p.tags?.[0]?.dropEligible : undefined),
  'vlan.id': (p) => customer(p).map((tag) => tag.vid),
  'vlan.priority': (p) => customer(p).map((tag) => tag.priority),
  'vlan.dei': (p) => customer(p).map((tag) => tag.dropEligible),
  'vlan.etype': (p) => customer(p).map((tag) => tag.type),
  'pppoe.code': (p) => p.pppoe && code(p.pppoe.type, PPPOE_CODES),
  'pppoe.session_id': (p) => p.pppoe?.sessionId,
  'pppoe.payload_length': (p) => p.pppoe?.length,
  'pppoed.tags.ac_name': (p) => pppoeTags(p, 'ac-name').map(asText),
  'pppoed.tags.host_uniq': (p) => pppoeTags(p, 'host-uniq').map(hex),
  'pppoed.tags.ac_cookie': (p) => pppoeTags(p, 'ac-cookie').map(hex),
  'pppoed.tags.relay_session_id': (p) => pppoeTags(p, 'relay-session-id').map(hex),
  'pppoed.tags.service_name_error': (p) => pppoeTags(p, 'service-name-error').map(asText),
  'pppoed.tags.ac_system_error': (p) => pppoeTags(p, 'ac-system-error').map(asText),
  'pppoed.tags.generic_error': (p) => pppoeTags(p, 'generic-error').map(asText),
  'pppoed.tags.max_payload': (p) =>
    (p.pppoe?.tags ?? []).flatMap((tag) =>
      tag.type === 'ppp-max-payload' ? tag.value.toString(16).padStart(4, '0') : [],
    ),
  'ppp.protocol': (p) => p.ppp?.protocol,
  'ppp.code': (p) => negotiation(p) && code(negotiation(p)?.type ?? 0, NEGOTIATION_CODES),
  'ppp.identifier': (p) => negotiation(p)?.id,
  'ppp.length': (p) => negotiation(p)?.length,
  'lcp.opt.type': (p) => options(p.lcp).map((option) => code(option.type, pppOptions.lcp.codes)),
  'lcp.opt.mru': (p) => options(p.lcp).flatMap((option) => (option.type === 'mru' ? option.value : [])),
  'lcp.opt.auth_protocol': (p) =>
    options(p.lcp).flatMap((option) => (option.type === 'authentication-protocol' ? option.protocol : [])),
  'lcp.opt.magic_number': (p) =>
    options(p.lcp).flatMap((option) => (option.type === 'magic-number' ? option.value : [])),
  'ipcp.opt.type': (p) => options(p.ipcp).map((option) => code(option.type, pppOptions.ipcp.codes)),
  'ipcp.opt.ip_address': (p) => ipcpAddresses(p, 'ip-address'),
  'ipcp.opt.pri_dns_address': (p) => ipcpAddresses(p, 'primary-dns'),
  'ipcp.opt.sec_dns_address': (p) => ipcpAddresses(p, 'secondary-dns'),
  'ipv6cp.interface_identifier': (p) =>
    options(p.ipv6cp).flatMap((option) =>
      option.type === 'interface-identifier' ? hex(option.interfaceId).replace(/(..)(?!$)/g, '$1:') : [],
    ),
  'pap.code': (p) => p.pap && code(p.pap.type, PAP_CODES),
  'pap.peer_id': (p) => (p.pap?.type === 'authenticate-request' ? asText(p.pap.peerId) : undefined),
  'pap.password': (p) => (p.pap?.type === 'authenticate-request' ? asText(p.pap.password) : undefined),
  'pap.message': (p) => (p.pap && 'message' in p.pap ? asText(p.pap.message) : undefined),
  'chap.code': (p) => p.chap && code(p.chap.type, CHAP_CODES),
  'chap.value': (p) => (p.chap && 'value' in p.chap ? hex(p.chap.value) : undefined),
  'chap.name': (p) => (p.chap && 'name' in p.chap ? asText(p.chap.name) : undefined),
  'chap.message': (p) => (p.chap && 'message' in p.chap ? asText(p.chap.message) : undefined),
}

/** Numbers of the RFCs, written down apart from the codecs. */
const PPPOE_CODES = { session: 0, pado: 7, padi: 9, padr: 0x19, pads: 0x65, padt: 0xa7 }
const NEGOTIATION_CODES = {
  'configure-request': 1,
  'configure-ack': 2,
  'configure-nak': 3,
  'configure-reject': 4,
  'terminate-request': 5,
  'terminate-ack': 6,
  'code-reject': 7,
  'protocol-reject': 8,
  'echo-request': 9,
  'echo-reply': 10,
  'discard-request': 11,
}
const PAP_CODES = { 'authenticate-request': 1, 'authenticate-ack': 2, 'authenticate-nak': 3 }
const CHAP_CODES = { challenge: 1, response: 2, success: 3, failure: 4 }

function code(type: string | number, codes: { readonly [name: string]: number }): number | undefined {
  return typeof type === 'number' ? type : codes[type]
}

function isService({ eth }: Read): boolean {
  return eth?.type === 0x88a8
}

/** TShark has a dissector of its own for the service tag. */
function customer(packet: Read) {
  return (packet.tags ?? []).slice(isService(packet) ? 1 : 0)
}

function pppoeTags({ pppoe }: Read, type: PppoeTag['type']): Uint8Array[] {
  return (pppoe?.tags ?? []).flatMap((tag) => (tag.type === type && 'data' in tag ? [tag.data] : []))
}

function negotiation({ lcp, ipcp, ipv6cp }: Read) {
  return lcp ?? ipcp ?? ipv6cp
}

function options<Option>(message: { options: Option[] } | object | undefined): Option[] {
  return message && 'options' in message ? message.options : []
}

function ipcpAddresses({ ipcp }: Read, type: 'ip-address' | 'primary-dns' | 'secondary-dns'): string[] {
  return options(ipcp).flatMap((option) => (option.type === type && 'address' in option ? [option.address] : []))
}

function asText(octets: Uint8Array): string {
  return Buffer.from(octets).toString()
}
