import { AppError, isExactNumber, type JsonValue } from '@runnel/contracts'

/** Nesting that Runnel takes: `[[1]]` has depth 2. */
export const MAX_DEPTH = 64

export const TOO_DEEP = {
  message: 'The JSON is nested too deeply',
  expected: `at most ${MAX_DEPTH} levels`,
} as const

/**
 * For values that are walked over or written before checkJson sees them: a recursion over one that is nested deeper could
 * exhaust the stack. What reads JSON goes to any depth.
 *
 * @throws AppError too_deep
 */
export function requireDepth(value: JsonValue): void {
  if (isDeeper(value, MAX_DEPTH)) throw tooDeep()
}

/** @returns the error of a value that is nested too deeply */
export function tooDeep(): AppError {
  return new AppError('too_deep', TOO_DEEP.message, { expected: TOO_DEEP.expected })
}

function isDeeper(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return !isExactNumber(value)
  if (Array.isArray(value)) {
    for (const item of value) if (isDeeper(item, levels - 1)) return true
    return false
  }
  const object = value as Readonly<Record<string, JsonValue>>
  for (const name in object) if (isDeeper(object[name]!, levels - 1)) return true
  return false
}
