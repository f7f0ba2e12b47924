import { AppError } from '@runnel/contracts'

/** Levels of one filter. */
const MAX_LEVELS = 20

/** `error,warn`, or the parameter several times. @throws AppError invalid_field */
export function parseLevels(level: string | readonly string[] | undefined): string[] | undefined {
  if (level === undefined) return undefined
  const levels = [...new Set([level].flat().flatMap((text) => text.split(',')))]
  if (levels.length > MAX_LEVELS) {
    throw new AppError('invalid_field', 'There are too many levels', {
      field: 'level',
      expected: `at most ${MAX_LEVELS}`,
    })
  }
  return levels
}
