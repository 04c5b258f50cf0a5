import type { Language } from './language.ts'

/** Chinese, for the suites' own area. The terms are those of `suites/GLOSSARY.md`. */
export const chinese: Language = {
  tag: 'zh',
  complete: ['suites/denat', 'lib/suite'],
  comma: '、',
  space: '',
  none: '无',
  seconds: (value) => `${value} 秒`,
  frame: (value) => `报文 ${value}`,
  words: {
    outward: '出站方向',
    inward: '入站方向',
    outbound: '出站',
    inbound: '入站',
    reply: '应答',
    connected: '已连接',
    refused: '被拒绝',
    unreachable: '不可达',
    silent: '无应答',
    answered: '已应答',
    true: '是',
    false: '否',
    undefined: '无',
    gateway: '家庭网关',
    'wireless-router': '无线路由器',
    echo: '回显',
    fragments: '分片',
    pinhole: '入站放行规则',
    'closed port': '关闭的端口',
    'sub-delegated prefix': '二次分发的前缀',
    'at first': '起初',
    Renew: '续租（Renew）',
    'line cut': '线路中断',
    restart: '重启',
    'new prefix': '新前缀',
    'line cut, same prefix': '线路中断，前缀不变',
    'line cut, new prefix': '线路中断，前缀变更',
    'server silent, new prefix': '服务器无应答，前缀变更',
    'power cut, same prefix': '断电，前缀不变',
    'power cut, new prefix': '断电，前缀变更',
    'reboot, same prefix': '重启，前缀不变',
    'reboot, new prefix': '重启，前缀变更',
    'Renew, new prefix': '续租时前缀变更',
    'default router lost': '默认路由器失效',
    'line cut for 5 s': '线路中断 5 秒',
    'prefix withdrawn and granted': '前缀被撤销后重新授予',
    'line cut, no server at first': '线路中断，起初没有服务器',
    'LAN port without a cable': 'LAN 端口未接网线',
    'IPv6 switched off and on': '关闭并重新开启 IPv6',
    'behind a downstream router': '位于下级路由器之后',
    'dual-stack': '双栈',
    slaac: '无状态地址自动配置（SLAAC）',
    'slaac-and-stateless': 'SLAAC 与无状态 DHCPv6',
    'slaac-and-dhcpv6': 'SLAAC 与有状态 DHCPv6',
    'the bench': '仿真节点',
  },
  templates: {
    'A host on the LAN reaches the Internet as before.': 'LAN 侧主机仍能访问互联网。',
    'The prefix of the downstream router after its next Renew': '下级路由器下一次续租（Renew）后的前缀',
    'The router requests its prefix with the same DUID and IAID as before: {1}.':
      '路由器以原有的 DUID 和 IAID 请求前缀：{1}。',
    'The router sends no Release.': '路由器不发送 Release。',
    'The /64 on the LAN': 'LAN 上的 /64 前缀',
    'While the prefix of the WAN link changes, no RA on the LAN withdraws the prefix or the default router.':
      'WAN 链路的前缀变更期间，LAN 侧没有任何路由器通告撤销前缀或默认路由器。',
    'a Release': '收到一条 Release',
    'A multicast RA refreshes each route and each resolver that remains valid before its lifetime ends.':
      '对于继续有效的路由和递归 DNS 服务器，路由器在其生存期到期前用组播路由器通告刷新。',
    '{1} % in round {2}; without access: {3}': '第 {2} 轮为 {1} %；未能访问的终端：{3}',
    'All terminals reach the IPv6 Internet.': '所有终端均能访问 IPv6 互联网。',
    'In each of {1} rounds, at least 80 % of {2} terminals reach the IPv6 Internet.':
      '在全部 {1} 轮的每一轮中，{2} 个终端至少有 80 % 能访问 IPv6 互联网。',
    'The client sends at most {1} messages of one session in {2}, the default of RFC 9915 section 14.1.':
      '客户端同一会话在 {2} 内最多发送 {1} 条消息（RFC 9915 第 14.1 节的默认值）。',
    ', not for {1}': '，{1} 未得到应答',
    'A: {1} answers, AAAA: {2} answers{3}': 'A：{1} 次应答，AAAA：{2} 次应答{3}',
    'A: {1} ms, AAAA: {2} ms': 'A：{1} 毫秒，AAAA：{2} 毫秒',
    'The 95th percentile of the response time for AAAA exceeds that for A by at most 10 %.':
      'AAAA 查询响应时间的第 95 百分位数不超过 A 查询的 110 %。',
    'For {1} names that have both records, the router answers AAAA queries as often as A queries.':
      '对 {1} 个同时具有两种记录的域名，路由器应答 AAAA 查询的次数不少于 A 查询。',
    '{1}, and {2} for processing': '{1}，另加 {2} 的处理时间',
    'A resolver responds over IPv6 on the LAN.': 'LAN 侧有一个递归 DNS 服务器可通过 IPv6 访问。',
    'The router responds in time.': '路由器及时应答。',
    'The host receives a response.': '主机收到应答。',
    'On a line without IPv4, the router sends a query over IPv6 to the resolver that DHCPv6 provided.':
      '线路没有 IPv4 时，路由器通过 IPv6 向 DHCPv6 提供的递归 DNS 服务器发送查询。',
    'The router answers one {1} once.': '对同一条报文（{1}），路由器只应答一次。',
    'The router forwards one packet once.': '同一个报文路由器只转发一次。',
    'frame {1} leads to frame {2} and to frame {3}': '报文 {1} 引出了报文 {2} 和报文 {3}',
    'The outcome of a connection to a page that is available over IPv6 only': '连接仅支持 IPv6 的网页的结果',
    'The router forwards a datagram of a flow that a host started ({1}).': '路由器转发主机发起的流的数据报（{1}）。',
    'The host has the address and the route in time.': '主机按时获得地址和路由。',
    'The host resolves a name over IPv6.': '主机通过 IPv6 解析域名。',
    'A flow that a host starts is answered (mark "{1}").': '主机发起的流得到应答（标记“{1}”）。',
    'With factory settings, a host on the LAN comes online.': '在出厂设置下，LAN 侧主机能够上线。',
    'With factory settings, a host on the LAN has a global address from the delegated prefix and a default route.':
      '在出厂设置下，LAN 侧主机具有取自委派前缀的全球单播地址和默认路由。',
    'With factory settings, a packet that a host sends to the Internet is answered ({1}).':
      '在出厂设置下，主机发往互联网的报文得到应答（{1}）。',
    'a rule of this project: 120 s after power-on': '本项目的规定：上电后 120 秒',
    '{1} messages were examined.': '检查了 {1} 条报文。',
    'While the router answers others, it answers each {1}, from any sender.':
      '路由器在应答其他节点时，对任何发送者的报文（{1}）均应答。',
    'Neighbor Solicitation for an address of the router': '针对路由器地址的邻居请求',
    'This recording has no {1} that the router answers.': '本记录中没有得到路由器应答的报文（{1}）。',
    'Router Solicitation': '路由器请求',
    'message of a DHCPv6 client': 'DHCPv6 客户端的消息',
    'no response to {1} ({2}), which sent {3} requests from {4} on, while the router answered others':
      '{1}（{2}）自{4}起发送了 {3} 次请求，均未得到应答，而其他节点得到了应答',
    '{1}: the last forwarded packet was sent {2} after the first, and none of the {3} packets after it was forwarded':
      '{1}：最后一个被转发的报文在第一个之后 {2} 发出，其后的 {3} 个报文均未被转发',
    'The router forwards a UDP flow as long as it is in use (here {1}).':
      '只要 UDP 流仍在使用，路由器就转发它（此处为 {1}）。',
    'The router forwards a flow as long as it is in use: {1}.': '只要流仍在使用，路由器就转发它：{1}。',
    'A flow that was in use when the line was cut for {1} continues ({2}) with the same address and ports, as the prefix is the same and a new flow works.':
      '线路中断 {1} 时正在使用的流以相同的地址和端口继续（{2}），因为前缀未变且新的流可用。',
    'The router forwards the flow after {1} as it forwards a newer one.':
      '{1} 后，路由器仍像转发较新的流一样转发该流。',
    'The flow was in use for {1}.': '该流的使用时长为 {1}。',
    'While a second prefix is added, a flow on the first prefix has no long gap ({1}).':
      '增加第二个前缀期间，使用第一个前缀的流没有长时间间断（{1}）。',
    'a rule of this project': '本项目的规定',
    ', after {1}': '（在 {1} 之后）',
    'A flow in use ({1}, {2}) continues as long as its address is in use and a new flow from this address works.':
      '只要地址仍在使用且该地址的新流可用，使用中的流（{1}，{2}）就持续有效。',
    'This recording has no flow that stays in use.': '本记录中没有持续使用的流。',
    'none of {1} requests is answered{2}, while each time a request of a newer flow is answered':
      '{1} 个请求均未得到应答{2}，而每次较新的流的请求都得到了应答',
    'A terminal ({1}) has a global address from the delegated prefix.': '终端（{1}）具有取自委派前缀的全球单播地址。',
    'The terminal has learned a resolver that it reaches over IPv6.': '终端获知了可通过 IPv6 访问的递归 DNS 服务器。',
    'The terminal reaches the Internet.': '终端能访问互联网。',
    'The host behind the downstream router "{1}" has a global address from the delegated prefix.':
      '下级路由器“{1}”后面的主机具有取自委派前缀的全球单播地址。',
    'The router advertises M=0: it assigns no addresses by DHCPv6.': '路由器通告 M=0：不通过 DHCPv6 分配地址。',
    'address: {1}': '地址：{1}',
    none: '无',
    'a rule of this project: 10 s after the link is up': '本项目的规定：链路建立后 10 秒',
    '{1} after this event as before it: {2}.': '事件（{2}）之后与之前一样：{1}。',
    'A host behind the downstream router reaches the Internet': '下级路由器后面的主机能访问互联网',
    'A host reaches the Internet after this event: {1}.': '事件（{1}）之后主机能访问互联网。',
    'A host resolves a name': '主机能解析域名',
    'The router answers an Information-request': '路由器应答 Information-request',
    'The router does not accept Reconfigure (RFC7084-WAA-4).': '路由器不接受 Reconfigure（RFC7084-WAA-4）。',
    'The router did not request a prefix again during the observation.': '在观察期间路由器没有再次请求前缀。',
    'The router forwards no unsolicited inbound packet after this event: {1}.':
      '事件（{1}）之后，路由器不转发非请求入站报文。',
    'The outcome of a connection to the Internet': '连接互联网的结果',
    'A datagram to the Internet is answered.': '发往互联网的数据报得到应答。',
    'The host has the address in time.': '主机按时获得地址。',
    'On a line without IPv4, a host has a global address from the delegated prefix.':
      '线路没有 IPv4 时，主机具有取自委派前缀的全球单播地址。',
    'A later echo request is answered as well.': '之后的回显请求同样得到应答。',
    'The advertised resolver responds over IPv6.': '所通告的递归 DNS 服务器通过 IPv6 应答。',
    'a rule of this project: {1} after power-on': '本项目的规定：上电后 {1}',
    'DHCPv6: {1}; RA: {2}': 'DHCPv6：{1}；路由器通告：{2}',
    'This recording has no Reply with resolvers between two RAs with resolvers.':
      '本记录中，在两条带有递归 DNS 服务器的路由器通告之间没有带有递归 DNS 服务器的 Reply。',
    'The RAs and the DHCPv6 server of a LAN provide the same resolvers.':
      '同一 LAN 的路由器通告与 DHCPv6 服务器提供相同的递归 DNS 服务器。',
    '{1} is leased to client {2}, while client {3} holds {4} from {5}':
      '{1} 租给了客户端 {2}，而客户端 {3} 持有 {4}（来自{5}）',
    'The router leases an address or a prefix of the LAN to one client at a time.':
      'LAN 侧的一个地址或前缀同一时间只租给一个客户端。',
    'This recording has no lease on the LAN.': '本记录中 LAN 侧没有租约。',
    '{1} packets compared': '比较了 {1} 个报文',
    '{1} was changed to {2}': '{1} 变成了 {2}',
    'The addresses and ports of a host are the same on the LAN and on the WAN.':
      '主机的地址和端口在 LAN 侧与 WAN 侧相同。',
    'In this recording the router forwards no packet of a host to the Internet.':
      '本记录中路由器没有转发主机发往互联网的报文。',
    '{1} in frame {2}': '报文 {2} 中的 {1}',
    'The router sends no DHCPv6 server or relay message on the WAN.':
      '路由器不从 WAN 侧发出 DHCPv6 服务器或中继的消息。',
    'The router sends no packet with a private IPv4 source address of the LAN on the WAN.':
      '路由器不从 WAN 侧发出以 LAN 私有 IPv4 地址为源地址的报文。',
    'The router forwards no message of local service discovery to the WAN.':
      '路由器不把本地服务发现的消息转发到 WAN 侧。',
    'source address {1} in frame {2}': '报文 {2} 中的源地址 {1}',
    'The router renews a lease although no other prefix is left.': '即使没有剩余前缀，路由器仍为已有租约续租。',
    'The router responds to a requesting router when no prefix is left.': '没有剩余前缀时，路由器仍应答请求路由器。',
    'The response contains no prefix.': '应答不含前缀。',
    'After a prefix is released, the router delegates one to the requesting router that was refused.':
      '有前缀被释放后，路由器向此前被拒绝的请求路由器委派前缀。',
    'The downstream router retains its prefix.': '下级路由器保留其前缀。',
    'The status code in the IA_PD': 'IA_PD 中的状态码',
    'a prefix together with the status code': '状态码之外还带有前缀',
    'no prefix': '没有前缀',
    'The outcome of a connection from the Internet to {1} port {2}, without a port mapping':
      '从互联网连接 {1} 端口 {2}（无端口映射）的结果',
    'A product in this role need not delegate prefixes.': '该类产品不要求进行地址前缀二次分发。',
    'The router forwards none of {1} unsolicited inbound {2} packets to the host.':
      '{1} 个非请求入站 {2} 报文均未被转发给主机。',
    "The responses to the host's own flow reach the host.": '主机自己发起的流的应答能到达主机。',
    'With the firewall off, a {1} flow from the Internet to {2} is answered without a port mapping.':
      '关闭防火墙后，从互联网到 {2} 的 {1} 流无需端口映射即可得到应答。',
    'the preferred lifetime of {1} ends on hosts {2} after this RA and {3} after the Reply that extends it, with no RA in between':
      '{1} 的首选生存期在主机上于本路由器通告之后 {2}、延长它的 Reply 之后 {3} 到期，其间没有路由器通告',
    'In this recording no preferred lifetime of a prefix that is extended ends.':
      '本记录中没有被延长的前缀的首选生存期到期。',
    'While {1} is preferred, its assigned prefix on {2} is preferred too: an RA refreshes it before the preferred lifetime of the last RA ends.':
      '{1} 处于首选状态期间，其分配给 {2} 的前缀也处于首选状态：在上一条路由器通告的首选生存期到期前，有新的路由器通告刷新它。',
    'The address of a DHCPv6-only host after its next Renew': '仅使用 DHCPv6 的主机下一次续租（Renew）后的地址',
    'The router delegates no prefix from the expired {1} to the downstream router.':
      '路由器不再从已失效的 {1} 中向下级路由器委派前缀。',
    'The host reaches the Internet with this address.': '主机用该地址能访问互联网。',
    'At its next Renew (T1, and 10 s) the downstream router is delegated a prefix from the new {1}.':
      '下级路由器在下一次续租时（T1 加 10 秒）获得取自新前缀 {1} 的委派前缀。',
    'The host behind the downstream router has an address from the new prefix.':
      '下级路由器后面的主机具有取自新前缀的地址。',
    'The router no longer forwards packets to {1}, in the former prefix of the downstream router, to that router.':
      '对于下级路由器原前缀中的目的地址 {1}，路由器不再把报文转发给该下级路由器。',
    'a valid prefix from it': '取自其中的有效前缀',
    'its address is {1}': '其地址为 {1}',
    'The outcome of a connection from this host': '从该主机发起连接的结果',
    'A host on the LAN has {1} and reaches the Internet with it.': 'LAN 侧主机具有{1}，并能用它访问互联网。',
    'A host without a global address has a default router': '没有全球单播地址的主机具有默认路由器',
    'The RAs advertise Router Lifetime {1} and {2}.': '路由器通告中路由器生存期为 {1}，并通告{2}。',
    'Hosts on the LAN have addresses from the upstream /64.': 'LAN 侧主机具有取自上游 /64 的地址。',
    'The LAN prefix is from {1}.': 'LAN 侧前缀取自 {1}。',
    'The router sends no RA on the LAN.': '路由器不在 LAN 侧发送路由器通告。',
    'The home gateway has no prefix for this router.': '家庭网关没有可供该路由器使用的前缀。',
    'The router requests a prefix on its WAN.': '路由器在 WAN 侧请求前缀。',
    'The source address, on the WAN, of a packet from a host': '主机报文在 WAN 侧的源地址',
    'a ULA prefix': 'ULA 前缀',
    'The outcome of a connection from this host to the Internet': '从该主机连接互联网的结果',
    'A host behind two downstream routers answers a packet from the LAN.':
      '位于两级下级路由器后面的主机应答来自 LAN 的报文。',
    'The router forwards the response to the first downstream router.': '路由器把应答转发给第一级下级路由器。',
    'The first downstream router holds {1}, and delegates {2} from it.': '第一级下级路由器持有 {1}，并从中委派了 {2}。',
    'The first downstream router receives a /64 for its hint ::/60; it delegates the prefix of its second IA_PD.':
      '第一级下级路由器以 ::/60 为提示只获得一个 /64；它委派的是其第二个 IA_PD 的前缀。',
    'A packet from a host behind two downstream routers leaves the WAN with its own source address.':
      '位于两级下级路由器后面的主机的报文以其自己的源地址从 WAN 侧发出。',
    'the router sends IPv4 in IPv6 on the WAN': '路由器在 WAN 侧发送 IPv4-in-IPv6 报文',
    'the router sends IPv6 in IPv4 on the WAN': '路由器在 WAN 侧发送 IPv6-in-IPv4 报文',
    'The recording is empty.': '记录为空。',
    'The capability statement names no capability as lacking.': '能力声明没有列出缺少的能力。',
    'No recording shows a capability that the capability statement names as lacking.':
      '记录中没有出现能力声明所列的缺少的能力。',
    'the router sends a packet to the NAT64 prefix that no host sent':
      '路由器发出了并非主机发送的、目的地址属于 NAT64 前缀的报文',
    'the router advertises {1}': '路由器通告 {1}',
    'the router sends an NTP request': '路由器发送 NTP 请求',
    'the router grants a PCP request of a host': '路由器准许主机的 PCP 请求',
    'the router sends PPPoE discovery': '路由器发送 PPPoE 发现报文',
    'the router sends a PCP request': '路由器发送 PCP 请求',
    'the router sends frames with a VLAN tag on the WAN': '路由器在 WAN 侧发送带 VLAN 标签的帧',
    'the DHCPv4 client of the router sends vendor class {1}': '路由器的 DHCPv4 客户端发送厂商类别 {1}',
    'the DHCPv4 server of the router sends option 108': '路由器的 DHCPv4 服务器发送选项 108',
    'the DHCPv6 server of the router leases an address': '路由器的 DHCPv6 服务器租出地址',
    'the web page of the router was used': '使用了路由器的管理页面',
    'the router forwards no unsolicited inbound packet to a host that is online':
      '路由器不向在线主机转发非请求入站报文',
    '{1} {2}{3} in {4} on {5}': '{5} 上 {4} 内有 {1} 条{2}{3}',
    ' ({1})': '（{1}）',
    'Neighbor Solicitations': '邻居请求',
    'The router sends at most {1} {2} on one link in {3}: {4}.': '路由器在 {3} 内在同一链路上最多发送 {1} 条{2}：{4}。',
    'The router sends at most {1} {2} on one link in {3}, as {4}.':
      '路由器在 {3} 内在同一链路上最多发送 {1} 条{2}，因为{4}。',
    'RFC 3810 section 6.1 sends a state change report twice, and puts pending changes into one report':
      'RFC 3810 第 6.1 节规定状态变化报告发送两次，并把待发的变化合并到一个报告中',
    'RFC 4861 section 6.2.6 separates them by 3 s': 'RFC 4861 第 6.2.6 节规定间隔为 3 秒',
    'RFC 4861 section 6.3.7 separates them by 4 s': 'RFC 4861 第 6.3.7 节规定间隔为 4 秒',
    'RFC 4861 section 7.2.2 separates those for one neighbor by RetransTimer, which is 1 s':
      'RFC 4861 第 7.2.2 节规定针对同一邻居的间隔为 RetransTimer，即 1 秒',
    'RFC 4861 section 7.2.6 allows three for one address, separated by RetransTimer':
      'RFC 4861 第 7.2.6 节允许针对同一地址发送三条，间隔为 RetransTimer',
    'Router Solicitations': '路由器请求',
    'The router sends no flood or loop of packets.': '路由器不产生报文泛洪或环路。',
    'multicast Router Advertisements': '组播路由器通告',
    'multicast listener reports': '组播侦听者报告',
    'unsolicited Neighbor Advertisements': '非请求邻居通告',
    'The router delegates a prefix to a downstream router without a manual step.':
      '路由器自动向下级路由器委派前缀（地址前缀二次分发），无需手工配置。',
    'The host reaches the Internet and receives the response.': '主机能访问互联网并收到应答。',
    'The downstream router holds {1}, with T1 {2}.': '下级路由器持有 {1}，T1 为 {2}。',
    'The host behind the downstream router has a global address from this prefix.':
      '下级路由器后面的主机具有取自该前缀的全球单播地址。',
    'no address': '没有地址',
    'The router forwards a TCP segment with unchanged flags, urgent pointer and options; it may lower the MSS.':
      '路由器转发 TCP 报文段时不改变标志、紧急指针和选项；可以减小 MSS。',
    'In this recording the router forwards no TCP segment.': '本记录中路由器没有转发 TCP 报文段。',
    'This works {1}: {2}.': '{1}，以下功能正常：{2}。',
    'The router forwards no inbound packet to a closed port ({1}).': '路由器不转发发往关闭端口的入站报文（{1}）。',
    'after this event as before it ({1})': '在事件（{1}）之后与之前一样',
    '{1}, echoed': '{1}（回显）',
    'The destination address of the packet': '报文的目的地址',
    'The source address of the packet': '报文的源地址',
    'The INVITE lacks mandatory fields (RFC 3261 section 8.1.1): an ALG may drop it.':
      '该 INVITE 缺少 RFC 3261 第 8.1.1 节要求的字段：ALG 可以丢弃它。',
    'The addresses in the payload are unchanged, octet by octet.': '载荷中的地址逐字节未变。',
    'The bench sent no well-formed packet of this kind ({1}).': '仿真节点没有发送该类格式正确的报文（{1}）。',
    'The integrity check value and all fields that it covers are unchanged: the receiver can verify the packet.':
      '完整性校验值及其覆盖的全部字段未变：接收方能够验证该报文。',
    'The router forwards a packet with an address in its payload ({1}), as it forwards a plain datagram.':
      '路由器像转发普通数据报一样转发载荷中含有地址的报文（{1}）。',
    'other octets': '其他字节',
    '{1} frames arrived without checksums, because the sender left them to its network card: turn off checksum offload':
      '{1} 个报文到达时没有校验和，因为发送方把校验和留给网卡计算：请关闭校验和卸载',
    'the capture lost {1} frames': '抓包丢失了 {1} 个报文',
    'the wall clock was stepped by {1}': '系统时钟跳变了 {1}',
    '{1} ({2} to {3}: {4})': '{1}（{2} 至 {3}：{4}）',
    '{1} (goal: {2})': '{1}（目标：{2}）',
    '{1} (within {2})': '{1}（{2} 之内）',
    '{1} after {2}': '在{2}之后 {1}',
    '{1}; the nearest is {2}': '{1}；最接近的是{2}',
    '{1} waited {2} for the CPU during this measurement': '测量期间{1}等待 CPU 达 {2}',
    '{1} in {2}': '{2}中的 {1}',
    'Expected: {1} Seen: {2}': '期望：{1} 实际：{2}',
    'frame {1}': '报文 {1}',
    'mark {1}, after frame {2}': '标记 {1}（在报文 {2} 之后）',
    'not before {1}': '不早于{1}',
    'no such packet or event after {1}': '在{1}之后没有符合的报文或事件',
    'no such packet or event until {1}': '直到{1}都没有符合的报文或事件',
    'no such packet or event within {1} after {2}': '在{2}之后 {1} 内没有符合的报文或事件',
    'the bench': '仿真节点',
    'the recording ends {1} after {2}; {3} are required': '记录在{2}之后 {1} 结束；要求为 {3}',
    'the processes of the router': '路由器的进程',
    'the router advertises a prefix on the LAN': '路由器在 LAN 侧通告前缀',
    'a recording of this older format cannot be judged: {1}': '无法判定这一旧格式的记录：{1}',
    'applies to a {1}; this product is a {2}': '适用于{1}；本产品为{2}',
    'requires that another case of {1} holds': '需要 {1} 的另一个用例成立',
    'requires that {1} holds': '需要 {1} 成立',
    'the judgement stopped with an error: {1}': '判定出错：{1}',
    'the judgement used no frame and no mark': '判定没有使用任何报文或标记',
    'the judgement made no claim': '判定没有作出任何论断',
    'the recording ends before the mark "{1}"': '记录在标记“{1}”之前结束',
    'the scenario had no mark "{1}" when this was recorded': '录制时该场景没有标记“{1}”',
    'the scenario passes this step': '场景通过此步骤',
    'MAX_RTR_SOLICITATION_DELAY and RetransTimer (RFC 4862 section 5.4)':
      'MAX_RTR_SOLICITATION_DELAY 与 RetransTimer（RFC 4862 第 5.4 节）',
    'MIN_DELAY_BETWEEN_RAS and MAX_RA_DELAY_TIME (RFC 4861 section 10)':
      'MIN_DELAY_BETWEEN_RAS 与 MAX_RA_DELAY_TIME（RFC 4861 第 10 节）',
    'the delays of RS, Solicit and RA together': 'RS、Solicit 与 RA 延迟之和',
    'SOL_MAX_DELAY and SOL_TIMEOUT, 1 s each (RFC 8415 section 7.6)':
      'SOL_MAX_DELAY 与 SOL_TIMEOUT，各 1 秒（RFC 8415 第 7.6 节）',
    'T1 of the lease, or 0.6 of its preferred lifetime, and 4 s': '租约的 T1，或其首选生存期的 0.6 倍，再加 4 秒',
    'a response is due within {1}': '应在 {1} 内应答',
    'apply time of the device': '设备使设置生效的时间',
    'boot time of the device': '设备的启动时间',
    'the line is cut for longer than a router waits for its carrier': '线路中断时间长于路由器等待载波的时间',
    '{1} (RFC 8415 section 15)': '{1}（RFC 8415 第 15 节）',
    '{1}, or ': '{1}，或',
    '{1}{2}_MAX_RT {3} +-10 % (RFC 8415 section 15)': '{1}{2}_MAX_RT {3} ±10 %（RFC 8415 第 15 节）',
    '{1}_TIMEOUT {2} +-10 % (RFC 8415 section 15)': '{1}_TIMEOUT {2} ±10 %（RFC 8415 第 15 节）',
    '{1}, +-{2}, and 1 s for DAD of the leased address; the clock of a client may be coarse':
      '{1}，±{2}，另加 1 秒用于租用地址的重复地址检测；客户端的时钟可能较粗',
    'MIN_DELAY_BETWEEN_RAS 3 s, MAX_RA_DELAY_TIME 0.5 s, and 0.5 s for the router; at most 16 s (RFC 4861 section 10)':
      'MIN_DELAY_BETWEEN_RAS 3 秒，MAX_RA_DELAY_TIME 0.5 秒，另加路由器 0.5 秒；最多 16 秒（RFC 4861 第 10 节）',
    'RT = 2*RTprev + RAND*RTprev, RTprev {1}, or {2} +-10 %':
      'RT = 2*RTprev + RAND*RTprev，RTprev 为 {1}，或 {2} ±10 %',
    'SOL_TIMEOUT {1} and up to 10 % more, never less (RFC 8415 section 18.2.1)':
      'SOL_TIMEOUT {1}，最多再加 10 %，不会更短（RFC 8415 第 18.2.1 节）',
    'the router may have to resolve the next hop, which takes at most 3 s (RFC 4861 section 7.2.2)':
      '路由器可能需要解析下一跳，最多 3 秒（RFC 4861 第 7.2.2 节）',
  },
}
