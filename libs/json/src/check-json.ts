import { AppError } from '@runnel/contracts'
import type { JsonValue } from '@runnel/contracts'

/** Nesting that Runnel takes: `[[1]]` has depth 2. */
const MAX_DEPTH = 64

/**
 * Refuses what Postgres could not store, or what could not come back as it was: NUL characters, lone surrogates,
 * numbers that no IEEE double holds, and nesting that would exhaust a stack.
 *
 * @param pointer JSON pointer of `value`, for the message
 * @param source the JSON that the value was read from, where the caller has it: well-formed and without an escape, it
 * spares the look at each string, which is most of the cost
 * @throws AppError nul_character | lone_surrogate | number_out_of_range | too_deep, with the field
 */
export function checkJson(value: JsonValue, pointer = '', source?: string): void {
  const wrong = findProblem(value, 0, source === undefined || mayHideText(source))
  if (wrong === undefined) return
  const field = [pointer, ...wrong.path.map(escapeName)].join('/')
  const { message, expected } = PROBLEMS[wrong.problem]
  throw new AppError(wrong.problem, message, {
    field: field.length <= 200 ? field : `${field.slice(0, 200)}...`,
    expected,
  })
}

const PROBLEMS = {
  nul_character: { message: 'Text may not hold NUL characters', expected: 'text without \\u0000' },
  lone_surrogate: { message: 'Text holds half of a surrogate pair', expected: 'well-formed Unicode' },
  number_out_of_range: {
    message: 'The number cannot be kept as it is',
    expected: 'a finite double; an integer within 2^53',
  },
  too_deep: { message: 'The JSON is nested too deeply', expected: `at most ${MAX_DEPTH} levels` },
} as const

interface Found {
  readonly problem: keyof typeof PROBLEMS
  /** Where it is, from the value that was looked at. */
  readonly path: (string | number)[]
}

/**
 * The path is made on the way back from a problem: to keep one on the way there would cost more than the check.
 *
 * @param looksAtTexts whether strings may be at fault
 */
function findProblem(value: JsonValue, depth: number, looksAtTexts: boolean): Found | undefined {
  if (typeof value === 'string') return looksAtTexts ? findTextProblem(value) : undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : found('number_out_of_range')
  if (typeof value === 'boolean' || value === null) return undefined
  if (depth >= MAX_DEPTH) return found('too_deep')
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const inside = findProblem(value[i]!, depth + 1, looksAtTexts)
      if (inside) return within(i, inside)
    }
    return undefined
  }
  for (const name in value) {
    const wrongName = looksAtTexts ? findTextProblem(name) : undefined
    if (wrongName) return wrongName
    const inside = findProblem(value[name]!, depth + 1, looksAtTexts)
    if (inside) return within(name, inside)
  }
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
