import { AppError } from '@runnel/contracts'
import { LabelMatcher_Type, type LabelMatcher } from '@runnel/wire/prometheus/types'
import { RE2JS } from 're2js'

/** A condition on one label; a label that is not there has an empty value. */
export interface Matcher {
  readonly name: string
  /** The one value that it permits, where it asks for one that is not empty. */
  readonly equals: string | undefined
  matches(value: string): boolean
}

/** Of a pattern, unless it is a list of texts. Its cost is linear in this and in the length of what it is compared with. */
const MAX_PATTERN_CHARS = 4096

/** What a pattern may be without an operator in it: Grafana sends lists of hundreds. */
const PLAIN_LIST = /^[^\\.+*?()[\]{}^$]*$/

/**
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
    const texts = new Set(pattern.split('|'))
    return (text) => texts.has(text)
  }
  const compiled = compile(pattern)
  const known = new Map<string, boolean>()
  return (text) => {
    let matches = known.get(text)
    if (matches === undefined) known.set(text, (matches = compiled.testExact(text)))
    return matches
  }
}

/** @throws AppError invalid_field */
function compile(pattern: string): RE2JS {
  const details = { field: 'matchers', expected: `a pattern of RE2 of up to ${MAX_PATTERN_CHARS} characters` }
  if (pattern.length > MAX_PATTERN_CHARS)
    throw new AppError('invalid_field', 'The pattern of a matcher is too long', details)
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL)
  } catch (error) {
    throw new AppError('invalid_field', 'The pattern of a matcher is not valid', details, error)
  }
}
