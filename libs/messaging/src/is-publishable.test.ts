import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isPublishable } from './is-publishable.ts'

it.each(['logs', 'events.products', 't-1.runnel.inbox.0b1c', 'журнал.x'])('takes %s', (subject) => {
  expect(isPublishable(subject)).toBe(true)
})

it.each([
  '',
  'a b c',
  'a\tb',
  'a\r\nPUB x 0\r\n',
  'a..b',
  '.a',
  'a.',
  'a.*',
  'a.>',
  '$JS.API.STREAM.PURGE.logs',
  '$SYS.x',
  'x'.repeat(256),
])('refuses %j', (subject) => {
  expect(isPublishable(subject)).toBe(false)
})

it('takes nothing that the protocol would read as more than a subject', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (subject) => {
      if (isPublishable(subject))
        expect(/[\s*>]|^\$|^\.|\.\.|\.$/.test(subject.replace(/[^\u0000-\u007f]/g, ''))).toBe(false)
    }),
    { seed: 3, numRuns: 2000 },
  )
})
