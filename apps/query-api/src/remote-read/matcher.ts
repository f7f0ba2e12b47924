import { AppError } from '@runnel/contracts'
import { LabelMatcher_Type, type LabelMatcher } from '@runnel/wire/prometheus/types'
import { RE2JS } from 're2js'
import { countElements } from './count-elements.ts'

/** A condition on one label; a label that is not there has an empty value. */
export interface Matcher {
  readonly name: string
  /** The one value that it permits, where it asks for one that is not empty. */
  readonly equals: string | undefined
  matches(value: string): boolean
}

/** Of a pattern, unless it is a list of texts. */
const MAX_PATTERN_CHARS = 4096

/** Of all patterns of a request: to compile them takes time in proportion, and nothing can interrupt it. */
const MAX_ELEMENTS = 5000

/** Elements times characters of a text, to which a comparison is linear. A tenth of a microsecond each, at worst. */
const MAX_STEPS = 1_000_000

/** Texts, with a backslash before what would be an operator: Grafana sends lists of hundreds. */
const PLAIN_LIST = /^(?:[^\\.+*?()[\]{}^$]|\\[!-/:-@[-`{-~])*$/
const LISTED = /((?:\\[^]|[^\\|])*)\|/g

/**
 * Called before any of the matchers is made.
 *
 * @throws AppError invalid_field where their patterns are too large together
 */
export function requireSmallPatterns(matchers: Iterable<LabelMatcher>): void {
  let elements = 0
  for (const { type, value } of matchers) {
    const isPattern = type === LabelMatcher_Type.RE || type === LabelMatcher_Type.NRE
    if (isPattern && !PLAIN_LIST.test(value)) elements += countElements(requireShort(value))
  }
  if (elements <= MAX_ELEMENTS) return
  throw new AppError('invalid_field', 'The patterns of the matchers are too large with their repetitions', {
    field: 'matchers',
    expected: `patterns of together at most ${MAX_ELEMENTS} elements: \`a{100}\` has 100`,
  })
}

/**
 * @returns a matcher of which `matches` throws AppError invalid_field for a text that is too long for its pattern
 * @throws AppError invalid_field
 */
export function createMatcher({ name, type, value }: LabelMatcher): Matcher {
  switch (type) {
    case LabelMatcher_Type.EQ:
      return { name, equals: value === '' ? undefined : value, matches: (text) => text === value }
    case LabelMatcher_Type.NEQ:
      return { name, equals: undefined, matches: (text) => text !== value }
    case LabelMatcher_Type.RE:
      return { name, equals: undefined, matches: createPattern(value) }
    case LabelMatcher_Type.NRE: {
      const matches = createPattern(value)
      return { name, equals: undefined, matches: (text) => !matches(text) }
    }
    default:
      throw new AppError('invalid_field', 'The type of a matcher is not known', {
        field: 'matchers',
        expected: '=, !=, =~ or !~',
      })
  }
}

/** RE2, anchored at both ends; a dot is any character. What was compared once is remembered: values of a label repeat. */
function createPattern(pattern: string): (text: string) => boolean {
  if (PLAIN_LIST.test(pattern)) {
    const listed = [...`${pattern}|`.matchAll(LISTED)].map(([, text]) => text!.replace(/\\([^])/g, '$1'))
    const texts = new Set(listed)
    return (text) => texts.has(text)
  }
  const compiled = compile(pattern)
  const elements = countElements(pattern)
  const known = new Map<string, boolean>()
  return (text) => {
    let matches = known.get(text)
    if (matches === undefined) {
      if (elements * text.length > MAX_STEPS) throw tooLong(text)
      known.set(text, (matches = compiled.testExact(text)))
    }
    return matches
  }
}

const DETAILS = { field: 'matchers', expected: `a pattern of RE2 of up to ${MAX_PATTERN_CHARS} characters` }

/** @throws AppError invalid_field */
function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(requireShort(pattern), RE2JS.DOTALL)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid_field', 'The pattern of a matcher is not valid', DETAILS, error)
  }
}

/** @throws AppError invalid_field */
function requireShort(pattern: string): string {
  if (pattern.length <= MAX_PATTERN_CHARS) return pattern
  throw new AppError('invalid_field', 'The pattern of a matcher is too long', DETAILS)
}

function tooLong(text: string): AppError {
  const message = `The pattern of a matcher is too large for a value of ${text.length} characters`
  return new AppError('invalid_field', message, { field: 'matchers', expected: 'a smaller pattern' })
}
