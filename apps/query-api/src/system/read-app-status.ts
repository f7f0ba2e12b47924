import { isJsonObject, type JsonValue } from '@runnel/contracts'
import { parseExposition } from '@runnel/observability'
import { METRIC_NAMES } from './system-metrics.ts'
import { readBounded } from './read-bounded.ts'
import { Samples } from './samples.ts'

/** How an app is, as far as it says. */
export interface AppAnswer {
  /** `away`: it does not answer at all. */
  readonly status: 'ready' | 'unready' | 'away'
  /** Checks of its /readyz that fail, with their reasons. */
  readonly failures: Readonly<Record<string, string>>
  /** Why there is no answer. */
  readonly problem: string | null
  readonly samples: Samples
}

/** An app checks its own servers within 2 s; who waits for longer learns nothing. */
const TIMEOUT_MS = 2500
const MAX_READYZ_BYTES = 64 * 1024
const MAX_METRICS_BYTES = 2 * 1024 ** 2
const MAX_FAILURES = 50
const MAX_TEXT = 500

/** Asks an app for its health and its numbers, both at once. Never throws, never waits for long. */
export async function askApp(
  origin: string,
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<AppAnswer> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const [readiness, samples] = await Promise.all([askReadiness(origin, until), askMetrics(origin, until)])
  return { ...readiness, samples }
}

async function askReadiness(origin: string, signal: AbortSignal): Promise<Omit<AppAnswer, 'samples'>> {
  try {
    const response = await fetch(`${origin}/readyz`, { signal, redirect: 'error' })
    const text = await readBounded(response, MAX_READYZ_BYTES)
    if (response.ok) return { status: 'ready', failures: {}, problem: null }
    return { status: 'unready', failures: parseFailures(text), problem: null }
  } catch (error) {
    return { status: 'away', failures: {}, problem: explain(error as Error) }
  }
}

async function askMetrics(origin: string, signal: AbortSignal): Promise<Samples> {
  try {
    const response = await fetch(`${origin}/metrics`, { signal, redirect: 'error' })
    return new Samples(parseExposition(await readBounded(response, MAX_METRICS_BYTES), METRIC_NAMES))
  } catch {
    return new Samples([])
  }
}

function parseFailures(text: string): Record<string, string> {
  let body: JsonValue
  try {
    body = JSON.parse(text) as JsonValue
  } catch {
    return {}
  }
  const failures = isJsonObject(body) ? body['failures'] : undefined
  if (failures === undefined || !isJsonObject(failures)) return {}
  const named = Object.entries(failures).slice(0, MAX_FAILURES)
  return Object.fromEntries(
    named.map(([name, reason]) => [name.slice(0, MAX_TEXT), String(reason).slice(0, MAX_TEXT)]),
  )
}

/** In words that a person can do something with. */
function explain(error: Error): string {
  if (error.name === 'TimeoutError') return 'no answer in time'
  if (error.name === 'AbortError') return 'query-api is shutting down'
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException
  return code === 'ECONNREFUSED' ? 'nothing listens there' : (code ?? 'its answer makes no sense')
}
