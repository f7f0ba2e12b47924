import { expect, it } from '@jest/globals'
import { getHeapSpaceStatistics } from 'node:v8'
import { returnMemory } from './return-memory.ts'

const MEGABYTE = 1024 ** 2

function newSpaceBytes(): number {
  return (
    getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.physical_space_size ?? 0
  )
}

/** What is alive when a collection comes makes the new space grow. */
function loadMuch(): void {
  const kept: object[][] = []
  for (let round = 0; round < 200; round++) {
    kept.push(Array.from({ length: 10_000 }, (_, index) => ({ index })))
    if (kept.length > 20) kept.shift()
  }
}

it('gives back the new space that a start has made grow', () => {
  loadMuch()
  expect(newSpaceBytes()).toBeGreaterThan(8 * MEGABYTE)
  returnMemory()
  expect(newSpaceBytes()).toBeLessThan(4 * MEGABYTE)
})

it('leaves no collector behind for others to call', () => {
  returnMemory()
  expect('gc' in globalThis).toBe(false)
})
