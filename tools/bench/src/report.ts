import type { Machine } from './machine.ts'
import type { RowResult } from './row-result.ts'
import type { Spread } from './statistics.ts'
import { renderTable } from './table.ts'

/** A whole run; also what `--json` prints. */
export interface Report {
  readonly machine: Machine
  readonly generator: string
  readonly turns: number
  readonly seconds: number
  /** Largest resident memory that an app is meant to have, in MB. */
  readonly memoryAimMb: number
  readonly rows: readonly RowResult[]
}

export function renderReport(report: Report): string {
  const { machine, generator, turns, seconds, rows } = report
  const versions = `nats-server ${machine.nats}, PostgreSQL ${machine.postgres}, Redis ${machine.redis}`
  const load = machine.loadAtStart.toFixed(2)
  return [
    `${machine.cores} cores (${machine.cpu}), Node ${machine.node}, ${versions}`,
    `${generator}; ${turns} turns of ${seconds} s a side; load average at the start ${load}`,
    ...(machine.loadAtStart > 1 ? ['WARNING: the machine was busy; only the ratios mean something'] : []),
    '',
    renderRates(rows),
    '',
    renderMemory(report),
  ].join('\n')
}

function renderRates(rows: readonly RowResult[]): string {
  const header = ['row', 'ceiling', 'unit', 'ceiling median (min-max)', 'Runnel median (min-max)']
  return renderTable(
    [...header, 'p99 ms', 'ratio (min-max)', 'aim', ''],
    rows.map((row) => [
      `${row.row}: ${row.title}`,
      row.ceilingName,
      row.unit,
      showSpread(row.ceiling.rate, showRate),
      showSpread(row.runnel.rate, showRate),
      [row.ceiling, row.runnel].map(({ p99Ms }) => p99Ms?.toFixed(1) ?? '-').join(' / '),
      showSpread(row.ratio, (ratio) => ratio.toFixed(2)),
      `>= ${row.aim.toFixed(2)}`,
      row.verdict === 'void' ? `void: ${row.errors} requests failed` : row.verdict,
    ]),
  )
}

function renderMemory({ rows, memoryAimMb }: Report): string {
  return renderTable(
    ['RSS', 'during', 'idle MB', 'peak MB', 'aim', ''],
    rows.flatMap(({ row, memory }) =>
      memory.map(({ app, idleMb, peakMb }) => [
        app,
        row,
        idleMb.toFixed(0),
        peakMb.toFixed(0),
        `<= ${memoryAimMb}`,
        peakMb <= memoryAimMb ? 'met' : 'above',
      ]),
    ),
  )
}

function showSpread({ median, min, max }: Spread, show: (value: number) => string): string {
  return `${show(median)} (${show(min)}-${show(max)})`
}

/** Three digits are more than the machine repeats. */
function showRate(rate: number): string {
  if (rate >= 1e6) return `${(rate / 1e6).toFixed(2)}M`
  return rate >= 1e4 ? `${(rate / 1e3).toFixed(1)}k` : rate.toFixed(0)
}
