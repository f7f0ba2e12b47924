import type { Row } from './contest.ts'
import type { AppMemory } from './memory-log.ts'
import { spreadOf, type Spread } from './statistics.ts'
import type { Turn } from './take-turns.ts'

export interface SideResult {
  readonly rate: Spread
  /** Median over the turns. */
  readonly p99Ms?: number
}

export type Verdict = 'met' | 'below' | 'void'

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
  readonly aim: number
  /** `void`: requests failed. Below an aim is a finding, not a failure. */
  readonly verdict: Verdict
  readonly errors: number
  readonly memory: readonly AppMemory[]
  readonly turns: readonly Turn[]
}

/** @param turns at least one */
export function summarise(
  name: string,
  { title, ceiling, unit, aim }: Pick<Row, 'title' | 'ceiling' | 'unit' | 'aim'>,
  turns: readonly Turn[],
  memory: readonly AppMemory[],
): RowResult {
  const ratio = spreadOf(turns.map((turn) => turn.runnel.rate / turn.ceiling.rate))
  const errors = turns.reduce((sum, turn) => sum + turn.ceiling.errors + turn.runnel.errors, 0)
  return {
    row: name,
    title,
    ceilingName: ceiling,
    unit,
    ceiling: sideOf(turns, 'ceiling'),
    runnel: sideOf(turns, 'runnel'),
    ratio,
    aim,
    verdict: errors > 0 ? 'void' : ratio.median >= aim ? 'met' : 'below',
    errors,
    memory,
    turns,
  }
}

function sideOf(turns: readonly Turn[], side: keyof Turn): SideResult {
  const rate = spreadOf(turns.map((turn) => turn[side].rate))
  const p99s = turns.flatMap((turn) => turn[side].p99Ms ?? [])
  return p99s.length === 0 ? { rate } : { rate, p99Ms: spreadOf(p99s).median }
}
