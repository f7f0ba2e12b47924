import { createTopology } from '@runnel/contracts'
import { eventually } from '@runnel/testing'
import { connect } from 'nats'
import { randomUUID } from 'node:crypto'
import { spawnCeiling } from '../ceilings/spawn-ceiling.ts'
import type { Contest, ContestOptions, Row } from '../contest.ts'
import { openApp } from '../open-app.ts'
import { ProcessCosts } from '../process-costs.ts'
import type { Measurement, Sample } from '../sample.ts'
import { percentile } from '../statistics.ts'
import { openNats, openPostgres } from '../stores.ts'
import { createLiveEntries, toEventText } from '../tail/live-entries.ts'
import { publishSteadily } from '../publish-steadily.ts'
import { TailClients } from '../tail/tail-clients.ts'

const CLIENTS = 400
/** Half of what query-api gives one client at most (TAIL_QUEUE_LINES five times a second). */
const LOGS_PER_SECOND = 250
/** For the last lines, once everything is published. */
const LAST_LINES_MS = 2000
const LINES_SUBJECT = 'bench.lines'

export const tail: Row = {
  title: `Live logs: ${LOGS_PER_SECOND}/s to ${CLIENTS} clients`,
  ceiling: 'bare Node, ready-made text to as many clients',
  unit: 'lines/CPU s',
  aim: 0.5,
  open: openTail,
}

/**
 * Entries are announced as a consumer does it once they are committed. Both sides deliver all of them: what differs is the
 * CPU time of the server, and how late the lines are.
 */
async function openTail({ stack, seconds }: ContestOptions): Promise<Contest> {
  const costs = new ProcessCosts()
  const [nats, postgres] = await Promise.all([openNats(stack, costs), openPostgres(stack, costs)])
  const env = { NATS_URL: nats.url, DATABASE_URL: postgres.url, REDIS_URL: 'redis://127.0.0.1:1' }
  const query = await openApp(stack, costs, 'query-api', env)
  const ceilingUrl = await spawnCeiling(stack, costs, 'bare-tail', nats.url, LINES_SUBJECT)
  // Publishes, and holds the clients.
  costs.watch('bench', process.pid, 'ceiling')
  const broker = await connect({ servers: nats.url })
  stack.defer(() => broker.close())
  const entries = createLiveEntries()
  const clients = {
    ceiling: await TailClients.connect(stack, ceilingUrl, CLIENTS),
    runnel: await TailClients.connect(stack, `${query.url}/api/v1/logs/tail`, CLIENTS),
  }
  const { logsStored } = createTopology('')
  const source = randomUUID()
  let stored = 0
  const announce = (count: number) => {
    broker.publish(logsStored, JSON.stringify({ source, stored, logs: entries(count) }))
    stored += count
  }
  const publishText = (count: number) =>
    broker.publish(LINES_SUBJECT, entries(count).map(toEventText).join(''))
  return {
    costs,
    ceiling: async () =>
      perCpuSecond(await costs.measure(() => deliver(clients.ceiling, seconds, publishText)), 'bare-tail'),
    runnel: async () =>
      perCpuSecond(await costs.measure(() => deliver(clients.runnel, seconds, announce)), 'query-api'),
  }
}

/** Publishes for some seconds, and waits for the last lines. */
async function deliver(
  clients: TailClients,
  seconds: number,
  publish: (count: number) => void,
): Promise<Measurement> {
  clients.take()
  const wanted = CLIENTS * (await publishSteadily(LOGS_PER_SECOND, seconds, publish))
  // What does not come is counted below.
  await eventually(() => clients.lines >= wanted, { timeoutMs: LAST_LINES_MS }).catch(() => {})
  const latenciesMs = clients.take()
  const lines = latenciesMs.length
  return {
    rate: lines / seconds,
    operations: lines,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    errors: Math.abs(wanted - lines),
  }
}

function perCpuSecond(sample: Sample, server: string): Sample {
  const use = sample.processes.find(({ process }) => process === server)
  if (use === undefined) throw new Error('The CPU time of a process is read from /proc, which is not there')
  return { ...sample, rate: sample.operations / use.cpuSeconds }
}
