import { connect, type NatsConnection } from 'nats'
import { connectBroker } from '../src/index.ts'
import { describeBroker } from './broker-contract.ts'
import { memoryLog } from './builders.ts'

const url = process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222'
let admin: NatsConnection | undefined

describeBroker('nats', {
  connect: async () => {
    const servers = url.split(',')
    admin = await connect({ servers })
    const log = memoryLog()
    return [
      await connectBroker(url, { name: 'test-1', log }),
      await connectBroker(url, { name: 'test-2', log }),
    ]
  },
  gives: { identity: true, position: true },
  deduplicates: true,
  sharesInFlightLimit: true,
  remove: async (stream) => {
    const jsm = await admin!.jetstreamManager()
    await jsm.streams.delete(stream)
  },
  close: async () => admin?.close(),
})
