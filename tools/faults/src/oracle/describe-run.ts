import type { EventLedger } from './event-ledger.ts'
import { countClaims } from './checks/check-claims.ts'
import { sumEvents } from './checks/check-events.ts'
import type { Violation } from './checks/violation.ts'
import type { BrokerName } from '../start-broker.ts'
import type { PostgresName } from '../start-stores.ts'
import type { Rates } from './load/paced-modes.ts'
import type { RunEvents } from './read-run-events.ts'
import { countTypes, describeEntry, type Entry } from './run-schedule.ts'

/** What a run has come to. */
export interface Outcome {
  readonly seed: number
  readonly seconds: number
  readonly broker: BrokerName
  readonly postgres: PostgresName
  readonly rates: Rates
  readonly ledger: EventLedger
  readonly found: RunEvents
  readonly entries: readonly Entry[]
  readonly violations: readonly Violation[]
}

/** Counts for people, whether it held or not. */
export function describeRun({ ledger, found, entries }: Outcome): string[] {
  const lines = [`${entries.length} faults: ${JSON.stringify(countTypes(entries))}`]
  for (const by of ['kind', 'mode'] as const) {
    for (const [name, sum] of Object.entries(sumEvents(ledger, found, by))) {
      const { sent, acknowledged, acknowledgements, stored, duplicates } = sum
      lines.push(
        `${name}: ${sent} sent, ${acknowledged} acknowledged (${acknowledgements} times), ${stored} stored, ` +
          `${sum.deadLettered} dead-lettered, ${sum.refused} refused, ${duplicates} duplicates, ${sum.unacknowledged} stored without acknowledgement`,
      )
    }
  }
  lines.push(`acknowledged at a later attempt: ${JSON.stringify(ledger.countRetried())}`)
  lines.push(`answers that waited: ${JSON.stringify(countClaims(ledger))}`)
  return lines
}

/** Everything that helps to find out why: seed, timeline, and what is known of each event. */
export function describeFailure(outcome: Outcome): string {
  const { seed, seconds, broker, postgres, rates, ledger, found, entries, violations } = outcome
  const changed = Object.entries(rates).map(([mode, perSecond]) => `${mode}=${perSecond}`)
  const option = [
    changed.length > 0 ? ` --rates ${changed.join()}` : '',
    broker === 'nats' ? '' : ` --broker ${broker}`,
    postgres === 'single' ? '' : ` --postgres ${postgres}`,
  ].join('')
  return [
    `${violations.length} promises did not hold; again: npm run faults -- oracle --seconds ${seconds} --seed ${seed}${option}`,
    'Faults:',
    ...entries.map(describeEntry),
    ...violations.flatMap(({ what, ids, count }) => [
      `BROKEN: ${what}${ids.length > 0 ? ` (${count})` : ''}`,
      ...ids.map((id) => `    ${describeEvent(ledger, found, id)}`),
    ]),
  ].join('\n')
}

function describeEvent(ledger: EventLedger, { events }: RunEvents, id: string): string {
  const event = ledger.get(id)
  const place = events.get(id)
  const where = place
    ? `${place.rows} rows (${place.altered} altered), dead letters: ${JSON.stringify(place.reasons)}`
    : 'found nowhere'
  if (event === undefined) return `${id}: not in the ledger; ${where}`
  const time = (ms: number) => (ms === 0 ? 'never' : new Date(ms).toISOString())
  return (
    `${id}: first sent ${time(event.firstSentMs)}, ${event.attempts} attempts, ${event.acknowledgements} acknowledgements, ` +
    `${event.refusals} refusals, last answer ${event.lastAnswer} at ${time(event.lastAnswerMs)}; ${where}`
  )
}
