import { AppError } from './app-error.ts'
import type { JsonValue } from './json-value.ts'

/** Nesting that Runnel takes: `[[1]]` has depth 2. */
export const MAX_DEPTH = 64

/** Text that ends up in an index (names, levels, services, keys), in bytes of UTF-8. */
export const MAX_INDEXED_TEXT_BYTES = 512

/**
 * Refuses what Postgres could not store, or what could not come back as it was: NUL characters, lone surrogates,
 * numbers that no IEEE double holds, and nesting that would exhaust a stack.
 *
 * @param pointer JSON pointer of `value`, for the message
 * @throws AppError nul_character | lone_surrogate | number_out_of_range | too_deep, with the field
 */
export function checkJson(value: JsonValue, pointer = '', depth = 0): void {
  if (typeof value === 'string') checkText(value, pointer)
  else if (typeof value === 'number') checkNumber(value, pointer)
  else if (typeof value === 'object' && value !== null) {
    if (depth >= MAX_DEPTH) {
      throw new AppError('too_deep', 'The JSON is nested too deeply', {
        field: shorten(pointer),
        expected: `at most ${MAX_DEPTH} levels`,
      })
    }
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) checkChild(value[i]!, pointer, i, depth)
    } else {
      for (const name in value) {
        checkText(name, pointer)
        checkChild(value[name]!, pointer, name, depth)
      }
    }
  }
}

/** The pointer of a child is only built where it is needed: for nested values and for errors. */
function checkChild(child: JsonValue, pointer: string, name: string | number, depth: number): void {
  switch (typeof child) {
    case 'string':
      if (child.isWellFormed() && !child.includes('\0')) return
      break
    case 'number':
      if (Number.isFinite(child)) return
      break
    case 'boolean':
      return
    default:
      if (child === null) return
  }
  checkJson(child, `${pointer}/${escapeName(name)}`, depth + 1)
}

/** RFC 6901. */
function escapeName(name: string | number): string | number {
  return typeof name === 'number' ? name : name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function checkText(text: string, pointer: string): void {
  if (text.includes('\0')) {
    throw new AppError('nul_character', 'Text may not hold NUL characters', {
      field: shorten(pointer),
      expected: 'text without \\u0000',
    })
  }
  if (!text.isWellFormed()) {
    throw new AppError('lone_surrogate', 'Text holds half of a surrogate pair', {
      field: shorten(pointer),
      expected: 'well-formed Unicode',
    })
  }
}

function checkNumber(value: number, pointer: string): void {
  if (Number.isFinite(value)) return
  throw new AppError('number_out_of_range', 'The number cannot be kept as it is', {
    field: shorten(pointer),
    expected: 'a finite double; an integer within 2^53',
  })
}

function shorten(pointer: string): string {
  return pointer.length <= 200 ? pointer : `${pointer.slice(0, 200)}...`
}
