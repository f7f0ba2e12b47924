import { isKind, type Kind } from '@runnel/contracts'

/** How events reach Runnel in a run. */
export const DELIVERY_MODES = {
  single: { keyed: false },
  array: { keyed: false },
  ndjson: { keyed: true },
  gzip: { keyed: true },
  /** One event with an Idempotency-Key, again after any answer but 2xx. */
  keyed: { keyed: true },
  /** The same with ?wait=stored. */
  stored: { keyed: true },
  /** JetStream publishes with a Nats-Msg-Id. */
  raw: { keyed: true },
  /** Products with ids and versions, of which the highest has to win. */
  versions: { keyed: true },
  /** Large events that fill a stream. */
  large: { keyed: true },
  /** After healing, to see that everything flows. */
  fresh: { keyed: true },
  /** Garbage under a Nats-Msg-Id, for the dead letters. */
  poison: { keyed: true },
  /** OTLP/HTTP: the same bytes again are the same request. */
  'otlp-protobuf': { keyed: true },
  'otlp-json': { keyed: true },
  /** Records without a time: two equal requests may be two. */
  'otlp-untimed': { keyed: false },
  /** Documents of Elasticsearch's bulk, created under ids. */
  bulk: { keyed: true },
  /** Samples of Prometheus: the same bytes again are the same request. */
  'remote-write': { keyed: true },
  /** CloudEvents in batches, each with source and id. */
  'cloud-events': { keyed: true },
} as const satisfies Record<string, { readonly keyed: boolean }>

export type DeliveryMode = keyof typeof DELIVERY_MODES

/** Those in which a client of a standard protocol sends. */
export const PROTOCOL_MODES = [
  ...(['otlp-protobuf', 'otlp-json', 'otlp-untimed', 'bulk', 'remote-write', 'cloud-events'] as const),
] satisfies readonly DeliveryMode[]

export type ProtocolMode = (typeof PROTOCOL_MODES)[number]

export function isProtocolMode(mode: DeliveryMode): mode is ProtocolMode {
  return (PROTOCOL_MODES as readonly DeliveryMode[]).includes(mode)
}

/** Whether a key makes a repeat of it harmless. */
export function isKeyed(mode: DeliveryMode): boolean {
  return DELIVERY_MODES[mode].keyed
}

/** Everything about an event that stands in its id. */
export interface EventName {
  readonly mode: DeliveryMode
  readonly kind: Kind
  readonly seq: number
}

/** The id of an event; `run` keeps runs on one store apart. */
export function formatEventId(run: string, { mode, kind, seq }: EventName): string {
  return `${run}.${mode}.${kind}.${seq}`
}

/** @returns undefined for an id of another run */
export function parseEventId(run: string, id: string): EventName | undefined {
  const [of, mode = '', kind = '', seq = ''] = id.split('.')
  if (of !== run || !Object.hasOwn(DELIVERY_MODES, mode) || !isKind(kind)) return undefined
  return /^\d{1,12}$/.test(seq) ? { mode: mode as DeliveryMode, kind, seq: Number(seq) } : undefined
}

/** One of so many events of a protocol is malformed, so that every request has good ones beside it. */
const MALFORMED_EVERY = 10
const FIRST_MALFORMED = 3

/** Whether an event is to be refused, and its neighbours in the request are to be taken. */
export function isMalformed({ mode, seq }: Pick<EventName, 'mode' | 'seq'>): boolean {
  return isProtocolMode(mode) && seq % MALFORMED_EVERY === FIRST_MALFORMED
}
