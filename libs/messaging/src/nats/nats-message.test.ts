import { describe, expect, test } from '@jest/globals'
import type { Msg } from 'nats'
import { NatsMessage, parseDelivery } from './nats-message.ts'

describe('the reply subject of a delivery', () => {
  const delivery = { stream: 'logs', deliveries: 2, sequence: 17, timestampNs: 1_700_000_000_123_456_789n }

  test.each([
    ['as 2.9 writes it', '$JS.ACK.logs.logs_consumer.2.17.5.1700000000123456789.3'],
    ['with a domain', '$JS.ACK.hub.hash.logs.logs_consumer.2.17.5.1700000000123456789.3'],
    ['with a domain and a token', '$JS.ACK.hub.hash.logs.logs_consumer.2.17.5.1700000000123456789.3.x'],
  ])('is read %s, with every nanosecond', (_how, reply) => {
    expect(parseDelivery(reply)).toEqual(delivery)
  })

  test.each(['', 'logs', '$JS.ACK.logs'])('is refused when it has another form: %j', (reply) => {
    expect(() => parseDelivery(reply)).toThrow('Not a message of JetStream')
  })
})

// The ids of stored raw events are made of it: see rawEventId.
test('the identity of a message is its sequence and its nanosecond, for ever in this form', () => {
  const reply = '$JS.ACK.logs.logs_consumer.2.17.5.1700000000123456789.3'
  const message = new NatsMessage({ reply } as Msg, undefined, () => undefined)
  expect(message.identity).toBe('17\n1700000000123456789')
  expect(message.position).toEqual({ timeMs: 1_700_000_000_123, tie: 17 })
})
