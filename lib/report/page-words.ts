import type { Decision, Standing, Text } from './standing.ts'

/** The words of the verdict page, each in English and in Chinese. */

export const decisions: Record<Decision, Text> = {
  conforms: ['Conforms', '符合'],
  'does-not-conform': ['Does not conform', '不符合'],
  undecided: ['Cannot be decided', '无法判定'],
}

/** The word of a standing, and a sign: color is never alone. */
export const standingWords: Record<Standing, { sign: string; name: Text; means: Text }> = {
  fail: {
    sign: '✗',
    name: ['fail', '未通过'],
    means: ['a mandatory requirement is not met', '必选要求未满足'],
  },
  warn: {
    sign: '!',
    name: ['warning', '告警'],
    means: ['a recommendation or a goal is not met', '推荐要求或目标未满足'],
  },
  blocked: {
    sign: '⊘',
    name: ['blocked', '受阻'],
    means: ['not judged: the router failed earlier', '未能判定：路由器在此前已失败'],
  },
  lab: {
    sign: '⚠',
    name: ['lab', '环境问题'],
    means: ['not judged: trouble in the lab', '未能判定：测试环境出现问题'],
  },
  harness: {
    sign: '⚙',
    name: ['defect of denat', '工具缺陷'],
    means: ['not judged: a defect of the test', '未能判定：测试工具有缺陷'],
  },
  'left-out': {
    sign: '◌',
    name: ['left out', '未执行'],
    means: ['this run lacks something for it', '本次运行缺少执行条件'],
  },
  'not-asked': {
    sign: '…',
    name: ['not asked for', '未选测'],
    means: ['not part of this run', '不在本次运行范围内'],
  },
  'not-judged': {
    sign: '○',
    name: ['not tested', '未测'],
    means: ['no version of the test judges it yet', '本版本不判定该项'],
  },
  'not-applicable': {
    sign: '–',
    name: ['not applicable', '不适用'],
    means: ['the product does not have this feature, or this role', '产品声明不具备该功能，或不属于该类产品'],
  },
  pass: { sign: '✓', name: ['pass', '通过'], means: ['the requirement is met', '要求已满足'] },
}

export const levelWords: Record<string, Text> = {
  MUST: ['MUST', '必须（MUST）'],
  policy: ['policy', '政策要求'],
  SHOULD: ['SHOULD', '应当（SHOULD）'],
  MAY: ['MAY', '可以（MAY）'],
}

export const roleWords: Record<string, Text> = {
  gateway: ['home gateway', '家庭网关'],
  'wireless-router': ['wireless router', '无线路由器'],
}

/** Areas of the catalogue, and their groups. What is not here keeps its name. */
export const areaWords: Record<string, string> = {
  'Access link': '接入链路',
  'Router advertisements from the ISP': '来自运营商的路由器通告',
  'DHCPv6 client': 'DHCPv6 客户端',
  'Prefix delegation from the ISP': '来自运营商的前缀委派',
  'Router advertisements to hosts': '发往主机的路由器通告',
  'DHCPv6 server': 'DHCPv6 服务器',
  'Unique local addresses': '唯一本地地址',
  'Sub-delegation of prefixes to downstream routers': '地址前缀二次分发',
  'Change of the delegated prefix': '委派前缀的变更（重编号）',
  Forwarding: '转发',
  ICMPv6: 'ICMPv6',
  Firewall: '防火墙',
  DNS: '域名解析（DNS）',
  'Transition technologies': '过渡技术',
  'de-NAT': '网络去NAT',
  'Web UI': '管理页面',
  'IPv6+': 'IPv6+',
  Robustness: '健壮性',
  Performance: '性能',
}

