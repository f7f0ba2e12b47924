import { FrameSession } from '../frame-session.ts'
import type { DatagramProtocol, StreamProtocol } from '../listener.ts'
import { CutSyslog } from './cut-syslog.ts'
import { decodeSyslog } from './decode-syslog.ts'
import type { BsdClock } from './read-bsd-time.ts'

/** RFC 5424 and RFC 3164 over connections. */
export function createSyslogStream(clock: BsdClock): StreamProtocol {
  return {
    open: (peer, limits, report) =>
      new FrameSession(
        new CutSyslog(limits.frameBytes),
        (frame) => decodeSyslog(frame, peer, limits, clock),
        report,
      ),
  }
}

/** A message in each datagram. */
export function createSyslogDatagrams(clock: BsdClock): DatagramProtocol {
  return {
    open: (limits) => ({ read: (datagram, peer) => decodeSyslog(datagram, peer, limits, clock) }),
  }
}
