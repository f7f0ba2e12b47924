import { decode, ExtensionCodec } from '@msgpack/msgpack'

/** A time of the forward protocol, exact to the nanosecond. */
export class EventTime {
  readonly seconds: number
  readonly nanoseconds: number

  constructor(seconds: number, nanoseconds: number) {
    this.seconds = seconds
    this.nanoseconds = nanoseconds
  }
}

const EVENT_TIME = 0
const EVENT_TIME_BYTES = 8

/** What the protocol adds to MessagePack. */
export const fluentExtensions = new ExtensionCodec()
fluentExtensions.register({
  type: EVENT_TIME,
  encode: (value: unknown) => {
    if (!(value instanceof EventTime)) return null
    const bytes = Buffer.alloc(EVENT_TIME_BYTES)
    bytes.writeUInt32BE(value.seconds, 0)
    bytes.writeUInt32BE(value.nanoseconds, 4)
    return bytes
  },
  decode: (data: Uint8Array) => {
    if (data.length !== EVENT_TIME_BYTES) throw new RangeError('an EventTime has eight bytes')
    const view = new DataView(data.buffer, data.byteOffset, data.length)
    return new EventTime(view.getUint32(0), view.getUint32(4))
  },
})

/**
 * Reads one value. Integers of 64 bits are bigints.
 *
 * @throws Error where it is malformed, or has a name that no object can have
 */
export function decodeValue(bytes: Buffer): unknown {
  // Not as a Buffer: binary members would be Buffers too, which JSON writes as lists of numbers.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  return decode(plain, { useBigInt64: true, extensionCodec: fluentExtensions })
}

/** The same with texts as their bytes, for what may be no UTF-8. @throws as {@link decodeValue} */
export function decodeRaw(bytes: Buffer): unknown {
  return decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), { rawStrings: true })
}
