import { useMemo, useState } from 'preact/hooks'
import { getLogFields, type LogEntry } from '../../api/logs.ts'
import { rangeParams, type TimeRange } from '../../data/time-range.ts'
import { useResource } from '../../data/use-resource.ts'
import { knownFields, type KnownFields } from './completions.ts'

interface Fields {
  readonly fields: KnownFields
  /** The server is asked for its fields from now on. */
  readonly want: () => void
}

/** Fields and values that are offered: of the entries at hand, and of the range once they are asked for. */
export function useFields(params: URLSearchParams, range: TimeRange, entries: readonly LogEntry[]): Fields {
  const [isWanted, setWanted] = useState(false)
  // At a fixed moment: the key is the range that was asked for, not when.
  const key = isWanted || params.has('by') ? JSON.stringify(rangeParams(range, 0)) : undefined
  const { data } = useResource(key, (signal) => getLogFields(rangeParams(range, Date.now()), signal))
  const fields = useMemo(() => knownFields(entries, data?.fields), [entries, data])
  return { fields, want: () => setWanted(true) }
}
