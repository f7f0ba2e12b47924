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
export function checkJson(value: JsonValue, pointer = ''): void {
  const path: (string | number)[] = []
  const problem = findProblem(value, path)
  if (problem === undefined) return
  const field = [pointer, ...path.map(escapeName)].join('/')
  const { message, expected } = PROBLEMS[problem]
  throw new AppError(problem, message, {
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

type Problem = keyof typeof PROBLEMS

/** @param path where the walk is; it is left where the problem is. A pointer for each value would cost more than the check. */
function findProblem(value: JsonValue, path: (string | number)[]): Problem | undefined {
  if (typeof value === 'string') return findTextProblem(value)
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'number_out_of_range'
  if (typeof value === 'boolean' || value === null) return undefined
  if (path.length >= MAX_DEPTH) return 'too_deep'
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      path.push(i)
      const problem = findProblem(value[i]!, path)
      if (problem) return problem
      path.pop()
    }
    return undefined
  }
  for (const name in value) {
    const wrongName = findTextProblem(name)
    if (wrongName) return wrongName
    path.push(name)
    const problem = findProblem(value[name]!, path)
    if (problem) return problem
    path.pop()
  }
  return undefined
}

function findTextProblem(text: string): Problem | undefined {
  if (text.includes('\0')) return 'nul_character'
  return text.isWellFormed() ? undefined : 'lone_surrogate'
}

/** RFC 6901. */
function escapeName(name: string | number): string {
  return String(name).replaceAll('~', '~0').replaceAll('/', '~1')
}
