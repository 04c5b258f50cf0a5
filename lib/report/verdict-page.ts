import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { readPlain } from '../plain-files.ts'
import { isAgain, scenarioOf } from '../recording/again.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import type { Language } from '../say/language.ts'
import { inTable, render } from '../say/render.ts'
import { chinese } from '../say/zh.ts'
import { citationsOf } from '../suite/catalogue.ts'
import type { Rendered } from '../suite/rendered.ts'
import type { Level } from '../suite/verdict.ts'
import { areaNames } from './areas.ts'
import { type Cause, type CauseText, causeText } from './causes.ts'
import { textOf } from './clauses.ts'
import { capturePath } from './evidence.ts'
import { areaWords, decisions, levelWords, roleWords, standingWords, words } from './page-words.ts'
import { renumberingOf } from './renumbering.ts'
import { countsOf, decisionOn, type Item, isOpen, readiness } from './review.ts'
import { type Standing, standings, type Text } from './standing.ts'
import { markup } from './text.ts'
import { waiverText } from './waiver-text.ts'

/** Where the rest of the report shows an item, as addresses relative to the run's folder. */
export interface Places {
  test?: string
  ladder?: string
}

export interface PageInput {
  facts: RunFacts
  items: readonly Item[]
  /** Names the criteria that decide what is mandatory; absent: the levels of the catalogue do. */
  criteria?: Text | undefined
  /** The version that judged. */
  judgedBy: string
  macs: readonly string[]
  /** What the router probably does wrong, part by part. */
  causes: readonly Cause[]
  placesOf: (item: Item) => Places
  language?: Language | undefined
}

const asset = (name: string): string =>
  readPlain(fileURLToPath(new URL(`../../reports/page/${name}`, import.meta.url))).toString()

const longest = 2000

/** In both languages, one of which is shown. Its parts are markup. */
const inBoth = (en: string, zh: string): string =>
  en === zh ? en : `<span class="en" lang="en">${en}</span><span class="zh" lang="zh-CN">${zh}</span>`

const say = ([en, zh]: Text): string => inBoth(markup(en, longest), markup(zh, longest))

const nameIn = (table: Readonly<Record<string, Text>>, name: string): Text => inTable(table, name) ?? [name, name]

