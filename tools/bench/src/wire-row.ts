import type { Kind } from '@runnel/contracts'
import { spawnCeiling } from './ceilings/spawn-ceiling.ts'
import type { WireReaderName } from './ceilings/wire-readers.ts'
import type { Contest, ContestOptions, Row } from './contest.ts'
import { createHttpContest } from './http-contest.ts'
import { openApp } from './open-app.ts'
import { ProcessCosts } from './process-costs.ts'
import { openBroker } from './brokers/open-broker.ts'

/** A request of a protocol of others. */
export interface WireLoad {
  readonly title: string
  /** How the ceiling reads the body. */
  readonly reader: WireReaderName
  /** Of ingest-api. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: () => Buffer
  /** What becomes of it. */
  readonly kind: Kind
  readonly events: number
}

const AIM = 0.55

/** What a wire format costs beside reading its bytes: mapping, admission, broker. */
export function createWireRow(load: WireLoad): Row {
  return {
    title: load.title,
    ceiling: 'bare Fastify: the same bytes read by the same library, no broker',
    anyBroker: true,
    unit: 'events/s',
    aim: AIM,
    open: (options) => openWire(options, load),
  }
}

/** No consumer runs: the row is about taking events in. The stream is emptied before each measurement. */
async function openWire(
  { stack, generator, seconds, broker: name }: ContestOptions,
  { reader, path, headers, body: createBody, kind, events }: WireLoad,
): Promise<Contest> {
  const costs = new ProcessCosts()
  const broker = await openBroker(name, stack, costs)
  const ceilingUrl = await spawnCeiling(stack, costs, 'bare-wire', reader)
  const ingest = await openApp(stack, costs, 'ingest-api', { BROKER_URL: broker.url })
  const queue = await broker.view(kind)
  const body = createBody()
  return createHttpContest({
    generator,
    seconds,
    costs,
    ceiling: { url: `${ceilingUrl}/`, body, headers },
    runnel: { url: ingest.url + path, body, headers },
    eventsPerRequest: events,
    before: () => queue.purge(),
  })
}
