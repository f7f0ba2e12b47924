import { AppError } from '@runnel/contracts'
import { expect, it } from '@jest/globals'
import { readLines } from './read-lines.ts'

it('gives the lines that say something, and an error for one that is no UTF-8', () => {
  const body = Buffer.concat([
    Buffer.from('\ufeffone\r\n\n  \n'),
    Buffer.from([0xff, 0x0a]),
    Buffer.from('two'),
  ])
  expect([...readLines(body)]).toEqual(['one', expect.any(AppError), 'two'])
})

it('lets its reader pause though a body is blank lines alone', () => {
  const steps = [...readLines(Buffer.alloc(100_000, '\n'))]
  expect(steps.length).toBeGreaterThan(50)
  expect(new Set(steps)).toEqual(new Set([undefined]))
})
