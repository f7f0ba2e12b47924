import { createMemoryBroker } from '../src/index.ts'
import { describeBroker } from './broker-contract.ts'
import { memoryLog } from './builders.ts'

describeBroker('memory', {
  connect: async () => {
    const broker = createMemoryBroker({ log: memoryLog() })
    return [broker, broker]
  },
  remove: async () => undefined,
  close: async () => undefined,
})
