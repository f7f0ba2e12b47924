import { expect, test } from '@jest/globals'
import { describeHistory } from './describe-history.ts'

test('what people did is a phrase', () => {
  expect(describeHistory({ action: 'pause', detail: { from: 'running', to: 'paused' } })).toBe('paused it')
  expect(
    describeHistory({ action: 'edit', detail: { version: 2, changes: { endMs: {}, ratePerSecond: {} } } }),
  ).toBe('edited it: end, rate per second')
  expect(describeHistory({ action: 'retry_failed', detail: { accepted: 7, include: ['failed'] } })).toBe(
    'sent messages again: 7 (failed)',
  )
})

test('what is not known is shown as it is', () => {
  expect(describeHistory({ action: '<b>', detail: null })).toBe('<b>')
  expect(describeHistory({ action: 'edit', detail: 'x' })).toBe('edited it')
})
