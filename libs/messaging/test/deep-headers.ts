import type { Duplex } from 'node:stream'
import type { RabbitmqAdmin } from './rabbitmq-admin.ts'

const METHOD_FRAME = 1
const HEADER_FRAME = 2
const BODY_FRAME = 3
const FRAME_END = 0xce
const BASIC_CLASS = 60
const PUBLISH_METHOD = 40
/** Of the properties of a message: it has headers. */
const HAS_HEADERS = 0x2000

/** Publishes to the default exchange what the client itself cannot write: headers of tables in tables. */
export function publishDeepHeaders(
  { connection, channel }: RabbitmqAdmin,
  queue: string,
  depth: number,
  body: Buffer,
): void {
  const { ch } = channel as unknown as { ch: number }
  const method = Buffer.concat([
    uint16(BASIC_CLASS),
    uint16(PUBLISH_METHOD),
    uint16(0),
    shortText(''),
    shortText(queue),
    Buffer.from([0]),
  ])
  const headers = nest(depth)
  const properties = Buffer.concat([uint16(BASIC_CLASS), uint16(0), uint64(body.length), uint16(HAS_HEADERS)])
  const { stream } = connection.connection as unknown as { stream: Duplex }
  stream.write(
    Buffer.concat([
      frame(METHOD_FRAME, ch, method),
      frame(HEADER_FRAME, ch, Buffer.concat([properties, uint32(headers.length), headers])),
      frame(BODY_FRAME, ch, body),
    ]),
  )
}

/** `{"a":{"a":{...}}}` as a table of AMQP, without the length before it. */
function nest(depth: number): Buffer {
  const entry = Buffer.from('\x01aF')
  const entryBytes = entry.length + 4
  return Buffer.concat(
    Array.from({ length: depth }, (_, level) => [entry, uint32((depth - 1 - level) * entryBytes)]).flat(),
  )
}

function frame(type: number, channel: number, payload: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([type]),
    uint16(channel),
    uint32(payload.length),
    payload,
    Buffer.from([FRAME_END]),
  ])
}

function shortText(text: string): Buffer {
  return Buffer.from(String.fromCharCode(text.length) + text)
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}
