import { u16At } from './bytes.ts'
import { type Dhcpv4, encodeDhcpv4 } from './dhcpv4.ts'
import type { Dhcpv4Option } from './dhcpv4-options.ts'
import { type Dhcpv6, decodeDhcpv6, encodeDhcpv6, isRelay } from './dhcpv6.ts'
import type { Dhcpv6Option } from './dhcpv6-option.ts'
import type { DnsRecord } from './dns-records.ts'
import type { Column, Read, Value } from './golden-column.ts'
import { hex } from './testing.ts'

/** TShark's fields of what is in UDP, as `FIELDS`. */
export const APPLICATION_FIELDS: { readonly [column: string]: (packet: Read) => Column } = {
  'dhcpv6.msgtype': (p) => messages(p).map((message) => encodeDhcpv6({ ...message, options: [] })[0]),
  'dhcpv6.xid': (p) => messages(p).map((message) => (isRelay(message) ? undefined : message.transactionId)),
  'dhcpv6.hopcount': (p) => messages(p).map((message) => (isRelay(message) ? message.hopCount : undefined)),
  'dhcpv6.linkaddr': (p) => messages(p).map((message) => (isRelay(message) ? message.linkAddress : undefined)),
  'dhcpv6.peeraddr': (p) => messages(p).map((message) => (isRelay(message) ? message.peerAddress : undefined)),
  'dhcpv6.option.type': (p) => options6(p).map((option) => u16At(octetsOf6(option), 0)),
  'dhcpv6.option.length': (p) => options6(p).map((option) => u16At(octetsOf6(option), 2)),
  'dhcpv6.duid.bytes': (p) => of6(p, 'duid'),
  'dhcpv6.iaid': (p) => options6(p).flatMap((o) => (o.type === 'ia-na' || o.type === 'ia-pd' ? iaid(o.iaid) : [])),
  'dhcpv6.iata': (p) => of6(p, 'iaid', 'ia-ta').map(iaid),
  'dhcpv6.iaid.t1': (p) => of6(p, 't1'),
  'dhcpv6.iaid.t2': (p) => of6(p, 't2'),
  'dhcpv6.iaaddr.ip': (p) => of6(p, 'address', 'ia-addr'),
  'dhcpv6.iaaddr.pref_lifetime': (p) => of6(p, 'preferredLifetime', 'ia-addr'),
  'dhcpv6.iaaddr.valid_lifetime': (p) => of6(p, 'validLifetime', 'ia-addr'),
  'dhcpv6.iaprefix.pref_addr': (p) => of6(p, 'prefix').map((prefix) => String(prefix).split('/')[0]),
  'dhcpv6.iaprefix.pref_len': (p) => of6(p, 'prefix').map((prefix) => Number(String(prefix).split('/')[1])),
  'dhcpv6.iaprefix.pref_lifetime': (p) => of6(p, 'preferredLifetime', 'ia-prefix'),
  'dhcpv6.iaprefix.valid_lifetime': (p) => of6(p, 'validLifetime', 'ia-prefix'),
  'dhcpv6.requested_option_code': (p) => options6(p).flatMap((option) => (option.type === 'oro' ? option.codes : [])),
  'dhcpv6.option_preference': (p) => of6(p, 'value', 'preference'),
  /** In milliseconds. */
  'dhcpv6.elapsed_time': (p) => of6(p, 'value', 'elapsed-time').map((value) => Number(value) * 10),
  'dhcpv6.status_code': (p) => of6(p, 'status'),
  'dhcpv6.status_msg': (p) => of6(p, 'message', 'status-code').filter((text) => text !== ''),
  'dhcpv6.userclass.length': (p) => classes6(p, 'user-class').map((one) => one.length),
  'dhcpv6.userclass.opaque_data': (p) => classes6(p, 'user-class').map(hex),
  'dhcpv6.vendorclass.enterprise': (p) => of6(p, 'enterprise', 'vendor-class'),
  'dhcpv6.vendorclass.data': (p) => classes6(p, 'vendor-class').map(latin1),
  'dhcpv6.interface_id': (p) => data6(p, 'interface-id').map(hex),
  'dhcpv6.dns_server': (p) => servers6(p, 'dns-servers'),
  'dhcpv6.sntp_server': (p) => servers6(p, 'sntp-servers'),
  'dhcpv6.sip_server_a': (p) => servers6(p, 'sip-servers'),
  'dhcpv6.search_list_entry': (p) => domains6(p, 'domain-list'),
  'dhcpv6.sip_server_domain_search_fqdn': (p) => domains6(p, 'sip-domains'),
  'dhcpv6.aftr_name': (p) => of6(p, 'name').map(closed),
  'dhcpv6.lifetime': (p) => of6(p, 'value', 'information-refresh-time'),
  'dhcpv6.pd_exclude.pref_len': (p) => data6(p, 'pd-exclude').map((data) => data[0]),
  'dhcp.type': (p) => p.dhcp4 && octets4(p.dhcp4)[0],
  'dhcp.hw.type': (p) => p.dhcp4?.htype,
  'dhcp.hw.len': (p) => p.dhcp4?.hlen,
  'dhcp.hops': (p) => p.dhcp4?.hops,
  'dhcp.id': (p) => p.dhcp4?.xid,
  'dhcp.secs': (p) => p.dhcp4?.secs,
  'dhcp.flags': (p) => p.dhcp4?.flags,
  'dhcp.ip.client': (p) => p.dhcp4?.ciaddr,
  'dhcp.ip.your': (p) => p.dhcp4?.yiaddr,
  'dhcp.ip.server': (p) => p.dhcp4?.siaddr,
  'dhcp.ip.relay': (p) => p.dhcp4?.giaddr,
  'dhcp.hw.mac_addr': (p) => p.dhcp4?.chaddr,
  /** It shows End as 0, and no length of it. */
  'dhcp.option.type': (p) => options4(p).map((option) => (option.type === 'end' ? 0 : octetsOf4(option)[0])),
  'dhcp.option.length': (p) => options4(p).flatMap((option) => (option.type === 'end' ? [] : octetsOf4(option)[1])),
  'dhcp.option.dhcp': (p) => options4(p).flatMap((o) => (o.type === 'message-type' ? octetsOf4(o)[2] : [])),
  'dhcp.option.subnet_mask': (p) => of4(p, 'address', 'subnet-mask'),
  'dhcp.option.requested_ip_address': (p) => of4(p, 'address', 'requested-address'),
  'dhcp.option.dhcp_server_id': (p) => of4(p, 'address', 'server-id'),
  'dhcp.option.router': (p) => of4(p, 'addresses', 'routers'),
  'dhcp.option.domain_name_server': (p) => of4(p, 'addresses', 'dns-servers'),
  'dhcp.option.ntp_server': (p) => of4(p, 'addresses', 'ntp-servers'),
  'dhcp.option.ip_address_lease_time': (p) => of4(p, 'seconds', 'lease-time'),
  'dhcp.option.option_overload': (p) => of4(p, 'value', 'option-overload'),
  'dhcp.option.renewal_time_value': (p) => of4(p, 'seconds', 't1'),
  'dhcp.option.rebinding_time_value': (p) => of4(p, 'seconds', 't2'),
  'dhcp.option.request_list_item': (p) => of4(p, 'codes', 'parameter-list'),
  'dhcp.option.hostname': (p) => of4(p, 'text', 'host-name'),
  'dhcp.option.domain_name': (p) => of4(p, 'text', 'domain-name'),
  'dhcp.option.message': (p) => of4(p, 'text', 'message'),
  'dns.id': (p) => p.dns?.id,
  'dns.flags.response': (p) => p.dns && p.dns.type === 'response',
  'dns.flags.opcode': (p) => p.dns && (OPCODES[p.dns.opcode ?? 'QUERY'] ?? -1),
  /** Of an answer alone, as the next but one. */
  'dns.flags.authoritative': (p) => (p.dns?.type === 'response' ? flag(p, 'aa') : undefined),
  'dns.flags.recdesired': (p) => flag(p, 'rd'),
  'dns.flags.recavail': (p) => (p.dns?.type === 'response' ? flag(p, 'ra') : undefined),
  'dns.flags.checkdisable': (p) => flag(p, 'cd'),
  'dns.flags.rcode': (p) => (p.dns?.type === 'response' ? RCODES.indexOf(p.dns.rcode) : undefined),
  'dns.qry.name': (p) => p.dns?.questions.map(({ name }) => name),
  'dns.qry.class': (p) => p.dns?.questions.map(classNumber),
  'dns.resp.class': (p) => records(p).map(classNumber),
  'dns.qry.type': (p) => p.dns?.questions.map(({ type }) => typeNumber(type)),
  /** It takes the name of an SRV record apart. */
  'dns.resp.name': (p) => [
    ...records(p).flatMap(({ name, type }) => (type === 'SRV' ? [] : name)),
    ...(p.dns?.edns ? ['<Root>'] : []),
  ],
  'dns.resp.type': (p) => [...records(p).map(({ type }) => typeNumber(type)), ...(p.dns?.edns ? [TYPES.OPT] : [])],
  'dns.resp.ttl': (p) => records(p).map(({ ttl }) => ttl),
  'dns.rr.udp_payload_size': (p) => p.dns?.edns?.udpPayloadSize,
  'dns.resp.z.do': (p) => p.dns?.edns?.dnssecOk,
  'dns.a': (p) => dataOf(p, 'A'),
  'dns.aaaa': (p) => dataOf(p, 'AAAA'),
  'dns.cname': (p) => dataOf(p, 'CNAME'),
  'dns.ptr.domain_name': (p) => dataOf(p, 'PTR'),
  'dns.mx.mail_exchange': (p) => inner(p, 'MX', 'exchange'),
  'dns.mx.preference': (p) => inner(p, 'MX', 'preference'),
  'dns.srv.target': (p) => inner(p, 'SRV', 'target'),
  'dns.srv.port': (p) => inner(p, 'SRV', 'port'),
  'dns.srv.priority': (p) => inner(p, 'SRV', 'priority'),
  'dns.srv.weight': (p) => inner(p, 'SRV', 'weight'),
  'dns.txt': (p) => dataOf(p, 'TXT').flatMap((texts) => (texts as unknown as Uint8Array[]).map((text) => latin1(text))),
}

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

