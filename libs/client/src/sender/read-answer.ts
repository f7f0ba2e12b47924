import type { Refusal } from './undelivered.ts'

/** What an answer says about the events of a request, by their places. */
export type Outcome =
  /** What was not refused is safe. */
  | { readonly verdict: 'settled'; readonly refused: ReadonlyMap<number, Refusal> }
  /** The request may be repeated; the events at `accepted` are safe. */
  | {
      readonly verdict: 'retry'
      readonly accepted: readonly number[]
      readonly problem: Refusal
      readonly retryAfterMs?: number | undefined
    }
  /** The request was refused as a whole. `byContent`: a part of it may be accepted. */
  | { readonly verdict: 'refused'; readonly problem: Refusal; readonly byContent: boolean }

/** An answer that was read. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly retryAfterMs: number | undefined
}

type Members = Readonly<Record<string, unknown>>

const TRANSIENT = new Set([408, 429])
/** What may be wrong with a single event, or with how many there are. */
const BY_CONTENT = new Set([400, 413, 422])
const ACCEPTED_STATUS = new Set(['ok', 'stored'])

/** @param count events of the request */
export function readAnswer({ status, text, retryAfterMs }: Answer, count: number): Outcome {
  const body = parseObject(text)
  if (status === 200 || status === 202) {
    const refused = readRefused(body, count)
    const { accepted } = body
    if (ACCEPTED_STATUS.has(body['status'] as string) && refused && refused.size + Number(accepted) === count)
      return { verdict: 'settled', refused }
    // A login page of a proxy, for one. A repeat stores nothing twice.
    return retry([], { code: `http_${status}`, message: 'The answer is not one of Runnel' }, retryAfterMs)
  }
  const problem = readProblem(status, body)
  if (status >= 500 || TRANSIENT.has(status))
    return retry(readPlaces(body['accepted'], count), problem, retryAfterMs)
  const refused = readRefused(body, count)
  if (refused?.size === count) return { verdict: 'settled', refused }
  return { verdict: 'refused', problem, byContent: BY_CONTENT.has(status) }
}

function retry(
  accepted: readonly number[],
  problem: Refusal,
  retryAfterMs: number | undefined,
): Outcome & { readonly verdict: 'retry' } {
  return { verdict: 'retry', accepted, problem, retryAfterMs }
}

function parseObject(text: string): Members {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? (value as Members) : {}
  } catch {
    return {}
  }
}

function readProblem(status: number, { code, detail, field }: Members): Refusal {
  return {
    code: typeof code === 'string' ? code : `http_${status}`,
    message: typeof detail === 'string' ? detail : `The server answered ${status}`,
    ...(typeof field === 'string' && { field }),
  }
}

/** @returns undefined where the list is missing or malformed */
function readRefused({ rejected }: Members, count: number): ReadonlyMap<number, Refusal> | undefined {
  if (!Array.isArray(rejected)) return undefined
  const refused = new Map<number, Refusal>()
  for (const item of rejected as unknown[]) {
    const { index, code, message, field } = (item ?? {}) as Members
    if (!isPlace(index, count) || typeof code !== 'string' || typeof message !== 'string') return undefined
    refused.set(index, { code, message, ...(typeof field === 'string' && { field }) })
  }
  return refused
}

function readPlaces(list: unknown, count: number): number[] {
  return Array.isArray(list) ? list.filter((place): place is number => isPlace(place, count)) : []
}

function isPlace(value: unknown, count: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < count
}
