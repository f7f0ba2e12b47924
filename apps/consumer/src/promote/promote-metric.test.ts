import { createEventIds } from '@runnel/contracts'
import { parseJson } from '@runnel/json'
import { expect, test } from '@jest/globals'
import { promoteMetric } from './promote-metric.ts'

const nextId = createEventIds()

function promote(text: string) {
  const id = nextId()
  const data = parseJson(text)
  return promoteMetric({
    id,
    sourceId: id,
    key: undefined,
    op: 'upsert',
    data,
    form: 'item',
    receivedMs: 0,
    position: undefined,
  })
}

test.each([
  '1795953600',
  '1795953600000',
  '1795953600000000',
  '1795953600000999999',
  '"1795953600000999999"',
])('the time %s of a metric is read in its unit, and kept as it was sent', (timestamp) => {
  const sent = `{"data":{"value":1,"timestamp":${timestamp}}}`
  const { occurredAtMs, data } = promote(sent)
  expect(occurredAtMs).toBe(1_795_953_600_000)
  expect(JSON.stringify(data)).toBe(`{"value":1,"timestamp":${timestamp}}`)
})

test.each(['"soon"', '20261329185959', '1e300', '99999999999999999999999'])(
  'the time %s of a metric is refused, with its field',
  (timestamp) => {
    expect(() => promote(`{"data":{"value":1,"timestamp":${timestamp}}}`)).toThrow(
      '/data/timestamp must be a time: RFC 3339 text',
    )
  },
)
