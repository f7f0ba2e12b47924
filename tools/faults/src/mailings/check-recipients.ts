import { ensure } from '../ensure.ts'
import type { Person } from './create-people.ts'
import { isRecipient, type Plan } from './create-plans.ts'
import type { RunState } from './read-run-state.ts'

/**
 * @param mayMiss where a mailing ended before all of its messages were made
 * @throws BrokenPromiseError unless every recipient of a mailing has one message of it, and no other client has any
 */
export function checkRecipients(
  state: RunState,
  plan: Plan,
  mailingId: number,
  people: readonly Person[],
  mayMiss = false,
): number {
  const recipients = new Set(people.filter((person) => isRecipient(plan, person)).map(({ phone }) => phone))
  const got = state.messages.filter((message) => message.mailingId === mailingId).map(({ phone }) => phone)
  const different = new Set(got)
  ensure(
    got.length === different.size,
    `${plan.name}: ${got.length - different.size} clients have two messages`,
  )
  const missing = [...recipients.difference(different)]
  const wrong = [...different.difference(recipients)]
  ensure(
    mayMiss || missing.length === 0,
    `${plan.name}: ${missing.length} clients have no message, e.g. ${missing[0]}`,
  )
  ensure(
    wrong.length === 0,
    `${plan.name}: ${wrong.length} clients have a message and are no recipients, e.g. ${wrong[0]}`,
  )
  return recipients.size
}
