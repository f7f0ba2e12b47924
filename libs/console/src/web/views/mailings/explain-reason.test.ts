import { expect, test } from '@jest/globals'
import { explainOutcome, explainReason } from './explain-reason.ts'

test('reasons and outcomes are shown as sentences', () => {
  expect(explainReason('opted_out')).toBe('The client has opted out')
  expect(explainReason('http_422')).toBe('The gateway answered 422')
  expect(explainOutcome('accepted')).toBe('The gateway accepted it')
})

test('what is not known is shown as it is', () => {
  expect(explainReason('<b>new</b>')).toBe('<b>new</b>')
  expect(explainReason('constructor')).toBe('constructor')
  expect(explainOutcome('lost')).toBe('lost')
})
