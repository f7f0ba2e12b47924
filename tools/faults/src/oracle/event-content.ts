import { createHash } from 'node:crypto'

/** Text that careless code alters: quotes, line ends, escapes, several scripts, an emoji beyond the BMP. */
const TEXTS = [
  'order accepted',
  'cache miss for "product 17"',
  'upstream said: 502\r\n\tretrying',
  'C:\\temp\\file <b>& more</b>',
  'поиск занял дольше обычного',
  'crème brûlée 🍮 sold out',
]
const LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** What an event says, as its id has it. */
export interface EventContent {
  readonly text: string
  readonly level: (typeof LEVELS)[number]
  /** With many digits. */
  readonly value: number
  /** Of the id, for whatever else is to differ. */
  readonly hash: Buffer
}

/** Always the same for an id, so that it need not be kept. */
export function contentOf(id: string): EventContent {
  const hash = createHash('sha256').update(id).digest()
  return {
    text: TEXTS[hash[0]! % TEXTS.length]!,
    level: LEVELS[hash[2]! % LEVELS.length]!,
    value: hash.readUInt32BE(4) / 7,
    hash,
  }
}
