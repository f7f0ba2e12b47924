import { expect, test } from '@jest/globals'
import { noLogsSentence } from './logs-of-span.ts'

test.each([
  [0, false, 'Nothing of this trace was logged around that time.'],
  [7, false, 'No entry of the trace around that time names this span.'],
  [500, true, 'None of the newest 500 entries of the trace around that time names this span.'],
])(
  'of %d entries, and more: %p, the panel claims no more than it has looked at',
  (lookedAt, more, sentence) => {
    expect(noLogsSentence(lookedAt, more)).toBe(sentence)
  },
)
