import { AppError, isExactNumber, type ExactNumber, type JsonValue } from '@runnel/contracts'
import { isKeptNumber, MAX_DIGITS, MAX_EXPONENT, MAX_PLACES } from './kept-number.ts'
import { MAX_DEPTH, TOO_DEEP } from './require-depth.ts'
import { MAX_TEXT_GROWTH, requireWrittenSize } from './written-size.ts'

/**
 * Refuses what Postgres could not store, or what could not come back as it was: NUL characters, lone surrogates,
 * numbers of more digits than are kept, and nesting that would exhaust a stack.
 *
 * @param pointer JSON pointer of `value`, for the message
 * @param source the JSON that the value was read from, where the caller has it: well-formed and without an escape, it
 * spares the look at each string, which is most of the cost
 * @param maxWrittenBytes that it may have once PostgreSQL has written it out
 * @throws AppError nul_character | lone_surrogate | number_out_of_range | too_deep, with the field; body_too_large
 */
export function checkJson(value: JsonValue, pointer = '', source?: string, maxWrittenBytes = Infinity): void {
  const look: Look = { atTexts: source === undefined || mayHideText(source), foundExponent: false }
  const wrong = findProblem(value, 0, look)
  if (wrong === undefined) {
    if (look.foundExponent || (source?.length ?? 0) * MAX_TEXT_GROWTH > maxWrittenBytes)
      requireWrittenSize(value, maxWrittenBytes)
    return
  }
  const field = [pointer, ...wrong.path.map(escapeName)].join('/')
  const { message, expected } = PROBLEMS[wrong.problem]
  throw new AppError(wrong.problem, message, {
    field: field.length <= 200 ? field : `${field.slice(0, 200)}...`,
    expected,
  })
}

/** As JSON.stringify writes NUL and halves of surrogate pairs. */
const BAD_TEXT = /\\u0000|\\ud/

/** @param json with escapes as JSON.stringify writes them. @returns whether {@link checkJson} may object to a text in it */
export function mayHoldBadText(json: string): boolean {
  return json.includes('\\') && BAD_TEXT.test(json)
}

const PROBLEMS = {
  nul_character: { message: 'Text may not hold NUL characters', expected: 'text without \\u0000' },
  lone_surrogate: { message: 'Text holds half of a surrogate pair', expected: 'well-formed Unicode' },
  number_out_of_range: {
    message: 'The number has more digits than are kept',
    expected:
      `at most ${MAX_DIGITS} significant digits, an exponent from -${MAX_EXPONENT} to ${MAX_EXPONENT}, ` +
      `and the first digit within ${MAX_PLACES} places of the point`,
  },
  too_deep: TOO_DEEP,
} as const

interface Found {
  readonly problem: keyof typeof PROBLEMS
  /** Where it is, from the value that was looked at. */
  readonly path: (string | number)[]
}

interface Look {
  /** Strings may be at fault. */
  readonly atTexts: boolean
  /** A number was met that PostgreSQL writes in more digits. */
  foundExponent: boolean
}

/**
 * The path is made on the way back from a problem: to keep one on the way there would cost more than the check.
 */
function findProblem(value: JsonValue, depth: number, look: Look): Found | undefined {
  if (typeof value === 'string') return look.atTexts ? findTextProblem(value) : undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : found('number_out_of_range')
  if (typeof value === 'boolean' || value === null) return undefined
  if (isExactNumber(value)) return findNumberProblem(value, look)
  if (depth >= MAX_DEPTH) return found('too_deep')
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const inside = findProblem(value[i]!, depth + 1, look)
      if (inside) return within(i, inside)
    }
    return undefined
  }
  for (const name in value) {
    const wrongName = look.atTexts ? findTextProblem(name) : undefined
    if (wrongName) return wrongName
    const inside = findProblem(value[name]!, depth + 1, look)
    if (inside) return within(name, inside)
  }
  return undefined
}

function findNumberProblem(number: ExactNumber, look: Look): Found | undefined {
  if (!isKeptNumber(number)) return found('number_out_of_range')
  look.foundExponent ||= /e/i.test(number.rawJSON)
  return undefined
}

function found(problem: Found['problem']): Found {
  return { problem, path: [] }
}

function within(name: string | number, inside: Found): Found {
  inside.path.unshift(name)
  return inside
}

/** Outside of an escape, JSON holds no control character, and half of a surrogate pair makes the whole of it ill-formed. */
function mayHideText(source: string): boolean {
  return source.includes('\\') || !source.isWellFormed()
}

function findTextProblem(text: string): Found | undefined {
  if (text.includes('\0')) return found('nul_character')
  return text.isWellFormed() ? undefined : found('lone_surrogate')
}

/** RFC 6901. */
function escapeName(name: string | number): string {
  return String(name).replaceAll('~', '~0').replaceAll('/', '~1')
}
