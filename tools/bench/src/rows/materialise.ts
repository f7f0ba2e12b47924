import { amountFor, type Contest, type ContestOptions, type Row } from '../contest.ts'
import { createClosedMailing } from '../mailing/mailing-requests.ts'
import { openDispatcher } from '../mailing/open-dispatcher.ts'
import { ProcessCosts } from '../process-costs.ts'

/** Five seconds are a million clients. */
const CLIENTS_PER_SECOND_ASKED = 200_000

/** The rows alone, in one statement: no chunks, no counters, no cursor, no order of zones. */
const PLAIN = `
  insert into message (id, mailing_id, client_id, cell, updated_at)
  select row_number() over (), 1, id, 0, now() from client where opted_out_at is null`

export const materialise: Row = {
  title: 'Make the messages of a mailing',
  ceiling: 'INSERT .. SELECT of the messages alone, one statement',
  unit: 'rows/s',
  aim: 0.5,
  open: openMaterialise,
}

/** Every client gets a message; the window is closed, so that nothing is sent meanwhile. */
async function openMaterialise({ stack, seconds }: ContestOptions): Promise<Contest> {
  const count = amountFor(seconds, CLIENTS_PER_SECOND_ASKED)
  const costs = new ProcessCosts()
  const { dispatcher, store } = await openDispatcher(stack, costs)
  await store.addClients(count)
  const resultOf = (ms: number) => ({ rate: (count * 1000) / ms, operations: count, errors: 0 })
  return {
    costs,
    ceiling: async () => {
      await store.empty()
      return costs.measure(async () => {
        const from = performance.now()
        await store.query(PLAIN)
        return resultOf(performance.now() - from)
      })
    },
    runnel: async () => {
      await store.empty()
      return costs.measure(async () =>
        resultOf(await store.untilMaterialised(await createClosedMailing(dispatcher.url), count)),
      )
    },
  }
}
