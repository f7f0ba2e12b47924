import { expect, it } from '@jest/globals'
import { createRareWarning } from './rare-warning.ts'

it('writes the first time at once, and then one line a minute with the number of times', () => {
  const lines: object[] = []
  let now = 0
  const warn = createRareWarning<{ what: string }>(
    (fields) => lines.push(fields),
    () => now,
  )
  for (let i = 0; i < 5; i++) warn({ what: `${i}` })
  now = 60_000
  warn({ what: 'later' })
  expect(lines).toEqual([
    { what: '0', count: 1 },
    { what: 'later', count: 5 },
  ])
})
