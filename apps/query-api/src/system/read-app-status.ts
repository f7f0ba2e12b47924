import { isJsonObject, type JsonValue } from '@runnel/contracts'
import { parseExposition } from '@runnel/observability'
import { explainNoAnswer } from '../explain-no-answer.ts'
import { readBounded } from '../read-bounded.ts'
import { METRIC_NAMES } from './system-metrics.ts'
import { Samples } from './samples.ts'

/** The status of an app, as far as it reports it. */
export interface AppStatus {
  /** `away`: the app does not answer. */
  readonly status: 'ready' | 'unready' | 'away'
  /** Checks of its /readyz that fail, with their reasons. */
  readonly failures: Readonly<Record<string, string>>
  /** What people should know though it is ready. */
  readonly notes: Readonly<Record<string, string>>
  /** Why it does not answer. */
  readonly problem: string | null
  readonly samples: Samples
}

/** An app, and how this one proves itself to it. */
export interface AskedApp {
  readonly origin: string
  /** @returns headers for a GET of that path */
  readonly signPath: (path: string) => Record<string, string>
  /** Default: that of Node.js. */
  readonly fetch?: typeof globalThis.fetch
}

type Ask = (path: string) => Promise<Response>

/** An app checks its own servers within 2 s: waiting longer brings nothing. */
const TIMEOUT_MS = 2500
const MAX_READYZ_BYTES = 64 * 1024
const MAX_METRICS_BYTES = 2 * 1024 ** 2
const MAX_REASONS = 50
const MAX_TEXT = 500

/** Reads health and metrics of an app, both at once. Never throws, never waits long. */
export async function readAppStatus(
  { origin, signPath, fetch = globalThis.fetch }: AskedApp,
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<AppStatus> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const ask: Ask = (path) =>
    fetch(origin + path, { signal: until, redirect: 'error', headers: signPath(path) })
  const [readiness, samples] = await Promise.all([readReadiness(ask), readMetrics(ask)])
  return { ...readiness, samples }
}

async function readReadiness(ask: Ask): Promise<Omit<AppStatus, 'samples'>> {
  try {
    const response = await ask('/readyz')
    const text = await readBounded(response, MAX_READYZ_BYTES)
    const [failures, notes] = parseReasons(text, ['failures', 'notes'])
    if (response.ok) return { status: 'ready', failures: {}, notes, problem: null }
    return { status: 'unready', failures, notes, problem: null }
  } catch (error) {
    return { status: 'away', failures: {}, notes: {}, problem: explainNoAnswer(error as Error) }
  }
}

async function readMetrics(ask: Ask): Promise<Samples> {
  try {
    const response = await ask('/metrics')
    return new Samples(parseExposition(await readBounded(response, MAX_METRICS_BYTES), METRIC_NAMES))
  } catch {
    return new Samples([])
  }
}

type Reasons = Record<string, string>

/** Sentences by name, under two names of an answer; empty where it holds none. */
function parseReasons(text: string, [first, second]: readonly [string, string]): [Reasons, Reasons] {
  let body: JsonValue
  try {
    body = JSON.parse(text) as JsonValue
  } catch {
    return [{}, {}]
  }
  if (!isJsonObject(body)) return [{}, {}]
  return [presentReasons(body[first]), presentReasons(body[second])]
}

function presentReasons(reasons: JsonValue | undefined): Reasons {
  if (reasons === undefined || !isJsonObject(reasons)) return {}
  const named = Object.entries(reasons).slice(0, MAX_REASONS)
  return Object.fromEntries(
    named.map(([name, reason]) => [name.slice(0, MAX_TEXT), String(reason).slice(0, MAX_TEXT)]),
  )
}
