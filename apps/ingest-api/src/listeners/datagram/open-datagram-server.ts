import { createAddressOf, createPeerOf, partOfPeer } from '@runnel/http'
import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { toBody, type Item } from '../items.ts'
import type { DatagramProtocol, DatagramSession } from '../listener.ts'
import { reportDefect } from '../report-defect.ts'
import type { ListenerDeps, OpenListener } from '../shared-deps.ts'
import { DatagramQueue } from './datagram-queue.ts'

interface DatagramServerOptions extends ListenerDeps {
  readonly host: string
  readonly port: number
  readonly protocol: DatagramProtocol
  /** Percent of the queue that one address may have. */
  readonly peerPercent: number
}

/** Events that are submitted together: while they are under way, the next ones gather. */
const BATCH_EVENTS = 1000
const BATCH_BYTES = 1024 * 1024

const addressOf = createAddressOf([])
const peerOf = createPeerOf(addressOf)

/**
 * Takes datagrams. Their senders learn nothing and wait for nothing: while the broker is busy or unreachable they gather in a queue, and what does
 * not fit into it is dropped and counted.
 *
 * @throws Error of the system where the port cannot be opened
 */
export async function openDatagramServer(options: DatagramServerOptions): Promise<OpenListener> {
  const { name, host, port, protocol, limits, counts, log } = options
  const type = isIPv6(host) ? 'udp6' : 'udp4'
  const socket = createSocket({ type, recvBufferSize: limits.receiveBufferBytes })
  socket.bind({ address: host, port })
  await once(socket, 'listening')
  // Not before: where the port is taken, nothing would close it.
  const session = protocol.open(limits, counts.dropped)
  const submitting = receive(socket, session, options)
  // What a datagram that could not be sent reports has nothing to do with this end.
  socket.on('error', (err) => log.warn({ err, listener: name }, 'a datagram could not be received'))
  return {
    name,
    transport: 'udp',
    port: socket.address().port,
    close: async () => {
      await new Promise<void>((resolve) => socket.close(() => resolve()))
      session.close?.()
      await submitting.idle()
    },
  }
}

/** @returns where to wait for what was received */
function receive(
  socket: ReturnType<typeof createSocket>,
  session: DatagramSession,
  options: DatagramServerOptions,
): { idle(): Promise<void> } {
  const { limits, counts, submit, peerPercent, isAllowed, warn } = options
  const queue = new DatagramQueue({
    events: limits.queueEvents,
    bytes: limits.queueBytes,
    eventsOfAddress: partOfPeer(limits.queueEvents, peerPercent),
  })
  const show = (): void => {
    counts.waitingBytes = queue.bytes
    counts.waitingEvents = queue.length
  }
  let working: Promise<void> | undefined
  const work = async (): Promise<void> => {
    while (queue.length > 0) {
      counts.submitted(await submit(toBody(queue.take(BATCH_EVENTS, BATCH_BYTES))))
      show()
    }
  }
  socket.on('message', (datagram: Buffer, { address: remoteAddress }: RemoteInfo) => {
    const request = { headers: {}, socket: { remoteAddress } }
    const address = addressOf(request)
    if (!isAllowed(address)) {
      counts.dropped('network_not_allowed')
      return warn({ address, reason: 'network_not_allowed' })
    }
    for (const item of readSafely(session, datagram, address, options)) {
      const reason = queue.push(item, peerOf(request))
      if (reason === undefined) continue
      counts.dropped(reason)
      warn({ address, reason })
    }
    show()
    working ??= work().finally(() => (working = undefined))
  })
  return { idle: async () => working }
}

function readSafely(
  session: DatagramSession,
  datagram: Buffer,
  address: string,
  deps: ListenerDeps,
): readonly Item[] {
  try {
    return session.read(datagram, { address })
  } catch (error) {
    reportDefect(error, deps)
    return []
  }
}
