import type { Machine } from './machine.ts'
import type { ProcessResult } from './process-result.ts'
import type { AlsoResult, RowResult, SideResult, Verdict } from './row-result.ts'
import type { Spread } from './statistics.ts'

/** A whole run; also what `--json` prints. */
export interface Report {
  readonly machine: Machine
  readonly generator: string
  readonly turns: number
  readonly seconds: number
  /** Largest resident memory that an app without work is meant to have, in MB. */
  readonly idleAimMb: number
  readonly rows: readonly RowResult[]
}

export function renderReport(report: Report): string {
  const { machine, generator, turns, seconds, rows } = report
  const versions = `${machine.broker}, PostgreSQL ${machine.postgres}, Redis ${machine.redis}`
  const load = machine.loadAtStart.toFixed(2)
  return [
    `${machine.cores} cores (${machine.cpu}), Node ${machine.node}, ${versions}`,
    `${generator}; ${turns} turns of ${seconds} s a side; load average at the start ${load}`,
    ...(machine.loadAtStart > 1 ? ['WARNING: the machine was busy; only the ratios mean something'] : []),
    '',
    renderRates(rows),
    '',
    renderProcesses(report),
  ].join('\n')
}

function renderRates(rows: readonly RowResult[]): string {
  return renderTable(
    [
      ...['row', 'ceiling', 'unit', 'ceiling median (min-max)', 'Runnel median (min-max)'],
      ...['p50 ms', 'p99 ms', 'ratio (min-max)', 'aim', '', 'aim of p99', '', 'stolen'],
    ],
    rows.flatMap((row) => [renderRow(row), ...row.also.map((also) => renderAlso(row, also))]),
  )
}

function renderRow(row: RowResult): string[] {
  return [
    `${row.row}: ${row.title}`,
    row.ceilingName,
    row.unit,
    showSpread(row.ceiling.rate, showRate),
    showSpread(row.runnel.rate, showRate),
    ...showTimes(row.ceiling, row.runnel),
    showSpread(row.ratio, (ratio) => ratio.toFixed(2)),
    row.aim === undefined ? '-' : `>= ${row.aim.toFixed(2)}`,
    showVerdict(row, row.verdict),
    showP99Aim(row),
    showVerdict(row, row.p99Verdict),
    `${(row.stolen * 100).toFixed(0)} %`,
  ]
}

/** A line below its row, against the same ceiling. */
function renderAlso(row: RowResult, { title, runnel, ratio }: AlsoResult): string[] {
  return [
    `${row.row}: ${title}`,
    row.ceilingName,
    row.unit,
    showSpread(row.ceiling.rate, showRate),
    showSpread(runnel.rate, showRate),
    ...showTimes(row.ceiling, runnel),
    showSpread(ratio, (value) => value.toFixed(2)),
    '-',
    '',
    '-',
    '',
    '',
  ]
}

/** Both sides, p50 and then p99. */
function showTimes(ceiling: SideResult, runnel: SideResult): string[] {
  const show = (pick: (side: SideResult) => number | undefined) =>
    [ceiling, runnel].map((side) => pick(side)?.toFixed(1) ?? '-').join(' / ')
  return [show(({ p50Ms }) => p50Ms), show(({ p99Ms }) => p99Ms)]
}

function showP99Aim({ p99Aim }: RowResult): string {
  if (p99Aim === undefined) return '-'
  return 'ms' in p99Aim ? `<= ${p99Aim.ms} ms` : `<= ${p99Aim.timesCeiling} x the ceiling's`
}

function showVerdict({ errors, share }: RowResult, verdict: Verdict): string {
  if (verdict === 'none') return ''
  if (errors > 0) return `void: ${errors} requests failed`
  return share === undefined ? verdict : `${verdict}; ${(share * 100).toFixed(1)} % went this way`
}

function renderProcesses({ rows, idleAimMb }: Report): string {
  return renderTable(
    ['process', 'row', 'CPU s per 100k: ceiling', 'Runnel', 'peak MB', 'idle MB', 'aim', ''],
    rows.flatMap(({ row, processes }) =>
      processes.map((one) => [
        one.process,
        row,
        ...[one.ceilingCpu, one.runnelCpu, one.peakMb, one.idleMb].map(showThreeDigits),
        ...judgeIdle(one, idleAimMb),
      ]),
    ),
  )
}

function judgeIdle({ role, idleMb }: ProcessResult, aimMb: number): [string, string] {
  return role === 'app' ? [`<= ${aimMb}`, idleMb <= aimMb ? 'met' : 'missed'] : ['-', '']
}

function showThreeDigits(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)
}

function showSpread({ median, min, max }: Spread, show: (value: number) => string): string {
  return `${show(median)} (${show(min)}-${show(max)})`
}

/** Three digits are more than the machine repeats. */
function showRate(rate: number): string {
  if (rate >= 1e6) return `${(rate / 1e6).toFixed(2)}M`
  return rate >= 1e4 ? `${(rate / 1e3).toFixed(1)}k` : rate.toFixed(0)
}

/** Text in columns, in the manner of Markdown, so that it can be pasted into a document as it is. */
function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows]
  const widths = header.map((_, i) => Math.max(3, ...lines.map((cells) => cells[i]?.length ?? 0)))
  const render = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [render(header), rule, ...rows.map(render)].join('\n')
}
