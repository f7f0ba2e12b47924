import { LEVELS, readLevelName } from '@runnel/contracts/events/levels'
import type { Tone } from '../../parts/badge.tsx'

/** The usual levels, the worst first; they are offered before any was seen. */
export const USUAL_LEVELS = LEVELS.toReversed()

type Level = (typeof LEVELS)[number]

const TONES: Readonly<Record<Level, Tone>> = {
  fatal: 'bad',
  error: 'bad',
  warn: 'warn',
  info: 'info',
  debug: 'neutral',
  trace: 'neutral',
}

/** @returns undefined for a name outside of the table of levels */
function usualLevel(level: string | null): Level | undefined {
  const name = readLevelName(level ?? '')
  return USUAL_LEVELS.find((usual) => usual === name)
}

/** How bad a level is: 0 is worst. */
export function severity(level: string | null): number {
  const usual = usualLevel(level)
  return usual ? USUAL_LEVELS.indexOf(usual) : USUAL_LEVELS.length
}

/** The class that colours a level. */
export function levelClass(level: string | null): string {
  const usual = usualLevel(level)
  return `level-${usual === 'trace' ? 'debug' : (usual ?? 'other')}`
}

export function levelTone(level: string | null): Tone {
  const usual = usualLevel(level)
  return usual ? TONES[usual] : 'neutral'
}

/** The levels of an address: `error,warn`. */
export function readLevels(params: URLSearchParams): string[] {
  return (params.get('level') ?? '').split(',').filter((level) => level !== '')
}