const OPCODES: { [opcode: string]: number } = { QUERY: 0, NOTIFY: 4, UPDATE: 5 }

const TYPES: { [type: string]: number } = {
  A: 1,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  HTTPS: 65,
}

/** A relay's message and what it carries. */
function messages({ dhcp6 }: Read): Dhcpv6[] {
  return dhcp6 ? [dhcp6, ...dhcp6.options.flatMap(relayed)] : []
}

function relayed(option: Dhcpv6Option): Dhcpv6[] {
  const message = option.type === 'relay-message' ? decodeDhcpv6(option.message).message : undefined
  return message ? messages({ dhcp6: message }) : []
}

/** In the order of the wire: what an option holds comes after it. */
function options6({ dhcp6 }: Read): Dhcpv6Option[] {
  return dhcp6?.options.flatMap(withInner) ?? []
}

function withInner(option: Dhcpv6Option): Dhcpv6Option[] {
  if ('options' in option) return [option, ...option.options.flatMap(withInner)]
  if (option.type !== 'relay-message') return [option]
  return [option, ...(decodeDhcpv6(option.message).message?.options.flatMap(withInner) ?? [])]
}

/** One field of all options that have it, of one name where given. */
function of6(packet: Read, name: string, type?: string): Value[] {
  return options6(packet).flatMap((option) =>
    (type === undefined || option.type === type) && name in option
      ? [(option as unknown as Fields)[name] as Value]
      : [],
  )
}

