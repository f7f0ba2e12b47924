import { FakeGateway } from '@runnel/producer-sim'
import { listen } from '../listen.ts'
import type { Parts } from '../parts.ts'

/** The simulator's gateway: before the dispatcher, so that it is still there while that drains. */
export async function startGateway(parts: Parts): Promise<FakeGateway> {
  const gateway = new FakeGateway(parts.createLog('gateway'), parts.config.simulator.gateway)
  await listen(parts, 'the fake gateway', gateway)
  return gateway
}
