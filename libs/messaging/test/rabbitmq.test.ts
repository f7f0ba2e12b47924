import { startRabbitmq } from '@runnel/testing'
import { connectBroker } from '../src/index.ts'
import { describeBroker, type BrokerUnderTest } from './broker-contract.ts'
import { memoryLog } from './builders.ts'
import { describeWithRabbitmq, openAdmin, type RabbitmqAdmin } from './rabbitmq-admin.ts'

/** @param open gives the URL of a server, and ends what was started for it */
function overRabbitmq(open: () => Promise<{ url: string; close(): Promise<void> }>): BrokerUnderTest {
  let admin: RabbitmqAdmin
  let close: () => Promise<void>
  return {
    connect: async () => {
      const server = await open()
      close = () => server.close()
      admin = await openAdmin(server.url)
      const log = memoryLog()
      return [
        await connectBroker(server.url, { name: 'test-1', log, firstConnectMs: 60_000 }),
        await connectBroker(server.url, { name: 'test-2', log, firstConnectMs: 60_000 }),
      ]
    },
    gives: { identity: false, position: false },
    deduplicates: false,
    sharesInFlightLimit: false,
    remove: async (stream) => {
      await admin.channel.deleteQueue(stream.replace(/_logs$/, '.runnel.logs'))
    },
    close: async () => {
      await admin[Symbol.asyncDispose]()
      await close()
    },
  }
}

async function openServer() {
  const given = process.env['RABBITMQ_URL']
  if (given) return { url: given, close: async () => undefined }
  const server = await startRabbitmq()
  return { url: server.url, close: async () => server[Symbol.asyncDispose]() }
}

describeWithRabbitmq('RabbitMQ', () => describeBroker('rabbitmq', overRabbitmq(openServer)))
