import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { xorshift128plus } from 'pure-rand/generator/xorshift128plus'

export type Random = ReturnType<typeof xorshift128plus>

/** Few enough failures that a breaker stays closed. */
const LIGHT = {
  ...{ '500': 0.04, '429': 0.01, 'reset-before': 0.02, 'nonzero-code': 0.02, '400': 0.003 },
  ...{ slow: 0.05, 'reset-after-accept': 0.02, garbage: 0.02, hang: 0.003 },
}
const HEAVY = { '500': 0.3, 'reset-after-accept': 0.15, garbage: 0.1, hang: 0.05, '429': 0.1, '401': 0.02 }

/** Behaviours of the gateway; good ones often enough that much is under way when something dies. */
const TROUBLES: readonly object[] = [
  ...Array.from({ length: 4 }, () => ({ mode: 'ok' })),
  ...Array.from({ length: 5 }, () => ({ probabilities: LIGHT })),
  { probabilities: LIGHT, slowMs: 3000 },
  { probabilities: HEAVY },
  { probabilities: { 'reset-after-accept': 0.5 } },
  { probabilities: { slow: 0.5 } },
  { mode: '500' },
  { mode: '401' },
  { mode: 'hang' },
  { mode: 'down' },
]

const SLOW_MS = 400
/** Of every answer: a gateway on this machine would be done before anything can happen. */
const LATENCY_MS = 10

export interface Trouble {
  readonly change: object
  readonly lastsMs: number
}

/** @returns the next behaviour of the gateway, and how long it lasts */
export function nextTrouble(random: Random): Trouble {
  const index = uniformInt(random, 0, TROUBLES.length - 1)
  return {
    change: { slowMs: SLOW_MS, latencyMs: LATENCY_MS, ...TROUBLES[index] },
    lastsMs: uniformInt(random, 500, 4000),
  }
}
