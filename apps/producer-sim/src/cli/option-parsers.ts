import { InvalidArgumentError, Option } from 'commander'
import { isKind, KINDS, type Kind } from '@runnel/contracts'
import { parseKindMix, type KindMix } from '../load/kind-mix.ts'

/** A whole number from `min` on. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`)
  }
}

/** A number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text)
  if (/^\d*\.?\d+$/.test(text) && value > 0) return value
  throw new InvalidArgumentError('expected a number above 0')
}

/** An option in seconds whose value is in milliseconds. */
export function secondsOption(flags: string, description: string, fallbackMs: number): Option {
  return new Option(flags, description).argParser(seconds).default(fallbackMs, `${fallbackMs / 1000}`)
}

function seconds(text: string): number {
  const value = Number(text)
  if (/^\d*\.?\d+$/.test(text) && value <= 7 * 86_400) return value * 1000
  throw new InvalidArgumentError('expected seconds, a week at most')
}

export function httpUrl(text: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return text
  throw new InvalidArgumentError('expected a URL that starts with http:// or https://')
}

export function kind(text: string): Kind {
  if (isKind(text)) return text
  throw new InvalidArgumentError(`expected ${KINDS.join(', ')}`)
}

export function kindMix(text: string): KindMix {
  try {
    return parseKindMix(text)
  } catch (error) {
    throw new InvalidArgumentError(`expected ${(error as Error).message}`)
  }
}

export function time(text: string): Date {
  const at = new Date(text)
  if (!Number.isNaN(at.getTime())) return at
  throw new InvalidArgumentError('expected a time like 2026-03-01T12:00:00Z')
}

/** The name of a run: it stands in every payload and key. */
export function runName(text: string): string {
  if (/^[\w-]{1,64}$/.test(text)) return text
  throw new InvalidArgumentError('expected up to 64 letters, digits, _ or -')
}
