import { AppError } from '@runnel/contracts'
import type { Behaviour, Probabilities } from '@runnel/contracts/api/fake-gateway'
import { completeProbabilities, onlyBehaviour } from './behaviours.ts'

/** Settings of the gateway that can change at any time. */
export interface GatewaySettings {
  /** Nothing listens, and open connections are cut. */
  readonly down: boolean
  readonly probabilities: Probabilities
  /** Decides which call meets what; another one begins another sequence. */
  readonly seed: number
  /** Milliseconds before every answer. */
  readonly latencyMs: number
  /** Milliseconds before the answer to a call that meets `slow`, beside the latency. */
  readonly slowMs: number
  /** What stands in Retry-After beside 429. */
  readonly retryAfterSeconds: number
  /** Whether a message that was taken before is recognised by its id. */
  readonly deduplicates: boolean
  /** Only calls to phones that end so meet something else than `ok`; empty: all. */
  readonly phoneSuffix: string
  /** Calls to phones that end so meet `nonzero-code`, whatever others meet; empty: none. */
  readonly refusedSuffix: string
}

/** One of both. */
export interface GatewayMode {
  /** One behaviour for every call, or no listener. */
  readonly mode?: Behaviour | 'down'
  /** What they leave is `ok`; ends `down`. */
  readonly probabilities?: Readonly<Partial<Probabilities>>
}

/** What is not named stays. */
export interface GatewayChange
  extends GatewayMode, Partial<Omit<GatewaySettings, 'down' | 'probabilities'>> {}

/** @throws AppError invalid_field */
export function changeSettings(
  settings: GatewaySettings,
  { mode, probabilities, ...others }: GatewayChange,
): GatewaySettings {
  if (mode !== undefined && probabilities !== undefined)
    throw new AppError('invalid_field', 'The mode is one behaviour; probabilities are a mix of them', {
      field: '/mode',
      expected: 'either mode or probabilities',
    })
  const changed = { ...settings, ...others }
  if (mode === 'down') return { ...changed, down: true }
  if (mode !== undefined) return { ...changed, down: false, probabilities: complete({ [mode]: 1 }) }
  if (probabilities === undefined) return changed
  return { ...changed, down: false, probabilities: complete(probabilities) }
}

function complete(probabilities: Readonly<Partial<Probabilities>>): Probabilities {
  try {
    return completeProbabilities(probabilities)
  } catch (error) {
    throw new AppError(
      'invalid_field',
      'The probabilities are more than 1 together',
      { field: '/probabilities', expected: 'a sum of at most 1; the rest is ok' },
      error,
    )
  }
}

/** The settings in one word. */
export function modeOf({ down, probabilities }: GatewaySettings): Behaviour | 'down' | 'mixed' {
  return down ? 'down' : (onlyBehaviour(probabilities) ?? 'mixed')
}
