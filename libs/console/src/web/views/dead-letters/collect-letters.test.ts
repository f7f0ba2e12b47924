import { expect, test } from '@jest/globals'
import type { DeadLetter } from '../../api/dead-letters.ts'
import { collectLetters } from './collect-letters.ts'

const letter = (id: number) => ({ id, payload: 'x' }) as DeadLetter

/** Three pages of one letter each. */
const read = async (cursor: string | undefined) => {
  const id = Number(cursor ?? 1)
  return { items: [letter(id)], nextCursor: id < 3 ? String(id + 1) : null }
}

test('every page becomes lines of one file', async () => {
  const { lines, more } = await collectLetters(read)
  expect(lines.map((line) => (JSON.parse(line) as DeadLetter).id)).toEqual([1, 2, 3])
  expect(more).toBe(false)
})

test('a full file says that there is more', async () => {
  const { lines, more } = await collectLetters(read, 30)
  expect([lines.length, more]).toEqual([2, true])
})
