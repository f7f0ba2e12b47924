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
} as const satisfies Record<string, { readonly keyed: boolean }>

export type DeliveryMode = keyof typeof DELIVERY_MODES

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
