import { eventually } from '@runnel/testing'
import { amountFor, type Contest, type ContestOptions, type Row } from '../contest.ts'
import { cancelMailing, createClosedMailing, openMailing } from '../mailing/mailing-requests.ts'
import { openDispatcher } from '../mailing/open-dispatcher.ts'
import { openZeroGateway } from '../mailing/zero-gateway.ts'
import { ProcessCosts } from '../process-costs.ts'

const MESSAGES_PER_SECOND_ASKED = 10_000

/** Clients of {@link MailingStore} have the operator 900 + i % 10, and phones that end with i. */
const REFUSED = { operators: ['900'], phoneSuffix: '0' }
const GOOD = { operators: ['901', '902', '903', '904', '905'], share: 0.5 }

/** Calls after which the refused mailing is under way. */
const UNDER_WAY = 10

export const fairness: Row = {
  title: 'A mailing beside one whose numbers are all refused',
  ceiling: 'the same mailing alone',
  unit: 'messages/s',
  aim: 0.8,
  open: openFairness,
}

/** From when the good mailing may be sent to when its last message is recorded. */
async function openFairness({ stack, seconds }: ContestOptions): Promise<Contest> {
  const count = amountFor(seconds, MESSAGES_PER_SECOND_ASKED)
  const costs = new ProcessCosts()
  const gateway = await openZeroGateway(stack, costs)
  await gateway.refuse(REFUSED.phoneSuffix)
  const env = { GATEWAY_URL: gateway.url, GATEWAY_TOKEN: gateway.token }
  const { dispatcher, store } = await openDispatcher(stack, costs, env)
  const clients = count / GOOD.share
  await store.addClients(clients)

  const create = async (operators: readonly string[]) => {
    const mailingId = await createClosedMailing(dispatcher.url, operators)
    await store.untilMaterialised(mailingId, (clients * operators.length) / 10)
    return mailingId
  }
  const sendGood = async (mailingId: number, errors: () => Promise<number>) => {
    const fromMs = Date.now()
    await openMailing(dispatcher.url, mailingId)
    const lastMs = await store.untilSent(mailingId, count)
    return { rate: (count * 1000) / (lastMs - fromMs), operations: count, errors: await errors() }
  }
  const prepare = async () => {
    await store.empty()
    await gateway.reset()
  }
  return {
    costs,
    ceiling: async () => {
      await prepare()
      const good = await create(GOOD.operators)
      await store.query('checkpoint')
      return costs.measure(() => sendGood(good, async () => Math.abs((await gateway.stats()).calls - count)))
    },
    runnel: async () => {
      await prepare()
      const refused = await create(REFUSED.operators)
      const good = await create(GOOD.operators)
      await store.query('checkpoint')
      await openMailing(dispatcher.url, refused)
      await eventually(async () => (await gateway.stats()).calls >= UNDER_WAY)
      const sample = await costs.measure(() => sendGood(good, async () => 0))
      await cancelMailing(dispatcher.url, refused)
      await eventually(
        async () => (await store.query('select 1 from mailing where settled_at is null')).length === 0,
      )
      return sample
    },
  }
}
