import { FAKE_GATEWAY } from '@runnel/contracts/apps'
import { FakeGateway } from '@runnel/producer-sim'
import { httpOptionsOf } from '@runnel/runtime'
import { listen } from '../listen.ts'
import type { StandaloneDeps } from '../deps.ts'

/** The simulator's gateway: before the dispatcher, so that it is still there while that drains. */
export async function startGateway(deps: StandaloneDeps): Promise<FakeGateway> {
  const gateway = new FakeGateway(deps.createLog('gateway'), {
    ...deps.config.simulator.gateway,
    httpOptions: httpOptionsOf(deps.config, 'producer-sim'),
  })
  await listen(deps, FAKE_GATEWAY.name, gateway)
  return gateway
}
