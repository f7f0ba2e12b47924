import { expect, test } from '@jest/globals'
import { explainOutcome, explainReason } from './explain-reason.ts'

test('reasons and outcomes are shown as sentences', () => {
  expect(explainReason('opted_out')).toBe('The client has opted out')
  expect(explainReason('http_422')).toBe('The gateway or the webhook answered 422')
  expect(explainReason('smtp_550')).toBe('The mail server answered 550')
  expect(explainReason('private_address')).toBe('The webhook led to a private network')
  expect(explainOutcome('accepted')).toBe('Accepted')
})

test('what is not known is shown as it is', () => {
  expect(explainReason('<b>new</b>')).toBe('<b>new</b>')
  expect(explainReason('constructor')).toBe('constructor')
  expect(explainOutcome('lost')).toBe('lost')
})
