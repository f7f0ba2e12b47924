import { expect, test } from '@jest/globals'
import { SERIES_COLORS, seriesColor } from './series-color.ts'

test('a colour is one of the style sheet, and the keys of a chart use all of them', () => {
  const colors = Array.from({ length: 400 }, (_, i) => seriesColor(`host=web-${i}`))
  expect(new Set(colors).size).toBe(SERIES_COLORS)
  expect(Math.min(...colors)).toBe(1)
  expect(Math.max(...colors)).toBe(SERIES_COLORS)
})

test('a key has the same colour for ever', () => {
  expect(seriesColor('room=kitchen')).toBe(seriesColor(['room', 'kitchen'].join('=')))
  expect(seriesColor('room=kitchen')).not.toBe(seriesColor('room=office'))
})
