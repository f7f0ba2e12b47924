import { isJsonObject, KINDS, type JsonObject, type JsonValue, type Kind } from '@runnel/contracts'
import { hash } from 'node:crypto'
import { createRandom, pick, type Random } from './random.ts'

/** What decides on every payload of a run. */
export interface PayloadSeed {
  /** Name of the run; stands in every payload, so that its events can be found in the store. */
  readonly run: string
  readonly seed: number
  /** Whether the items carry idempotency keys. */
  readonly keyed: boolean
}

/** Changes with what {@link createPayload} makes of a seed: a ledger of another version cannot be verified. */
export const PAYLOAD_VERSION = 2

/** Where in an item of a kind the members `run` and `seq` stand. */
export const TOKEN_PATH: Record<Kind, readonly string[]> = {
  logs: ['attributes'],
  metrics: ['data', 'tags'],
  products: ['attributes'],
  traces: ['attributes'],
}

const LEVELS = ['debug', 'info', 'info', 'info', 'warn', 'error'] as const
const SERVICES = ['checkout', 'payment', 'search', 'mailer'] as const
/** Text that careless code alters: quotes, line ends, escapes, several scripts, an emoji beyond the BMP. */
const MESSAGES = [
  'order accepted',
  'cache miss for "product 17"',
  'upstream said: 502\r\n\tretrying',
  'C:\\temp\\file <b>& more</b>',
  'поиск занял дольше обычного',
  'crème brûlée 🍮 sold out',
] as const
const METRICS = ['cpu.load', 'queue.depth', 'http.latency', 'disk.free'] as const
const PRODUCTS = 1000
const OPERATIONS = ['GET /cart', 'POST /orders', 'charge card', 'send mail'] as const
const SPAN_KINDS = ['server', 'client', 'internal'] as const
/** Payloads know no clock: the same arguments make the same ones. */
const FIRST_SPAN_MS = Date.UTC(2026, 0, 1)

/** The payload of an event: the same arguments always make the same one. */
export function createPayload({ run, seed, keyed }: PayloadSeed, kind: Kind, seq: number): JsonObject {
  const random = createRandom(seed, KINDS.indexOf(kind), seq)
  const item = MAKERS[kind](random, { run, seq })
  return keyed ? { ...item, eventId: `load:${run}:${kind}:${seq}` } : item
}

/** @returns `seq` of an item that {@link createPayload} made for this run */
export function seqOf(kind: Kind, run: string, item: JsonObject): number | undefined {
  let at: JsonValue | undefined = item
  for (const member of TOKEN_PATH[kind]) at = isJsonObject(at) ? at[member] : undefined
  if (!isJsonObject(at) || at['run'] !== run) return undefined
  const seq = at['seq']
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0 ? seq : undefined
}

type Token = { readonly run: string; readonly seq: number }

const MAKERS: Record<Kind, (random: Random, token: Token) => JsonObject> = {
  logs: (random, token) => ({
    level: pick(random, LEVELS),
    message: pick(random, MESSAGES),
    service: pick(random, SERVICES),
    attributes: { ...token, durationMs: random() * 1000, retried: random() < 0.1, trace: null },
  }),
  metrics: (random, token) => ({
    data: { name: pick(random, METRICS), value: random() * 10 ** Math.floor(random() * 12 - 4), tags: token },
  }),
  // Without an id: these are recognised by manufacturer and name, and never change products of others.
  products: (random, token) => ({
    name: `load product ${Math.floor(random() * PRODUCTS)}`,
    price: Math.round(random() * 100_000) / 100,
    manufacturer: 'producer-sim',
    attributes: { ...token, sizes: [random(), random()], inStock: random() < 0.5 },
  }),
  // Ids of the run and the number: they are the key of a span, whether the run has keys or not.
  traces: (random, token) => {
    const digits = hash('sha256', `${token.run}:${token.seq}`, 'hex')
    const startMs = FIRST_SPAN_MS + token.seq
    return {
      traceId: digits.slice(0, 32),
      spanId: digits.slice(32, 48),
      name: pick(random, OPERATIONS),
      service: pick(random, SERVICES),
      kind: pick(random, SPAN_KINDS),
      status: random() < 0.1 ? { code: 'error', message: pick(random, MESSAGES) } : { code: 'ok' },
      startTime: new Date(startMs).toISOString(),
      endTime: new Date(startMs + Math.floor(random() * 5000)).toISOString(),
      attributes: { ...token, share: random(), note: pick(random, MESSAGES) },
    }
  },
}
