import type { P99Aim, Row } from './contest.ts'
import { summariseProcesses, type ProcessResult } from './process-result.ts'
import type { WatchedProcess } from './process-costs.ts'
import type { Sample } from './sample.ts'
import { median, spreadOf, type Spread } from './statistics.ts'
import type { Turn } from './take-turns.ts'

export interface SideResult {
  readonly rate: Spread
  /** Median over the turns, as is that of p99. */
  readonly p50Ms?: number
  readonly p99Ms?: number
}

/**
 * `none`: there is no aim. Below an aim is a finding, not a failure. `void`: requests failed, or too many went another way
 * than the one that the row is about.
 */
export type Verdict = 'met' | 'missed' | 'void' | 'none'

/** What else was measured of Runnel. */
export interface AlsoResult {
  readonly title: string
  readonly runnel: SideResult
  readonly ratio: Spread
}

/** A row as it was measured. */
export interface RowResult {
  readonly row: string
  readonly title: string
  readonly ceilingName: string
  readonly unit: string
  readonly ceiling: SideResult
  readonly runnel: SideResult
  /** Of the rates within one turn. */
  readonly ratio: Spread
  readonly aim?: number
  readonly verdict: Verdict
  readonly p99Aim?: P99Aim
  readonly p99Verdict: Verdict
  readonly errors: number
  /** Least of all measurements; see {@link Sample}. */
  readonly share?: number
  readonly also: readonly AlsoResult[]
  readonly processes: readonly ProcessResult[]
  readonly turns: readonly Turn[]
  /** Of the machine's processor time meanwhile, what its host gave to others. */
  readonly stolen: number
}

/** Least share of the requests that may speak for a row. */
const MIN_SHARE = 0.95

/** @param turns at least one */
export function summarise(
  name: string,
  row: Omit<Row, 'open'>,
  turns: readonly Turn[],
  watched: readonly WatchedProcess[],
): Omit<RowResult, 'stolen'> {
  const { title, ceiling, unit, aim, p99Aim } = row
  const ratio = ratioOf(turns, (turn) => turn.runnel)
  const samples = turns.flatMap((turn) => [turn.ceiling, turn.runnel, ...Object.values(turn.also)])
  const errors = samples.reduce((sum, sample) => sum + sample.errors, 0)
  const shares = samples.flatMap((sample) => sample.share ?? [])
  const isVoid = errors > 0 || shares.some((share) => share < MIN_SHARE)
  const judge = (isMet: boolean | undefined): Verdict =>
    isMet === undefined ? 'none' : isVoid ? 'void' : isMet ? 'met' : 'missed'
  return {
    row: name,
    title,
    ceilingName: ceiling,
    unit,
    ceiling: sideOf(turns.map((turn) => turn.ceiling)),
    runnel: sideOf(turns.map((turn) => turn.runnel)),
    ratio,
    ...(aim !== undefined && { aim }),
    verdict: judge(aim === undefined ? undefined : ratio.median >= aim),
    ...(p99Aim !== undefined && { p99Aim }),
    p99Verdict: judge(p99Aim && isP99Met(turns, p99Aim)),
    errors,
    ...(shares.length > 0 && { share: Math.min(...shares) }),
    also: Object.keys(turns[0]!.also).map((what) => ({
      title: what,
      runnel: sideOf(turns.map((turn) => turn.also[what]!)),
      ratio: ratioOf(turns, (turn) => turn.also[what]!),
    })),
    processes: summariseProcesses(turns, watched),
    turns,
  }
}

function ratioOf(turns: readonly Turn[], pick: (turn: Turn) => Sample): Spread {
  return spreadOf(turns.map((turn) => pick(turn).rate / turn.ceiling.rate))
}

/** Of the median over the turns; as a multiple of the ceiling's, within a turn. */
function isP99Met(turns: readonly Turn[], aim: P99Aim): boolean {
  const p99 = (sample: Sample) => sample.p99Ms ?? NaN
  if ('ms' in aim) return median(turns.map((turn) => p99(turn.runnel))) <= aim.ms
  return median(turns.map((turn) => p99(turn.runnel) / p99(turn.ceiling))) <= aim.timesCeiling
}

function sideOf(samples: readonly Sample[]): SideResult {
  const rate = spreadOf(samples.map((sample) => sample.rate))
  const p50s = samples.flatMap((sample) => sample.p50Ms ?? [])
  const p99s = samples.flatMap((sample) => sample.p99Ms ?? [])
  return {
    rate,
    ...(p50s.length > 0 && { p50Ms: median(p50s) }),
    ...(p99s.length > 0 && { p99Ms: median(p99s) }),
  }
}