interface Fields {
  [name: string]: unknown
}

function data6(packet: Read, type: string): Uint8Array[] {
  return of6(packet, 'data', type) as unknown as Uint8Array[]
}

function classes6(packet: Read, type: string): Uint8Array[] {
  return of6(packet, 'classes', type).flat() as unknown as Uint8Array[]
}

function servers6(packet: Read, type: string): Value[] {
  return of6(packet, 'servers', type).flat()
}

function domains6(packet: Read, type: string): Value[] {
  return of6(packet, 'domains', type).flat().map(closed)
}

/** As TShark writes names of DHCPv6. */
function closed(name: Value): Value {
  return `${name}.`
}

function iaid(value: Value): Value {
  return Number(value).toString(16).padStart(8, '0')
}

function octetsOf6(option: Dhcpv6Option): Uint8Array {
  return encodeDhcpv6({ type: 0, transactionId: 0, options: [option] }).subarray(4)
}

function octets4(message: Dhcpv4): Uint8Array {
  return encodeDhcpv4(message)
}

/** In the order of TShark, which reads `sname` and `file` as soon as it reads that they contain options. */
function options4({ dhcp4 }: Read): Dhcpv4Option[] {
  const { snameOptions = [], fileOptions = [] } = dhcp4 ?? {}
  return (dhcp4?.options ?? []).flatMap((option) =>
    option.type === 'option-overload' ? [option, ...snameOptions, ...fileOptions] : [option],
  )
}

function of4(packet: Read, name: string, type: string): Value[] {
  return options4(packet).flatMap((option) =>
    option.type === type ? ((option as unknown as Fields)[name] as Value) : [],
  )
}

const HEADER4: Dhcpv4 = {
  op: 1,
  htype: 1,
  hlen: 6,
  hops: 0,
  xid: 0,
  secs: 0,
  flags: 0,
  ciaddr: '0.0.0.0',
  yiaddr: '0.0.0.0',
  siaddr: '0.0.0.0',
  giaddr: '0.0.0.0',
  chaddr: '00:00:00:00:00:00',
  options: [],
}

function octetsOf4(option: Dhcpv4Option): Uint8Array {
  return encodeDhcpv4({ ...HEADER4, options: [option] }).subarray(240)
}

function flag({ dns }: Read, name: string): Value {
  return dns?.flags.split('+').includes(name)
}

function records({ dns }: Read): DnsRecord[] {
  return dns ? [...dns.answers, ...(dns.authorities ?? []), ...(dns.additionals ?? [])] : []
}

function typeNumber(type: string): Value {
  return TYPES[type] ?? Number(type.replace('UNKNOWN_', ''))
}

function classNumber({ class: its = 'IN' }: { class?: string }): Value {
  return { IN: 1, NONE: 254, ANY: 255 }[its]
}

function dataOf(packet: Read, type: string): Value[] {
  return records(packet)
    .filter((record) => record.type === type && !(record.data instanceof Uint8Array))
    .map((record) => record.data as Value)
}

function inner(packet: Read, type: string, name: string): Value[] {
  return dataOf(packet, type).map((data) => (data as unknown as Fields)[name] as Value)
}

function latin1(octets: Uint8Array): string {
  return String.fromCharCode(...octets)
}
