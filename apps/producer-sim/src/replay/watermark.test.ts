import { expect, it } from '@jest/globals'
import { Watermark } from './watermark.ts'

it('rises only over what is done without a gap', () => {
  const watermark = new Watermark(10)
  watermark.add(15, 5)
  expect(watermark.done).toBe(10)
  watermark.add(20, 1)
  watermark.add(10, 5)
  expect(watermark.done).toBe(21)
})
