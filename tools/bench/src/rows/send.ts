import { amountFor, type Contest, type ContestOptions, type Row } from '../contest.ts'
import { createClosedMailing, openMailing } from '../mailing/mailing-requests.ts'
import { openDispatcher } from '../mailing/open-dispatcher.ts'
import { sendRaw } from '../mailing/send-raw.ts'
import { openZeroGateway } from '../mailing/zero-gateway.ts'
import { ProcessCosts } from '../process-costs.ts'

const MESSAGES_PER_SECOND_ASKED = 10_000

export const send: Row = {
  title: 'Send a mailing, all states persisted',
  ceiling: 'undici in a loop, same gateway',
  unit: 'messages/s',
  aim: 0.5,
  open: openSend,
}

/** A mailing whose messages are there already, and a gateway that answers at once. From the first call to the last row. */
async function openSend({ stack, seconds }: ContestOptions): Promise<Contest> {
  const count = amountFor(seconds, MESSAGES_PER_SECOND_ASKED)
  const costs = new ProcessCosts()
  const gateway = await openZeroGateway(stack, costs)
  const env = { GATEWAY_URL: gateway.url, GATEWAY_TOKEN: gateway.token }
  const { dispatcher, store } = await openDispatcher(stack, costs, env)
  await store.addClients(count)
  costs.watch('bench', process.pid, 'ceiling')
  return {
    costs,
    ceiling: async () => {
      await gateway.reset()
      return costs.measure(() => sendRaw(gateway, count))
    },
    runnel: async () => {
      await store.empty()
      await gateway.reset()
      const mailingId = await createClosedMailing(dispatcher.url)
      await store.untilMaterialised(mailingId, count)
      await store.query('checkpoint')
      return costs.measure(async () => {
        await openMailing(dispatcher.url, mailingId)
        const lastMs = await store.untilSent(mailingId, count)
        const { calls, firstAtMs } = await gateway.stats()
        const rate = (count * 1000) / (lastMs - firstAtMs)
        return { rate, operations: count, errors: Math.abs(calls - count) }
      })
    },
  }
}
