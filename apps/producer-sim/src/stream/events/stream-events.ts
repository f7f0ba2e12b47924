import { KINDS, type JsonObject, type Kind } from '@runnel/contracts'
import { createRandom, type Random } from '../../load/random.ts'
import type { EventMaker } from './event-maker.ts'
import { createLogEvents } from './log-events.ts'
import { createMetricEvents } from './metric-events.ts'
import { createProductEvents } from './product-events.ts'
import { createSpanEvents } from './span-events.ts'

const MAKERS: Readonly<Record<Kind, (random: Random, run: string) => EventMaker>> = {
  metrics: createMetricEvents,
  logs: createLogEvents,
  products: createProductEvents,
  traces: createSpanEvents,
}

export interface StreamEvents {
  /** The next event of a kind, as it is POSTed, with its key. */
  next(kind: Kind, atMs: number): JsonObject
}

/**
 * The events of a run. The same seed makes the same sequence of each kind, whatever the other kinds do; only times, keys
 * and what follows the hour of the day differ.
 *
 * @param run stands in the keys, and in the ids of traces, which are keys as well: a second run of the same seed is not taken for a repeat of the first
 */
export function createStreamEvents(seed: number, run: string): StreamEvents {
  const kinds = Object.fromEntries(
    KINDS.map((kind, index) => [kind, { make: MAKERS[kind](createRandom(seed, index), run), seq: 0 }]),
  ) as Record<Kind, { readonly make: EventMaker; seq: number }>
  return {
    next: (kind, atMs) => {
      const one = kinds[kind]
      return { ...one.make(atMs), eventId: `stream:${run}:${kind}:${one.seq++}` }
    },
  }
}
