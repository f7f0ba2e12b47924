import { expect, it } from '@jest/globals'
import { readHeaders } from './read-headers.ts'

/** A message as the client gives it: the payload is a part of what was received. */
function received(headers: string, payload = '{}') {
  const bytes = Buffer.from(headers + payload)
  const size = 'logs'.length + 'reply'.length + bytes.length
  const data = bytes.subarray(Buffer.byteLength(headers))
  return { data, subject: 'logs', reply: 'reply', size: () => size }
}

it('reads the headers that Runnel knows, the first value of each, as UTF-8 without blanks around it', () => {
  const block =
    'NATS/1.0\r\nNats-Msg-Id:  заказ-17 \r\nOther: 1\r\nRunnel-Operation:delete\r\nRunnel-Operation: x\r\n\r\n'
  expect([...readHeaders(received(block))]).toEqual([
    ['Nats-Msg-Id', 'заказ-17'],
    ['Runnel-Operation', 'delete'],
  ])
})

it.each([
  ['no headers', ''],
  ['a status line alone', 'NATS/1.0\r\n\r\n'],
  ['a line without a colon', 'NATS/1.0\r\nRunnel-Envelope\r\n\r\n'],
  ['a name in other letters', 'NATS/1.0\r\nrunnel-envelope: 1\r\n\r\n'],
  ['something else before the payload', 'NOT-NATS\r\nRunnel-Envelope: 1\r\n\r\n'],
])('finds nothing in %s', (_, block) => {
  expect([...readHeaders(received(block))]).toEqual([])
})

it('takes what is read of a megabyte of headers, in one pass', () => {
  const block = `NATS/1.0\r\n${'R:b\r\n'.repeat(200_000)}Runnel-Envelope: 1\r\n\r\n`
  expect([...readHeaders(received(block))]).toEqual([['Runnel-Envelope', '1']])
})
