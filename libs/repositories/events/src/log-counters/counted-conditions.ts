import type { LogQuery } from '@runnel/contracts/log-query'
import { isFiltered, type LogConditions } from '../reads/log-filter.ts'

/** Services that conditions name. */
export interface CountedConditions {
  /** Those that entries are compared with. */
  readonly services: readonly string[]
  /** Entries are asked for something else about their services, which has to be known of each. */
  readonly needsEveryService: boolean
}

/** @returns undefined where conditions are about something else than level and service, which alone are counted */
export function countedConditions({
  levels: _levels,
  service,
  query,
  ...others
}: LogConditions): CountedConditions | undefined {
  if (isFiltered(others)) return undefined
  const leaves = query === undefined ? [] : leavesOf(query)
  if (!leaves.every(({ kind }) => COUNTED.has(kind))) return undefined
  const tests = leaves.flatMap((leaf) => (leaf.kind === 'service' ? [leaf.test] : []))
  const named = tests.flatMap((test) => (test.test === 'equals' ? [test.text] : []))
  return {
    services: service === undefined ? named : [service, ...named],
    needsEveryService: named.length < tests.length,
  }
}

const COUNTED: ReadonlySet<LogQuery['kind']> = new Set(['level', 'level-exists', 'service'])

type Leaf = Exclude<LogQuery, { kind: 'and' | 'or' | 'not' }>

function leavesOf(query: LogQuery): Leaf[] {
  if (query.kind === 'and' || query.kind === 'or') return query.nodes.flatMap(leavesOf)
  return query.kind === 'not' ? leavesOf(query.node) : [query]
}
