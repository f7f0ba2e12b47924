import type { Params } from '../../api/build-url.ts'
import type { DeleteFilter, ReplayFilter } from '../../api/dead-letters.ts'

const HOUR_MS = 3_600_000

/** Lengths of time within which letters failed last. */
export const AGES = [
  { value: '', label: 'Any time', ms: undefined },
  { value: '1h', label: 'Last hour', ms: HOUR_MS },
  { value: '24h', label: 'Last 24 hours', ms: 24 * HOUR_MS },
  { value: '7d', label: 'Last 7 days', ms: 7 * 24 * HOUR_MS },
] as const

export const KINDS = ['metrics', 'logs', 'products', 'traces'] as const

export const REPLAYED = [
  { value: '', label: 'Replayed or not' },
  { value: 'false', label: 'Not replayed' },
  { value: 'true', label: 'Replayed' },
] as const

/** What chooses letters, whatever was done about them. */
function choice(params: URLSearchParams, nowMs: number) {
  const ms = AGES.find(({ value }) => value === params.get('age'))?.ms
  return {
    kind: params.get('kind') || undefined,
    reason: params.get('reason') || undefined,
    code: params.get('code') || undefined,
    from: ms === undefined ? undefined : new Date(nowMs - ms).toISOString(),
  }
}

/** Parameters of the request for a page. */
export function listParams(params: URLSearchParams, nowMs: number): Params {
  return { ...choice(params, nowMs), replayed: params.get('replayed'), cursor: params.get('cursor') }
}

/** Parameters of the request for counts: of every kind and code, so that one can choose among them. */
export function groupParams(params: URLSearchParams, nowMs: number): Params {
  const { reason, from } = choice(params, nowMs)
  return { reason, from, replayed: params.get('replayed') }
}

/** Parameters of the request for the count of what is to be deleted. */
export function deleteParams(params: URLSearchParams, nowMs: number): Params {
  return { ...choice(params, nowMs), replayed: params.get('replayed') }
}

/** The same for the deletion itself. */
export function deleteFilter(
  params: URLSearchParams,
  nowMs: number,
): Omit<DeleteFilter, 'throughId' | 'count'> {
  const replayed = params.get('replayed')
  return { ...choice(params, nowMs), replayed: replayed ? replayed === 'true' : undefined }
}

/** The letters that a replay of all of them means: those that had failed by now. */
export function replayFilter(params: URLSearchParams, nowMs: number): Omit<ReplayFilter, 'limit'> {
  return { ...choice(params, nowMs), to: new Date(nowMs).toISOString() }
}

export function isFiltered(params: URLSearchParams): boolean {
  return ['kind', 'reason', 'code', 'age', 'replayed'].some((name) => params.get(name))
}

export const WITHOUT_FILTERS = {
  kind: null,
  reason: null,
  code: null,
  age: null,
  replayed: null,
  cursor: null,
} as const

/** The filter in words. */
export function choiceInWords(params: URLSearchParams): string {
  const [kind, reason, code] = [params.get('kind'), params.get('reason'), params.get('code')]
  const age = AGES.find(({ value }) => value !== '' && value === params.get('age'))
  const parts = [
    kind && `of kind ${kind}`,
    code && `whose reason begins with ${code}`,
    reason && `whose reason contains “${reason}”`,
    age && `that failed in the ${age.label.toLowerCase()}`,
  ].filter(Boolean)
  return parts.length === 0 ? 'All dead letters' : `Dead letters ${parts.join(', ')}`
}
