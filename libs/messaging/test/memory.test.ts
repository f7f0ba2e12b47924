import { connectBroker } from '../src/index.ts'
import { anonymousBroker } from './anonymous-broker.ts'
import { describeBroker } from './broker-contract.ts'
import { memoryLog } from './builders.ts'

const nothing = async () => undefined
const connectMemory = () => connectBroker('memory:', { name: 'test', log: memoryLog() })

describeBroker('memory', {
  connect: async () => {
    const broker = await connectMemory()
    return [broker, broker]
  },
  gives: { identity: true, position: true },
  deduplicates: true,
  sharesInFlightLimit: true,
  remove: nothing,
  close: nothing,
})

describeBroker('memory, without identity and position', {
  connect: async () => {
    const broker = anonymousBroker(await connectMemory())
    return [broker, broker]
  },
  gives: { identity: false, position: false },
  deduplicates: true,
  sharesInFlightLimit: true,
  remove: nothing,
  close: nothing,
})
