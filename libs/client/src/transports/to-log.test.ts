import { expect, test } from '@jest/globals'
import { toLog } from './to-log.ts'

test('an error whose causes lead back to it is described as any other', () => {
  const [one, other] = [new Error('one'), new Error('other')]
  one.cause = other
  other.cause = one
  const { error } = toLog({ level: 'warn', message: 'odd', error: one, fields: {} })
  expect(error).toMatchObject({ message: 'one', cause: { message: 'other' } })
  expect(JSON.parse(JSON.stringify(error))).toEqual(error)
})

test('of a long chain of causes the first ones are described', () => {
  let error = new Error('first')
  for (let n = 0; n < 100_000; n++) error = new Error(`number ${n}`, { cause: error })
  expect(toLog({ level: 'warn', message: 'odd', error, fields: {} })).toMatchObject({
    error: { message: 'number 99999', cause: { message: 'number 99998' } },
  })
})
