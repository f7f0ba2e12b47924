import type { ChannelModel } from 'amqplib'

/** Type of the frame that holds the properties of a message. */
const HEADER_FRAME = 2
/** Type, channel and length of a frame stand before what it holds. */
const FRAME_START_BYTES = 7

/** What the client's connections have, though its types do not name it. */
interface FrameReader {
  /** Received and not read yet. */
  rest: Buffer
  recvFrame(): unknown
}

/**
 * Any publisher may nest the headers of a message some thousand tables deep. The client reads them by recursion, and would end the
 * connection at each delivery of such a message, for good. Here it is delivered, without its properties.
 */
export function tolerateDeepHeaders(connection: ChannelModel): void {
  const reader = connection.connection as unknown as FrameReader
  const receive = reader.recvFrame.bind(reader)
  reader.recvFrame = () => {
    const { rest } = reader
    try {
      return receive()
    } catch (error) {
      // The overflow of the stack; the client has stepped over the frame already.
      if (!(error instanceof RangeError) || rest[0] !== HEADER_FRAME || reader.rest === rest) throw error
      return readWithoutFields(rest)
    }
  }
}

function readWithoutFields(frame: Buffer) {
  return {
    channel: frame.readUInt16BE(1),
    id: frame.readUInt16BE(FRAME_START_BYTES),
    size: Number(frame.readBigUInt64BE(FRAME_START_BYTES + 4)),
    fields: {},
  }
}
