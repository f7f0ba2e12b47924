import { AppError } from '@runnel/contracts'

const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Steps that are usual in charts. */
const NICE_MS = [1, 5, 10, 15, 30]
  .map((s) => s * 1000)
  .concat([1, 2, 5, 10, 15, 30].map((m) => m * 60_000))
  .concat([1, 3, 6, 12, 24, 7 * 24].map((h) => h * 3_600_000))

/** A hundred years: PostgreSQL takes no longer interval. */
const MAX_STEP_MS = 36_500 * UNITS_MS['d']!

/** Steps of a range whose step was not given: at most this many. */
const DEFAULT_STEPS = 150

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Values that come a little more often than once a step: a clock is not exact. */
const TOLERANCE = 0.9

/**
 * @param leastMs what a step that was not given should not be shorter than
 * @returns milliseconds
 * @throws AppError invalid_field for text that is not a duration, or makes too many steps
 */
export function parseStep(step: string | undefined, span: Span, maxSteps: number, leastMs = 0): number {
  if (step === undefined) return niceStep(span, Math.min(DEFAULT_STEPS, maxSteps), leastMs * TOLERANCE)
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(step)
  const stepMs = match ? Number(match[1]) * UNITS_MS[match[2]!]! : 0
  if (stepMs < 1 || stepMs > MAX_STEP_MS) {
    throw new AppError('invalid_field', 'step is not a valid duration: expected e.g. 30s, 5m, 1h or 1d', {
      field: 'step',
      expected: 'e.g. 30s, 5m, 1h or 1d',
    })
  }
  if (countSteps(span, stepMs) > maxSteps) {
    throw new AppError('invalid_field', `The range has more than ${maxSteps} steps`, {
      field: 'step',
      expected: `at least ${Math.ceil((span.toMs - span.fromMs) / (maxSteps - 1 || 1) / 1000)}s, or a shorter range`,
    })
  }
  return stepMs
}

function niceStep(span: Span, maxSteps: number, leastMs: number): number {
  const nice = NICE_MS.find((stepMs) => stepMs >= leastMs && countSteps(span, stepMs) <= maxSteps)
  if (nice !== undefined) return nice
  // One more step than the quotient may be touched, hence the -1.
  const longMs = Math.max((span.toMs - span.fromMs) / Math.max(1, maxSteps - 1), leastMs)
  const days = Math.ceil(longMs / UNITS_MS['d']!)
  return days * UNITS_MS['d']!
}

/** Start of the step that a time belongs to; steps are counted from 1970. */
function stepStart(timeMs: number, stepMs: number): number {
  return Math.floor(timeMs / stepMs) * stepMs
}

function countSteps({ fromMs, toMs }: Span, stepMs: number): number {
  return (stepStart(toMs - 1, stepMs) - stepStart(fromMs, stepMs)) / stepMs + 1
}

/** The starts of all steps that a range touches. */
export function stepStarts(span: Span, stepMs: number): number[] {
  const first = stepStart(span.fromMs, stepMs)
  return Array.from({ length: countSteps(span, stepMs) }, (_, i) => first + i * stepMs)
}
