import { CutAtByte } from '../cut-at-byte.ts'
import { FrameSession } from '../frame-session.ts'
import type { DatagramProtocol, StreamProtocol } from '../listener.ts'
import { decodeStatsd } from './decode-statsd.ts'

const LF = 0x0a

/** Lines of statsd over connections. */
export const statsdStream: StreamProtocol = {
  open: (_peer, limits, report) =>
    new FrameSession(new CutAtByte(LF, limits.frameBytes), (frame) => decodeStatsd(frame, limits), report),
}

/** Several lines in a datagram. */
export const statsdDatagrams: DatagramProtocol = {
  open: (limits) => ({ read: (datagram) => decodeStatsd(datagram, limits) }),
}
