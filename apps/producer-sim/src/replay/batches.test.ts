import { expect, it } from '@jest/globals'
import { refuse, type SourceEntry } from '../sources/source-entry.ts'
import { toBatches } from './batches.ts'

async function* entries(...list: SourceEntry[]): AsyncGenerator<SourceEntry> {
  yield* list
}

const item = (position: number, message = 'x'): SourceEntry => ({ position, item: { message } })

it('cuts by number, skips what is confirmed, and counts refused entries without sending them', async () => {
  const source = entries(item(1), item(2), refuse(3, 'c', 'm'), item(4), item(5))
  const batches = await Array.fromAsync(toBatches(source, 1, 2))
  expect(batches.map(({ offset, items }) => [offset, items.map(({ position }) => position)])).toEqual([
    [1, [2]],
    [3, [4, 5]],
  ])
})

it('cuts by size, so that large items do not make bodies that no server takes', async () => {
  const large = 'x'.repeat(200 * 1024)
  const batches = await Array.fromAsync(
    toBatches(entries(item(1, large), item(2, large), item(3, large)), 0, 100),
  )
  expect(batches.map(({ offset, items }) => [offset, items.length])).toEqual([
    [0, 2],
    [2, 1],
  ])
})
