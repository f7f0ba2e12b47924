/** Characters of a message that are looked at, from its beginning: what comes behind them seldom tells messages apart. */
const MAX_CHARACTERS = 400

/** What varies from message to message, by the name that stands for it. The first that fits at a place counts. */
const MASKS = {
  time: String.raw`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)|(?<![\d:])\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?![\d:])`,
  uuid: String.raw`(?<![\dA-Za-z])[\dA-Fa-f]{8}-[\dA-Fa-f]{4}-[\dA-Fa-f]{4}-[\dA-Fa-f]{4}-[\dA-Fa-f]{12}(?![\dA-Za-z])`,
  ip: String.raw`(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d{1,5})?(?![\d.]*\d)|(?<![\dA-Za-z:])(?:[\dA-Fa-f]{1,4}:){7}[\dA-Fa-f]{1,4}(?![\dA-Za-z:])|(?<![\dA-Za-z:])(?:[\dA-Fa-f]{1,4}:){1,6}(?::[\dA-Fa-f]{1,4}){1,6}(?![\dA-Za-z:])`,
  email: String.raw`(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}`,
  text: String.raw`"[^"\n]{0,200}"|(?<!\w)'[^'\n]{0,200}'(?!\w)`,
  hex: String.raw`(?<![\dA-Za-z])(?:0[xX][\dA-Fa-f]+|(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[\da-f]{8,64}|(?=[A-F]{0,40}\d)(?=\d{0,40}[A-F])[\dA-F]{8,64})(?![\dA-Za-z])`,
  id: String.raw`(?<![\dA-Za-z])(?=[A-Za-z]{0,30}\d[A-Za-z]{0,30}\d)(?=\d{0,30}[A-Za-z]\d{0,30}[A-Za-z])[\dA-Za-z]{10,64}(?![\dA-Za-z])`,
  num: String.raw`(?:(?<=^|[\s=(,:[])[+-])?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+(?![\dA-Za-z]))?`,
} as const

const NAMES = Object.keys(MASKS) as readonly (keyof typeof MASKS)[]
const ANY_MASK = new RegExp(NAMES.map((name) => `(${MASKS[name]})`).join('|'), 'g')

/**
 * A message as what stays the same, and names of what varies between: `Order <num> took <num> ms for <text>`. Of its first line alone, and
 * no more than {@link MAX_CHARACTERS}: then it ends with `…`.
 */
export function maskMessage(message: string): string {
  const [line] = message
    .trimStart()
    .slice(0, MAX_CHARACTERS + 1)
    .split(/[\r\n]/, 1) as [string]
  const isCut = line.length > MAX_CHARACTERS
  const text = isCut ? line.slice(0, MAX_CHARACTERS) : line.trimEnd()
  const masked = text.replace(ANY_MASK, (_, ...groups: (string | undefined)[]) => {
    const place = groups.findIndex((group) => group !== undefined)
    return `<${NAMES[place]!}>`
  })
  return isCut ? `${masked}…` : masked
}

/** Stands for a word that varies. */
export const ANY_WORD = '<*>'

const PLACEHOLDER = new RegExp(`<(?:${NAMES.join('|')}|\\*)>`)

/** @param pattern as {@link maskMessage} gives it. @returns the texts between what varies, which follow each other in every such message */
export function fixedParts(pattern: string): string[] {
  const parts = pattern.replace(/…$/, '').split(PLACEHOLDER)
  return parts.filter((part, i) => part !== '' || i === 0 || i === parts.length - 1)
}
