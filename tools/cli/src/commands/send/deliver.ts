import { createSender, type EventKind, type EventOfKind, type Refusal, type Sender } from '@runnel/client'
import type { JsonObject } from '@runnel/contracts'
import { createProgress, formatCount, formatSeconds } from '@runnel/producer-sim/cli'
import type { CliContext } from '../../cli-context.ts'
import type { SendItem } from './send-item.ts'

export interface Delivery {
  readonly kind: EventKind
  /** Of ingest-api. */
  readonly url: string
  readonly key: string | undefined
  readonly timeoutMs: number
  /** Milliseconds after the first try of a batch after which it is not tried again. */
  readonly giveUpMs: number
  readonly wait: 'stored' | undefined
  /** Begins the ids of events that have none: an event is recognised by its id for 48 hours. */
  readonly idPrefix: string
  /** Events, as far as it is known. */
  readonly total: number
  /** Of the progress. */
  readonly label: string
}

/** What was not delivered. */
interface Undelivered extends Refusal {
  /** Line or element of the input, from 1; undefined where it is not known. */
  readonly position?: number | undefined
  readonly eventId?: string | undefined
}

export interface DeliveryReport {
  readonly delivered: number
  readonly undelivered: number
  readonly retries: number
  /** The first of them. */
  readonly problems: readonly Undelivered[]
}

/** Problems that are kept for the report. */
const MAX_PROBLEMS = 100

/**
 * Sends events in batches, again where that may help, each stored once. Ends when all are delivered or given up, or with the signal.
 *
 * @throws what reading the items throws
 */
export async function deliver(
  items: AsyncIterable<SendItem>,
  delivery: Delivery,
  context: CliContext,
): Promise<DeliveryReport> {
  const { kind, label, total, idPrefix } = delivery
  const progress = createProgress(context.err, label, kind, total)
  const problems: Undelivered[] = []
  let refused = 0
  const report = (problem: Undelivered) => {
    if (problems.length < MAX_PROBLEMS) problems.push(problem)
  }
  const sender = createCommandSender(delivery, context, report, (text) =>
    progress.update(settled(), total, text),
  )
  const settled = () => refused + sender.counts().delivered + sender.counts().undelivered
  try {
    for await (const item of items) {
      if (context.signal.aborted) break
      if ('refusal' in item) {
        refused++
        report({ ...item.refusal, position: item.position })
      } else await take(sender, kind, withId(kind, item, idPrefix), context.signal)
      progress.update(settled(), total)
    }
  } finally {
    // What was taken is sent, also where the rest cannot be read; the report says what the signal has cut off.
    await sender.close(context.signal).catch(() => undefined)
    progress.stop()
  }
  const { delivered, undelivered, retries } = sender.counts()
  return { delivered, undelivered: undelivered + refused, retries, problems }
}

/** Waits for room in the queue; what the signal cuts off was not taken. */
async function take(sender: Sender, kind: EventKind, event: JsonObject, signal: AbortSignal): Promise<void> {
  try {
    await sender.event(kind, event as unknown as EventOfKind[typeof kind], { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function createCommandSender(
  { url, key, timeoutMs, giveUpMs, wait, idPrefix }: Delivery,
  { signal }: CliContext,
  report: (problem: Undelivered) => void,
  say: (text: string) => void,
): Sender {
  return createSender({
    ...{ url, key, wait, giveUpMs, requestTimeoutMs: timeoutMs, signal },
    onUndelivered: ({ code, message, field, eventId }) => {
      const position = eventId?.startsWith(idPrefix) ? Number(eventId.slice(idPrefix.length)) : undefined
      report({ code, message, field, ...(position === undefined ? { eventId } : { position }) })
    },
    onRetry: ({ code, message, waitMs }) => say(`${code}: ${message}; next try in ${formatSeconds(waitMs)}`),
  })
}

/** Spans are recognised by ids of their own. */
function withId(
  kind: EventKind,
  { item, position }: SendItem & { item: JsonObject },
  prefix: string,
): JsonObject {
  return kind === 'traces' || 'eventId' in item ? item : { ...item, eventId: `${prefix}${position}` }
}

/** @returns lines for a person: how many were delivered, and what was not */
export function describeDelivery(report: DeliveryReport, kind: EventKind): readonly string[] {
  const { delivered, undelivered, retries, problems } = report
  const counts = [
    `Delivered: ${formatCount(delivered)} of ${kind}`,
    ...(undelivered > 0 ? [`not delivered: ${formatCount(undelivered)}`] : []),
    ...(retries > 0 ? [`requests repeated: ${formatCount(retries)}`] : []),
  ]
  const lines = problems.map(({ position, eventId, code, field, message }) => {
    const place = position !== undefined ? `line ${position}` : `event ${eventId ?? 'without an id'}`
    const where = field ? ` (${field})` : ''
    // Some messages begin with their code.
    return `  ${place}: ${code}${where}: ${message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message}`
  })
  const rest = undelivered - problems.length
  return [counts.join(', '), ...lines, ...(rest > 0 ? [`  ... and ${formatCount(rest)} more`] : [])]
}
