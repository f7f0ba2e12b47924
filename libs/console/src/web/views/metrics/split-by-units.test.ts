import { expect, test } from '@jest/globals'
import { splitByUnits } from './split-by-units.ts'

const series = (...units: (string | null)[]) =>
  units.map((unit, i) => ({ label: String(i), colorKey: String(i), unit, values: [] }))

test.each([
  [['ms', 'ms'], [['0', '1']]],
  [['ms', null], [['0', '1']]],
  [
    ['ms', '%', 'bytes', 'ms', null],
    [
      ['0', '1', '3'],
      ['2', '4'],
    ],
  ],
  [[], []],
])('series in %p make charts of no more than two units', (units, labels) => {
  expect(splitByUnits(series(...units)).map((chart) => chart.map(({ label }) => label))).toEqual(labels)
})
