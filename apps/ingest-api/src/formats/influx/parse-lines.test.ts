import { expect, it } from '@jest/globals'
import { parseLines } from './parse-lines.ts'

it.each(['\n', ' ', '#\n'])('pauses in a body of %j alone, and goes on counting', (blank) => {
  const count = 100_000
  const steps = [...parseLines(`${blank.repeat(count)}x y=1\nx y=soon`)]
  const lines = steps.filter((step) => step !== undefined)
  const first = blank === ' ' ? 0 : count
  expect(lines.map(({ number }) => number)).toEqual([first, first + 1])
  expect(steps.length - lines.length).toBeGreaterThan(5)
})

it('refuses a line of blanks without end', () => {
  const [line] = parseLines(`x${' '.repeat(100_000)}y=1`)
  expect(line).toMatchObject({ number: 0, line: { message: 'A line has too many blanks' } })
})
