import type { Kind } from '@runnel/contracts'

/** How events reach Runnel in a run. */
export const WAYS = {
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
} as const satisfies Record<string, { readonly keyed: boolean }>

export type Way = keyof typeof WAYS

/** Whether a key makes a repeat of it harmless. */
export function isKeyed(way: Way): boolean {
  return WAYS[way].keyed
}

/** Everything about an event that stands in its id. */
export interface EventName {
  readonly way: Way
  readonly kind: Kind
  readonly seq: number
}

/** An id as the oracle hands it out; `run` keeps runs on one store apart. */
export function formatId(run: string, { way, kind, seq }: EventName): string {
  return `${run}.${way}.${kind}.${seq}`
}

/** @returns undefined for what this run has not handed out */
export function parseId(run: string, id: string): EventName | undefined {
  const [of, way = '', kind = '', seq = ''] = id.split('.')
  if (of !== run || !Object.hasOwn(WAYS, way) || !/^(logs|metrics|products)$/.test(kind)) return undefined
  return /^\d{1,12}$/.test(seq) ? { way: way as Way, kind: kind as Kind, seq: Number(seq) } : undefined
}
