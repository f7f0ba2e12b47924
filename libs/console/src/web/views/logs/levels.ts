import type { Tone } from '../../parts/badge.tsx'

/** Levels as people write them, by how bad they are; the worst first. */
const FAMILIES: readonly (readonly [family: string, tone: Tone, names: readonly string[]])[] = [
  ['fatal', 'bad', ['fatal', 'critical', 'crit', 'alert', 'emergency', 'emerg', 'panic']],
  ['error', 'bad', ['error', 'err', 'severe']],
  ['warn', 'warn', ['warn', 'warning']],
  ['info', 'info', ['info', 'information', 'notice']],
  ['debug', 'neutral', ['debug', 'trace', 'verbose', 'silly']],
]

/** Levels that are offered before any was seen. */
export const USUAL_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

function familyOf(level: string | null) {
  const name = level?.toLowerCase() ?? ''
  return FAMILIES.find(([, , names]) => names.includes(name))
}

/** How bad a level is: 0 is worst. */
export function severity(level: string | null): number {
  const family = familyOf(level)
  return family ? FAMILIES.indexOf(family) : FAMILIES.length
}

/** The class that colours a level. */
export function levelClass(level: string | null): string {
  return `level-${familyOf(level)?.[0] ?? 'other'}`
}

export function levelTone(level: string | null): Tone {
  return familyOf(level)?.[1] ?? 'neutral'
}