/** `index.html`: one page without a network, in English and in Chinese; the verdict first, then each requirement. */
export function verdictPage(input: PageInput): string {
  const { facts, items, language } = input
  const script = asset('page.js')
  const hash = createHash('sha256').update(script).digest('base64')
  const isChinese = language?.tag === 'zh'
  const policy = `default-src 'none'; img-src 'self' data: file:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`
  return [
    `<!doctype html><html lang="${isChinese ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">',
    `<title>${markup(`${words.title[isChinese ? 1 : 0]} · ${facts.device.name}`, 160)}</title>`,
    `<style>${asset('page.css')}</style></head><body>`,
    `<a class="skip" href="#matrix">${say(words.skip)}</a>`,
    languageSwitch(isChinese),
    '<main>',
    heading(input),
    readinessTable(items),
    causesList(input.causes),
    identity(input),
    totals(items),
    renumberingTable(items),
    matrix(input),
    '</main>',
    `<script>${script}</script></body></html>\n`,
  ].join('\n')
}

/** Works without the script: a style shows the language that is chosen. */
function languageSwitch(isChinese: boolean): string {
  const choice = (id: string, name: string, isChosen: boolean) =>
    `<label lang="${id}"><input type="radio" name="language" id="in-${id}"${isChosen ? ' checked' : ''}>${name}</label>`
  return `<fieldset class="language"><legend class="quiet">${say(words.language)}</legend>${choice('zh', '中文', isChinese)}${choice('en', 'English', !isChinese)}</fieldset>`
}

const badge = (standing: Standing): string => {
  const { sign, name } = standingWords[standing]
  return `<span class="badge ${standing}"><span aria-hidden="true">${sign}</span> ${say(name)}</span>`
}

function heading({ facts, items, criteria }: PageInput): string {
  const { device } = facts
  const decision = decisionOn(items)
  const mandatory = items.filter((item) => item.mandatory)
  const product = [device.vendor, device.model, device.firmware].filter(Boolean).join(' ')
  const notMet = mandatory.filter(({ standing }) => standing === 'fail')
  const open = mandatory.filter(isOpen)
  const met = mandatory.filter(({ standing }) => standing === 'pass' || standing === 'warn')
  const outside = mandatory.filter(({ standing }) => standing === 'not-applicable')
  const figure = (kind: string, some: readonly Item[], name: Text) =>
    `<div class="figure ${kind}"><dt>${say(name)}</dt><dd>${some.length}</dd></div>`
  const stopped = facts.stopped
  const hung = facts.scenarios
    .map(({ scenario }) => scenario)
    .filter(isAgain)
    .map(scenarioOf)
  return [
    `<header><p class="quiet">${say(words.title)}</p><h1>${markup(device.name)}</h1>`,
    product ? `<p class="product">${markup(product)}</p>` : '',
    '</header>',
    `<section class="verdict ${decision}" aria-labelledby="verdict"><h2 id="verdict"><span class="quiet">${say(words.verdict)}</span> ${say(decisions[decision])}</h2>`,
    `<p>${criteria ? `${say(words.criteria)}: <b>${say(criteria)}</b>` : say(words.byLevel)}</p>`,
    `<p><b>${mandatory.length}</b> ${say(words.mandatoryItems)} · ${items.length} ${say(words.inAll)}</p>`,
    `<dl class="figures" aria-label="${words.mandatoryItems.join(' · ')}">`,
    figure('met', met, words.met),
    figure('not-met', notMet, words.notMet),
    figure('open', open, words.open),
    figure('outside', outside, words.outside),
    '</dl>',
    stopped ? `<p class="warning">${say(words.stopped)}: ${say([render(stopped), render(stopped, chinese)])}</p>` : '',
    hung.length > 0 ? `<p class="warning">${say(words.hung)}: ${markup(hung.join(', '))}</p>` : '',
    facts.only
      ? `<p class="warning">${say(words.partial)} ${say(words.selected)}: ${markup(facts.only.join(', '))}</p>`
      : '',
    items.some(({ shown }) => shown?.[0].damaged) ? `<p class="warning">${say(words.damagedRun)}</p>` : '',
    reasons(notMet, open),
    '</section>',
  ].join('\n')
}

function reasons(notMet: readonly Item[], open: readonly Item[]): string {
  if (notMet.length + open.length === 0) return `<p>${say(words.allMet)}</p>`
  const failed =
    notMet.length > 0
      ? `<h3>${say(words.failsFirst)}: ${notMet.length}</h3>${folded(byId(notMet).map(([id, some]) => `<li>${linkTo(id)} ${caseCount(some)} ${waived(some)}<br>${say(some[0]?.because ?? ['', ''])}</li>`))}`
      : ''
  const kinds = standings.flatMap((standing) => {
    const some = open.filter((item) => item.standing === standing)
    return some.length > 0
      ? [`<li>${badge(standing)} <b>${some.length}</b> · ${say(standingWords[standing].means)}${causes(some)}</li>`]
      : []
  })
  return (
    failed +
    (kinds.length > 0
      ? `<h3>${say(words.opensFirst)}: ${open.length}</h3><ul class="reasons">${kinds.join('')}</ul>`
      : '')
  )
}

/** The reasons of items that stand alike, each with its ids. */
function causes(items: readonly Item[]): string {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = item.shown?.[0].blockedBy ?? item.because[0]
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  const lines = [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map((some) => {
      const by = some[0]?.shown?.[0].blockedBy
      const why = by ? `${say(words.blockedBy)} ${linkTo(by)}` : say(some[0]?.because ?? ['', ''])
      const ids = idLinks(byId(some).map(([id]) => linkTo(id)))
      return `<li>${why} <span class="quiet">(${some.length})</span> ${ids}</li>`
    })
  return folded(lines)
}

/** More ids than these are folded. */
const mostIds = 24

function idLinks(links: readonly string[]): string {
  const list = `<span class="ids">${links.join(' ')}</span>`
  return links.length > mostIds
    ? `<details><summary>${links.length} ${say(words.requirements)}</summary>${list}</details>`
    : list
}

/** A long list shows its beginning; the rest opens without a script. */
function folded(lines: readonly string[]): string {
  const most = 8
  const list = (some: readonly string[]) => `<ul class="reasons">${some.join('')}</ul>`
  const rest = lines.slice(most)
  const more = rest.length > 0 ? `<details><summary>+ ${rest.length}</summary>${list(rest)}</details>` : ''
  return list(lines.slice(0, most)) + more
}

function byId(items: readonly Item[]): [string, Item[]][] {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(item.requirement, [...(groups.get(item.requirement) ?? []), item])
  return [...groups]
}

const caseCount = (items: readonly Item[]): string =>
  items.length > 1 ? `<span class="quiet">× ${items.length}</span>` : ''

const waived = (items: readonly Item[]): string =>
  [
    items.some(({ test }) => test?.known) ? `<span class="badge known">${say(words.known)}</span>` : '',
    items.some(({ test }) => test?.waiver?.expired === false)
      ? `<span class="badge known">${say(words.waived)}</span>`
      : '',
  ].join(' ')

/** An id may be a router's, or a file's, text. */
const anchor = (id: string): string => `r-${encodeURIComponent(id.toWellFormed())}`

/** A fragment is decoded before it is compared with an anchor. */
const linkTo = (id: string, text = markup(id, 80)): string =>
  `<a href="#${markup(encodeURIComponent(anchor(id)))}">${text}</a>`

function readinessTable(items: readonly Item[]): string {
  const rows = readiness.map(({ name, holds }) => {
    const some = items.filter((item) => item.mandatory && holds(item))
    const decision = decisionOn(some)
    const applies = some.filter(({ standing }) => standing !== 'not-applicable')
    const met = some.filter(({ standing }) => standing === 'pass' || standing === 'warn').length
    const worst =
      some.find(({ standing }) => standing === 'fail') ??
      some.find(isOpen) ??
      some.find(({ standing }) => standing === 'pass')
    const why = worst ? `${linkTo(worst.requirement)} ${say(worst.because)}` : ''
    return [
      `<tr><th scope="row">${say(name)}</th><td><span class="badge ${decision}">${say(decisions[decision])}</span></td>`,
      `<td class="number">${met} / ${applies.length}</td><td>${decision === 'conforms' ? '' : why}</td></tr>`,
    ].join('')
  })
  return [
    `<section aria-labelledby="readiness"><h2 id="readiness">${say(words.readiness)}</h2><table class="plain">`,
    `<thead><tr><th></th><th>${say(words.verdict)}</th><th class="number">${say(words.met)}</th><th>${say(words.finding)}</th></tr></thead>`,
    `<tbody>${rows.join('')}</tbody></table></section>`,
  ].join('\n')
}

function causesList(causes: readonly Cause[]): string {
  if (causes.length === 0) return ''
  const entries = causes.map((cause) => {
    const [en, zh] = [causeText(cause), causeText(cause, chinese)]
    const both = (lines: (text: CauseText) => string[]) =>
      lines(en).map((line, index) => say([line, lines(zh)[index] ?? line]))
    const [first] = cause.unmet
    const lead = [...both((text) => text.lead), ...both(({ next }) => (next ? [next] : []))]
    const others = both((text) => text.others).map((line, index) => {
      const id = cause.unmet[index + 1]?.requirement
      return `<li>${id ? linkTo(id, line) : line}</li>`
    })
    const more =
      others.length > 0
        ? `<li><details><summary>+ ${others.length}</summary><ul class="reasons">${others.join('')}</ul></details></li>`
        : ''
    const lines = lead.map((line, index) => `<li>${index === 0 && first ? linkTo(first.requirement, line) : line}</li>`)
    return `<li><b>${both(({ head }) => [head]).join('')}</b><ul class="reasons">${lines.join('')}${more}</ul></li>`
  })
  return [
    `<section aria-labelledby="causes"><h2 id="causes">${say(words.causes)}</h2><p>${say(words.causesAbout)}</p>`,
    `<ol class="reasons">${entries.join('')}</ol></section>`,
  ].join('\n')
}

function identity({ facts, judgedBy, macs }: PageInput): string {
  const { device, versions } = facts
  const notStated = `<span class="quiet">${say(words.notStated)}</span>`
  const row = (name: Text, value: string | undefined) =>
    `<div><dt>${say(name)}</dt><dd>${value ? markup(value, longest) : notStated}</dd></div>`
  const optional = (name: Text, value: string | undefined) => (value ? row(name, value) : '')
  const versionText = ['denat', versions.denat, versions.commit].filter(Boolean).join(' ')
  const selected = facts.only
    ? markup(facts.only.join(', '))
    : say(facts.profile === 'full' ? words.everythingLong : words.everything)
  return [
    `<section class="two" ><div><h2>${say(words.identity)}</h2><dl class="facts">`,
    row(words.vendor, device.vendor),
    row(words.model, device.model),
    row(words.hardware, device.hardware),
    row(words.serial, device.serial),
    row(words.firmware, device.firmware),
    row(words.firmwareHash, device.firmwareSha256),
    row(words.macs, macs.join(', ')),
    `<div><dt>${say(words.role)}</dt><dd>${say(nameIn(roleWords, device.role))}</dd></div>`,
    row(words.has, device.capabilities.join(', ')),
    row(words.lacks, device.lacks.join(', ')),
    '</dl></div>',
    `<div><h2>${say(words.run)}</h2><dl class="facts">`,
    row(words.runId, facts.id),
    row(words.lab, facts.lab),
    row(words.operator, facts.operator),
    row(words.began, facts.startedAt),
    optional(words.resumed, facts.resumedAt?.join(', ')),
    facts.endedAt
      ? row(words.ended, facts.endedAt)
      : `<div><dt>${say(words.ended)}</dt><dd>${say(words.notEnded)}</dd></div>`,
    row(words.version, versionText),
    row(words.judgedBy, judgedBy),
    row(words.seed, facts.seed),
    `<div><dt>${say(words.selected)}</dt><dd>${selected}</dd></div>`,
    `<div><dt>${say(words.plan)}</dt><dd>${facts.scenarios.length} / ${facts.plan.length}</dd></div>`,
    '</dl></div></section>',
    photographs(facts),
  ].join('\n')
}

function photographs({ photographs = [] }: RunFacts): string {
  if (photographs.length === 0) return ''
  const shown = photographs.map(
    ({ file, sha256 }) =>
      `<a href="${markup(addressOf(file))}"><img src="${markup(addressOf(file))}" alt="${markup(file)}" title="SHA-256 ${markup(sha256)}" loading="lazy"></a>`,
  )
  return `<section><h2>${say(words.photographs)}</h2><div class="photographs">${shown.join('')}</div></section>`
}

/** Of a file of the run's folder. */
const addressOf = (path: string): string => path.toWellFormed().split('/').map(encodeURIComponent).join('/')

const levels: Level[] = ['MUST', 'policy', 'SHOULD', 'MAY']

function totals(items: readonly Item[]): string {
  const mandatory = countsOf(items.filter((item) => item.mandatory))
  const all = countsOf(items)
  const by = levels.map((level) => countsOf(items.filter((item) => item.level === level)))
  const sum = (counts: Record<Standing, number>) => Object.values(counts).reduce((a, b) => a + b, 0)
  const cells = (numbers: number[]) => numbers.map((n) => `<td class="number">${n || '·'}</td>`).join('')
  const rows = standings.map(
    (standing) =>
      `<tr><th scope="row">${badge(standing)} <span class="quiet means">${say(standingWords[standing].means)}</span></th>${cells([mandatory[standing], ...by.map((counts) => counts[standing]), all[standing]])}</tr>`,
  )
  const heads = [words.mandatory, ...levels.map((level) => levelWords[level] as Text), words.all]
  return [
    `<section aria-labelledby="totals"><h2 id="totals">${say(words.totals)}</h2><p>${say(words.totalsAbout)} ${say(words.wifi)}</p>`,
    `<div class="scroll" tabindex="0" role="region" aria-labelledby="totals"><table class="plain totals"><thead><tr><th>${say(words.standing)}</th>`,
    heads.map((head) => `<th class="number">${say(head)}</th>`).join(''),
    `</tr></thead><tbody>${rows.join('')}</tbody><tfoot><tr><th scope="row">${say(words.all)}</th>${cells([sum(mandatory), ...by.map(sum), sum(all)])}</tr></tfoot></table></div></section>`,
  ].join('\n')
}

function renumberingTable(items: readonly Item[]): string {
  const { causes, observers, at } = renumberingOf(items)
  if (causes.length === 0) return ''
  const cell = (standing: Standing | undefined) => `<td>${standing ? badge(standing) : ''}</td>`
  const rows = causes.map(
    (cause) =>
      `<tr><th scope="row">${caseName(cause)}</th>${observers.map((observer) => cell(at(cause, observer))).join('')}</tr>`,
  )
  return [
    `<section aria-labelledby="renumbering"><h2 id="renumbering">${say(words.renumbering)}</h2><p>${say(words.renumberingAbout)}</p>`,
    `<div class="scroll" tabindex="0" role="region" aria-labelledby="renumbering"><table class="plain totals"><thead><tr><th>${say(words.cause)}</th>`,
    observers.map((observer) => `<th>${caseName(observer)}</th>`).join(''),
    `</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`,
  ].join('\n')
}

/** In the order of `areas.ts`; an area of a private catalogue comes last. */
const rankOf = (name: string): number => (areaNames.indexOf(name) + areaNames.length + 1) % (areaNames.length + 1)

const areaText = (name: string): Text => [name, inTable(areaWords, name) ?? name]

function matrix(input: PageInput): string {
  const { items } = input
  const all = countsOf(items)
  const chips = standings
    .filter((standing) => all[standing] > 0)
    .map(
      (standing) =>
        `<label class="chip"><input type="checkbox" data-standing="${standing}" checked>${badge(standing)} ${all[standing]}</label>`,
    )
  const names = [...new Set(items.map(({ area }) => area.name))].sort((a, b) => rankOf(a) - rankOf(b))
  const links = names.map((name, index) => `<a href="#a-${index}">${say(areaText(name))}</a>`)
  const walls = new Map(input.facts.scenarios.map(({ scenario, wall }) => [scenario, wall]))
  const sections = names.map((name, index) => areaSection(name, index, input, walls))
  return [
    `<section aria-labelledby="matrix"><h2 id="matrix" tabindex="-1">${say(words.matrix)}</h2>`,
    `<form class="filters" id="filters" hidden><label class="search">${say(words.search)} <span class="quiet">(${say(words.searchAbout)})</span><input type="search" id="search" autocomplete="off"></label>`,
    `<fieldset><legend class="quiet">${say(words.standing)}</legend>${chips.join('')}</fieldset>`,
    `<div class="row"><label class="chip"><input type="checkbox" id="mandatory"> ${say(words.mandatoryOnly)}</label><button type="reset">${say(words.reset)}</button>`,
    `<output id="shown">${items.length}</output> / ${items.length} ${say(words.items)}</div></form>`,
    `<nav class="areas" aria-label="${words.areas.join(' · ')}">${links.join('')}</nav>`,
    ...sections,
    `<p id="nothing" hidden>${say(words.nothing)}</p></section>`,
  ].join('\n')
}

type Walls = ReadonlyMap<string, number>

function areaSection(name: string, index: number, input: PageInput, walls: Walls): string {
  const items = input.items.filter(({ area }) => area.name === name)
  const counts = countsOf(items)
  const tally = standings
    .filter((standing) => counts[standing] > 0)
    .map((standing) => `<span class="tally">${badge(standing)} ${counts[standing]}</span>`)
  const groups = byId(items).map(([id, some]) => requirementBlock(id, some, input, walls))
  return `<section class="area" id="a-${index}"><h3>${say(areaText(name))} <span class="tallies">${tally.join(' ')}</span></h3>${groups.join('\n')}</section>`
}

/** One requirement with its cases: it is open where something is not as it should be. */
function requirementBlock(id: string, items: readonly Item[], input: PageInput, walls: Walls): string {
  const [{ entry, level }] = items as [Item]
  const counts = countsOf(items)
  const worst = standings.find((standing) => counts[standing] > 0) ?? 'pass'
  const isOpenAtFirst =
    worst === 'fail' || worst === 'warn' || worst === 'blocked' || worst === 'lab' || worst === 'harness'
  const clause = entry ? textOf(citationsOf(entry)) : ''
  const shares = counts[worst] === items.length ? `${items.length}` : `${counts[worst]} / ${items.length}`
  return [
    `<details class="requirement" id="${markup(anchor(id))}"${isOpenAtFirst ? ' open' : ''}><summary><span class="id">${markup(id, 80)}</span>`,
    `<span class="about">${say([entry?.summary ?? '', entry?.zh ?? entry?.summary ?? ''])}</span>`,
    `<span class="state">${badge(worst)}${items.length > 1 ? ` <span class="quiet">${shares}</span>` : ''} <span class="quiet">${say(nameIn(levelWords, level))}</span></span>`,
    `<span class="clause quiet" lang="en">${markup(clause)}</span></summary>`,
    ...[...items].sort(byStanding).map((item) => caseRow(item, input, walls)),
    '</details>',
  ].join('')
}

const byStanding = (a: Item, b: Item): number => standings.indexOf(a.standing) - standings.indexOf(b.standing)

function caseRow(item: Item, { placesOf }: PageInput, walls: Walls): string {
  const { standing, mandatory, case: name, shown, test, level, entry } = item
  const { test: details, ladder } = placesOf(item)
  const [en, zh] = shown ?? []
  const scenario = en?.scenario ?? ''
  const wall = walls.get(scenario)
  const { known, waiver } = test ?? {}
  const link = (address: string, name: Text) => `<a href="${markup(address)}">${say(name)}</a>`
  const links = [
    details ? link(details, words.test) : '',
    ladder ? link(ladder, words.ladder) : '',
    scenario && !details ? link(addressOf(capturePath(scenario)), words.capture) : '',
  ].filter(Boolean)
  return [
    `<div class="case" data-standing="${standing}"${mandatory ? ' data-mandatory' : ''}>`,
    `<div class="state">${badge(standing)}${level !== entry?.level ? ` <span class="quiet">${say(nameIn(levelWords, level))}</span>` : ''}</div>`,
    `<div class="what">${name ? `<b>${caseName(name)}</b> ` : ''}${finding(item, en, zh)}`,
    known
      ? `<p class="known"><span class="badge known">${say(words.known)}</span> ${markup(`${known.fault}: ${known.because}`, longest)}</p>`
      : '',
    waiver
      ? `<p class="known"><span class="badge known">${say(waiver.expired ? words.expired : words.waived)}</span> ${say(waiverText(waiver))}</p>`
      : '',
    '</div><div class="where">',
    scenario
      ? `<span>${markup(scenario)}${wall === undefined ? '' : ` · ${wall.toFixed(0)} ${say(words.seconds)}`}</span>`
      : '',
    links.join(' '),
    '</div></div>',
  ].join('')
}

/** Names of cases are words of the suites, separated by commas. */
const caseName = (name: string): string =>
  say([
    name,
    inTable(chinese.words, name) ??
      name
        .split(', ')
        .map((part) => inTable(chinese.words, part) ?? part)
        .join('，'),
  ])

/** What was found is in the links. */
const onlyFrames = /^(?:frame \d+|none|, )+$/

function finding({ because, standing }: Item, en: Rendered | undefined, zh: Rendered | undefined): string {
  if (!en || !zh) return say(because)
  const damaged = en.damaged ? ` <span class="badge lab">${say(words.damaged)}</span>` : ''
  if ((standing === 'fail' || standing === 'warn') && en.expected !== undefined && en.seen !== undefined)
    return `<dl class="found"><dt>${say(words.expected)}</dt><dd>${say([en.expected, zh.expected ?? en.expected])}</dd><dt>${say(words.seen)}</dt><dd>${say([en.seen, zh.seen ?? en.seen])}</dd></dl>${damaged}`
  const blocked = en.blockedBy ? `${say(words.blockedBy)} ${linkTo(en.blockedBy)}: ` : ''
  const measured =
    standing === 'pass' && en.seen && !onlyFrames.test(en.seen)
      ? ` <span class="quiet">(${say([en.seen, zh.seen ?? en.seen])})</span>`
      : ''
  return `<span class="claim">${blocked}${say(because)}${measured}</span>${damaged}`
}
