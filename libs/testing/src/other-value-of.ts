/** The part of a setting of @runnel/runtime that is needed to find another value for it. */
interface ParsedSetting {
  readonly variable: string
  readonly fallback: string | undefined
  readonly parse: (text: string) => unknown
}

/** A text for each form that a setting may have. A setting of a new form adds its own. */
const TEXTS = [
  'other',
  'https://other.example:4321',
  'postgres://other.example/other',
  'nats://other.example:4321',
  'redis://other.example:4321',
  '10.9.8.0/24',
  'other@other.example',
  'metrics=1',
  'down',
  'DE',
  '7',
  'Europe/Kyiv',
  'openid other',
  'whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXI=',
  `SU${'A'.repeat(56)}`,
  import.meta.filename,
]

/**
 * A text that a setting takes and that means something else than its default, so that a test can see whether it arrives.
 *
 * @throws Error where none is known
 */
export function otherValueOf(setting: ParsedSetting): string {
  const { fallback = '', parse, variable } = setting
  const meaning = (text: string): string | undefined => {
    try {
      return JSON.stringify(parse(text)) ?? 'undefined'
    } catch {
      return undefined
    }
  }
  const number = Number(fallback)
  const numbers = fallback !== '' && Number.isInteger(number) ? [number + 1, number - 1] : []
  const found = [...numbers.map(String), ...wordsOf(parse), ...TEXTS].find((text) => {
    const means = meaning(text)
    return means !== undefined && means !== meaning(fallback)
  })
  if (found === undefined)
    throw new Error(`No other value than ${JSON.stringify(fallback)} is known for ${variable}`)
  return found
}

/** The words of a choice, as its own error lists them. */
function wordsOf(parse: (text: string) => unknown): string[] {
  try {
    parse('\u0000')
    return []
  } catch (error) {
    return /^one of (.+)$/.exec((error as Error).message)?.[1]?.split(', ') ?? []
  }
}
