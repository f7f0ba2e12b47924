import { expect, test } from '@jest/globals'
import type { LogEntry } from '../../api/logs.ts'
import { logsOfSpan } from './logs-of-span.ts'
import { readDetails, toMembers } from './span-details.ts'

test('a span says what it has, and nothing where it has something else', () => {
  const data = {
    attributes: { order: 7, list: [1] },
    status: { message: 'too late' },
    events: [{ name: 'retry', attributes: { after: 1 } }],
    links: [{ traceId: 'a' }, {}],
  }
  const details = readDetails(data)
  expect(details).toEqual({
    attributes: data.attributes,
    resource: {},
    events: [{ name: 'retry', after: 1 }],
    links: ['a'],
    message: 'too late',
  })
  expect(toMembers(details.attributes)).toEqual([
    ['order', '7'],
    ['list', '[1]'],
  ])
  expect(readDetails({ attributes: [1], events: {}, links: 'a', status: 1 })).toMatchObject({
    ...{ attributes: {}, events: [], links: [], message: undefined },
  })
})

test('the logs of a span are found wherever loggers write its id', () => {
  const entry = (id: string, data: unknown) => ({ id, data }) as LogEntry
  const entries = [
    entry('4', { attributes: { span_id: 'AB' } }),
    entry('3', { span: { id: 'ab' } }),
    entry('2', { spanId: 'cd' }),
    entry('1', { spanId: 'ab' }),
    entry('0', null),
  ]
  expect(logsOfSpan(entries, 'ab').map(({ id }) => id)).toEqual(['1', '3', '4'])
})