export const words = {
  title: ['IPv6 conformance', 'IPv6 符合性检验'],
  language: ['Language', '语言'],
  verdict: ['Verdict', '结论'],
  byLevel: [
    'Judged by all requirements of the level MUST and all policy requirements of the catalogue.',
    '依据要求目录中全部“必须（MUST）”要求和政策要求判定。',
  ],
  met: ['met', '满足'],
  notMet: ['not met', '不满足'],
  open: ['not tested or not decided', '未测或未能判定'],
  outside: ['not applicable', '不适用'],
  mandatoryItems: ['mandatory items', '必选项'],
  inAll: ['items of the catalogue in all', '要求目录总项数'],
  failsFirst: ['Mandatory items that are not met', '不满足的必选项'],
  opensFirst: ['Mandatory items without a verdict', '没有结论的必选项'],
  allMet: [
    'Each mandatory item that applies to this product was tested and is met.',
    '适用于本产品的必选项均已测试并满足。',
  ],
  waived: ['waived', '已豁免'],
  expired: ['waiver expired', '豁免已到期'],
  item: ['item', '项'],
  items: ['items', '项'],
  readiness: ['Readiness for de-NAT', '去NAT能力'],
  causes: ['What is probably wrong', '可能的问题部位'],
  causesAbout: [
    'Part by part of the router, what blocks most first. What is blocked by a requirement can be judged when that one holds.',
    '按路由器的组成部分列出，阻塞最多的在前。受阻的要求在阻塞它的要求满足后方可判定。',
  ],
  identity: ['Device', '被测设备'],
  run: ['Run', '测试运行'],
  vendor: ['Vendor', '厂商'],
  model: ['Model', '型号'],
  hardware: ['Hardware revision', '硬件版本'],
  serial: ['Serial number', '序列号'],
  macs: ['MAC addresses seen', '观察到的 MAC 地址'],
  firmware: ['Firmware', '固件版本'],
  firmwareHash: ['SHA-256 of the firmware', '固件 SHA-256'],
  role: ['Kind of product', '产品类别'],
  notStated: ['not stated', '未填写'],
  has: ['Declared features', '声明具备的功能'],
  lacks: ['Declared as lacking', '声明不具备的功能'],
  photographs: ['Photographs', '照片'],
  lab: ['Lab', '测试环境'],
  operator: ['Operator', '操作人员'],
  began: ['Began', '开始时间'],
  ended: ['Ended', '结束时间'],
  resumed: ['Resumed', '续测时间'],
  notEnded: ['it did not come to its end', '未完成'],
  criteria: ['Criteria', '判定准则'],
  version: ['Recorded by', '录制所用版本'],
  judgedBy: ['Judged by', '判定所用版本'],
  runId: ['Run', '测试运行编号'],
  seed: ['Seed', '随机种子'],
  plan: ['Scenarios', '测试场景'],
  selected: ['Selected', '所选范围'],
  everything: ['all of the default profile', '默认范围的全部场景'],
  everythingLong: ['all, also those that take long', '全部场景，含耗时较长者'],
  totals: ['Totals', '统计'],
  totalsAbout: [
    'Each item of the catalogue is counted once: a requirement, or one case of it.',
    '要求目录中的每一项只计一次：一项要求，或其一个用例。',
  ],
  standing: ['Result', '结果'],
  all: ['all', '合计'],
  mandatory: ['mandatory', '必选'],
  matrix: ['Requirements', '要求列表'],
  requirements: ['requirements', '项要求'],
  renumbering: ['Renumbering', '重编号（前缀变更）'],
  renumberingAbout: [
    'A row is the cause of the new prefix, a column the node that observes the old one; a cell is the worst result.',
    '每行为前缀变更的原因，每列为观察旧前缀的节点；单元格为其中最差的结果。',
  ],
  cause: ['Another prefix by', '前缀变更原因'],
  search: ['Search', '搜索'],
  searchAbout: ['id, clause or words', '编号、条款或文字'],
  mandatoryOnly: ['mandatory only', '仅必选项'],
  reset: ['Show all', '显示全部'],
  areas: ['Areas', '类别'],
  finding: ['Finding', '判定依据'],
  expected: ['Expected', '期望'],
  seen: ['Seen', '实际'],
  blockedBy: ['Blocked by', '受阻于'],
  known: ['Known deviation', '已知偏差'],
  ladder: ['Packets', '报文'],
  test: ['Details', '详情'],
  capture: ['Capture', '抓包文件'],
  damagedRun: [
    'Files differ from what was recorded: the verdicts on them are no proof.',
    '有文件与录制时不一致：据此得出的结论不能作为证明。',
  ],
  damaged: ['damaged recording', '录制文件已损坏'],
  seconds: ['s', '秒'],
  nothing: ['No requirement fits the filter.', '没有符合筛选条件的要求。'],
  skip: ['Skip to the requirements', '跳到要求列表'],
  hung: [
    'The router hung, was reset, and the scenario repeated once; the first verdicts stand, and the second recording gives only those that the first one blocked',
    '被测路由器失去响应，已复位并将该场景重复一次；首次录制的判定保留，第二次录制只补充首次被阻断的判定',
  ],
  stopped: ['The run was stopped', '测试运行被中止'],
  partial: ['This is a part of the catalogue, not a complete test.', '本次运行只涉及要求目录的一部分，不是完整测试。'],
  wifi: [
    'Wi-Fi is outside this catalogue: the lab has Ethernet ports only.',
    'Wi-Fi 不在要求目录之内：测试环境只有以太网端口。',
  ],
} satisfies Record<string, Text>
